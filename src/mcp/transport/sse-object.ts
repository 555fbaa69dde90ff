/**
 * The event streams of one token live here, since the request that brings a message and the one that holds the stream
 * meet nowhere else. Messages arrive admitted; they are answered here because a tool may take longer than a Worker lives
 * after its own answer.
 */
import { DurableObject } from 'cloudflare:workers'
import type { Env } from '../../core/env.ts'
import { isObject } from '../../core/json.ts'
import type { Admission } from '../../rules/admission.ts'
import type { ClientInfo, ToolLayer } from '../../tools/contract.ts'
import { serve } from '../server/serve.ts'
import type { Admit } from './gate.ts'
import { errorResponse, requestIdOf } from './refusal.ts'
import { callerKey, type Opening, SseStreams } from './sse-streams.ts'

const TICK_MS = 25_000
/** How long a stream without a reader takes to say so. */
const NOTICE_MS = 250
const ACCEPTED = 202
const INTERNAL_ERROR = -32603

/** One admitted message. */
type Relayed = {
  message: unknown
  admission: Admission
  requestId: string
  origin: string
  client: ClientInfo
  idempotencyKey: string | null
  traceparent: string | null
  /** Its `mcp-protocol-version` header. */
  version: string | null
}

export abstract class SseStreamObject extends DurableObject<Env> {
  /** The tools that answer the messages: given by the Worker's entry, since this room knows only their contract. */
  protected abstract readonly tools: ToolLayer
  /** Asks the account whether a token is still let in. */
  protected abstract readonly admit: Admit

  readonly #streams = new SseStreams((opening) => this.#stillAdmitted(opening), Date.now)
  #ticking: ReturnType<typeof setInterval> | undefined

  /** Opens a stream (body: an `Opening`), or answers 409. By fetch: over RPC a client's leaving is seen later. */
  override async fetch(request: Request): Promise<Response> {
    const stream = await this.#open(await request.json<Opening>())
    if (!stream) return new Response(null, { status: 409 })
    this.#ticking ??= setInterval(() => this.#tick(), TICK_MS)
    return new Response(stream, { headers: { 'content-type': 'text/event-stream' } })
  }

  /**
   * Takes a message; its answer follows on the stream. False when its caller has no such stream. What may write is taken only
   * while somebody reads the stream: nobody would hear what became of it.
   */
  async relay(id: string, message: Relayed): Promise<boolean> {
    const caller = callerKey(message.admission.caller)
    if (!this.#streams.use(id, caller)) return false
    if (this.#mayWrite(message)) {
      await this.#notice()
      if (!this.#streams.use(id, caller)) return false
    }
    this.ctx.waitUntil(this.#answer(id, message))
    return true
  }

  /** Puts a finished JSON-RPC message on a stream; false when there is no such stream. */
  deliver(id: string, json: string): boolean {
    return this.#streams.send(id, json)
  }

  /** Closes the streams of a token that was just refused. */
  recheck(): Promise<void> {
    return this.#tick()
  }

  async #open(opening: Opening): Promise<ReadableStream<Uint8Array> | null> {
    const stream = this.#streams.open(opening)
    if (stream) return stream
    await this.#notice()
    return this.#streams.open(opening)
  }

  /** That a client left shows only when something is written to it. */
  async #notice(): Promise<void> {
    this.#streams.keepAlive()
    await new Promise((done) => setTimeout(done, NOTICE_MS))
  }

  /** A call of a tool that is not known to read only. */
  #mayWrite({ message, admission }: Relayed): boolean {
    if (!isObject(message) || message.method !== 'tools/call') return Array.isArray(message)
    const name = isObject(message.params) ? message.params.name : undefined
    const { tools } = this.tools.viewOf(admission.server.config).list
    return tools.find((tool) => tool.name === name)?.annotations?.readOnlyHint !== true
  }

  async #answer(id: string, { message, version, ...context }: Relayed): Promise<void> {
    const headers = version === null ? undefined : { 'mcp-protocol-version': version }
    const request = new Request('http://mcp.invalid/', { method: 'POST', headers })
    try {
      const response = await serve(request, message, { env: this.env, ctx: this.ctx, ...context }, this.tools)
      if (response.status !== ACCEPTED) this.#streams.send(id, await response.text())
    } catch (error) {
      console.error({ event: 'sse_fault', error: error instanceof Error ? error.name : typeof error })
      const fault = { code: INTERNAL_ERROR, message: 'This message failed inside the MCP server.' }
      this.#streams.send(id, await errorResponse(500, fault, requestIdOf(message)).text())
    }
  }

  async #stillAdmitted({ token, bearer, caller }: Opening): Promise<boolean> {
    const verdict = await this.admit(token, { bearer, counts: false })
    return verdict.kind === 'admitted' && callerKey(verdict.admission.caller) === caller
  }

  async #tick(): Promise<void> {
    await this.#streams.tick()
    if (this.#streams.size > 0) return
    clearInterval(this.#ticking)
    this.#ticking = undefined
  }
}
