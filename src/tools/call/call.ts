/** One tools/call: checks arguments, runs the tool, turns what it throws into an answer, and records the call. */
import { accountObject } from '../../account/account-stub.ts'
import { type CallEntry, refusedFields, whoCalled } from '../../account/audit/entry.ts'
import { COUNTED_AT_ONCE } from '../../account/door/own-limits.ts'
import { hexOf } from '../../core/bytes.ts'
import { digestOfValue } from '../../core/keys.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { type RateLimit, rateLimitHeaders } from '../../finexio/rate-limit.ts'
import type { Finexio, FinexioRequest } from '../../finexio/types.ts'
import type { Outcome } from '../../rules/outcome.ts'
import { CARD_META } from '../cards.ts'
import {
  type CallContext,
  type Called,
  ONE_ROUND,
  type Round,
  type ToolLayer,
  type ToolOutcome,
} from '../contract.ts'
import { capped } from '../present/present.ts'
import { jsonAnswer, type Tool, type ToolAnswer, type ToolContext } from '../tool.ts'
import { asServed, type View, viewOf } from '../visible/view.ts'
import { runWrite } from '../writing/run.ts'
import { checkArguments, keyOf, type Own, takeOwn } from './arguments.ts'
import { canComplete, completions } from './completion.ts'
import { withDeadline } from './deadline.ts'
import { discovered } from './discovery-call.ts'
import { type CallEnvironment, checkAccount, environmentOf, report } from './environment.ts'
import { type Answer, fromFault, RATE_LIMIT_META, throttleMeta, UnsentWrite } from './faults.ts'

// Writing tool calls into the trail: after the answer, so that no call waits for it and none fails by it.

const routeOf = (route: string | null): { http_method: string | null; http_url: string | null } => {
  const [http_method = null, http_url = null] = route?.split(' ') ?? []
  return { http_method, http_url }
}

const countOf = (outcome: Called['outcome']): number | null => {
  const { result_count: count } = (outcome?.result.structuredContent ?? {}) as { result_count?: unknown }
  return typeof count === 'number' ? count : null
}

/** What ran, as far as anything did: a fault of ours leaves nothing but the name. */
const whatRan = ({ name, outcome }: Called) => {
  const ran = outcome?.ran
  return {
    tool_name: ran?.tool ?? name,
    resource: ran?.resource ?? null,
    method: ran?.method ?? null,
    effect: ran?.effect ?? null,
    outcome: ran?.outcome ?? (outcome ? ('fault' as const) : ('unknown_tool' as const)),
    http_status_code: ran?.upstream.status ?? null,
    ...routeOf(ran?.upstream.route ?? null),
    upstream_requests: ran?.upstream.requests ?? 0,
    fetch_duration: ran?.upstream.milliseconds ?? 0,
    reason: ran?.reason ?? null,
    ...refusedFields(ran?.refusedBy),
  }
}

const entryOf = async (context: CallContext, called: Called): Promise<CallEntry> => {
  const { env, admission, requestId, client, traceparent } = context
  const { account, server, caller } = admission
  const digest = await digestOfValue(env, account.id, [called.name, called.args])
  return {
    type: 'mcp',
    request_id: requestId,
    mcp_server_id: server.id,
    mcp_server_name: server.name,
    mcp_method: 'tools/call',
    ...whatRan(called),
    duration: called.duration,
    result_count: countOf(called.outcome),
    client_name: client.name,
    client_version: client.version,
    ...whoCalled(caller, server),
    arguments_digest: hexOf(digest),
    ...(traceparent && { traceparent }),
  }
}

/** Writes a call into the account's trail. A row that cannot be written is counted, and the next row says how many were lost. */
const recordCall = (context: CallContext, called: Called): Promise<void> => {
  const { account: of, place } = context.admission
  const account = accountObject(context.env, of.id)
  // No frame holds the answer, which may be large, while the row waits for others to be written with.
  return entryOf(context, called)
    .then((entry) => account.record([entry], place))
    .catch(async (error) => {
      console.error({ event: 'audit_gap', error: error instanceof Error ? error.name : typeof error })
      await account.recordGap(1, place).catch(() => {})
    })
}

/** What cannot be given back ends by itself (places.ts). */
const leavePlace: ToolLayer['leave'] = async ({ env, admission: { account, place } }) => {
  if (place !== undefined)
    await accountObject(env, account.id)
      .leave(place)
      .catch(() => {})
}

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

