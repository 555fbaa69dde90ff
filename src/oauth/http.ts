/** What the endpoints that programs call share: reading a bounded body, and refusing in the form that OAuth gives. */
import type { Env } from '../core/env.ts'
import { readBody } from '../core/request.ts'
import { originAllowed } from '../mcp/transport/gate.ts'
import { dress } from '../mcp/transport/handler.ts'

const MOST_BYTES = 16 * 1024

/** The whole body as text; null when it is too large, too slow, cut off or no UTF-8. */
export const textOf = async (request: Request): Promise<string | null> => {
  if (Number(request.headers.get('content-length')) > MOST_BYTES) return null
  const read = await readBody(request)
  if (!read.ok || read.bytes.byteLength > MOST_BYTES) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(read.bytes)
  } catch {
    return null
  }
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))

/** Where a request of the internet comes from: an IPv4 address, or the network of an IPv6 one, of which everybody has 2^64. */
export const sourceOf = ({ headers }: Request): string => {
  const address = headers.get('cf-connecting-ip') ?? ''
  if (!address.includes(':')) return address
  const [head = '', tail = ''] = address.toLowerCase().split('::', 2)
  const [left, right] = [groupsOf(head), groupsOf(tail)]
  const zeros = Array.from({ length: Math.max(0, 8 - left.length - right.length) }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}

/** Any page may read these: they hold nothing that belongs to a person. */
export const openToAll = (response: Response): Response => dress(response, '*')

/** @param error OAuth's code @param text what to do next */
export const refusal = (status: number, error: string, text: string): Response =>
  openToAll(Response.json({ error, error_description: text }, { status }))

/** 400 for a body that `textOf` gave up on (RFC 6749, section 5.2). */
export const unreadable = (): Response =>
  refusal(
    400,
    'invalid_request',
    'The body could not be read: at most 16 KiB of text, sent within 10 seconds.',
  )

/**
 * For paths below `/.well-known/` that belong to no server which asks to sign in, any method: a JSON 404, or clients that
 * look there for OAuth metadata try to sign in.
 */
export const noOauthMetadata = (request: Request, env: Env): Response => {
  const origin = request.headers.get('origin')
  const response = Response.json(
    { error: 'not_found', message: 'There is nothing to sign in to at this path.' },
    { status: 404 },
  )
  return dress(response, originAllowed(origin, env) ? origin : null)
}
