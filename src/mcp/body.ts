/** Reading a request body within bounds of size and time. */

export const MAX_BODY_BYTES = 2 * 1024 * 1024
export const BODY_TIME_MS = 10_000

export type Bytes =
  | { ok: true; bytes: ArrayBuffer | Uint8Array }
  | { ok: false; reason: 'large' | 'slow' | 'broken' }

const join = (chunks: Uint8Array[], size: number): Uint8Array => {
  const whole = new Uint8Array(size)
  let at = 0
  for (const chunk of chunks) {
    whole.set(chunk, at)
    at += chunk.byteLength
  }
  return whole
}

const pump = async (reader: ReadableStreamDefaultReader<Uint8Array>): Promise<Bytes> => {
  const chunks: Uint8Array[] = []
  let size = 0
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { ok: true, bytes: join(chunks, size) }
    size += value.byteLength
    if (size > MAX_BODY_BYTES) return { ok: false, reason: 'large' }
    chunks.push(value)
  }
}

const bounded = async (reader: ReadableStreamDefaultReader<Uint8Array>, timeMs: number): Promise<Bytes> => {
  let timer: ReturnType<typeof setTimeout> | undefined
  const slow = new Promise<Bytes>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, reason: 'slow' }), timeMs)
  })
  try {
    return await Promise.race([pump(reader), slow])
  } catch {
    return { ok: false, reason: 'broken' }
  } finally {
    clearTimeout(timer)
  }
}

/**
 * @param timeMs how long the client may take to send all of it
 * @returns every byte, or why there are none: over the cap, too slow, or cut off
 */
export const readBody = async (request: Request, timeMs = BODY_TIME_MS): Promise<Bytes> => {
  if (Number(request.headers.get('content-length')) > MAX_BODY_BYTES) return { ok: false, reason: 'large' }
  if (!request.body) return { ok: true, bytes: new Uint8Array() }
  const reader = request.body.getReader()
  const read = await bounded(reader, timeMs)
  if (!read.ok) void reader.cancel().catch(() => {})
  return read
}
