/** What an audit of changes answers: rows, the state at a moment, and what must be said beside them. Pure. */

import { RISK_KINDS } from '../../../../schemas/meaning.ts'
import { nearest } from '../../../core/text.ts'
import { timeOf } from '../../../finexio/pages.ts'
import type { Row } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { counted } from '../../reading/notes.ts'
import type { Names } from '../../reading/parties.ts'
import { endOf } from '../../reading/range.ts'
import { type Change, isField, stateAt } from '../../reading/timeline.ts'
import type { Suspicion } from './after-change.ts'
import type { AuditArgs, FoundChanges } from './find-changes.ts'

export const changeRow = (change: Change, names: Names): Row =>
  present({
    timestamp: change.timestamp,
    actor: change.actor,
    action: change.action,
    object_id: change.object_id,
    name: names.get(change.object_id) ?? null,
    field: change.field,
    before: change.before,
    after: change.after,
    risk: change.risk,
  })

export const suspicionRow = ({ changes, payment, days }: Suspicion, names: Names): Row => {
  const latest = changes[0]!
  return present({
    payment_id: payment.id,
    amount_cents: payment.amount_cents ?? null,
    status: payment.status ?? null,
    created: payment.created ?? null,
    days_after: days,
    risks: [...new Set(changes.map(({ risk }) => risk))].join(' '),
    changed: latest.timestamp,
    actor: latest.actor,
    object_id: latest.object_id,
    name: names.get(latest.object_id) ?? null,
  })
}

/** The record as it was at the end of `state_at`; null unless one party's state was asked for. */
export const stateOf = (all: readonly Change[], { state_at, field }: AuditArgs): Row | null => {
  if (state_at === undefined) return null
  const wanted = all.filter((change) => isField(field, change))
  // Masked change by change, since only the field's name says whether a number is an account number.
  const shown = wanted.map((change): Change => {
    const { before, after } = present({ field: change.field, before: change.before, after: change.after })
    return { ...change, before, after }
  })
  return stateAt(shown, timeOf(endOf(state_at))!)
}

export const riskyOf = (changes: readonly Change[]): Change[] => changes.filter(({ risk }) => risk !== null)

export const headOf = (changes: readonly Change[], suspicions: readonly Suspicion[]): string =>
  `${counted(changes.length, 'changed field')}, ${riskyOf(changes).length} of a risky kind (${RISK_KINDS.join(', ')}); ${counted(suspicions.length, 'payment')} followed soon after.`

const MOST_FIELDS = 20

/** A misspelt field and one that never changed look alike: nothing. */
const fieldNote = (all: readonly Change[], { field }: AuditArgs): string | false => {
  if (field === undefined || all.length === 0 || all.some((change) => isField(field, change))) return false
  const known = [...new Set(all.map((change) => change.field))]
  const near = nearest(field, [...RISK_KINDS, ...known])
  const advice = near ? ` Did you mean ${JSON.stringify(near)}?` : ''
  return `No change of a field called ${JSON.stringify(field)} was read.${advice} Fields that changed: ${known.slice(0, MOST_FIELDS).join(', ')}${known.length > MOST_FIELDS ? ', …' : ''}.`
}

const undatedNote = (changes: readonly Change[]): string | false => {
  const undated = changes.filter(({ at }) => at === null).length
  return (
    undated > 0 &&
    `${counted(undated, 'change')} without a readable time: listed last, and possibly outside the range.`
  )
}

const UNRECORDED = 'state_at is earlier than the first entry: what was there before is not recorded.'

const isBeforeAll = (all: readonly Change[], { state_at }: AuditArgs) =>
  state_at !== undefined && (all.at(-1)?.at ?? 0) > timeOf(endOf(state_at))!

const UNKNOWN =
  'The change log has no entry of this buyer or supplier: it was never changed, or the id is not one of list_all_finexio_counterparties.'

export const changeNotes = ({ whole, all, changes }: FoundChanges, args: AuditArgs): (string | false)[] => [
  whole.rows.length === 0 && (args.object_id ?? args.internal_id) !== undefined && UNKNOWN,
  fieldNote(all, args),
  undatedNote(changes),
  isBeforeAll(all, args) && UNRECORDED,
]
