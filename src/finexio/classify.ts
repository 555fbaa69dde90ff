/** Which failure an answer is. Undocumented statuses are handled by their class (RFC 9110, section 15). */
import { type ErrorBody, readErrorBody } from './error-body.ts'
import { FinexioFailure } from './failure.ts'
import { isThrottle, normalizeRateLimit, retryAfterSeconds } from './rate-limit.ts'
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

/** A write that was answered with a server error, a redirect or something unreadable may have been carried out. */
const unclear = ({ request }: Refused): FailureKind =>
  request.effect === 'read' ? 'upstream_fault' : 'outcome_unknown'

const kindOf = (refused: Refused, error: ErrorBody): FailureKind => {
  const { status } = refused.response
  if (status < 400 || status >= 500 || status === 408) return unclear(refused)
  if (status === 401 || (status === 403 && namesCredentials(error))) return 'bad_credentials'
  if (status === 403) return 'forbidden'
  return status === 404 || status === 410 ? 'not_found' : 'invalid'
}

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
  const throttle = isThrottle(status, rate, wait)
  return new FinexioFailure({
    kind: throttle ? 'throttled' : kindOf(refused, error),
    status,
    message: words(refused, error),
    worded: error.message !== null,
    fields: error.fields,
    rows: error.rows,
    rate,
    // A wait that is over already would have the caller back in the same second.
    retryAfter: throttle ? atLeastOne(wait ?? rate?.reset ?? null) : wait,
    sent: true,
    namesRecord: request.template.includes('{'),
  })
}
