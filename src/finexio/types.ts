/** The upstream client as the rest of the Worker sees it. */
import type { Effect, Verb } from '../../schemas/define.ts'
import type { RateLimit } from './rate-limit.ts'

export type Credentials = { username: string; password: string }

export type QueryValue = string | number | boolean | readonly string[] | undefined

export type FinexioRequest = {
  verb: Verb
  /** Path below the base, placeholders filled, exact slash spelling. */
  path: string
  /** Route template such as `/payments/{id}/`, for logs and messages. */
  template: string
  /** Repeated values become repeated parameters (OR). */
  query?: Readonly<Record<string, QueryValue>>
  body?: unknown
  effect: Effect
  /** Milliseconds after which no answer is waited for, where that is less than usual. */
  withinMs?: number
}

export type FinexioReply = {
  status: number
  body: unknown
  rate: RateLimit | null
  /** Address that was asked, without its query. */
  url?: string
}

export type FailureKind =
  | 'bad_credentials'
  | 'forbidden'
  | 'not_found'
  | 'invalid'
  | 'throttled'
  | 'upstream_fault'
  | 'no_answer'
  | 'not_sent'
  | 'outcome_unknown'

/** `send` is one request: it is never repeated, redirected or split. Throws a FinexioFailure unless the answer is a 2xx. */
export type Finexio = { send(request: FinexioRequest): Promise<FinexioReply> }
