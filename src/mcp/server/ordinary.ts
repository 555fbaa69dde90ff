/**
 * The ordinary `tools/call` and `tools/list`, answered without the SDK: a call at about half the cost, and at a start neither needs it
 * loaded. Ordinary means that nothing in the message is left to decide: every member known and of its type, headers equal to the body,
 * no progress, no input round, no cursor. Whatever else comes is the SDK's to answer, and a test holds both answers equal.
 */
import type { CallToolResult, ListToolsResult } from '@modelcontextprotocol/server'
import { asObject, type JsonObject } from '../../core/json.ts'
import type { ToolOutcome } from '../../tools/contract.ts'
import { INFO } from '../content/instructions.ts'
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '../meta-keys.ts'
import { HINT, withoutTools, withTools } from './tool-list.ts'

type Ordinary = { era: 'legacy' | 'modern'; id: string | number }
type OrdinaryCall = Ordinary & { name: string; args: JsonObject }

const MODERN = '2026-07-28'
const LEGACY = new Set(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'])

const MESSAGE = new Set(['jsonrpc', 'id', 'method', 'params'])
const CALL = new Set(['name', 'arguments', '_meta'])
const LIST = new Set(['_meta'])
const META = new Set([PROTOCOL_VERSION_META_KEY, CLIENT_CAPABILITIES_META_KEY, CLIENT_INFO_META_KEY])
const CLIENT = new Set(['name', 'version', 'title'])

const hasOnly = (value: JsonObject, known: ReadonlySet<string>): boolean => {
  for (const key in value) if (!known.has(key)) return false
  return true
}

const isId = (id: unknown): id is string | number => typeof id === 'string' || Number.isSafeInteger(id)

/** Capabilities with settings of their own have a schema that is not ours to check. */
const areBare = (capabilities: unknown): boolean => {
  const fields = asObject(capabilities)
  if (!fields) return false
  for (const key in fields) {
    const settings = asObject(fields[key])
    if (!settings || !hasOnly(settings, new Set())) return false
  }
  return true
}

const isClient = (info: unknown): boolean => {
  if (info === undefined) return true
  const fields = asObject(info)
  if (!fields || !hasOnly(fields, CLIENT)) return false
  const { name, version, title = '' } = fields
  return [name, version, title].every((text) => typeof text === 'string')
}

/** What a message asks for. `name`: of the tool; null: of none. */
type Asked = { method: string; name: string | null }

const isModern = (headers: Headers, { method, name }: Asked, meta: JsonObject): boolean =>
  hasOnly(meta, META) &&
  meta[PROTOCOL_VERSION_META_KEY] === MODERN &&
  headers.get('mcp-protocol-version') === MODERN &&
  headers.get('mcp-method') === method &&
  headers.get('mcp-name') === name &&
  areBare(meta[CLIENT_CAPABILITIES_META_KEY]) &&
  isClient(meta[CLIENT_INFO_META_KEY])

const isLegacy = (headers: Headers): boolean => {
  const version = headers.get('mcp-protocol-version')
  return version === null || LEGACY.has(version)
}

const eraOf = (headers: Headers, asked: Asked, meta: unknown): Ordinary['era'] | null => {
  if (meta === undefined) return isLegacy(headers) ? 'legacy' : null
  const fields = asObject(meta)
  return fields && isModern(headers, asked, fields) ? 'modern' : null
}

const ordinary = (
  headers: Headers,
  fields: JsonObject,
  params: JsonObject,
  asked: Asked,
): Ordinary | null => {
  const { id, method, jsonrpc } = fields
  if (method !== asked.method || jsonrpc !== '2.0' || !isId(id) || !hasOnly(fields, MESSAGE)) return null
  const era = eraOf(headers, asked, params._meta)
  return era && { era, id }
}

/** @returns null when anything about the message is the SDK's to judge */
export const ordinaryCall = (headers: Headers, message: unknown): OrdinaryCall | null => {
  const fields = asObject(message)
  const params = asObject(fields?.params)
  const args = params?.arguments === undefined ? {} : asObject(params.arguments)
  if (!fields || !params || !args || !hasOnly(params, CALL)) return null
  const { name } = params
  if (typeof name !== 'string') return null
  const one = ordinary(headers, fields, params, { method: 'tools/call', name })
  return one && { ...one, name, args }
}

/** @returns null when anything about the message is the SDK's to judge */
export const ordinaryList = (headers: Headers, message: unknown): Ordinary | null => {
  const fields = asObject(message)
  const params = fields?.params === undefined ? {} : asObject(fields.params)
  if (!fields || !params || !hasOnly(params, LIST)) return null
  return ordinary(headers, fields, params, { method: 'tools/list', name: null })
}

/** The same JSON as the SDK sends for this result, in the same order. */
const answer = ({ era, id }: Ordinary, given: CallToolResult | ListToolsResult): string => {
  const result = given._meta ? { _meta: given._meta, ...given } : given
  const modern = {
    ...result,
    resultType: 'complete',
    _meta: { ...result._meta, [SERVER_INFO_META_KEY]: INFO },
  }
  return JSON.stringify({ result: era === 'modern' ? modern : result, jsonrpc: '2.0', id })
}

const JSON_HEADERS = { headers: { 'content-type': 'application/json' } }

/** Where rows stand in an answer that was made without them. */
const NO_ROWS = '"structuredContent":{"result":['

/** Nothing that a text holds can look like the place of the rows: inside a JSON string its quotes would be escaped. */
const withRows = (text: string, rows: string): string => {
  const start = text.lastIndexOf(NO_ROWS) + NO_ROWS.length
  return text.slice(0, start) + rows.slice(1, -1) + text.slice(start)
}

/** As the SDK answers with this result. */
export const ordinaryAnswer = (
  call: OrdinaryCall,
  { result, rows }: Pick<ToolOutcome, 'result' | 'rows'>,
): Response => {
  if (rows === undefined) return new Response(answer(call, result), JSON_HEADERS)
  const structuredContent = { ...asObject(result.structuredContent), result: [] }
  return new Response(withRows(answer(call, { ...result, structuredContent }), rows), JSON_HEADERS)
}

/** As the SDK answers with this list. */
export const ordinaryListing = (asked: Ordinary, list: ListToolsResult): Response => {
  const bare = withoutTools(list)
  return withTools(
    answer(asked, asked.era === 'modern' ? { ...bare, resultType: 'complete', ...HINT } : bare),
    list,
  )
}