/** Keeps the rate-limit numbers of a failure: a partial answer reports the throttling that ended it. */
const noteFailure = (meter: Meter, fault: unknown): void => {
  meter.status = fault instanceof FinexioFailure ? fault.status : null
  if (!(fault instanceof FinexioFailure)) return
  meter.rate = fault.rate ?? meter.rate
  if (fault.kind === 'throttled') meter.throttle = fault
}

const metered = (
  finexio: Finexio,
  meter: Meter,
  { now, countRequests: count = () => {} }: Pick<CallEnvironment, 'now' | 'countRequests'>,
): Finexio => {
  let underWay = 0
  let since = 0
  const send = async (request: FinexioRequest) => {
    if (underWay++ === 0) since = now()
    meter.requests++
    if (meter.requests % COUNTED_AT_ONCE === 0) count(COUNTED_AT_ONCE)
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

/** Who did not ask for a dry run has to hear why there was one. */
const rehearsed = ({ structured }: ToolAnswer): ToolAnswer =>
  jsonAnswer({
    ...structured,
    note: `${structured.note} This MCP server only rehearses: its operator fixed dry_run.`,
  })

const answerOf = async (
  tool: Tool,
  own: Own,
  round: Round,
  environment: CallEnvironment,
  meter: Meter,
  startedAt: number,
): Promise<ToolAnswer> => {
  const deadline = { startedAt, writes: 'plan' in tool, now: environment.now }
  const open = async (): Promise<ToolContext> => ({
    ...environment,
    finexio: withDeadline(metered(await environment.openFinexio(), meter, environment), deadline),
  })
  if (!('plan' in tool)) return tool.run(own.args, await open())
  const plan = tool.plan(own.args, environment.now())
  try {
    const answer = await runWrite({
      tool,
      plan,
      order: { ...own, round },
      writes: environment.writes(),
      open,
    })
    return own.dryRun && !Object.hasOwn(tool.input.shape, 'dry_run') ? rehearsed(answer) : answer
  } catch (fault) {
    throw fault instanceof FinexioFailure ? new UnsentWrite(fault) : fault
  }
}

const outcomeOf = (structured: Record<string, unknown>): Outcome => {
  if (structured.outcome === 'dry_run') return 'dry_run'
  if (structured.replayed === true) return 'replayed'
  if (structured.outcome === 'differs') return 'differs'
  if (structured.outcome === 'pending_approval' || structured.outcome === 'input_required')
    return structured.outcome
  return structured.is_partial_response === true ? 'partial' : 'succeeded'
}

const run = async (answering: Promise<ToolAnswer>, meter: Meter): Promise<Answer> => {
  const { structured, text, rows, ask, extra } = await answering
  const { throttle } = meter
  const _meta = {
    ...(throttle && { [RATE_LIMIT_META]: throttleMeta(throttle) }),
    ...(extra && { [CARD_META]: extra }),
  }
  return {
    ...(ask && { ask }),
    ...(rows && { rows }),
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
  const startedAt = environment.now()
  let reason: string | null = null
  const answer = async (): Promise<Answer> => {
    checkAccount(environment.account, tool.effect)
    const given = takeOwn(tool, checkArguments(tool.name, tool.input, raw))
    const header = 'plan' in tool ? (environment.idempotencyKey ?? null) : null
    const own = { ...given, key: keyOf(tool.name, given.key, header) }
    reason = own.reason
    return run(answerOf(tool, own, round, environment, meter, startedAt), meter)
  }
  const { outcome, refusedBy, ...answered } = await answer().catch((fault) =>
    fromFault(fault, environment, { tool, raw, read: !('plan' in tool) && meter.requests > 0 }),
  )
  const { requests, status, milliseconds, route } = meter
  const { name, resource, method, effect } = tool
  const upstream = { requests, status, milliseconds, route }
  const ran = { tool: name, resource, method, effect, outcome, upstream, reason }
  return { ...answered, ran: { ...ran, ...(refusedBy && { refusedBy }) } }
}

const callIn = (
  tool: Tool,
  args: unknown,
  view: View,
  context: CallContext,
  round: Round,
): Promise<ToolOutcome> => {
  const { env, ctx, admission, idempotencyKey } = context
  const sees = (name: string) => view.byName.has(name)
  const environment = environmentOf(context, sees, (message) =>
    ctx.waitUntil(message(accountObject(env, admission.account.id)).catch(report)),
  )
  return callTool(tool, args, { ...environment, idempotencyKey }, round)
}

/** The tools as the protocol layer calls them. */
export const toolLayer: ToolLayer<View> = {
  viewOf,
  record: recordCall,
  leave: leavePlace,
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
