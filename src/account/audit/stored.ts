/** How an entry of the trail is stored as text: bounded, and of calls, which are most rows, in short. */
import { isObject } from '../../core/json.ts'
import { cutShort, oneLine, visibleText } from '../../core/text.ts'
import type { AuditEntry, CallEntry } from './entry.ts'

/** Letters of a name that a caller chose, the sign that it was cut included. */
const LONGEST_NAME = 60
const cutName = (name: unknown): string => oneLine(name, LONGEST_NAME - 1)
/** Letters of any other text. */
const LONGEST_TEXT = 1_000
/** Names of changed fields. */
const MOST_NAMES = 40

/** Names of callers' own choosing. */
const NAMES = new Set(['tool_name', 'client_name', 'client_version', 'oauth_client_name'])

const namesOf = (names: readonly string[]): string[] => {
  const kept = names.slice(0, MOST_NAMES).map(cutName)
  return names.length > MOST_NAMES ? [...kept, `… and ${names.length - MOST_NAMES} more`] : kept
}

const boundedValue = (name: string, value: unknown): unknown => {
  if (name === 'changed' && Array.isArray(value)) return namesOf(value)
  if (typeof value === 'string')
    return NAMES.has(name) ? cutName(value) : cutShort(visibleText(value), LONGEST_TEXT)
  if (Array.isArray(value)) return value.map((one) => boundedValue('', one))
  return isObject(value) ? boundedFields(value) : value
}

/** Settings are bounded where they are written into rows, and are read back as they were. */
const EXACT: ReadonlySet<string> = new Set(['changes', 'targets'])

const boundedFields = (fields: object) =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      EXACT.has(name) ? value : boundedValue(name, value),
    ]),
  )

/** Of the stored text of a call; 0.1.0 stored the long names. Never changed: rows are kept for years. */
const SHORT = {
  request_id: 'r',
  mcp_server_id: 's',
  mcp_server_name: 'n',
  tool_name: 't',
  resource: 'y',
  method: 'm',
  effect: 'e',
  outcome: 'o',
  http_status_code: 'c',
  http_method: 'v',
  http_url: 'u',
  upstream_requests: 'q',
  duration: 'd',
  fetch_duration: 'f',
  result_count: 'k',
  client_name: 'a',
  client_version: 'b',
  caller_id: 'i',
  caller_name: 'j',
  person_id: 'ps',
  person_name: 'pm',
  oauth_grant_id: 'g',
  oauth_client_id: 'h',
  oauth_client_name: 'l',
  arguments_digest: 'x',
  reason: 'w',
  traceparent: 'tp',
  refused_by: 'rb',
  refused_facts: 'rf',
  repeated: 'z',
  first_at: 'fa',
  last_at: 'la',
  issued_by: 'p',
  issued_by_names: 'pn',
} as const satisfies Record<Exclude<keyof CallEntry, 'type' | 'mcp_method'>, string>
const LONG = new Map(Object.entries(SHORT).map(([long, short]) => [short as string, long]))

/** What the stored text of a call in short begins with; its names are those of `SHORT`, and what is null is left out. */
const MARK = '{"1":'
const FIXED = { type: 'mcp', mcp_method: 'tools/call' } as const

const inShort = (entry: CallEntry): string => {
  const { type: _type, mcp_method: _method, ...fields } = entry
  const short: Record<string, unknown> = { 1: 1 }
  for (const [name, value] of Object.entries(fields))
    if (value !== null && value !== undefined)
      short[SHORT[name as keyof typeof SHORT]] = boundedValue(name, value)
  return JSON.stringify(short)
}

/** The text that is stored and hashed, with what callers chose cleaned of what nobody sees, and cut: no row grows with what somebody sent. */
export const storedText = (entry: AuditEntry): string =>
  entry.type === 'mcp' ? inShort(entry) : JSON.stringify(boundedFields(entry))

/**
 * Rows of earlier versions that said more than was known. `paid`: one without an outcome was written before Finexio answered, the
 * others when it had accepted. `settled`: a write whose outcome was known, whatever became of its money.
 */
const asKnown = (entry: Record<string, unknown>): Record<string, unknown> => {
  if (entry.type === 'write' && entry.event === 'settled') return { ...entry, event: 'concluded' }
  return entry.type === 'payee' && entry.event === 'paid'
    ? { ...entry, event: entry.outcome === undefined ? 'sent' : 'instructed' }
    : entry
}

/** The entry of a stored row, of this version or an earlier one. Fields that are null may be absent. */
export const entryIn = (text: string): Record<string, unknown> => {
  const read = JSON.parse(text) as Record<string, unknown>
  if (!text.startsWith(MARK)) return asKnown(read)
  // A million rows are read like this: in one pass, without lists between.
  const entry: Record<string, unknown> = { ...FIXED }
  for (const name of Object.keys(read)) if (name !== '1') entry[LONG.get(name) ?? name] = read[name]
  return entry
}
