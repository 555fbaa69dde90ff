/** What a caller of `/log` may ask. */
import * as z from 'zod'
import type { AuditCursor } from '../../account/tables/audit.ts'
import { DAY_MS } from '../../core/time.ts'
import type { Failure } from '../errors.ts'

const MONTH_MS = 31 * DAY_MS
export const MOST_ROWS = 100

/** Truto's filter keys, and ours: status, outcome, effect, caller, sign-in. */
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
  'supplier_id',
]
/** Keys of the contract that have one value here, restrict nothing here, or choose the trail. */
const OTHERS = ['integration', 'environment_id', 'integrated_account_id']

const KEY = /^log_type_filter\[([a-z_]{1,40})\]$/

/** Names the deployment's own trail in the place of an account. */
export const DEPLOYMENT = 'deployment'

const TRAIL = new RegExp(`^(${DEPLOYMENT}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`, 'i')

export const Trail = z
  .string()
  .regex(TRAIL, `must be the id of an integrated account, or "${DEPLOYMENT}"`)
  .transform((id) => id.toLowerCase())

const moment = z.iso
  .datetime({ offset: true, error: 'must be an ISO date and time with zone' })
  .transform((text) => Date.parse(text))

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

/** A restriction under a wrong name would widen the answer in silence. */
const misplaced = (name: string): string | null => {
  if (FILTERS.includes(name)) return `write log_type_filter[${name}]`
  if (name.startsWith('created_at') && !(name in Known.shape)) return 'write created_at[gt] or created_at[lt]'
  return name.startsWith('log_type_filter') ? 'write log_type_filter[<key>]' : null
}

const problemWith = (name: string, value: unknown): string | null => {
  const key = KEY.exec(name)?.[1]
  if (key === undefined) return misplaced(name)
  if (key === 'integrated_account_id') return Trail.safeParse(value).error?.issues[0]?.message ?? null
  const known =
    FILTERS.includes(key) || key === 'environment_id' || (key === 'integration' && value === 'finexio')
  return known ? null : `known keys are ${FILTERS.join(', ')}, integrated_account_id`
}

const problemsOf = (query: z.infer<typeof Known>): Failure[] => {
  const problems = Object.entries(query).map(([path, value]) => ({ path, message: problemWith(path, value) }))
  const { 'created_at[gt]': after, 'created_at[lt]': before, next_cursor } = query
  if (after !== undefined && before !== undefined && before - after > MONTH_MS)
    problems.push({
      path: 'created_at',
      message: 'created_at[gt] and created_at[lt] may be one month (31 days) apart at most',
    })
  if (decodeCursor(next_cursor) === undefined)
    problems.push({ path: 'next_cursor', message: 'must be a next_cursor of an earlier answer' })
  return problems.filter((problem): problem is Failure => problem.message !== null)
}

/** Names that are not declared stay in it, so that a misspelled restriction is refused. */
const Known = z.looseObject({
  log_type: z.enum(['mcp', 'management', 'write', 'payee', 'snapshot', 'gap', 'all']).default('mcp'),
  'created_at[gt]': moment.optional(),
  'created_at[lt]': moment.optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, `must be a whole number from 1 to ${MOST_ROWS}`)
    .default('50')
    .transform(Number),
  next_cursor: z.string().max(300).optional(),
  integrated_account_id: Trail.optional(),
  ...Object.fromEntries(
    [...FILTERS, ...OTHERS].map((key) => [`log_type_filter[${key}]`, z.string().optional()]),
  ),
})

/** The query of `/log`, checked. @throws ZodError also for a restriction under an unknown name and for more than 31 days */
export const LogParameters = Known.superRefine((query, { addIssue }) => {
  for (const { path, message } of problemsOf(query)) addIssue({ code: 'custom', path: [path], message })
})

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
}

const ALL = ['mcp', 'management', 'write', 'payee', 'snapshot', 'gap']

/** @param now milliseconds since the epoch */
export const logQueryOf = (query: z.infer<typeof LogParameters>, now: number): LogQuery => {
  const { log_type, limit, next_cursor, 'created_at[gt]': from, 'created_at[lt]': until } = query
  const before = until ?? Math.min(now + 1, (from ?? now) + MONTH_MS)
  const filter = (key: string) => query[`log_type_filter[${key}]`] as string | undefined
  const given = FILTERS.flatMap((key) => (filter(key) === undefined ? [] : [[key, filter(key)!] as const]))
  return {
    types: log_type === 'all' ? ALL : [log_type],
    after: from ?? before - MONTH_MS,
    before,
    limit,
    cursor: decodeCursor(next_cursor) ?? null,
    trail: query.integrated_account_id ?? filter('integrated_account_id')?.toLowerCase() ?? null,
    filters: Object.fromEntries(given),
  }
}
