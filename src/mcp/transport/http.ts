/** The HTTP side of one MCP request, before any protocol: what must hold, in this order. */
import { asObject, parseJson } from '../../core/json.ts'
import { BODY_TIME_MS, type Bytes, MAX_BODY_BYTES, readBody, unservedCoding } from '../../core/request.ts'
import { cleanText, cut } from '../../core/text.ts'
import { knownTraceparent } from '../../rules/traceparent.ts'
import type { ClientInfo } from '../../tools/contract.ts'
import { CLIENT_INFO_META_KEY } from '../meta-keys.ts'
import { INVALID_REQUEST, methodNotAllowed, PARSE_ERROR, refuse } from './refusal.ts'

/** With any parameters; no second type behind a comma. The SDK, which an ordinary call does without, judges alike. */
const JSON_TYPE = /^\s*application\/json\s*(?:;[^,]*)?$/i

export const isJsonContentType = (header: string | null): boolean => JSON_TYPE.test(header ?? '')

// Which program calls, as it says of itself: for the audit trail, never for a decision.

const LONGEST = 100

/** Nothing to clean: nearly every name and User-Agent there is. */
const PLAIN = /^[!-~]+(?: [!-~]+)*$/

const shown = (value: unknown): string | null => {
  if (typeof value !== 'string') return null
  if (value.length <= LONGEST && PLAIN.test(value)) return value
  const text = cleanText(cut(value, 2 * LONGEST))
    .replace(/\s+/g, ' ')
    .trim()
  return cut(text, LONGEST) || null
}

/**
 * Clients of 2026 name themselves in every message, older ones in `initialize` alone: their calls are known by User-Agent.
 * @param message the parsed body
 */
export const clientOf = (request: Request, message: unknown): ClientInfo => {
  const params = asObject(asObject(message)?.params)
  const info = asObject(asObject(params?._meta)?.[CLIENT_INFO_META_KEY]) ?? asObject(params?.clientInfo)
  const name = shown(info?.name)
  if (name !== null) return { name, version: shown(info?.version) }
  return { name: shown(request.headers.get('user-agent')), version: null }
}

/**
 * The caller's place in a trace. What the message says stands above the header, which something on the way may have set.
 * @param message the parsed body
 */
export const traceparentIn = ({ headers }: Request, message: unknown): string | null => {
  const meta = asObject(asObject(asObject(message)?.params)?._meta)
  return knownTraceparent(meta?.traceparent) ?? knownTraceparent(headers.get('traceparent'))
}

/** The key of a write in the header (draft-ietf-httpapi-idempotency-key-header), with or without the quotes of a structured field. */
export const idempotencyKeyOf = ({ headers }: Request): string | null =>
  headers.get('idempotency-key')?.replace(/^"(.*)"$/, '$1') ?? null

export type ReadMessage = { ok: true; message: unknown } | { ok: false; response: Response }

const no = (response: Response): ReadMessage => ({ ok: false, response })

const unread = (reason: Extract<Bytes, { ok: false }>['reason']): Response => {
  if (reason === 'large') return refuse(413, `The body is larger than ${MAX_BODY_BYTES} bytes.`)
  if (reason === 'slow') return refuse(408, `The body did not arrive within ${BODY_TIME_MS / 1000} seconds.`)
  return refuse(400, 'Parse error: the body could not be read to its end.', PARSE_ERROR)
}

/**
 * Method, media type, size, time, UTF-8, JSON, no batch: the request's one JSON value, or the refusal.
 * @param timeMs how long the body may take
 */
export const readMessage = async (request: Request, timeMs = BODY_TIME_MS): Promise<ReadMessage> => {
  if (request.method !== 'POST') return no(methodNotAllowed())
  if (!isJsonContentType(request.headers.get('content-type')))
    return no(refuse(415, 'Content-Type must be application/json.'))
  const unserved = unservedCoding(request)
  if (unserved !== null) return no(refuse(415, unserved))
  const read = await readBody(request, timeMs)
  if (!read.ok) return no(unread(read.reason))
  const parsed = parseJson(read.bytes)
  if (!parsed.ok) return no(refuse(400, parsed.message, PARSE_ERROR))
  // A batch would count as one call for limits and audit.
  if (Array.isArray(parsed.value))
    return no(refuse(400, 'Batches are not served: send one JSON-RPC message per POST.', INVALID_REQUEST))
  return { ok: true, message: parsed.value }
}
