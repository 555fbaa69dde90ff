/** Change-log entries as single changes in time, and what a record looked like on a day. Pure. */
import type { Risk } from '../../../schemas/meaning.ts'
import { payeeKindOf } from '../../../schemas/sensitive.ts'
import { timeOf } from '../../finexio/pages.ts'
import type { Row } from '../derived/request.ts'

export type Change = {
  object_id: string
  /** As Finexio wrote it. */
  timestamp: string | null
  /** Milliseconds since the epoch; null when Finexio's text is not a valid time. */
  at: number | null
  action: string | null
  actor: string | null
  /** Network address from which the change was made, as Finexio logs it. */
  address: string | null
  field: string
  before: unknown
  after: unknown
  risk: Risk | null
  /** Whether the field leads money somewhere; of a record's first values too. */
  directsMoney: boolean
}

const folded = (field: string) => field.toLowerCase().replaceAll('_', '')

const CREATED = /^(create|created|invitation)$/i

/** Only a change of an existing value can divert money, not a record's first values. Names and references are not marked. */
const riskIn = (entry: Row, field: string): Risk | null => {
  if (CREATED.test(String(entry.action ?? '')) || field === '') return null
  const kind = payeeKindOf(field)
  return kind === 'other' ? null : kind
}

export const isFirstValue = ({ action, before }: Pick<Change, 'action' | 'before'>): boolean =>
  CREATED.test(action ?? '') && before === null

/**
 * Whether a change may lead money elsewhere: one of a field that does, by its declaration, or one that cannot be read. The first
 * values of a record change nothing.
 */
export const leadsMoney = (change: Change): boolean =>
  !isFirstValue(change) && payeeKindOf(change.field) !== null

const text = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** In place of a field's name where an entry has none, such as the deletion of a record. */
const NO_FIELD = '(none)'

const changesIn = (entry: Row): Change[] => {
  const changes = Array.isArray(entry.changes) ? (entry.changes as Row[]) : []
  return (changes.length > 0 ? changes : [{}]).map(({ field, before, after }) => ({
    object_id: String(entry.object_id ?? ''),
    timestamp: text(entry.timestamp),
    at: timeOf(entry.timestamp),
    action: text(entry.action),
    actor: text(entry.actor),
    address: text(entry.remote_addr),
    field: String(field ?? '') || NO_FIELD,
    before: before ?? null,
    after: after ?? null,
    risk: riskIn(entry, String(field ?? '')),
    directsMoney: String(field ?? '') !== '' && payeeKindOf(String(field)) !== null,
  }))
}

/** @param entries as the history list reads them @returns single changes, newest first */
export const timelineOf = (entries: readonly Row[]): Change[] =>
  entries.flatMap(changesIn).sort((a, b) => (b.at ?? 0) - (a.at ?? 0))

/**
 * The fields of one record as they were at a moment, as far as its changes tell: a field that changed later had the
 * value before that change, any other the value after its last one.
 * @param changes of one record, newest first
 * @param moment milliseconds since the epoch
 */
export const stateAt = (changes: readonly Change[], moment: number): Row => {
  const state = new Map<string, unknown>()
  for (const { field, at, before, after } of changes.filter((change) => change.field !== NO_FIELD)) {
    const isLater = (at ?? 0) > moment
    if (isLater) state.set(field, before)
    else if (!state.has(field)) state.set(field, after)
  }
  return Object.fromEntries([...state].sort(([a], [b]) => a.localeCompare(b)))
}

/** Whether `field` is asked for: its whole name, in any spelling, or a kind of risk. @param wanted none: every field is */
export const isField = (wanted: readonly string[], { field, risk }: Change): boolean =>
  wanted.length === 0 || wanted.some((one) => folded(one) === folded(field) || one === risk)
