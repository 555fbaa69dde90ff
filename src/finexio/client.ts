/**
 * The upstream client: one request in, one typed answer or typed failure out. Every step is sent exactly once; no redirect
 * is followed, nothing of a caller's HTTP request is passed on, and a write whose answer was lost is `outcome_unknown`
 * (docs/decisions/06 and 07).
 */
import { within } from '../core/time.ts'
import { VERSION } from '../core/version.ts'
import { type Body, failureOf } from './classify.ts'
import { FinexioFailure } from './failure.ts'
import { normalizeRateLimit } from './rate-limit.ts'
import { type Scrubber, scrubberOf } from './scrub.ts'
import type { Credentials, Finexio, FinexioReply, FinexioRequest, QueryValue } from './types.ts'

export type Limits = {
  /** Milliseconds a read may take, answer included. */
  readMs: number
  /** Milliseconds a write may take, answer included. */
  writeMs: number
  /** Largest answer read, in bytes. */
  bodyBytes: number
}

/** Design: reads 30 s, writes 20 s. 500 rows of Finexio are below 2 MB. */
const LIMITS: Limits = { readMs: 30_000, writeMs: 20_000, bodyBytes: 8 * 1024 * 1024 }

export type FinexioOptions = {
  /** Version path included, no trailing slash. */
  baseUrl: string
  /** Base of `/webhooks/` where it differs. */
  webhookBaseUrl?: string
  /** How a new contact travels: Finexio's sources disagree, and its description says an object. */
  contactBody?: 'object' | 'array'
  credentials: Credentials
  fetch?: (url: string, init: RequestInit) => Promise<Response>
  now?: () => Date
  limits?: Partial<Limits>
}

/** RFC 7617, in UTF-8. */
const basic = ({ username, password }: Credentials): string => {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}

const parameters = (query: Readonly<Record<string, QueryValue>> = {}): string => {
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) {
    for (const one of Array.isArray(value) ? value : [value])
      if (one !== undefined) search.append(name, String(one))
  }
  const text = search.toString()
  return text && `?${text}`
}

/** Without the query. */
const urlOf = (options: FinexioOptions, { path }: FinexioRequest): string => {
  const base = path.startsWith('/webhooks/') ? (options.webhookBaseUrl ?? options.baseUrl) : options.baseUrl
  return `${base}${path}`
}

const bodyOf = ({ contactBody }: FinexioOptions, { verb, template, body }: FinexioRequest): unknown =>
  contactBody === 'array' && verb === 'POST' && template.endsWith('/contacts') ? [body] : body

const initOf = (options: FinexioOptions, request: FinexioRequest, signal: AbortSignal): RequestInit => ({
  method: request.verb,
  headers: {
    authorization: basic(options.credentials),
    accept: 'application/json',
    'user-agent': `finexio-mcp/${VERSION}`,
    ...(request.body !== undefined && { 'content-type': 'application/json' }),
  },
  body: request.body === undefined ? undefined : JSON.stringify(bodyOf(options, request)),
  redirect: 'manual',
  signal,
})

/** The failure of a request without a usable answer: a read can be repeated, a write may have been carried out. @param ms what it had */
const noAnswer = (request: FinexioRequest, deadline: AbortSignal, ms: number): FinexioFailure =>
  new FinexioFailure({
    kind: request.effect === 'read' ? 'no_answer' : 'outcome_unknown',
    status: null,
    message: deadline.aborted
      ? `Finexio gave no complete answer within ${ms / 1_000} s`
      : 'The connection to Finexio broke before a complete answer came',
    rate: null,
    sent: true,
  })

/**
 * Null for an empty body; undefined for what is no JSON. A key that stands twice is not looked for, as it is in what callers send: one program
 * writes these answers, over one connection, and whoever could add a key there could change a value. It would double the cost of a page.
 */
const parsed = ({ text }: Body, scrubber: Scrubber): unknown => {
  try {
    const json: unknown = text.trim() === '' ? null : JSON.parse(text)
    return scrubber.suspects(text) ? scrubber.json(json) : json
  } catch {
    return undefined
  }
}

