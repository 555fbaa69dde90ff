import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const root = join(import.meta.dirname, '../..')
const call = (script: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(root, 'scripts', script), ...args], { encoding: 'utf8' })

const SCRIPTS = ['check.ts', 'dev/main.ts', 'format.ts', 'test.ts', 'typecheck.ts', 'structure/main.ts']

test.each(SCRIPTS)('%s --help says how it is used and does nothing', (script) => {
  const { status, stdout } = call(script, '--help')
  expect([status, stdout]).toEqual([0, expect.stringMatching(/^Usage: npm (run|test)/i)])
})

test.each(SCRIPTS)('%s refuses an option that it does not know, with its usage', (script) => {
  const { status, stdout, stderr } = call(script, '--colour')
  expect([status, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(/--colour.*Usage: npm/is)
})
