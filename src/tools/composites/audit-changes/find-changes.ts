/** Reads the change log for an audit: the changes asked for, and the payments that followed risky ones. */
import * as z from 'zod'
import { counterparties } from '../../../../schemas/counterparties.ts'
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import { id, named, reference, since, words } from '../../../../schemas/fields.ts'
import { RISK_KINDS } from '../../../../schemas/meaning.ts'
import { payments } from '../../../../schemas/payments.ts'
import { foldName, quoted } from '../../../core/text.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { objectIdOf } from '../../derived/history.ts'
import { holdsName, namedParties, nearWords } from '../../derived/names.ts'
import { toolName } from '../../derived/request.ts'
import { rangeOf, stampOf } from '../../reading/range.ts'
import { isWhole, readRecent, readWhole, type Whole } from '../../reading/read-list.ts'
import { failIfStopped, type Reading, stopWords } from '../../reading/reading.ts'
import { type Change, isField, isFirstValue, timelineOf } from '../../reading/timeline.ts'
import { Refusal } from '../../refusal.ts'
import { byGravity, paymentsAfter, type Suspicion, spansAfter } from './after-change.ts'

const DEFAULT_DAYS = 90
/** Most pages of the change log that one call reads, the newest; payments and names take further requests. */
const MOST_PAGES = 40
const PAYMENTS = toolName(payments, 'list')

export const auditInput = z.object({
  object_id: id.optional().describe('Buyer or supplier; none: all.'),
  internal_id: reference().optional().describe('Instead of object_id.'),
  name: named().optional().describe('Or part of it.'),
  field: words.optional().describe(`A field, or a risky kind: ${RISK_KINDS.join(', ')}.`),
  fields: z.array(words).optional().describe('Several.'),
  include_created: z.boolean().optional().describe('First values too.'),
  changed_start: since.optional().describe(`Default: ${DEFAULT_DAYS} days back; of one party all.`),
  changed_end: since.optional(),
  state_at: since.optional().describe('One party: its fields as they were then.'),
  days: z.int().min(1).max(90).default(10).describe('Payments so long after a risky change are shown.'),
  limit: z.int().min(1).max(500).default(50),
})

export type AuditArgs = z.infer<typeof auditInput>

type Window = { from: number; to: number }

/** What names one party; undefined where all are asked about. @throws Refusal where two do */
const partyGiven = ({ object_id, internal_id, name }: AuditArgs): string | undefined => {
  const [one, ...more] = [object_id, internal_id, name].filter((given) => given !== undefined)
  if (more.length > 0) throw new Refusal('Give one of object_id, internal_id and name.')
  return one
}

/** @throws Refusal, before anything is sent, on arguments that contradict each other */
const windowOf = (args: AuditArgs, now: number): Window => {
  const one = partyGiven(args)
  if (args.state_at !== undefined && one === undefined)
    throw new Refusal('state_at: give object_id, internal_id or name with it.')
  const start = args.changed_start ?? (one === undefined ? undefined : '1970-01-01')
  const { created_start, created_end } = rangeOf(start, args.changed_end, DEFAULT_DAYS, now)
  return { from: timeOf(created_start)!, to: timeOf(created_end)! }
}

/** The only party whose name holds a text, or is it. @throws Refusal where nobody or several are meant */
const partyNamed = async (reading: Reading, name: string): Promise<string> => {
  if (!reading.context.sees(toolName(counterparties, 'list')))
    throw new Refusal('name: this MCP server shows no names; give object_id.').by('not_shown')
  const asked = await readWhole(reading, counterparties, { name })
  const read = asked.rows.some((row) => holdsName(row.name, name))
    ? asked
    : await readWhole(reading, counterparties, {})
  failIfStopped(reading)
  const holding = read.rows.filter((row) => holdsName(row.name, name))
  const exact = holding.filter((row) => foldName(row.name) === foldName(name))
  const [only, ...more] = exact.length > 0 ? exact : holding
  if (!isWhole(read))
    throw new Refusal(`name: not all names could be read. ${stopWords(reading) ?? ''} Give the id.`).by(
      'unread',
    )
  if (only === undefined)
    throw new Refusal(
      `name: nobody has ${quoted(name)} in the name: ${nearWords(read.rows, name) || 'list_all_finexio_counterparties lists them'}.`,
    )
  if (more.length > 0)
    throw new Refusal(
      `name: ${more.length + 1} have ${quoted(name)} in their name, such as ${namedParties([only, ...more].slice(0, 3))}: give the id of one.`,
    )
  return String(only.id)
}

const partyOf = async (
  reading: Reading,
  { object_id, internal_id, name }: AuditArgs,
): Promise<string | null> => {
  if (name !== undefined) return partyNamed(reading, name)
  if (internal_id === undefined) return object_id ?? null
  const found = await reading.ask(() => objectIdOf(internal_id, reading.context))
  if (found === null) failIfStopped(reading)
  return found
}

/** Names of fields, or kinds of risk, that are asked for; empty: all. */
export const fieldsOf = ({ field, fields = [] }: AuditArgs): string[] => [
  ...(field === undefined ? [] : [field]),
  ...fields,
]

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
  /** First values of records that were left out of these. */
  firstCount: number
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
  const asked = all.filter(isWithin(window)).filter((change) => isField(fieldsOf(args), change))
  const changes = args.include_created ? asked : asked.filter((change) => !isFirstValue(change))
  return { whole, all, changes, firstCount: asked.length - changes.length, stop: stopWords(reading) }
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
