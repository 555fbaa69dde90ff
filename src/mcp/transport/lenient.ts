/** Departures from JSON-RPC that clients of 2025 and earlier are known to make, put right before the SDK looks. */
import { PROTOCOL_VERSION_META_KEY } from '@modelcontextprotocol/server'

type Fields = Record<string, unknown>

export const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null

const metaOf = (message: Fields | null): Fields | null => fieldsOf(fieldsOf(message?.params)?._meta)

/** True when the message itself claims a revision of 2026 or later. */
export const claimsModern = (message: Fields | null): boolean =>
  metaOf(message)?.[PROTOCOL_VERSION_META_KEY] !== undefined

/** True when the caller wants progress of this call. */
export const wantsProgress = (message: Fields | null): boolean => metaOf(message)?.progressToken !== undefined

/** What a handshake must hold, and what is put in its place where an old client left it out. */
const HANDSHAKE: Fields = {
  protocolVersion: '2024-11-05',
  capabilities: {},
  clientInfo: { name: 'unknown', version: 'unknown' },
}

/** `params` that are not an object are the SDK's to refuse. */
const completed = (message: Fields): Fields => {
  const params = 'params' in message ? fieldsOf(message.params) : {}
  if (message.method !== 'initialize' || !params) return message
  const whole = Object.keys(HANDSHAKE).every((key) => key in params)
  return whole ? message : { ...message, params: { ...HANDSHAKE, ...params } }
}

/**
 * Truto's SDKs leave out `jsonrpc` everywhere, `id` and `capabilities` on `initialize`, and read plain JSON back.
 * Messages of the modern era are returned as they are.
 */
export const lenient = (value: unknown): unknown => {
  const message = fieldsOf(value)
  if (typeof message?.method !== 'string' || claimsModern(message)) return value
  const withoutId = message.method === 'initialize' && !('id' in message)
  const whole = completed(message)
  if ('jsonrpc' in message && !withoutId) return whole
  return { jsonrpc: '2.0', ...(withoutId && { id: 0 }), ...whole }
}
