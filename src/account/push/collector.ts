/** Where rows of the trail go, and one attempt to send some: OTLP/HTTP with a JSON body. */
import type { Env } from '../../core/env.ts'
import { asObject, parseJson } from '../../core/json.ts'
import { outgoingUrl } from '../../core/public-url.ts'
import { readBody } from '../../core/request.ts'
import { within } from '../../core/time.ts'
import { VERSION } from '../../core/version.ts'
import type { PushProblem } from '../tables/push.ts'

const TIMEOUT_MS = 15_000

/** A field name of RFC 9110, and a value without line ends. */
const NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const VALUE = /^[\t\x20-\x7e]*$/

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}

/**
 * Headers as OTEL_EXPORTER_OTLP_HEADERS writes them: `name=value,name=value`, with percent signs for what would be misread.
 * @returns null when one of them is no header
 */
export const headersOf = (text: string | undefined): Record<string, string> | null => {
  const headers: Record<string, string> = {}
  for (const pair of (text ?? '').split(',').filter((one) => one.trim() !== '')) {
    const [name = '', ...rest] = pair.split('=')
    const value = decoded(rest.join('=').trim())
    if (rest.length === 0 || !NAME.test(name.trim()) || value === null || !VALUE.test(value)) return null
    headers[name.trim().toLowerCase()] = value
  }
  return headers
}

type Destination = { url: string; headers: Record<string, string> }

const destinationOf = ({ LOG_PUSH_URL, LOG_PUSH_HEADERS, LOCAL_DEVELOPMENT }: Env): Destination | null => {
  const url = outgoingUrl(LOG_PUSH_URL, LOCAL_DEVELOPMENT)
  const headers = headersOf(LOG_PUSH_HEADERS)
  return url !== null && headers !== null ? { url, headers } : null
}

let complained = false

/** `unusable`: rows were to be sent, and it is not said well where to. */
export const pushSetting = (env: Env): 'off' | 'on' | 'unusable' => {
  if (!env.LOG_PUSH_URL) return 'off'
  if (destinationOf(env)) return 'on'
  if (!complained)
    console.error({
      event: 'configuration_fault',
      message:
        'LOG_PUSH_URL (https) or LOG_PUSH_HEADERS (name=value,…) is not usable: no row of the trail is sent.',
    })
  complained = true
  return 'unusable'
}

/** What became of a request. `waitMs`: how long the collector asks to wait. */
export type Pushed = { kind: 'taken' } | { kind: PushProblem; status: number | null; waitMs: number | null }

/** Statuses after which the same request may succeed; those that are about its content; all others are about the request as such. */
const AGAIN = new Set([408, 429])
const CONTENT = new Set([400, 413, 422])

const problemOf = (status: number): PushProblem => {
  if (status >= 500 || AGAIN.has(status)) return 'unreachable'
  return CONTENT.has(status) ? 'rejected' : 'refused'
}

const answerOf = async (response: Response): Promise<unknown> => {
  const read = await readBody(response)
  const parsed = read.ok ? parseJson(read.bytes) : null
  return parsed?.ok ? parsed.value : null
}

/** Whether the collector says that it dropped some of what it took. */
const isPartial = (answer: unknown): boolean =>
  Number(asObject(asObject(answer)?.partialSuccess)?.rejectedLogRecords ?? 0) > 0

const sent = async ({ url, headers }: Destination, body: string, signal: AbortSignal): Promise<Pushed> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { ...headers, 'content-type': 'application/json', 'user-agent': `finexio-mcp/${VERSION}` },
    body,
    redirect: 'manual',
    signal,
  })
  const { status, ok } = response
  const answer = ok ? await answerOf(response) : await response.body?.cancel()
  if (ok && !isPartial(answer)) return { kind: 'taken' }
  const wait = Number(response.headers.get('retry-after') ?? Number.NaN)
  return { kind: ok ? 'rejected' : problemOf(status), status, waitMs: wait >= 0 ? wait * 1_000 : null }
}

/**
 * Sends one body, once. A redirect is a refusal: it would carry the rows to an address that nobody configured.
 * @returns `taken` only when the collector kept every record
 */
export const push = async (env: Env, body: string): Promise<Pushed> => {
  const destination = destinationOf(env)
  if (!destination) return { kind: 'refused', status: null, waitMs: null }
  try {
    return await within(TIMEOUT_MS, (signal) => sent(destination, body, signal))
  } catch {
    return { kind: 'unreachable', status: null, waitMs: null }
  }
}
