/**
 * The open event streams of one token, for clients that speak nothing newer than the transport of 2024-11-05. Kept in
 * memory: a stream that is lost with it is opened again by its client.
 */
import type { Caller } from '../../rules/admission.ts'

export const MOST_STREAMS = 4
export const IDLE_MS = 15 * 60_000
/** Bytes that may wait for a client which reads too slowly. */
export const MOST_QUEUED = 8 * 1024 * 1024

/** Who opened a stream. Token and Bearer are kept only as long as the stream, to ask whether they still count. */
export type Opening = {
  token: string
  bearer: string | null
  /** The admitted caller: a stream serves no other one of the same token. */
  caller: string
  /** What the client puts before the stream's id, relative to the URL it opened; without the token. */
  base: string
}

type Stream = { opening: Opening; lastUsed: number; out: ReadableStreamDefaultController<Uint8Array> }

/** What a stream is bound to besides the token. */
export const callerKey = (caller: Caller): string =>
  caller.kind === 'url' ? 'url' : `api_token ${caller.id}`

const encoder = new TextEncoder()

/** One event. @param data without line breaks, as JSON text is */
export const event = (name: string, data: string): Uint8Array =>
  encoder.encode(`event: ${name}\ndata: ${data}\n\n`)

const KEEP_ALIVE = encoder.encode(': keep-alive\n\n')

export class SseStreams {
  readonly #streams = new Map<string, Stream>()
  readonly #stillAdmitted: (opening: Opening) => Promise<boolean>
  readonly #now: () => number

  /** @param now milliseconds since the epoch */
  constructor(stillAdmitted: (opening: Opening) => Promise<boolean>, now: () => number) {
    this.#stillAdmitted = stillAdmitted
    this.#now = now
  }

  get size(): number {
    return this.#streams.size
  }

  /** A stream whose first event says where its messages go; null when as many as may be are open. */
  open(opening: Opening): ReadableStream<Uint8Array> | null {
    if (this.#streams.size >= MOST_STREAMS) return null
    const id = crypto.randomUUID()
    return new ReadableStream<Uint8Array>(
      {
        start: (out) => {
          this.#streams.set(id, { opening, lastUsed: this.#now(), out })
          out.enqueue(event('endpoint', opening.base + id))
        },
        cancel: () => void this.#streams.delete(id),
      },
      new ByteLengthQueuingStrategy({ highWaterMark: MOST_QUEUED }),
    )
  }

  /** Counts as use of a stream. False when this caller has none of that id open. */
  use(id: string, caller: string): boolean {
    const stream = this.#streams.get(id)
    if (stream?.opening.caller !== caller) return false
    stream.lastUsed = this.#now()
    return true
  }

  /** Delivers a JSON-RPC message; false when the stream is gone. */
  send(id: string, json: string): boolean {
    return this.#write(id, event('message', json))
  }

  /** Writes to every stream, which closes those that nobody reads any more. */
  keepAlive(): void {
    for (const id of [...this.#streams.keys()]) this.#write(id, KEEP_ALIVE)
  }

  /** Closes what is idle or no longer admitted, keeps the rest alive. Never throws. */
  async tick(): Promise<void> {
    await Promise.all([...this.#streams].map(([id, stream]) => this.#check(id, stream)))
  }

  async #check(id: string, { opening, lastUsed }: Stream): Promise<void> {
    const idle = this.#now() - lastUsed >= IDLE_MS
    // Who cannot be asked about is let go: the client comes back by itself.
    if (idle || !(await this.#stillAdmitted(opening).catch(() => false))) this.#close(id)
    else this.#write(id, KEEP_ALIVE)
  }

  #write(id: string, bytes: Uint8Array): boolean {
    const stream = this.#streams.get(id)
    if (!stream) return false
    stream.out.enqueue(bytes)
    if ((stream.out.desiredSize ?? 0) <= 0) this.#close(id)
    return true
  }

  #close(id: string): void {
    const stream = this.#streams.get(id)
    this.#streams.delete(id)
    stream?.out.close()
  }
}
