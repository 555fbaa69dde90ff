import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Reload, reload } from '../../scripts/dev/reload.ts'

let folder: string
let running: Reload
let printed: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-reload-'))
  mkdirSync(join(folder, 'src/deep'), { recursive: true })
  printed = ''
})

afterEach(async () => {
  await running.stop()
  rmSync(folder, { recursive: true, force: true })
})

const program = (text: string) => writeFileSync(join(folder, 'src/main.mjs'), text)

const READY =
  'console.log("a long introduction"); console.log("READY " + process.pid); setInterval(() => {}, 1000)'

const begin = () => {
  running = reload({
    command: [process.execPath, 'src/main.mjs'],
    cwd: folder,
    watched: ['src'],
    readyMark: 'READY ',
    print: (text) => {
      printed += text
    },
  })
}

const pids = () => [...printed.matchAll(/^READY (\d+)$/gm)].map(([, pid]) => Number(pid))
const readyTimes = (times: number) => vi.waitFor(() => expect(pids()).toHaveLength(times), 20_000)

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('a changed source starts the program again, in silence but for its ready line; other files do not', async () => {
  program(READY)
  begin()
  await readyTimes(1)
  writeFileSync(join(folder, 'src/deep/notes.txt'), 'no source')
  writeFileSync(join(folder, 'src/deep/new.ts'), 'export {}')
  await readyTimes(2)
  const [first, second] = pids()
  expect(second).not.toBe(first)
  expect(isAlive(first!)).toBe(false)
  expect(printed).toContain(`${join('src', 'deep', 'new.ts')} has changed`)
  expect(printed).not.toContain('notes.txt')
  expect(printed.match(/a long introduction/g)).toHaveLength(1)
  await running.stop()
  expect(isAlive(second!)).toBe(false)
})

test('a program that fails is shown with all its output, and the next change starts it again', async () => {
  program('console.log("why it failed"); process.exit(1)')
  begin()
  await vi.waitFor(() => expect(printed).toContain('It has stopped'), 20_000)
  expect(printed).toContain('why it failed')
  program(READY)
  await readyTimes(1)
})
