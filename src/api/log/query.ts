/** What a caller of `/log` may ask. */
import * as z from 'zod'
import { ENTRY_TYPES } from '../../account/audit/entry.ts'
import type { AuditCursor } from '../../account/audit/trail.ts'
import { meantWords, nearest } from '../../core/text.ts'
import { DAY_MS } from '../../core/time.ts'
import { OUTCOMES } from '../../rules/outcome.ts'
import type { Failure } from '../errors.ts'

const MONTH_MS = 31 * DAY_MS
/** Both bounds are excluded: of 31 whole days they are a little further apart. */
const MOST_MS = MONTH_MS + 1
const MOST_ROWS = 100

const PERSON = 'Whoever acted, called, approved, or held the server: an id, a name or a part of it.'

/** Truto's filter keys, and ours. */
const FILTERS: readonly string[] = [
  'mcp_server_id',
  'tool_name',
  'mcp_method',
  'resource',
  'method',
  'client_name',
  'client_version',
  'request_id',
  'http_status_code',
  'outcome',
  'effect',
  'caller_id',
  'oauth_grant_id',
  'oauth_client_id',
  'actor_id',
  'action',
  'reason',
  'refused_by',
  'supplier_id',
  'event',
  'approval_id',
  'person',
]
/** Keys of the contract that have one value here, restrict nothing here, or choose the trail. */
const OTHERS: Readonly<Record<string, string>> = {
  integration: 'finexio, which restricts nothing.',
  environment_id: 'Restricts nothing.',
  integrated_account_id: 'As integrated_account_id.',
}

/** Of calls, and of a write that was drafted. */
const KNOWN_OUTCOMES: readonly string[] = [...OUTCOMES, 'pending']
const OUTCOME_WORDS = `known outcomes are ${KNOWN_OUTCOMES.join(', ')}`

const KEY = /^log_type_filter\[([a-z_]{1,40})\]$/

/** Names the deployment's own trail in the place of an account. */
export const DEPLOYMENT = 'deployment'

const TRAIL = new RegExp(`^(${DEPLOYMENT}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`, 'i')

export const Trail = z
  .string()
  .regex(TRAIL, `must be the id of an integrated account, or "${DEPLOYMENT}"`)
  .transform((id) => id.toLowerCase())

const DATE = /^\d{4}-\d\d-\d\d$/
const WRONG_TIME = 'must be an ISO date, which means that whole day (UTC), or a date and time with zone'

/** The first and the last millisecond that a text means. */
const moment = z
  .union([z.iso.date(), z.iso.datetime({ offset: true })], { error: WRONG_TIME })
  .transform((text) => {
    const first = Date.parse(text)
    return { first, last: DATE.test(text) ? first + DAY_MS - 1 : first, isDay: DATE.test(text) }
  })
type Moment = z.infer<typeof moment>

const Cursor = z.object({ at: z.int(), account: z.string().max(40), seq: z.int() })

/** `next_cursor` after this row. */
export const encodeLogCursor = (cursor: AuditCursor): string => btoa(JSON.stringify(cursor))

/** Null: the first page, which Truto's SDK asks for with an empty text. Undefined: no cursor of ours. */
export const decodeCursor = (text: string | undefined): AuditCursor | null | undefined => {
  if (!text) return null
  try {
    return Cursor.parse(JSON.parse(atob(text)))
  } catch {
    return undefined
  }
}

/** A cursor of ours, as a query carries it. */
export const cursorText = z
  .string()
  .max(300)
  .refine((text) => decodeCursor(text) !== undefined, 'must be a next_cursor of an earlier answer')

/** Of an export alone. */
const FORMAT = 'format'

/** A restriction under a wrong name would widen the answer in silence. */
const misplaced = (name: string): string | null => {
  if (FILTERS.includes(name)) return `write log_type_filter[${name}]`
  if (name in Known.shape || name === FORMAT) return null
  if (name.startsWith('created_at')) return 'write created_at[gt] or created_at[lt]'
  if (name.startsWith('log_type_filter')) return 'write log_type_filter[<key>]'
  // What Truto's callers send besides, such as tenant_id, restricts nothing and is let be.
  const meant = nearest(name, Object.keys(Known.shape))
  return meant && `did you mean ${meant}?`
}

const problemWith = (name: string, value: unknown): string | null => {
  const key = KEY.exec(name)?.[1]
  if (key === undefined) return misplaced(name)
  if (key === 'integrated_account_id') return Trail.safeParse(value).error?.issues[0]?.message ?? null
  if (key === 'outcome')
    return KNOWN_OUTCOMES.includes(value as string)
      ? null
      : OUTCOME_WORDS + meantWords(String(value), KNOWN_OUTCOMES)
  const known =
    FILTERS.includes(key) || key === 'environment_id' || (key === 'integration' && value === 'finexio')
  return known
    ? null
    : `known keys are ${FILTERS.join(', ')}, integrated_account_id${meantWords(key, FILTERS)}`
}

