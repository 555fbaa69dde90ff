/** `audit_finexio_counterparty_changes`: who changed what, when, and which payments followed a risky change. */
import * as z from 'zod'
import { counterpartyHistory } from '../../../schemas/counterparty-history.ts'
import { id, since, words } from '../../../schemas/fields.ts'
import { payments } from '../../../schemas/payments.ts'
import { timeOf } from '../../finexio/pages.ts'
import { objectIdOf } from '../history.ts'
import { toolName } from '../name.ts'
import { plainTime } from '../plain-time.ts'
import { present } from '../present.ts'
import { Refusal } from '../refusal.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import type { Row } from '../walk.ts'
import { byGravity, paymentsAfter, type Suspicion, spansAfter } from './after-change.ts'
import { composite, rows } from './composite.ts'
import { counted, isPartial, listNotes, namesNote, noted, shownNote } from './notes.ts'
import { type Names, partyNames } from './party-names.ts'
import { endOf, rangeOf, stampOf } from './range.ts'
import { failIfStopped, newReading, type Reading, stopWords } from './reading.ts'
import { report, tableOf } from './report.ts'
import { type Change, isField, RISKS, stateAt, timelineOf } from './timeline.ts'
import { readWhole, type Whole } from './whole-list.ts'

const MOST_REQUESTS = 60
const DEFAULT_DAYS = 90
const PAYMENTS = toolName(payments, 'list')

const input = z.object({
  object_id: id.optional().describe('Buyer or supplier; none: all.'),
  internal_id: words.optional().describe('Instead of object_id; any letter case.'),
  field: words.optional().describe(`A field, or a risky kind: ${RISKS.join(', ')}.`),
  changed_start: since.optional().describe(`Default: ${DEFAULT_DAYS} days back; of one party all.`),
  changed_end: since.optional(),
  state_at: since.optional().describe('One party: its fields as they were then.'),
  days: z.int().min(1).max(90).default(10).describe('Payments so long after a risky change are shown.'),
  limit: z.int().min(1).max(500).default(50),
})
type Args = z.infer<typeof input>

type Window = { from: number; to: number }

/** @throws Refusal, before anything is sent, on arguments that contradict each other */
const windowOf = ({ object_id, internal_id, state_at, ...args }: Args, now: number): Window => {
  const one = object_id ?? internal_id
  if (object_id !== undefined && internal_id !== undefined)
    throw new Refusal('Give object_id or internal_id, not both.')
  if (state_at !== undefined && one === undefined)
    throw new Refusal('state_at: give object_id or internal_id with it.')
  const start = args.changed_start ?? (one === undefined ? undefined : '1970-01-01')
  const { created_start, created_end } = rangeOf(start, args.changed_end, DEFAULT_DAYS, now)
  return { from: timeOf(created_start)!, to: timeOf(created_end)! }
}

const partyOf = async (reading: Reading, { object_id, internal_id }: Args): Promise<string | null> => {
  if (internal_id === undefined) return object_id ?? null
  const found = await reading.ask(() => objectIdOf(internal_id, reading.context))
  if (found === null) failIfStopped(reading)
  return found
}

const isWithin =
  ({ from, to }: Window) =>
  ({ at }: Change): boolean =>
    at !== null && at >= from && at <= to

/** Payments in the days after risky changes, as far as this server shows payments. */
const followed = async (reading: Reading, risky: readonly Change[], days: number) => {
  const { context } = reading
  if (risky.length === 0 || !context.sees(PAYMENTS)) return { suspicions: [], complete: true }
  const spans = spansAfter(risky, days).filter(({ from }) => from <= context.now())
  const read: Whole[] = await Promise.all(
    spans.map(({ from, to }) =>
      readWhole(reading, payments, { created_start: stampOf(from), created_end: stampOf(to) }),
    ),
  )
  return {
    suspicions: paymentsAfter(
      risky,
      read.flatMap((whole) => whole.rows),
      days,
    ).sort(byGravity),
    complete: read.every(({ next }) => next === null),
  }
}

const changeRow = (change: Change, names: Names): Row => ({
  timestamp: plainTime(change.timestamp),
  actor: change.actor,
  action: change.action,
  object_id: change.object_id,
  name: names.get(change.object_id) ?? null,
  field: change.field,
  before: change.before,
  after: change.after,
  risk: change.risk,
})

const suspicionRow = ({ changes, payment, days }: Suspicion, names: Names): Row => ({
  payment_id: payment.id,
  amount_cents: payment.amount_cents ?? null,
  status: payment.status ?? null,
  created: plainTime(payment.created ?? null),
  days_after: days,
  risks: [...new Set(changes.map(({ risk }) => risk))].join(' '),
  changed: plainTime(changes[0]!.timestamp),
  actor: changes[0]!.actor,
  object_id: changes[0]!.object_id,
  name: names.get(changes[0]!.object_id) ?? null,
})

