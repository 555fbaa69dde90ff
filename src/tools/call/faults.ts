/** What a call answers that was refused by us, failed at Finexio, or met a fault of ours. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import { explain } from '../../finexio/explain.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { rateLimitHeaders } from '../../finexio/rate-limit.ts'
import type { FailureKind } from '../../finexio/types.ts'
import type { Outcome } from '../../rules/outcome.ts'
import type { RefusedBy } from '../../rules/sentences/refused-by.ts'
import type { ToolOutcome } from '../contract.ts'
import { Refusal } from '../refusal.ts'
import type { Tool } from '../tool.ts'
import { FailedWrite } from '../writing/send.ts'
import type { CallEnvironment } from './environment.ts'
import { ruleOf } from './rule-of.ts'

type FaultEnvironment = Pick<CallEnvironment, 'upstream429' | 'credentialRefused' | 'report'>

export const RATE_LIMIT_META = 'dev.finexio-mcp/rate-limit'
const REFUSAL_META = 'dev.finexio-mcp/refusal'
const WRITE_META = 'dev.finexio-mcp/write'
/** JSON-RPC code of a throttle as HTTP error: outside the ranges that JSON-RPC and MCP reserve. */
const THROTTLED_CODE = 42_900

/** A result that says what went wrong. */
export const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true })

/** The numbers of a 429 for `_meta`; null where Finexio sent none. `reset` and `retry_after` are whole seconds. */
export const throttleMeta = ({ status, rate, retryAfter }: FinexioFailure) => ({
  source: 'finexio',
  status,
  limit: rate?.limit ?? null,
  remaining: rate?.remaining ?? null,
  reset: rate?.reset ?? null,
  retry_after: retryAfter ?? null,
})

export type Answer = Omit<ToolOutcome, 'ran'> & { outcome: Outcome; refusedBy?: RefusedBy }

const throttled = (failure: FinexioFailure, { upstream429 }: FaultEnvironment): Answer => {
  const meta = throttleMeta(failure)
  const message = explain(failure)
  const answer: Answer = {
    result: { ...failed(message), _meta: { [RATE_LIMIT_META]: meta } },
    headers: rateLimitHeaders(failure.rate, failure.retryAfter ?? null),
    outcome: 'throttled',
  }
  return upstream429 === 'http'
    ? { ...answer, http: { status: 429, code: THROTTLED_CODE, message, data: meta } }
    : answer
}

const OUTCOMES: Readonly<Record<FailureKind, Outcome>> = {
  bad_credentials: 'rejected',
  forbidden: 'rejected',
  not_found: 'rejected',
  invalid: 'rejected',
  throttled: 'throttled',
  upstream_fault: 'failed',
  no_answer: 'failed',
  not_sent: 'not_sent',
  outcome_unknown: 'unknown',
}

const OUR_FAULT =
  'A fault on the side of this server, not of Finexio. Read the present state before repeating anything that changes data.'

const fromFailure = (fault: FinexioFailure, environment: FaultEnvironment): Answer => {
  if (fault.kind === 'bad_credentials') environment.credentialRefused()
  if (fault.kind === 'throttled') return throttled(fault, environment)
  const asksToWait = fault.kind === 'outcome_unknown' && fault.retryAfter !== null
  const _meta = asksToWait ? { _meta: { [RATE_LIMIT_META]: throttleMeta(fault) } } : {}
  const headers = rateLimitHeaders(fault.rate, asksToWait ? fault.retryAfter : null)
  return { result: { ...failed(explain(fault)), ..._meta }, headers, outcome: OUTCOMES[fault.kind] }
}

/** A request before a write failed: after a failing step none follows, the write least of all. */
export class UnsentWrite extends Error {
  readonly failure: FinexioFailure
  constructor(failure: FinexioFailure) {
    super(failure.message)
    this.name = 'UnsentWrite'
    this.failure = failure
  }
}

const UNSENT = 'This was a look before the write: the write itself was not sent.'

/** A sentence more: a client may hand nothing but the text to its model. */
const withWords = (answer: Answer, words: string): Answer => {
  const [first] = answer.result.content
  const text = `${first?.type === 'text' ? first.text : ''} ${words}`
  return { ...answer, result: { ...answer.result, content: [{ type: 'text', text }] } }
}

/** The key is said in words and to programs. */
const withKey = (given: Answer, { key, next }: FailedWrite): Answer => {
  const answer = withWords(given, `idempotency_key: ${key}${next && `. ${next}`}`)
  const _meta = { ...answer.result._meta, [WRITE_META]: { idempotency_key: key, outcome: answer.outcome } }
  return { ...answer, result: { ...answer.result, _meta } }
}

/** What was called with what. `read`: whether it had read at Finexio, and was to do nothing else. */
type Asked = { tool: Pick<Tool, 'name' | 'input'>; raw: unknown; read: boolean }

const refused = (fault: Refusal, { tool, raw, read }: Asked): Answer => ({
  result: {
    ...failed(read ? fault.afterReading : fault.message),
    ...(fault.facts && { _meta: { [REFUSAL_META]: fault.facts } }),
  },
  headers: {},
  outcome: 'refused',
  refusedBy: ruleOf(fault, tool, raw),
})

/** The answer of a call that was refused or failed. */
export const fromFault = (fault: unknown, environment: FaultEnvironment, asked: Asked): Answer => {
  if (fault instanceof Refusal) return refused(fault, asked)
  if (fault instanceof FinexioFailure) return fromFailure(fault, environment)
  if (fault instanceof UnsentWrite) return withWords(fromFailure(fault.failure, environment), UNSENT)
  if (fault instanceof FailedWrite) return withKey(fromFailure(fault.failure, environment), fault)
  environment.report(fault)
  return { result: failed(OUR_FAULT), headers: {}, outcome: 'fault' }
}
