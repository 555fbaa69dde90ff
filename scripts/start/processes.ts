/** Processes of this machine, as `ps` lists them. */
import { execFileSync } from 'node:child_process'

/** Of all processes: id, parent, command. Empty where there is no `ps`, as on Windows. */
export const processes = (): { pid: number; parent: number; command: string }[] => {
  try {
    return execFileSync('ps', ['-A', '-o', 'pid=,ppid=,comm='], { encoding: 'utf8' })
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .map(([pid, parent, command = '']) => ({ pid: Number(pid), parent: Number(parent), command }))
  } catch {
    return []
  }
}

/** Ids of everything that a process started, and that these did. */
export const below = (pid: number, all = processes()): number[] =>
  all.filter(({ parent }) => parent === pid).flatMap((one) => [one.pid, ...below(one.pid, all)])

/** Ends at once what is still there of these. */
export const killAll = (pids: readonly number[]): void => {
  for (const pid of pids)
    try {
      process.kill(pid, 'SIGKILL')
    } catch {
      // It has ended by itself.
    }
}
