/** One event, one row: a call of management that left an event is read with it. The chain keeps both. */
import { NEAR_MS, type Near, type TypedRow } from '../tables/audit-near.ts'
import type { AuditRow } from './entry.ts'
import { type AuditFilters, fits } from './filters.ts'
import { entryIn } from './stored.ts'

/**
 * How a reader's list is folded. `accounts`: whose own trails are read too, and tell what the deployment's says of them, since when: in
 * milliseconds since the epoch, what came before may have gone of age.
 */
export type Fold = { accounts: Readonly<Record<string, number>> }

/** A row with that of the call that led to it. */
export type FoldedRow = AuditRow & { call?: AuditRow }

type Shown = { types: readonly string[]; filters: AuditFilters; after: number; before: number }

/** Kinds of rows that say what somebody decided. */
const EVENTS: readonly string[] = ['write', 'payee']

/** That somebody did it, in the call itself: not what a call relied on. */
const isDone = ({ actor_id, event }: Record<string, unknown>): boolean =>
  actor_id !== undefined && actor_id !== null && event !== 'accepted'

/** A call that was carried out and says nothing of settings: what changed has its row with before and after. */
const isPlainCall = ({ target_kind, http_status_code }: Record<string, unknown>): boolean =>
  target_kind === undefined && Number(http_status_code) < 400

const isShown = ({ at, entry }: AuditRow, { after, before, filters }: Shown): boolean =>
  at > after && at < before && fits(entry, filters)

const isToldByEvent = (near: Near, { entry }: AuditRow, shown: Shown): boolean => {
  const call = entryIn(entry)
  if (!isPlainCall(call)) return false
  const types = EVENTS.filter((type) => shown.types.includes(type))
  return types.some((type) =>
    near(type, String(call.request_id)).some(
      (event) => isDone(entryIn(event.entry)) && isShown(event, shown),
    ),
  )
}

/** Whether an account's own row about a change, which two objects write one after the other, is surely shown. @param since its trail is whole */
const isToldByAccount = ({ at }: AuditRow, { after, before }: Shown, since: number): boolean =>
  at - NEAR_MS > Math.max(after, since) && at + NEAR_MS < before

/** Whether the same is told by a row that is shown. @param near what else was left by the requests of the rows that are read */
export const isFolded = (near: Near, row: TypedRow, shown: Shown, fold: Fold): boolean => {
  if (row.type !== 'management') return false
  const { target_kind, target_id } = entryIn(row.entry)
  const since = target_kind === 'integrated_account' ? fold.accounts[String(target_id)] : undefined
  if (since !== undefined && isToldByAccount(row, shown, since)) return true
  return isToldByEvent(near, row, shown)
}

/** A row of an event with that of its call, where there is one. */
export const withCall = (near: Near, row: TypedRow): FoldedRow => {
  const { type, ...plain } = row
  if (!EVENTS.includes(type)) return plain
  const event = entryIn(row.entry)
  if (!isDone(event) || typeof event.request_id !== 'string') return plain
  const call = near('management', event.request_id).find(({ entry }) => isPlainCall(entryIn(entry)))
  if (!call) return plain
  const { type: _, ...called } = call
  return { ...plain, call: called }
}
