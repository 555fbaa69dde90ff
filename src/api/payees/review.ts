/** The review pack of verified payees, out of the trail: every change with old and new, who vouched, and what was instructed after it. */
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import type { AuditRow, PayeeEntry } from '../../account/audit/entry.ts'
import { entryIn } from '../../account/audit/stored.ts'
import type { AuditCursor } from '../../account/audit/trail.ts'
import { csvHead, csvLine } from '../../core/csv.ts'
import { canonicalId } from '../../core/ids.ts'
import { isoOf, pageAnswer, time } from '../answers.ts'
import { merged } from '../log/pages.ts'
import { cursorText, decodeCursor, encodeLogCursor } from '../log/query.ts'
import { goneLine } from '../log/rows.ts'
import { csvCutLine, streamed } from '../log/stream.ts'
import { watchTrimming } from '../log/trimmed.ts'
import { type Asked, route } from '../route.ts'
import { ALL } from './shared.ts'

const MOST_ROWS = 500

const Whose = z.object({
  supplier_id: z.string().min(1).max(100).optional(),
  next_cursor: cursorText.optional(),
})
const Review = Whose.extend({
  limit: z.coerce.number().int().min(1).max(MOST_ROWS).default(100),
})

export const ReviewRow = z
  .object({
    timestamp: time,
    supplier_id: z.string().nullable(),
    supplier_name: z.string().nullable().describe('What it was called then; null: not known.'),
    event: z
      .enum([
        'called_back',
        'accepted',
        'present_accepted',
        'changed',
        'not_changed',
        'change_unknown',
        'instructed',
        'not_paid',
        'payment_unknown',
        'sent',
      ])
      .describe(
        'changed: seen at Finexio, or made through this server, and accepted by Finexio, where it has an idempotency_key. not_changed: nothing came of such a change; change_unknown: nobody knows, until a later row of the same idempotency_key says; with outcome succeeded Finexio answered other values than were sent. (Earlier versions wrote changed before Finexio answered.) instructed: Finexio accepted the instruction to pay; whether it was paid stands in its payment. not_paid: nothing came of it; payment_unknown: nobody knows, until a later row of the same idempotency_key says. sent: a row of an earlier version, written before Finexio answered.',
      ),
    actor_id: z.string().nullable().describe('Id of the person or system.'),
    actor_name: z.string().nullable().describe('Name of the person or system.'),
    called: z.string().nullable(),
    called_at: time.nullable(),
    number_from: z.string().nullable(),
    source: z.string().nullable().describe('Where the number came from.'),
    note: z.string().nullable(),
    fields: z
      .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
      .describe('Old and new, masked. Without before: not known; without both: only that it changed.'),
    unpaid: z
      .boolean()
      .nullable()
      .describe('Whether an invoice was unpaid by then; null: not known, or no change.'),
    cents: z.int().nullable(),
    count: z.int().nullable(),
    idempotency_key: z.string().nullable(),
    known_by: z
      .enum(['look', 'person'])
      .nullable()
      .describe(
        'What told the outcome, where no answer of Finexio to the write did: a look at Finexio, or a person.',
      ),
    request_id: z.string().nullable().describe('Id of the call.'),
    seq: z.int(),
    hash: z.string().nullable(),
  })
  .meta({ id: 'ReviewRow' })
type ReviewRow = z.infer<typeof ReviewRow>

const KEPT = [
  'supplier_name',
  'actor_id',
  'actor_name',
  'called',
  'called_at',
  'number_from',
  'source',
  'note',
  'unpaid',
  'cents',
  'count',
  'idempotency_key',
  'known_by',
  'request_id',
] as const satisfies readonly (keyof PayeeEntry)[]

