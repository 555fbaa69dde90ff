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

/**
 * Truto's SDK leaves out `jsonrpc` everywhere and `id` on `initialize`, and reads plain JSON back.
 * Messages of the modern era are returned as they are.
 */
export const lenient = (value: unknown): unknown => {
  const message = fieldsOf(value)
  if (typeof message?.method !== 'string' || claimsModern(message)) return value
  const withoutId = message.method === 'initialize' && !('id' in message)
  if ('jsonrpc' in message && !withoutId) return value
  return { jsonrpc: '2.0', ...(withoutId && { id: 0 }), ...message }
}