/** Names of one bound, of which a query has one. */
const TWICE = [
  ['from', 'created_at[gt]'],
  ['until', 'created_at[lt]'],
] as const

type Bounds = { [Name in (typeof TWICE)[number][number]]?: Moment | undefined }

/** Bounds in milliseconds, both excluded; null: not said. */
const boundsOf = (query: Bounds): { after: number | null; before: number | null } => {
  const { from, until, 'created_at[gt]': gt, 'created_at[lt]': lt } = query
  const after = from ? from.first - 1 : gt && (gt.isDay ? gt.first - 1 : gt.first)
  const before = until ? until.last + 1 : lt && (lt.isDay ? lt.last + 1 : lt.first)
  return { after: after ?? null, before: before ?? null }
}

const problemsOf = (query: z.infer<typeof Known>): Failure[] => {
  const problems = Object.entries(query).map(([path, value]) => ({ path, message: problemWith(path, value) }))
  const { next_cursor } = query
  const { after, before } = boundsOf(query)
  if (after !== null && before !== null && before - after > MOST_MS)
    problems.push({ path: 'created_at', message: 'from and until may be one month (31 days) apart at most' })
  if (after !== null && before !== null && before - after < 2)
    problems.push({ path: 'created_at', message: 'from lies after until: nothing is between them' })
  for (const [given, same] of TWICE)
    if (query[given] !== undefined && query[same] !== undefined)
      problems.push({ path: given, message: `say either ${given} or ${same}` })
  if (decodeCursor(next_cursor) === undefined)
    problems.push({ path: 'next_cursor', message: 'must be a next_cursor of an earlier answer' })
  return problems.filter((problem): problem is Failure => problem.message !== null)
}

/** Names that are not declared stay in it, so that a misspelled restriction is refused. */
const Known = z.looseObject({
  log_type: z
    .enum([...ENTRY_TYPES, 'all'])
    .optional()
    .describe('Kind of row; all: every kind. Left out: mcp, the calls alone.'),
  from: moment.optional().describe('The first day, whole (UTC), or moment of the answer.'),
  until: moment.optional().describe('The last day, whole (UTC), or moment of the answer.'),
  'created_at[gt]': moment.optional().describe('As from; a moment itself is left out.'),
  'created_at[lt]': moment.optional().describe('As until; a moment itself is left out.'),
  folded: z
    .enum(['true', 'false'])
    .default('false')
    .describe(
      'true: one row for each event; a call of this API that left an event of its own, such as a decision, is the member call of that row. The chain has both.',
    ),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, `must be a whole number from 1 to ${MOST_ROWS}`)
    .default('50')
    .transform(Number),
  next_cursor: z.string().max(300).optional(),
  integrated_account_id: Trail.optional().describe(
    'Id of an account, or deployment for what belongs to none; left out: all that you may read, up to 100 accounts: those that there are, then the newest that were disconnected.',
  ),
  ...Object.fromEntries(
    [...FILTERS, ...Object.keys(OTHERS)].map((key) => {
      const says = key === 'person' ? PERSON : (OTHERS[key] ?? `Only rows with this ${key}.`)
      return [`log_type_filter[${key}]`, z.string().optional().describe(says)]
    }),
  ),
})

/** The query of `/log`, checked. @throws ZodError also for a restriction under an unknown name and for more than 31 days */
export const LogParameters = Known.superRefine((query, { addIssue }) => {
  for (const { path, message } of problemsOf(query)) addIssue({ code: 'custom', path: [path], message })
})

/** What is read where no kind is named, as Truto's callers know it. */
export const CALLS = 'mcp'

export type LogQuery = {
  types: readonly string[]
  /** Milliseconds since the epoch, both excluded. */
  after: number
  before: number
  limit: number
  cursor: AuditCursor | null
  /** An account, or the deployment; null: all that the caller manages. */
  trail: string | null
  filters: Record<string, string>
  folded: boolean
}

/** @param now milliseconds since the epoch */
export const logQueryOf = (query: z.infer<typeof LogParameters>, now: number): LogQuery => {
  const { log_type, limit, next_cursor, folded } = query
  const { after, before: until } = boundsOf(query)
  // Where no end is named there is none: a clock that was ahead for a while hides no row.
  const before = until ?? (after === null ? Number.MAX_SAFE_INTEGER : after + MONTH_MS)
  const filter = (key: string) => query[`log_type_filter[${key}]`] as string | undefined
  const given = FILTERS.flatMap((key) => (filter(key) === undefined ? [] : [[key, filter(key)!] as const]))
  return {
    types: log_type === 'all' ? ENTRY_TYPES : [log_type ?? CALLS],
    after: after ?? (until ?? now + 1) - MONTH_MS,
    before,
    limit,
    cursor: decodeCursor(next_cursor) ?? null,
    trail: query.integrated_account_id ?? filter('integrated_account_id')?.toLowerCase() ?? null,
    filters: Object.fromEntries(given),
    folded: folded === 'true',
  }
}
