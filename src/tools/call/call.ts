/** Runs one tool call: check, run, word the outcome. Tools throw; this is the one place that turns faults into answers. */
import type { CallToolResult } from '@modelcontextprotocol/server'
import { explain } from '../../finexio/explain.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { rateLimitHeaders } from '../../finexio/rate-limit.ts'
import type { FailureKind, Finexio } from '../../finexio/types.ts'
import type { Outcome } from '../../rules/outcome.ts'
import { CARD_META } from '../cards.ts'
import type { Round, ToolOutcome } from '../contract.ts'
import { type Own, takeOwn } from '../own-arguments.ts'
import { capped } from '../present/text-cap.ts'
import { Refusal } from '../refusal.ts'
import type { Tool, ToolAnswer, ToolContext } from '../tool.ts'
import { FailedWrite, runWrite } from '../writing/run.ts'
import { checkArguments } from './arguments.ts'
import { type Meter, metered, newMeter } from './meter.ts'
import { checkStanding, type Standing } from './standing.ts'

export type CallEnvironment = Omit<ToolContext, 'finexio'> & {
  account: Standing
  /** Opens the tenant's credential; called only after the arguments were found good. */
  openFinexio(): Promise<Finexio>
  /** Told that Finexio refused the credential. */
  credentialRefused(): void
  upstream429: 'result' | 'http'
  /** Told of faults of ours: class names only, never values. */
  report(error: unknown): void
}

const RATE_LIMIT_META = 'dev.finexio-mcp/rate-limit'
const REFUSAL_META = 'dev.finexio-mcp/refusal'
const WRITE_META = 'dev.finexio-mcp/write'
/** JSON-RPC code of a throttle as HTTP error: outside the ranges that JSON-RPC and MCP reserve. */
const THROTTLED_CODE = 42_900

/** A result that says what went wrong. */
export const failed = (text: string): CallToolResult => ({ content: [{ type: 'text', text }], isError: true })

const throttleMeta = ({ status, rate, retryAfter }: FinexioFailure) => ({
  source: 'finexio',
  status,
  limit: rate?.limit ?? null,
  remaining: rate?.remaining ?? null,
  reset: rate?.reset ?? null,
  retry_after: retryAfter ?? null,
})

type Answer = Omit<ToolOutcome, 'ran'> & { outcome: Outcome }

const throttled = (failure: FinexioFailure, { upstream429 }: CallEnvironment): Answer => {
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

const fromFailure = (fault: FinexioFailure, environment: CallEnvironment): Answer => {
  if (fault.kind === 'bad_credentials') environment.credentialRefused()
  if (fault.kind === 'throttled') return throttled(fault, environment)
  const outcome = OUTCOMES[fault.kind]
  return { result: failed(explain(fault)), headers: rateLimitHeaders(fault.rate, null), outcome }
}

/** Looking before a write failed: after a failing step none follows, the write least of all. */
class UnsentWrite extends Error {
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
const withKey = (given: Answer, key: string): Answer => {
  const answer = withWords(given, `idempotency_key: ${key}`)
  const _meta = { ...answer.result._meta, [WRITE_META]: { idempotency_key: key, outcome: answer.outcome } }
  return { ...answer, result: { ...answer.result, _meta } }
}

const refused = ({ message, facts }: Refusal): Answer => ({
  result: { ...failed(message), ...(facts && { _meta: { [REFUSAL_META]: facts } }) },
  headers: {},
  outcome: 'refused',
})

const fromFault = (fault: unknown, environment: CallEnvironment): Answer => {
  if (fault instanceof Refusal) return refused(fault)
  if (fault instanceof FinexioFailure) return fromFailure(fault, environment)
  if (fault instanceof UnsentWrite) return withWords(fromFailure(fault.failure, environment), UNSENT)
  if (fault instanceof FailedWrite) return withKey(fromFailure(fault.failure, environment), fault.key)
  environment.report(fault)
  return { result: failed(OUR_FAULT), headers: {}, outcome: 'fault' }
}

const answerOf = async (
  tool: Tool,
  own: Own,
  round: Round,
  environment: CallEnvironment,
  meter: Meter,
): Promise<ToolAnswer> => {
  const open = async (): Promise<ToolContext> => ({
    ...environment,
    finexio: metered(await environment.openFinexio(), meter, environment.now),
  })
  if (!('plan' in tool)) return tool.run(own.args, await open())
  const plan = tool.plan(own.args, environment.now())
  try {
    return await runWrite({ tool, plan, order: { ...own, round }, desk: environment.desk, open })
  } catch (fault) {
    throw fault instanceof FinexioFailure ? new UnsentWrite(fault) : fault
  }
}

const outcomeOf = (structured: Record<string, unknown>): Outcome => {
  if (structured.outcome === 'dry_run') return 'dry_run'
  if (structured.replayed === true) return 'replayed'
  if (structured.outcome === 'pending_approval' || structured.outcome === 'input_required')
    return structured.outcome
  return structured.is_partial_response === true ? 'partial' : 'succeeded'
}

const run = async (answering: Promise<ToolAnswer>, meter: Meter): Promise<Answer> => {
  const { structured, text, ask, extra } = await answering
  const { throttle } = meter
  const _meta = {
    ...(throttle && { [RATE_LIMIT_META]: throttleMeta(throttle) }),
    ...(extra && { [CARD_META]: extra }),
  }
  return {
    ...(ask && { ask }),
    result: {
      content: [{ type: 'text', text: capped(text) }],
      structuredContent: structured,
      ...((throttle || extra) && { _meta }),
    },
    headers: rateLimitHeaders(meter.rate, throttle?.retryAfter ?? null),
    outcome: outcomeOf(structured),
  }
}

/**
 * Runs a visible tool.
 * @param round what the client's own user answered to an earlier round of this call
 * @returns a result in every case: refusals, failures of Finexio and faults of ours are `isError` results
 */
export const callTool = async (
  tool: Tool,
  raw: unknown,
  environment: CallEnvironment,
  round: Round,
): Promise<ToolOutcome> => {
  const meter = newMeter()
  let reason: string | null = null
  const answer = async (): Promise<Answer> => {
    checkStanding(environment.account, tool.effect)
    const own = takeOwn(checkArguments(tool.name, tool.input, raw), tool.effect)
    reason = own.reason
    return run(answerOf(tool, own, round, environment, meter), meter)
  }
  const { outcome, ...told } = await answer().catch((fault) => fromFault(fault, environment))
  const { requests, status, milliseconds, route } = meter
  const { name, resource, method, effect } = tool
  const upstream = { requests, status, milliseconds, route }
  return { ...told, ran: { tool: name, resource, method, effect, outcome, upstream, reason } }
}
