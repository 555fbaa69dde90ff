/**
 * The ordinary `tools/call`, answered without building an SDK server for it, at about half the cost. Ordinary means that
 * nothing in the message is left to decide: every member known and of its type, headers equal to the body, no progress,
 * no input round. Whatever else comes is the SDK's to answer, and a test holds both answers equal.
 */

import type { CallToolResult } from '@modelcontextprotocol/server'
import { asObject, type JsonObject } from '../../core/json.ts'
import { INFO } from '../content/instructions.ts'
import {
  CLIENT_CAPABILITIES_META_KEY,
  CLIENT_INFO_META_KEY,
  PROTOCOL_VERSION_META_KEY,
  SERVER_INFO_META_KEY,
} from '../meta-keys.ts'

type OrdinaryCall = {
  era: 'legacy' | 'modern'
  id: string | number
  name: string
  args: JsonObject
}

const MODERN = '2026-07-28'
const LEGACY = new Set(['2025-11-25', '2025-06-18', '2025-03-26', '2024-11-05', '2024-10-07'])

const MESSAGE = new Set(['jsonrpc', 'id', 'method', 'params'])
const PARAMS = new Set(['name', 'arguments', '_meta'])
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

const isModern = (headers: Headers, name: string, meta: JsonObject): boolean =>
  hasOnly(meta, META) &&
  meta[PROTOCOL_VERSION_META_KEY] === MODERN &&
  headers.get('mcp-protocol-version') === MODERN &&
  headers.get('mcp-method') === 'tools/call' &&
  headers.get('mcp-name') === name &&
  areBare(meta[CLIENT_CAPABILITIES_META_KEY]) &&
  isClient(meta[CLIENT_INFO_META_KEY])

const isLegacy = (headers: Headers): boolean => {
  const version = headers.get('mcp-protocol-version')
  return version === null || LEGACY.has(version)
}

const eraOf = (headers: Headers, name: string, meta: unknown): OrdinaryCall['era'] | null => {
  if (meta === undefined) return isLegacy(headers) ? 'legacy' : null
  const fields = asObject(meta)
  return fields && isModern(headers, name, fields) ? 'modern' : null
}

/** @returns null when anything about the message is the SDK's to judge */
export const ordinaryCall = (headers: Headers, message: unknown): OrdinaryCall | null => {
  const fields = asObject(message)
  if (fields?.method !== 'tools/call' || fields.jsonrpc !== '2.0' || !hasOnly(fields, MESSAGE)) return null
  const params = asObject(fields.params)
  const args = params?.arguments === undefined ? {} : asObject(params.arguments)
  if (!params || !args || typeof params.name !== 'string' || !isId(fields.id) || !hasOnly(params, PARAMS))
    return null
  const era = eraOf(headers, params.name, params._meta)
  return era && { era, id: fields.id, name: params.name, args }
}

/** The same JSON as the SDK sends for this result. */
export const ordinaryAnswer = ({ era, id }: OrdinaryCall, result: CallToolResult): Response => {
  const modern = {
    ...result,
    _meta: { ...result._meta, [SERVER_INFO_META_KEY]: INFO },
    resultType: 'complete',
  }
  return Response.json({ result: era === 'modern' ? modern : result, jsonrpc: '2.0', id })
}
