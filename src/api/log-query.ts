/** What a caller of `/log` may ask. */

import * as z from 'zod'
import type { AuditCursor } from '../account/tables/audit.ts'
import { DAY_MS } from '../core/time.ts'

const MONTH_MS = 31 * DAY_MS
export const MOST_ROWS = 100

/** Truto's filter keys, and ours: status, outcome, effect, caller, sign-in. */
const FILTERS = [
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
] as const
/** Keys of the contract that have one value here, say nothing here, or choose the trail. */
const FIXED: Readonly<Record<string, string>> = { integration: 'finexio' }
const OTHERS = ['integration', 'environment_id', 'integrated_account_id'] as const

const filterParameters = Object.fromEntries(
  [...FILTERS, ...OTHERS].map((key) => [`log_type_filter[${key}]`, z.string().optional()]),
)

const KEY = /^log_type_filter\[([a-z_]{1,40})\]$/

/** Names the deployment's own trail where else an account stands. */
export const DEPLOYMENT = 'deployment'

const TRAIL = new RegExp(`^(${DEPLOYMENT}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$`, 'i')

export const Trail = z
  .string()
  .regex(TRAIL, `must be the id of an integrated account, or "${DEPLOYMENT}"`)
  .transform((id) => id.toLowerCase())

const moment = z.iso
  .datetime({ offset: true, error: 'must be an ISO date and time with zone' })
  .transform((text) => Date.parse(text))

export const Known = z.object({
  log_type: z.enum(['mcp', 'management', 'write', 'gap', 'all']).default('mcp'),
  'created_at[gt]': moment.optional(),
  'created_at[lt]': moment.optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, `must be a whole number from 1 to ${MOST_ROWS}`)
    .default('50')
    .transform(Number),
  next_cursor: z.string().max(300).optional(),
  integrated_account_id: Trail.optional(),
  ...filterParameters,
})

export type LogQuery = {
  types: readonly string[]
  after: number
  before: number
  limit: number
  cursor: AuditCursor | null
  /** An account, or the deployment; null: all that the caller manages. */
  trail: string | null
  filters: Record<string, string>
}

export type ReadQuery =
  | { ok: true; query: LogQuery }
  | { ok: false; problems: { path: string; message: string }[] }

const Cursor = z.object({ at: z.int(), account: z.string().max(40), seq: z.int() })

export const encodeLogCursor = (cursor: AuditCursor): string => btoa(JSON.stringify(cursor))

const decodeCursor = (text: string | undefined): AuditCursor | null | undefined => {
  // Truto's SDK asks for the first page with an empty one.
  if (!text) return null
  try {
    return Cursor.parse(JSON.parse(atob(text)))
  } catch {
    return undefined
  }
}

/** A restriction under a wrong name would widen the answer in silence. */
const misplaced = (name: string): string | null => {
  if ((FILTERS as readonly string[]).includes(name)) return `write log_type_filter[${name}]`
  if (name.startsWith('created_at') && !(name in Known.shape)) return 'write created_at[gt] or created_at[lt]'
  return name.startsWith('log_type_filter') ? 'write log_type_filter[<key>]' : null
}

type Found = {
  filters: Record<string, string>
  trail: string | null
  problems: { path: string; message: string }[]
}

const nameTrail = (found: Found, path: string, value: string): void => {
  const parsed = Trail.safeParse(value)
  if (parsed.success) found.trail = parsed.data
  else found.problems.push({ path, message: parsed.error.issues[0]!.message })
}

const filtersOf = (query: Record<string, string>): Found => {
  const found: Found = { filters: {}, trail: null, problems: [] }
  for (const [name, value] of Object.entries(query)) {
    const key = KEY.exec(name)?.[1]
    const advice = key === undefined ? misplaced(name) : null
    if (advice !== null) found.problems.push({ path: name, message: advice })
    if (key === undefined) continue
    if ((FILTERS as readonly string[]).includes(key)) found.filters[key] = value
    else if (key === 'integrated_account_id') nameTrail(found, name, value)
    else if (key !== 'environment_id' && FIXED[key] !== value)
      found.problems.push({
        path: name,
        message: `known keys are ${FILTERS.join(', ')}, integrated_account_id`,
      })
  }
  return found
}

const ALL = ['mcp', 'management', 'write', 'gap']

/** @param now milliseconds since the epoch */
export const readLogQuery = (raw: Record<string, string>, now: number): ReadQuery => {
  const parsed = Known.safeParse(raw)
  if (!parsed.success)
    return {
      ok: false,
      problems: parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message })),
    }
  const { log_type, limit, next_cursor, integrated_account_id } = parsed.data
  const before =
    parsed.data['created_at[lt]'] ?? Math.min(now + 1, (parsed.data['created_at[gt]'] ?? now) + MONTH_MS)
  const after = parsed.data['created_at[gt]'] ?? before - MONTH_MS
  const { filters, trail, problems } = filtersOf(raw)
  const cursor = decodeCursor(next_cursor)
  if (before - after > MONTH_MS)
    problems.push({
      path: 'created_at',
      message: 'created_at[gt] and created_at[lt] may be one month (31 days) apart at most',
    })
  if (cursor === undefined)
    problems.push({ path: 'next_cursor', message: 'must be a next_cursor of an earlier answer' })
  if (problems.length > 0) return { ok: false, problems }
  const types = log_type === 'all' ? ALL : [log_type]
  const named = integrated_account_id ?? trail
  return { ok: true, query: { types, after, before, limit, cursor: cursor ?? null, trail: named, filters } }
}
