/** Which failure an answer is. Undocumented statuses are handled by their class (RFC 9110, section 15). */
import { type ErrorBody, readErrorBody } from './error-body.ts'
import { FinexioFailure } from './failure.ts'
import { isThrottle, normalizeRateLimit, type RateLimit, retryAfterSeconds } from './rate-limit.ts'
import type { FailureKind, FinexioRequest } from './types.ts'

/** The body of an answer as it was read. */
export type Body = {
  text: string
  /** True when the answer was larger than allowed; the rest was not read. */
  cut: boolean
}

export type Refused = {
  request: FinexioRequest
  response: Response
  body: Body
  /** The parsed body; undefined when it is not JSON. */
  json: unknown
  now: Date
}

const STATUS_WORDS: Readonly<Record<number, string>> = {
  400: 'bad request',
  401: 'not authenticated',
  403: 'forbidden',
  404: 'not found',
  405: 'method not allowed',
  409: 'conflict',
  413: 'request too large',
  415: 'media type not supported',
  422: 'not processable',
  429: 'too many requests',
  500: 'internal server error',
  502: 'bad gateway',
  503: 'service unavailable',
  504: 'gateway timeout',
}

/** Finexio answers 403 to bad credentials and to missing permissions alike; only the message differs. */
const namesCredentials = ({ message }: ErrorBody) =>
  /user\s*name|password|credential|authenticat/i.test(message ?? '')

/** The one 403 that Finexio documents. */
const BAD_CREDENTIALS = /^invalid username\/password\b/i

const kindOfRead = ({ response: { status } }: Refused, error: ErrorBody): FailureKind => {
  if (status < 400 || status >= 500 || status === 408) return 'upstream_fault'
  if (status === 401 || (status === 403 && namesCredentials(error))) return 'bad_credentials'
  if (status === 403) return 'forbidden'
  return status === 404 || status === 410 ? 'not_found' : 'invalid'
}

/** Where a route names the record that it changes, Finexio declares 404 for a record that is not there. */
const namesRecord = ({ verb, template }: FinexioRequest): boolean => verb !== 'POST' && template.includes('{')

/** What Finexio documents as a refusal is one. Whatever else comes back, it may have carried the write out before. */
const kindOfWrite = ({ request, response: { status } }: Refused, error: ErrorBody): FailureKind => {
  if (status === 400) return 'invalid'
  if (status === 401 || (status === 403 && BAD_CREDENTIALS.test(error.message ?? '')))
    return 'bad_credentials'
  return status === 404 && namesRecord(request) ? 'not_found' : 'outcome_unknown'
}

const isThrottled = (
  { request, response: { status } }: Refused,
  rate: RateLimit | null,
  wait: number | null,
) => (request.effect === 'read' ? isThrottle(status, rate, wait) : status === 429)

const kindOf = (refused: Refused, error: ErrorBody): FailureKind =>
  refused.request.effect === 'read' ? kindOfRead(refused, error) : kindOfWrite(refused, error)

const words = ({ response, body, json }: Refused, error: ErrorBody): string => {
  if (body.cut) return 'the answer is larger than this server reads'
  if (response.status >= 300 && response.status < 400) return 'a redirect, which is not followed'
  if (response.ok && json === undefined)
    return error.message?.startsWith('an HTML page') ? error.message : 'no JSON'
  return error.message ?? STATUS_WORDS[response.status] ?? 'no reason given'
}

const atLeastOne = (seconds: number | null): number | null => (seconds === null ? null : Math.max(1, seconds))

/** The failure that an answer other than a readable 2xx means. */
export const failureOf = (refused: Refused): FinexioFailure => {
  const { request, response, body, json, now } = refused
  const { status, headers } = response
  const error = readErrorBody(body.text, json)
  const rate = normalizeRateLimit(headers, now)
  const wait = retryAfterSeconds(headers, now)
  const throttle = isThrottled(refused, rate, wait)
  return new FinexioFailure({
    kind: throttle ? 'throttled' : kindOf(refused, error),
    status,
    message: words(refused, error),
    worded: error.message !== null,
    fields: error.fields,
    rows: error.rows,
    batch: Array.isArray(request.body) ? request.body.length : null,
    rate,
    // A wait that is over already would have the caller back in the same second.
    retryAfter: throttle ? atLeastOne(wait ?? rate?.reset ?? null) : wait,
    sent: true,
    namesRecord: request.template.includes('{'),
  })
}
