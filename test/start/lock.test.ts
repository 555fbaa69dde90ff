import { spawn } from 'node:child_process'
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder, noteWorkers } from '../../scripts/start/lock.ts'

let folder: string
const lock = () => join(folder, 'lock')

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-lock-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

// At b8f2a26 a second start wrote into the first one's folder (G1).
test('a folder that another process has is refused by naming process and way out, and stays as it is', async () => {
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  writeFileSync(lock(), String(other.pid))
  expect(() => lockFolder(folder)).toThrow(new RegExp(`process ${other.pid}.*DATA_DIR=`))
  expect(readFileSync(lock(), 'utf8')).toBe(String(other.pid))
  expect(() => lockFolder(folder, 'npm run dev:wrangler', '')).toThrow(
    new RegExp(
      `^Another npm run dev:wrangler \\(process ${other.pid}\\) is using .*\\. Stop it\\. If there is no such`,
    ),
  )
  other.kill('SIGKILL')
  await new Promise((resolve) => other.once('exit', resolve))
  lockFolder(folder)
  expect(readFileSync(lock(), 'utf8')).toBe(String(process.pid))
})

/** A process that is called workerd. */
const workerd = () => {
  const program = join(folder, 'workerd')
  copyFileSync('/bin/sleep', program)
  chmodSync(program, 0o700)
  const child = spawn(program, ['60'])
  return { child, gone: new Promise((resolve) => child.once('exit', resolve)) }
}

// At b8f2a26 and after, workerd outlived an npm start that was killed outright: it kept the ports, and a start at others shared its data.
test('what a killed start left running is ended by the next one; a process that only has the same id is not', async () => {
  const { child, gone } = workerd()
  const other = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'])
  writeFileSync(lock(), `999999999\n${child.pid}\n${other.pid}`)
  lockFolder(folder)
  await gone
  expect(child.signalCode).toBe('SIGKILL')
  expect(other.exitCode ?? other.signalCode).toBeNull()
  other.kill('SIGKILL')
})

test('a start notes its own workerd processes, and is still found as the one that has the folder', async () => {
  const { child, gone } = workerd()
  lockFolder(folder)
  noteWorkers(folder)
  expect(readFileSync(lock(), 'utf8').split('\n')).toEqual([String(process.pid), String(child.pid)])
  child.kill('SIGKILL')
  await gone
})

test.each(['', 'nonsense', '-1', '0', '99999999999999999999', '1.5'])(
  'a lock file that says "%s" locks nothing',
  (text) => {
    writeFileSync(lock(), text)
    lockFolder(folder)
    expect(readFileSync(lock(), 'utf8')).toBe(String(process.pid))
  },
)

test('a folder that is not there yet is made', () => {
  folder = join(folder, 'deeper')
  lockFolder(folder)
  expect(existsSync(lock())).toBe(true)
  folder = join(folder, '..')
})
