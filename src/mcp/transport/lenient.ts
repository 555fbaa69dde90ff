/** Departures from JSON-RPC that clients of 2025 and earlier are known to make, put right before the SDK looks. */

import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'
import { asObject, type JsonObject } from '../../core/json.ts'

const metaOf = (message: JsonObject | null): JsonObject | null => asObject(asObject(message?.params)?._meta)

/** True when the message itself claims a revision of 2026 or later. */
export const claimsModern = (message: JsonObject | null): boolean =>
  metaOf(message)?.[PROTOCOL_VERSION_META_KEY] !== undefined

/** True when the caller wants progress of this call. */
export const wantsProgress = (message: JsonObject | null): boolean =>
  metaOf(message)?.progressToken !== undefined

/** What a handshake must hold, and what is put in its place where an old client left it out. */
const HANDSHAKE: JsonObject = {
  protocolVersion: '2024-11-05',
  capabilities: {},
  clientInfo: { name: 'unknown', version: 'unknown' },
}

/** `params` that are not an object are the SDK's to refuse. */
const completed = (message: JsonObject): JsonObject => {
  const params = 'params' in message ? asObject(message.params) : {}
  if (message.method !== 'initialize' || !params) return message
  const whole = Object.keys(HANDSHAKE).every((key) => key in params)
  return whole ? message : { ...message, params: { ...HANDSHAKE, ...params } }
}

/**
 * Truto's SDKs leave out `jsonrpc` everywhere, `id` and `capabilities` on `initialize`, and read plain JSON back.
 * Messages of the modern era are returned as they are.
 */
export const lenient = (value: unknown): unknown => {
  const message = asObject(value)
  if (typeof message?.method !== 'string' || claimsModern(message)) return value
  const withoutId = message.method === 'initialize' && !('id' in message)
  const whole = completed(message)
  if ('jsonrpc' in message && !withoutId) return whole
  return { jsonrpc: '2.0', ...(withoutId && { id: 0 }), ...whole }
}
