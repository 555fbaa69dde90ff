/** One tools/call from its server to its answer: check, run, word the outcome. Tools throw; here faults become answers. */
import { accountObject } from '../../account/account-stub.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { type RateLimit, rateLimitHeaders } from '../../finexio/rate-limit.ts'
import type { Finexio, FinexioRequest } from '../../finexio/types.ts'
import type { Outcome } from '../../rules/outcome.ts'
import { CARD_META } from '../cards.ts'
import { type CallContext, ONE_ROUND, type Round, type ToolLayer, type ToolOutcome } from '../contract.ts'
import { capped } from '../present/text.ts'
import type { Tool, ToolAnswer, ToolContext } from '../tool.ts'
import { asServed, type View, viewOf } from '../visible/view.ts'
import { runWrite } from '../writing/run.ts'
import { checkArguments, type Own, takeOwn } from './arguments.ts'
import { canComplete, completions } from './completion.ts'
import { discovered } from './discovery-call.ts'
import { type CallEnvironment, checkAccount, environmentOf, report } from './environment.ts'
import { type Answer, fromFault, RATE_LIMIT_META, throttleMeta, UnsentWrite } from './faults.ts'
import { recordCall } from './record.ts'

/** What one call asks of Finexio: for the audit trail, and for the rate numbers of its answer. */
type Meter = {
  requests: number
  /** HTTP status of the last answer; null before the first and when the last request got none. */
  status: number | null
  /** Milliseconds in which at least one request was under way. */
  milliseconds: number
  /** Verb and route template of the last request. */
  route: string | null
  rate: RateLimit | null
  throttle: FinexioFailure | null
}

const newMeter = (): Meter => ({
  requests: 0,
  status: null,
  milliseconds: 0,
  route: null,
  rate: null,
  throttle: null,
})

/** Notes what a failure says of rates: a partial answer tells of the throttle that ended it. */
const noteFailure = (meter: Meter, fault: unknown): void => {
  meter.status = fault instanceof FinexioFailure ? fault.status : null
  if (!(fault instanceof FinexioFailure)) return
  meter.rate = fault.rate ?? meter.rate
  if (fault.kind === 'throttled') meter.throttle = fault
}

/** @param now milliseconds since the epoch */
const metered = (finexio: Finexio, meter: Meter, now: () => number): Finexio => {
  let underWay = 0
  let since = 0
  const send = async (request: FinexioRequest) => {
    if (underWay++ === 0) since = now()
    meter.requests++
    meter.route = `${request.verb} ${request.template}`
    try {
      const reply = await finexio.send(request)
      meter.status = reply.status
      meter.rate = reply.rate ?? meter.rate
      return reply
    } catch (fault) {
      noteFailure(meter, fault)
      throw fault
    } finally {
      if (--underWay === 0) meter.milliseconds += now() - since
    }
  }
  return { send }
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
    return await runWrite({ tool, plan, order: { ...own, round }, writes: environment.writes(), open })
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
    checkAccount(environment.account, tool.effect)
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

const callIn = (
  tool: Tool,
  args: unknown,
  view: View,
  context: CallContext,
  round: Round,
): Promise<ToolOutcome> => {
  const { env, ctx, admission } = context
  const sees = (name: string) => view.byName.has(name)
  const environment = environmentOf(context, sees, (message) =>
    ctx.waitUntil(message(accountObject(env, admission.account.id)).catch(report)),
  )
  return callTool(tool, args, environment, round)
}

export const toolLayer: ToolLayer<View> = {
  viewOf,
  record: recordCall,
  complete: (view, what, typed, context) =>
    canComplete(what, context.admission.server.config, (name) => view.byName.has(name))
      ? callIn(completions[what], { typed }, view, context, ONE_ROUND)
      : null,
  callTool: (view, name, args, context, round) => {
    const { config } = context.admission.server
    const run = (tool: Tool, given: unknown) =>
      callIn(asServed(tool, config, context), given, view, context, round)
    return config.tool_exposure === 'discovery'
      ? discovered(view.tools, name, args, run)
      : run(view.byName.get(name)!, args)
  },
}
