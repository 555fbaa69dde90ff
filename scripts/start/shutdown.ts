/** Ends the process and everything it started, however it is asked to. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Longest wait for workerd to end by itself, in milliseconds. */
const PATIENCE = 5_000
const PARENT_CHECK = 500

/** npm killed outright cannot pass a signal on: this process then gets another parent. */
const onOrphaned = (callback: () => void): void => {
  if (process.env.npm_lifecycle_event !== 'start') return
  const npm = process.ppid
  setInterval(() => process.ppid !== npm && callback(), PARENT_CHECK).unref()
}

/** Runs `stop` once on Ctrl-C, SIGTERM, SIGHUP or the death of npm, then exits with 0. */
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
