/** The SDK answers some malformed messages with what its validator found, as JSON inside an error's message. Clients get the first finding in words. */
import { asObject, jsonIn } from '../../core/json.ts'
import { errorResponse, INVALID_PARAMS, type RequestId } from '../transport/refusal.ts'
import type { Problem } from './as-sent.ts'

/** Cheap to look for; inside a JSON string its quotes would be escaped. */
const MAYBE = /"message":"[^"[]*\[\\n/
const VAGUE = /is not a valid JSON-RPC message"/
const LIST = /\[\n[\s\S]*\]$/

/** Null: the text is no error, or one in words. */
const findingIn = (text: string): string | null => {
  if (!MAYBE.test(text)) return null
  const { message } = asObject(asObject(jsonIn(text))?.error) ?? {}
  const found = typeof message === 'string' ? jsonIn(LIST.exec(message)?.[0] ?? '') : null
  const first = Array.isArray(found) ? asObject(found[0]) : null
  if (!first) return null
  const path = Array.isArray(first.path) ? first.path.join('.') : ''
  return `Invalid params: ${path || 'the message'} ${first.message}.`
}

/**
 * The response, or in place of a validator's dump −32602 in words.
 * @param known says it better where something is known; also in place of an answer that does not say why
 */
export const withoutDump = async (
  response: Response,
  id: RequestId,
  known: Problem | null,
): Promise<Response> => {
  if (!response.headers.get('content-type')?.startsWith('application/json')) return response
  const text = await response.text()
  const finding = findingIn(text)
  if (known && (finding !== null || VAGUE.test(text))) return errorResponse(known.status, known, id)
  if (finding === null) return new Response(text, response)
  return errorResponse(200, { code: INVALID_PARAMS, message: finding }, id)
}
