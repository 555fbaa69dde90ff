/** One `npm start` at a time in a data folder: two would write into each other's accounts and URLs. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // Somebody else's process is one as well.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

const holderOf = (path: string): number | null => {
  try {
    const pid = Number(readFileSync(path, 'utf8'))
    return Number.isSafeInteger(pid) && pid > 0 && pid !== process.pid && isAlive(pid) ? pid : null
  } catch {
    return null
  }
}

/**
 * Makes the folder, and keeps it for this process until it ends. What an ended process left behind counts for nothing.
 * @throws naming the process that has it, and the way out
 */
export const lockFolder = (dataDir: string): void => {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 })
  const path = join(dataDir, 'lock')
  const holder = holderOf(path)
  if (holder !== null)
    throw new Error(
      `Another npm start (process ${holder}) is using ${dataDir}. Stop it, or keep the data of this one elsewhere: ` +
        `DATA_DIR=.data-2 PORT=8797 SANDBOX_PORT=8798 npm start. If there is no such process any more, remove ${path}.`,
    )
  rmSync(path, { force: true })
  writeFileSync(path, String(process.pid), { flag: 'wx', mode: 0o600 })
  process.on('exit', () => rmSync(path, { force: true }))
}
