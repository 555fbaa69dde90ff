/** Reads the change log for an audit: the changes asked for, and the payments that followed risky ones. */
import * as z from 'zod'
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import { id, reference, since, words } from '../../../../schemas/fields.ts'
import { RISK_KINDS } from '../../../../schemas/meaning.ts'
import { payments } from '../../../../schemas/payments.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { objectIdOf } from '../../derived/history.ts'
import { toolName } from '../../derived/request.ts'
import { rangeOf, stampOf } from '../../reading/range.ts'
import { isWhole, readRecent, readWhole, type Whole } from '../../reading/read-list.ts'
import { failIfStopped, type Reading, stopWords } from '../../reading/reading.ts'
import { type Change, isField, timelineOf } from '../../reading/timeline.ts'
import { Refusal } from '../../refusal.ts'
import { byGravity, paymentsAfter, type Suspicion, spansAfter } from './after-change.ts'

const DEFAULT_DAYS = 90
/** Most pages of the change log that one call reads, the newest; payments and names take further requests. */
const MOST_PAGES = 40
const PAYMENTS = toolName(payments, 'list')

export const auditInput = z.object({
  object_id: id.optional().describe('Buyer or supplier; none: all.'),
  internal_id: reference().optional().describe('Instead of object_id; any letter case.'),
  field: words.optional().describe(`A field, or a risky kind: ${RISK_KINDS.join(', ')}.`),
  changed_start: since.optional().describe(`Default: ${DEFAULT_DAYS} days back; of one party all.`),
  changed_end: since.optional(),
  state_at: since.optional().describe('One party: its fields as they were then.'),
  days: z.int().min(1).max(90).default(10).describe('Payments so long after a risky change are shown.'),
  limit: z.int().min(1).max(500).default(50),
})

export type AuditArgs = z.infer<typeof auditInput>

type Window = { from: number; to: number }

/** @throws Refusal, before anything is sent, on arguments that contradict each other */
const windowOf = ({ object_id, internal_id, state_at, ...args }: AuditArgs, now: number): Window => {
  const one = object_id ?? internal_id
  if (object_id !== undefined && internal_id !== undefined)
    throw new Refusal('Give object_id or internal_id, not both.')
  if (state_at !== undefined && one === undefined)
    throw new Refusal('state_at: give object_id or internal_id with it.')
  const start = args.changed_start ?? (one === undefined ? undefined : '1970-01-01')
  const { created_start, created_end } = rangeOf(start, args.changed_end, DEFAULT_DAYS, now)
  return { from: timeOf(created_start)!, to: timeOf(created_end)! }
}

const partyOf = async (reading: Reading, { object_id, internal_id }: AuditArgs): Promise<string | null> => {
  if (internal_id === undefined) return object_id ?? null
  const found = await reading.ask(() => objectIdOf(internal_id, reading.context))
  if (found === null) failIfStopped(reading)
  return found
}

/** A change whose time cannot be read may lie within any range. */
const isWithin =
  ({ from, to }: Window) =>
  ({ at }: Change): boolean =>
    at === null || (at >= from && at <= to)

export type FoundChanges = {
  whole: Whole
  /** Every change that was read, newest first. */
  all: Change[]
  /** Those asked for. */
  changes: Change[]
  /** Why the reading had ended by then. */
  stop: string | null
}

/** @throws Refusal on arguments that contradict each other, FinexioFailure when nothing could be read */
export const findChanges = async (reading: Reading, args: AuditArgs): Promise<FoundChanges> => {
  const window = windowOf(args, reading.context.now())
  const party = await partyOf(reading, args)
  const filters = party === null ? {} : { object_id: party }
  const whole = await readRecent(reading, counterpartyHistory, MOST_PAGES, filters)
  if (whole.rows.length === 0) failIfStopped(reading)
  const all = timelineOf(whole.rows)
  const changes = all.filter(isWithin(window)).filter((change) => isField(args.field, change))
  return { whole, all, changes, stop: stopWords(reading) }
}

type Followed = {
  suspicions: Suspicion[]
  /** Why these need not be all; null when they are. */
  lack: string | null
}

const HIDDEN = 'This server shows no payments: none were looked at.'

/** Payments in the days after risky changes, as far as this server shows payments. */
export const paymentsFollowing = async (
  reading: Reading,
  risky: readonly Change[],
  days: number,
): Promise<Followed> => {
  const { context } = reading
  if (risky.length === 0) return { suspicions: [], lack: null }
  if (!context.sees(PAYMENTS)) return { suspicions: [], lack: HIDDEN }
  const spans = spansAfter(risky, days).filter(({ from }) => from <= context.now())
  const read = await Promise.all(
    spans.map(({ from, to }) =>
      readWhole(reading, payments, { created_start: stampOf(from), created_end: stampOf(to) }),
    ),
  )
  const found = read.flatMap(({ rows }) => rows)
  return {
    suspicions: paymentsAfter(risky, found, days).sort(byGravity),
    lack: read.every(isWhole)
      ? null
      : `Payments after these changes were not all read. ${stopWords(reading) ?? ''}`.trim(),
  }
}
