/** Faults of ours in the log: only their kind, since a message could hold what Finexio or the caller sent. */

export const report = (error: unknown): void =>
  console.error({ event: 'tool_fault', error: error instanceof Error ? error.name : typeof error })
