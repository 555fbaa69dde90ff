/**
 * The form of an answer: plain JSON, or the same message as a finished event stream of one event, the only form that is proven with
 * ChatGPT. Status and headers are the same either way; what is no answer to a message (an HTTP error, a 202) stays as it is.
 */
import type { ServerConfig } from '../../rules/server-settings.ts'
import { event } from './sse-streams.ts'

const STREAM = 'text/event-stream'
const CHATGPT = /^openai-mcp/i
/** A range that covers event streams, unless its weight is 0 (RFC 9110, 12.5.1). */
const TAKES_STREAM =
  /(?:^|,)\s*(?:text\/event-stream|text\/\*|\*\/\*)\s*(?:;(?!\s*q=0(?:\.0*)?\s*(?:,|;|$))[^,]*)?(?:,|$)/i

const isWanted = (headers: Headers, { reply = 'auto' }: Pick<ServerConfig, 'reply'>): boolean => {
  if (reply === 'json') return false
  if (reply === 'auto' && !CHATGPT.test(headers.get('user-agent') ?? '')) return false
  return TAKES_STREAM.test(headers.get('accept') ?? '*/*')
}

const isMessage = ({ status, headers }: Response): boolean =>
  status === 200 && (headers.get('content-type') ?? '').startsWith('application/json')

/** The answer in the form that its server's settings and its client ask for. @param request read for its headers only */
export const inForm = async (
  request: Request,
  config: Pick<ServerConfig, 'reply'>,
  response: Response,
): Promise<Response> => {
  if (!isWanted(request.headers, config) || !isMessage(response)) return response
  const headers = new Headers(response.headers)
  headers.delete('content-length')
  headers.set('content-type', STREAM)
  return new Response(event('message', await response.text()), { headers })
}
