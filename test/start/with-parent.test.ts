/** At b8f2a26 and until now wrangler went on, at its port, after npm run dev:wrangler was killed outright. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isAlive } from './spawned.ts'

const module = join(import.meta.dirname, '../../scripts/dev/with-parent.ts')

/** As `wrangler` does, the child starts one of its own with the same options of Node. */
const GRANDCHILD = 'console.log(process.pid); setInterval(() => {}, 1000)'
const CHILD = `console.log(process.pid)
require('node:child_process').spawn(process.execPath, [...process.execArgv.slice(0, 2), '-e', ${JSON.stringify(GRANDCHILD)}], { stdio: 'inherit' })
setInterval(() => {}, 1000)`
const PARENT = `require('node:child_process').spawn(process.execPath, ['--import', ${JSON.stringify(module)}, '-e', ${JSON.stringify(CHILD)}], { stdio: 'inherit' })
setInterval(() => {}, 1000)`

test('what was started with it ends, and what that started, once its parent was killed', async () => {
  const parent = spawn(process.execPath, ['-e', PARENT])
  let output = ''
  while (output.trim().split('\n').length < 2) output += (await once(parent.stdout, 'data'))[0]
  const pids = output.trim().split('\n').map(Number)
  expect(pids.map(isAlive)).toEqual([true, true])
  parent.kill('SIGKILL')
  while (pids.some(isAlive)) await new Promise((resolve) => setTimeout(resolve, 50))
})
