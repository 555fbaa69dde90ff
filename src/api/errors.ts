/** Errors of the management API, all in one shape: `{statusCode, error, message, details?}`. */
import * as z from 'zod'
import { findingsIn } from '../core/validation-words.ts'
import type { FinexioFailure } from '../finexio/failure.ts'
import { rateLimitHeaders } from '../finexio/rate-limit.ts'
import type { RefusalCode, RefusedBy } from '../rules/sentences/refused-by.ts'
import type { Role } from '../rules/who/roles.ts'

const NAMES: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  401: 'Unauthorized',
  403: 'Forbidden',
  404: 'Not Found',
  405: 'Method Not Allowed',
  408: 'Request Timeout',
  409: 'Conflict',
  413: 'Content Too Large',
  415: 'Unsupported Media Type',
  422: 'Unprocessable Content',
  429: 'Too Many Requests',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  504: 'Gateway Timeout',
}

/** Thrown by routes. The message goes to the caller: no secret, and what to do next. */
export class ApiError extends Error {
  readonly status: number
  readonly more: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>
  /** Which rule refused, for the trail; null: none that has a code. */
  rule: RefusedBy | null = null

  constructor(
    status: number,
    message: string,
    more: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message)
    this.name = 'ApiError'
    this.status = status
    this.more = more
    this.headers = headers
  }

  /** Names the rule that refused. */
  by(code: RefusalCode, facts?: RefusedBy['facts']): this {
    this.rule = facts ? { code, facts } : { code }
    return this
  }
}

/** 403 to somebody who lacks each of these roles. */
export const lacksRole = (roles: readonly Role[], message: string): ApiError =>
  new ApiError(403, message, { missing_scopes: [...roles] }).by('needs_role', { id: roles.join(' or ') })

/** An error as it is answered. */
export const answerOf = ({ status, message, more, headers }: ApiError): Response =>
  Response.json(
    { statusCode: status, error: NAMES[status] ?? 'Error', message, ...more },
    { status, headers },
  )

export const ErrorAnswer = z
  .looseObject({
    statusCode: z.int().describe('The HTTP status.'),
    error: z.string().describe('Its name, such as Bad Request.'),
    message: z.string(),
    details: z
      .object({
        failures: z
          .array(
            z.object({
              path: z.string().describe('Where in the request: a name, or names with dots.'),
              message: z.string(),
            }),
          )
          .describe('Up to 20.'),
      })
      .optional()
      .describe('What is wrong with which part of the request.'),
    missing_scopes: z
      .array(z.string())
      .optional()
      .describe('The roles that the key lacks; Truto names it so.'),
    truto_is_remote_error: z
      .boolean()
      .optional()
      .describe('true: Finexio answered so; its words are in raw_response.'),
    raw_response: z.unknown().optional().describe('What Finexio said, cleaned; null: nothing.'),
  })
  .meta({ id: 'Error' })

export type Failure = { path: string; message: string }

const MOST_FAILURES = 20

/** A 400 whose message is readable by itself and whose `details` a program can use. */
export const invalid = (failures: readonly Failure[]): ApiError => {
  const shown = failures.slice(0, MOST_FAILURES)
  const more = failures.length - shown.length
  const message = shown.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; ')
  return new ApiError(400, `${message}${more > 0 ? `; and ${more} more` : ''}`, {
    details: { failures: shown },
  })
}

const bodyWords = (message: string): string => message.replace(/^required\b/, 'is required')

/** What a zod schema refused, as a 400. What is wrong with the whole is said of the body: a query has no form of its own. */
export const invalidInput = (error: z.ZodError): ApiError =>
  invalid(
    findingsIn(error).map(({ path, message }) => ({
      path: path.map(String).join('.'),
      message: path.length === 0 ? `the body ${bodyWords(message)}` : message,
    })),
  )

const REMOTE: Readonly<Record<FinexioFailure['kind'], readonly [status: number, message: string]>> = {
  bad_credentials: [401, 'Finexio refuses these credentials.'],
  forbidden: [403, 'Finexio accepts these credentials but does not let them list webhooks.'],
  invalid: [422, 'Finexio refused the credential check.'],
  not_found: [502, 'Finexio has nothing where the credential check lists webhooks.'],
  throttled: [429, 'Finexio is limiting the rate of calls. Nothing was retried.'],
  upstream_fault: [502, 'Finexio answered the credential check with a fault. Nothing was retried.'],
  no_answer: [504, 'Finexio did not answer the credential check. Nothing was retried.'],
  outcome_unknown: [502, 'Finexio did not answer the credential check clearly. Nothing was retried.'],
  not_sent: [502, 'The credential check could not be sent to Finexio.'],
}

/** Finexio's own words are in `raw_response`, parsed and cleaned; null: it gave none. */
const fromFinexio = (failure: FinexioFailure, status: number, message: string, more = {}): ApiError => {
  const { status: statusCode, message: words, sent, rate, retryAfter } = failure
  const raw_response = statusCode === null ? null : { statusCode, message: words, ...more }
  return new ApiError(
    status,
    message,
    { truto_is_remote_error: sent, raw_response },
    rateLimitHeaders(rate, retryAfter),
  )
}

/** A failed credential check. @param elsewhere what may be set wrong where Finexio has nothing at the address */
export const remoteError = (failure: FinexioFailure, elsewhere: string): ApiError => {
  const [status, message] = REMOTE[failure.kind]
  const words = failure.kind === 'not_found' ? `${message} ${elsewhere}` : message
  return fromFinexio(failure, status, `${words} Nothing was stored.`, { fields: failure.fields })
}

/** Finexio could not be asked before an approved write was to be sent. */
export const waitingError = (failure: FinexioFailure): ApiError => {
  const [status] = REMOTE[failure.kind]
  return fromFinexio(
    failure,
    status === 401 || status === 403 || status === 422 ? 502 : status,
    'Finexio could not be asked whether everything is still as it was. Nothing was sent, nothing was retried, and the draft waits on.',
  )
}

/** 404, also for an account that the caller may not know of. */
export const unknownAccount = () =>
  new ApiError(404, 'There is no integrated account with this id: GET /integrated-account lists them.')

/** 404, also for a server of another account and for a text that cannot be an id. */
export const unknownServer = () =>
  new ApiError(404, 'This account has no MCP server with this id: it may have expired or been deleted.')

/** 404, also for a draft that the caller may not know of. */
export const unknownDraft = () =>
  new ApiError(404, 'There is no draft with this id, or it was decided long ago.')

/** 409: a change was judged by what was there before another one came in between. */
export const changedMeanwhile = () =>
  new ApiError(
    409,
    'Somebody changed this meanwhile (or since if_updated_at). Nothing was changed: read it again.',
  )
