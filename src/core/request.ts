/** What a request brings: its bearer token, and its body within bounds of size and time. */
import { joined } from './bytes.ts'

/** The token of an Authorization header (RFC 6750, 2.1), its scheme in any case (RFC 9110, 11.1); null: there is none. */
export const bearerIn = (header: string | null | undefined): string | null =>
  /^bearer +(\S+) *$/i.exec(header ?? '')?.[1] ?? null

/** What is said to a body that was packed (RFC 9110, 8.4 and 15.5.16): as bytes it would be called broken text. */
const CODED = 'Content-Encoding is not served: send the body as it is.'

/** In another charset a body would be read as something that nobody wrote. */
const OTHER_CHARSET = 'The charset of Content-Type must be utf-8, or left out: send the body in UTF-8.'

const CHARSETS = /;\s*charset\s*=\s*("[^"]*"|[^;,\s]*)/gi
const UTF_8 = /^("?)(?:utf-?8|(?:us-)?ascii)\1$/i

/** Why a body cannot be read as text in UTF-8, of which ASCII is a part, for a 415; null: nothing says that it is other text. */
export const unservedCoding = ({ headers }: Pick<Request, 'headers'>): string | null => {
  if (!/^(?:identity)?$/i.test(headers.get('content-encoding') ?? '')) return CODED
  const charsets = [...(headers.get('content-type') ?? '').matchAll(CHARSETS)]
  return charsets.every(([, charset = '']) => UTF_8.test(charset)) ? null : OTHER_CHARSET
}

export const MAX_BODY_BYTES = 2 * 1024 * 1024
export const BODY_TIME_MS = 10_000

export type Bytes =
  | { ok: true; bytes: ArrayBuffer | Uint8Array }
  | { ok: false; reason: 'large' | 'slow' | 'broken' }

const TOO_LARGE: Bytes = { ok: false, reason: 'large' }

const streamed = async (body: ReadableStream<Uint8Array>): Promise<Bytes> => {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop early cancels the stream.
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES) return TOO_LARGE
    chunks.push(chunk)
  }
  return { ok: true, bytes: joined(chunks) }
}

/** A request, or the answer to one of ours. */
type Message = Pick<Request, 'headers' | 'body' | 'arrayBuffer'>

/** In one piece where its size was declared, which is several times cheaper than chunk by chunk. */
const received = async (request: Message): Promise<Bytes> => {
  if (!request.headers.has('content-length'))
    return request.body ? streamed(request.body) : { ok: true, bytes: new Uint8Array() }
  const bytes = await request.arrayBuffer()
  return bytes.byteLength > MAX_BODY_BYTES ? TOO_LARGE : { ok: true, bytes }
}

/**
 * @param timeMs how long the client may take to send all of it
 * @returns every byte, or why there are none: over the cap, too slow, or cut off
 */
export const readBody = async (request: Message, timeMs = BODY_TIME_MS): Promise<Bytes> => {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) return TOO_LARGE
  let timer: ReturnType<typeof setTimeout> | undefined
  const slow = new Promise<Bytes>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: 'slow' }), timeMs)
  })
  try {
    return await Promise.race([received(request), slow])
  } catch {
    return { ok: false, reason: 'broken' }
  } finally {
    clearTimeout(timer)
  }
}