/** The record as it was at the end of `state_at`; null unless one party's state was asked for. */
const stateOf = (all: readonly Change[], { state_at, field }: Args): Row | null => {
  if (state_at === undefined) return null
  const wanted = all.filter((change) => isField(field, change))
  // Masked change by change, since it is the field's name that tells a number from an account number.
  const shown = wanted.map((change): Change => {
    const { before, after } = present({ field: change.field, before: change.before, after: change.after })
    return { ...change, before, after }
  })
  return stateAt(shown, timeOf(endOf(state_at))!)
}

const UNRECORDED = 'state_at is earlier than the first entry: what was there before is not recorded.'

const isBeforeAll = (all: readonly Change[], { state_at }: Args) =>
  state_at !== undefined && (all.at(-1)?.at ?? 0) > timeOf(endOf(state_at))!

const headOf = (changes: readonly Change[], suspicions: readonly Suspicion[]): string => {
  const risky = changes.filter(({ risk }) => risk !== null).length
  return `${counted(changes.length, 'changed field')}, ${risky} of a risky kind (${RISKS.join(', ')}); ${counted(suspicions.length, 'payment')} followed soon after.`
}

type Found = {
  whole: Whole
  all: Change[]
  changes: Change[]
  stop: string | null
}

const findChanges = async (reading: Reading, args: Args): Promise<Found> => {
  const window = windowOf(args, reading.context.now())
  const party = await partyOf(reading, args)
  const whole = await readWhole(reading, counterpartyHistory, party === null ? {} : { object_id: party })
  if (whole.rows.length === 0) failIfStopped(reading)
  const all = timelineOf(whole.rows)
  const changes = all.filter(isWithin(window)).filter((change) => isField(args.field, change))
  return { whole, all, changes, stop: stopWords(reading) }
}

const HIDDEN = 'This server shows no payments: none were looked at.'

const run = async (raw: Row, context: ToolContext): Promise<ToolAnswer> => {
  const args = raw as Args
  const reading = newReading(context, MOST_REQUESTS)
  const { whole, all, changes, stop } = await findChanges(reading, args)
  const risky = changes.filter(({ risk }) => risk !== null)
  const { suspicions, complete } = await followed(reading, risky, args.days)
  const stopBefore = stopWords(reading)
  const shown = changes.slice(0, args.limit)
  const shownPayments = suspicions.slice(0, args.limit)
  const names = await partyNames(reading, [
    ...shown.map(({ object_id }) => object_id),
    ...shownPayments.map(({ changes: [latest] }) => latest?.object_id),
  ])
  const structured = {
    result: shown.map((change) => present(changeRow(change, names))),
    result_count: shown.length,
    changes_count: changes.length,
    risky_count: risky.length,
    payments_after: shownPayments.map((suspicion) => present(suspicionRow(suspicion, names))),
    payments_after_count: suspicions.length,
    state: stateOf(all, args),
    requests: reading.requests,
    is_partial_response: isPartial(whole, reading),
    ...noted([
      ...listNotes(whole, stop, 'change-log row', 'Further changes may be missing.'),
      !complete && `Payments after these changes were not all read. ${stopBefore}`,
      risky.length > 0 && !context.sees(PAYMENTS) && HIDDEN,
      isBeforeAll(all, args) && UNRECORDED,
      shownNote(shown.length, changes.length, 'changes, the newest,'),
      shownNote(shownPayments.length, suspicions.length, 'payments'),
      namesNote(reading, stopBefore),
    ]),
  }
  return report(headOf(changes, suspicions), tablesOf(structured), structured, context)
}

type Told = { result: Row[]; payments_after: Row[]; state: Row | null }

const tablesOf = ({ result, payments_after, state }: Told) => [
  tableOf('Payments soon after a risky change', payments_after),
  tableOf('State at that time', state ? [state] : []),
  tableOf('Changes, newest first', result),
]

export const auditChanges = composite({
  name: 'audit_finexio_counterparty_changes',
  title: 'Audit changes of buyers and suppliers',
  says: 'Change log of buyers and suppliers as a timeline by field; risky changes (bank account, payment method, address, e-mail) and the payments soon after them; the state of one party at a date.',
  resource: 'counterparty_history',
  method: 'audit',
  needs: [toolName(counterpartyHistory, 'list')],
  input,
  gives: { result: rows, payments_after: rows },
  run,
})
