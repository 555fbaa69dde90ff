/** Reads an answer up to a size and a moment; never holds more than that. */

/** A moment after which waiting ends. Call `clear` when done. */
export class Deadline {
  readonly ms: number
  private readonly controller = new AbortController()
  private readonly timer: ReturnType<typeof setTimeout>
  /** Rejects when the moment comes. */
  readonly expiry: Promise<never>

  constructor(ms: number) {
    this.ms = ms
    this.expiry = new Promise((_, reject) => {
      this.signal.addEventListener('abort', () => reject(new Error('deadline')))
    })
    this.expiry.catch(() => {})
    this.timer = setTimeout(() => this.controller.abort(), ms)
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
  const declared = Number(response.headers.get('content-length') ?? 0)
  if (!response.body) return { text: '', cut: false }
  if (declared > most) {
    await response.body.cancel()
    return { text: '', cut: true }
  }
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
