/** Reads an answer up to a size and a deadline, and holds no more than that in memory. */

/** Ends waiting after `ms` milliseconds. Call `clear` when done. */
export class Deadline {
  readonly ms: number
  private readonly controller = new AbortController()
  private timer: ReturnType<typeof setTimeout> | undefined
  /** Rejects at the deadline. */
  readonly expiry: Promise<never>

  constructor(ms: number) {
    this.ms = ms
    this.expiry = new Promise((_, reject) => {
      this.timer = setTimeout(() => {
        this.controller.abort()
        reject(new Error('deadline'))
      }, ms)
    })
    this.expiry.catch(() => {})
  }

  get signal(): AbortSignal {
    return this.controller.signal
  }

  get passed(): boolean {
    return this.signal.aborted
  }

  clear() {
    clearTimeout(this.timer)
  }
}

export type Body = {
  text: string
  /** True when the answer was larger than allowed; the rest was not read. */
  cut: boolean
}

/**
 * @param most largest size in bytes
 * @throws whatever the stream throws when the connection breaks, or at the deadline
 */
export const readBody = async (response: Response, most: number, deadline: Deadline): Promise<Body> => {
  if (!response.body) return { text: '', cut: false }
  const declared = response.headers.get('content-length')
  if (Number(declared) > most) {
    await response.body.cancel()
    return { text: '', cut: true }
  }
  // In one piece where its size was declared and is not that of packed bytes: several times cheaper than by chunks.
  if (declared !== null && !response.headers.has('content-encoding'))
    return { text: await Promise.race([response.text(), deadline.expiry]), cut: false }
  return collect(response.body, most, deadline)
}

const collect = async (
  stream: ReadableStream<Uint8Array>,
  most: number,
  { expiry }: Deadline,
): Promise<Body> => {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  for (;;) {
    const { done, value } = await Promise.race([reader.read(), expiry])
    if (done) return { text: text + decoder.decode(), cut: false }
    size += value.byteLength
    if (size > most) {
      await reader.cancel()
      return { text, cut: true }
    }
    text += decoder.decode(value, { stream: true })
  }
}