const shownRow = ({ seq, at, entry, hash }: AuditRow): ReviewRow => {
  const { event, supplier_id, changed = [], fields = [], ...rest } = entryIn(entry) as PayeeEntry
  const named = new Set(fields.map(({ field }) => field))
  const kept = Object.fromEntries(KEPT.map((name) => [name, rest[name] ?? null]))
  const others = changed.filter((field) => !named.has(field)).map((field) => ({ field }))
  return {
    timestamp: isoOf(at),
    supplier_id,
    event,
    ...kept,
    fields: [...fields, ...others],
    seq,
    hash,
  } as ReviewRow
}

const [BEFORE_FIELD, AFTER_FIELD] = [
  [
    'timestamp',
    'supplier_id',
    'supplier_name',
    'event',
    'actor_name',
    'actor_id',
    'called',
    'called_at',
    'number_from',
    'source',
    'note',
  ],
  ['unpaid', 'cents', 'count', 'idempotency_key', 'known_by', 'request_id', 'seq', 'hash'],
] as const
const HEAD = csvHead([...BEFORE_FIELD, 'field', 'old', 'new', ...AFTER_FIELD])

/** One line for each changed field, and one for what changed none. */
const linesOf = (row: ReviewRow): string => {
  const { fields } = row
  const each = fields.length > 0 ? fields : [{ field: null, before: null, after: null }]
  return each
    .map(({ field, before, after }) => {
      const [first, rest] = [BEFORE_FIELD, AFTER_FIELD].map((names) => names.map((name) => row[name]))
      return csvLine([...first!, field, before, after, ...rest!])
    })
    .join('')
}

type Reviewing = Pick<Asked<z.infer<typeof Whose>, unknown>, 'c' | 'accountId' | 'query'>

const pageOf = async ({ c, accountId, query }: Reviewing, limit: number, cursor: AuditCursor | null) => {
  const { supplier_id } = query
  const page = await auditOf(accountObject(c.env, accountId)).read({
    account: accountId,
    types: ['payee'],
    after: 0,
    before: Date.now() + 1,
    filters: supplier_id === undefined ? {} : { supplier_id: canonicalId(supplier_id) },
    cursor,
    limit: limit + 1,
  })
  const pages = new Map([[accountId, page]])
  const { rows, next } = merged(pages, limit)
  return { rows: rows.map(shownRow), next, pages }
}

const review = async (asked: Asked<z.infer<typeof Review>, unknown>) => {
  const { limit, next_cursor } = asked.query
  const { rows, next } = await pageOf(asked, limit, decodeCursor(next_cursor) ?? null)
  return { result: rows, next_cursor: next && encodeLogCursor(next) }
}

const exportReview = (asked: Asked<z.infer<typeof Whose>, unknown>) => {
  const trimming = watchTrimming(0)
  const part = async (cursor: AuditCursor | null) => {
    const { rows, next, pages } = await pageOf(asked, MOST_ROWS, cursor)
    trimming.see(pages, cursor)
    const gone = next === null ? trimming.gone() : null
    const last = gone === null ? '' : goneLine('csv', gone)
    return { lines: rows.map(linesOf).join('') + last, rows: rows.length, next }
  }
  const body = streamed<AuditCursor>(HEAD, part, {
    from: decodeCursor(asked.query.next_cursor) ?? null,
    cutLine: (next) => csvCutLine(encodeLogCursor(next)),
  })
  return asked.c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="finexio-mcp-payees.csv"',
  })
}

export const payeeReviewRoutes = [
  route('GET', `${ALL}/review`, 'reviewPayees', {
    role: ['approve', 'audit'],
    says: 'Review payees out of the trail: every change with old and new, who vouched, what was instructed after it',
    query: Review,
    answer: pageAnswer(ReviewRow),
    handler: review,
  }),
  route('GET', `${ALL}/review/export`, 'exportPayeeReview', {
    role: ['approve', 'audit'],
    says: 'Export the review of payees, all rows',
    query: Whose,
    answer: z.string(),
    media: ['text/csv'],
    handler: exportReview,
  }),
]
