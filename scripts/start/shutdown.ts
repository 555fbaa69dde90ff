/** Ends the process and everything it started, however it is asked to. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Longest wait for workerd to end by itself, in milliseconds. */
const PATIENCE = 5_000
const PARENT_CHECK = 500

/** Scripts of package.json that stay until they are ended. */
const STAYING: readonly (string | undefined)[] = ['start', 'dev']

/** A parent that is killed outright, npm or the one that reloads, cannot pass a signal on: this process then gets another. */
const onOrphaned = (callback: () => void): void => {
  if (!STAYING.includes(process.env.npm_lifecycle_event)) return
  const parent = process.ppid
  setInterval(() => process.ppid !== parent && callback(), PARENT_CHECK).unref()
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
