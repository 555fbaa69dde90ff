/** What a client is told of a tool's effect. Nobody sets a hint by hand. */
import type { Effect } from '../../../schemas/define.ts'

export type Hints = {
  readOnlyHint: boolean
  destructiveHint: boolean
  idempotentHint: boolean
  openWorldHint: boolean
}

const WRITES: Hints = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
}

/** Even a read reaches a third party's API, hence `openWorldHint` throughout. */
export const hints: Readonly<Record<Effect, Hints>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  write: WRITES,
  money: WRITES,
}
