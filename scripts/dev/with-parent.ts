/** Loaded into wrangler and what it starts: ends it when its parent was killed outright, which could not end it any more. */
const { ppid } = process
const LOOK_MS = 500

setInterval(() => process.ppid !== ppid && process.kill(process.pid, 'SIGTERM'), LOOK_MS).unref()
