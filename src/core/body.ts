/** Reading a request body within bounds of size and time. */

export const MAX_BODY_BYTES = 2 * 1024 * 1024
export const BODY_TIME_MS = 10_000

export type Bytes =
  | { ok: true; bytes: ArrayBuffer | Uint8Array }
  | { ok: false; reason: 'large' | 'slow' | 'broken' }

const TOO_LARGE: Bytes = { ok: false, reason: 'large' }

const join = (chunks: Uint8Array[], size: number): Uint8Array => {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

const streamed = async (body: ReadableStream<Uint8Array>): Promise<Bytes> => {
  const chunks: Uint8Array[] = []
  let size = 0
  // Leaving the loop early cancels the stream.
  for await (const chunk of body) {
    size += chunk.byteLength
    if (size > MAX_BODY_BYTES) return TOO_LARGE
    chunks.push(chunk)
  }
  return { ok: true, bytes: join(chunks, size) }
}

/** In one piece where its size was declared, which is several times cheaper than chunk by chunk. */
const received = async (request: Request): Promise<Bytes> => {
  if (!request.body) return { ok: true, bytes: new Uint8Array() }
  if (!request.headers.has('content-length')) return streamed(request.body)
  const bytes = await request.arrayBuffer()
  return bytes.byteLength > MAX_BODY_BYTES ? TOO_LARGE : { ok: true, bytes }
}

/**
 * @param timeMs how long the client may take to send all of it
 * @returns every byte, or why there are none: over the cap, too slow, or cut off
 */
export const readBody = async (request: Request, timeMs = BODY_TIME_MS): Promise<Bytes> => {
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
