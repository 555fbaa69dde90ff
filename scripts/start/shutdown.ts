/** Ends the process and everything it started, however it is asked to. */
import { execFileSync } from 'node:child_process'

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Longest wait for workerd to end by itself, in milliseconds. */
const PATIENCE = 5_000
const PARENT_CHECK = 500

/** Scripts of package.json that stay until they are ended. */
const STAYING: readonly (string | undefined)[] = ['start', 'dev', 'dev:wrangler']

/** Whoever waits for this process: npm, or the shell in which npm runs it and, behind that, npm. Ids of processes. */
const ancestors = (): number[] => {
  const { ppid } = process
  try {
    const [above, name = ''] = execFileSync('ps', ['-o', 'ppid=,comm=', '-p', `${ppid}`], {
      encoding: 'utf8',
    })
      .trim()
      .split(/\s+/)
    return /(^|[/-])(ba|da)?sh$/.test(name) ? [ppid, Number(above)] : [ppid]
  } catch {
    return [ppid]
  }
}

const isGone = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH'
  }
}

/** An ancestor that is killed outright, npm or the one that reloads, cannot pass a signal on. */
const onOrphaned = (callback: () => void): void => {
  if (!STAYING.includes(process.env.npm_lifecycle_event)) return
  const above = ancestors()
  const orphaned = () => process.ppid !== above[0] || above.some(isGone)
  setInterval(() => orphaned() && callback(), PARENT_CHECK).unref()
}

/** Runs `stop` once on Ctrl-C, SIGTERM, SIGHUP or the death of its parent, then exits with 0. */
export const onShutdown = (stop: () => Promise<void>): void => {
  let stopping = false
  const shutdown = () => {
    if (stopping) return
    stopping = true
    setTimeout(() => process.exit(1), PATIENCE).unref()
    stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  for (const signal of SIGNALS) process.on(signal, shutdown)
  onOrphaned(shutdown)
}
