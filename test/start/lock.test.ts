import { spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { lockFolder } from '../../scripts/start/lock.ts'

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
  other.kill('SIGKILL')
  await new Promise((resolve) => other.once('exit', resolve))
  lockFolder(folder)
  expect(readFileSync(lock(), 'utf8')).toBe(String(process.pid))
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
