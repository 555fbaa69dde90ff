/** One start at a time in a data folder: two would write into each other's accounts and URLs. */
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { processes } from './processes.ts'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Ids of the workerd processes of which this is true. */
const workerds = (fits: (pid: number, parent: number) => boolean): number[] =>
  processes().flatMap(({ pid, parent, command }) =>
    /(^|\/)workerd(\.exe)?$/.test(command) && fits(pid, parent) ? [pid] : [],
  )

const idsIn = (path: string): number[] => {
  try {
    return readFileSync(path, 'utf8')
      .split(/\s+/)
      .map(Number)
      .filter((pid) => Number.isSafeInteger(pid) && pid > 0)
  } catch {
    return []
  }
}

/** Longest wait for a process that was killed. */
const GONE_MS = 5_000

/** Ends what a killed start could not end any more: it would go on in the same data, at the same ports. */
const endOrphans = (orphans: readonly number[], command: string): void => {
  if (orphans.length === 0) return
  for (const pid of orphans) process.kill(pid, 'SIGKILL')
  // Their ports are free once they are gone.
  const until = Date.now() + GONE_MS
  const pause = new Int32Array(new SharedArrayBuffer(4))
  while (workerds((pid) => orphans.includes(pid)).length > 0 && Date.now() < until)
    Atomics.wait(pause, 0, 0, 50)
  console.log(
    `An earlier ${command} was killed and left workerd running (process ${orphans.join(', ')}): ended.`,
  )
}

/** One folder after another: in places such as /proc, where none can be made, Node's own way to make them all tries for ever. */
const makeFolder = (path: string): void => {
  const above = dirname(path)
  if (above !== path && !existsSync(above)) makeFolder(above)
  try {
    mkdirSync(path, { mode: 0o700 })
  } catch (error) {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) throw error
  }
}

const ELSEWHERE =
  'or keep the data of this one elsewhere: DATA_DIR=.data-2 PORT=8797 SANDBOX_PORT=8798 npm start'

/**
 * Makes the folder, and keeps it for this process until it ends. What an ended process left behind counts for nothing.
 * @param command which one runs in the folder @param elsewhere the way out beside stopping the other one; empty: there is none
 * @throws naming the process that has it, and the way out
 */
export const lockFolder = (dataDir: string, command = 'npm start', elsewhere = ELSEWHERE): void => {
  makeFolder(dataDir)
  const path = join(dataDir, 'lock')
  const [holder = process.pid, ...children] = idsIn(path)
  if (holder !== process.pid && isAlive(holder))
    throw new Error(
      `Another ${command} (process ${holder}) is using ${dataDir}. Stop it${elsewhere && `, ${elsewhere}`}. ` +
        `If there is no such process any more, remove ${path}.`,
    )
  endOrphans(
    workerds((pid) => children.includes(pid)),
    command,
  )
  rmSync(path, { force: true })
  writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
  process.on('exit', () => rmSync(path, { force: true }))
}

/** Notes the workerd processes of this one, for the start that comes after it was killed. */
export const noteWorkers = (dataDir: string): void =>
  writeFileSync(
    join(dataDir, 'lock'),
    [process.pid, ...workerds((_, parent) => parent === process.pid)].join('\n'),
    { mode: 0o600 },
  )