type Answered = { request: FinexioRequest; response: Response; body: Body; json: unknown; now: Date }

const reply = (answered: Answered, url: string): FinexioReply => {
  const { response, body, json, now } = answered
  const unreadable = body.cut || json === undefined
  if (!response.ok || unreadable) throw failureOf(answered)
  return { status: response.status, body: json, rate: normalizeRateLimit(response.headers, now), url }
}

/**
 * Reads an answer up to a size, and holds no more than that in memory.
 * @param most largest size in bytes
 * @throws whatever the stream throws when the connection breaks, or at the deadline of its request
 */
const readBody = async (response: Response, most: number): Promise<Body> => {
  const declared = response.headers.get('content-length')
  if (Number(declared) > most) {
    await response.body?.cancel()
    return { text: '', cut: true }
  }
  // In one piece where its size was declared and is not that of packed bytes: several times cheaper than by chunks.
  if (declared !== null && !response.headers.has('content-encoding'))
    return { text: await response.text(), cut: false }
  return response.body ? collect(response.body, most) : { text: '', cut: false }
}

const collect = async (stream: ReadableStream<Uint8Array>, most: number): Promise<Body> => {
  const reader = stream.getReader()
  const decoder = new TextDecoder()
  let [text, size] = ['', 0]
  for (;;) {
    const { done, value } = await reader.read()
    if (done) return { text: text + decoder.decode(), cut: false }
    size += value.byteLength
    if (size > most) {
      await reader.cancel()
      return { text, cut: true }
    }
    text += decoder.decode(value, { stream: true })
  }
}

const exchange = async (options: FinexioOptions, request: FinexioRequest, deadline: AbortSignal) => {
  const send = options.fetch ?? fetch
  const address = `${urlOf(options, request)}${parameters(request.query)}`
  const response = await send(address, initOf(options, request, deadline))
  const most = options.limits?.bodyBytes ?? LIMITS.bodyBytes
  return { response, body: await readBody(response, most) }
}

const limitMs = ({ limits }: FinexioOptions, { effect, withinMs }: FinexioRequest): number => {
  const { readMs, writeMs } = { ...LIMITS, ...limits }
  return Math.min(effect === 'read' ? readMs : writeMs, withinMs ?? Number.POSITIVE_INFINITY)
}

type Sender = { options: FinexioOptions; scrubber: Scrubber }

const send = ({ options, scrubber }: Sender, request: FinexioRequest): Promise<FinexioReply> => {
  const ms = limitMs(options, request)
  // The deadline ends the request, and the reading of an answer that has begun.
  return within(ms, async (deadline) => {
    try {
      const { response, body } = await exchange(options, request, deadline)
      const [json, now] = [parsed(body, scrubber), options.now?.() ?? new Date()]
      return reply({ request, response, body, json, now }, urlOf(options, request))
    } catch (fault) {
      throw fault instanceof FinexioFailure ? fault : noAnswer(request, deadline, ms)
    }
  })
}

/**
 * The client of one Finexio account. Its credential leaves only in the `Authorization` header of requests to its base, and
 * nothing that comes back carries it on.
 * @throws FinexioFailure `not_sent` when the base URL is not a valid URL
 */
export const createFinexio = (options: FinexioOptions): Finexio => {
  const message = 'The base URL is none'
  if (!URL.canParse(options.baseUrl))
    throw new FinexioFailure({ kind: 'not_sent', status: null, message, rate: null, sent: false })
  const sender = { options, scrubber: scrubberOf(options.credentials) }
  return { send: (request) => send(sender, request) }
}

/**
 * Proves a credential by one read of the webhook list, the cheapest call; any 2xx is good.
 * @throws FinexioFailure: `bad_credentials` when Finexio refuses them, another kind when that could not be found out
 */
export const verifyCredentials = async (finexio: Finexio): Promise<void> => {
  await finexio.send({ verb: 'GET', path: '/webhooks/', template: '/webhooks/', effect: 'read' })
}
