/**
 * How a call ended. `differs`: a write was carried out, and Finexio answered other values than were sent. `dry_run`: nothing was to be sent. `replayed`: an earlier answer was repeated. `pending_approval`: it waits for
 * another person. `input_required`: the client's own user was asked. `refused`: by us, nothing was sent. `rejected`: Finexio said no.
 * `failed`: Finexio is at fault or silent, and nothing changed. `unknown`: a write left and no clear answer came. `unknown_tool`: the
 * server does not show such a tool. `fault`: ours.
 */
export const OUTCOMES = [
  'succeeded',
  'partial',
  'differs',
  'dry_run',
  'replayed',
  'pending_approval',
  'input_required',
  'refused',
  'rejected',
  'throttled',
  'failed',
  'not_sent',
  'unknown',
  'unknown_tool',
  'fault',
] as const
export type Outcome = (typeof OUTCOMES)[number]

/** What did what it was made for, what changed nothing on purpose, and what waits for a person. */
const GOOD: ReadonlySet<string> = new Set<Outcome>([
  'succeeded',
  'partial',
  'dry_run',
  'replayed',
  'pending_approval',
  'input_required',
])

/** Whether a call counts as an error: in usage, in charts, wherever one is shown. @param outcome also one of a later version, which does */
export const isError = (outcome: string): boolean => !GOOD.has(outcome)
