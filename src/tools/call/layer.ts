/** The tools layer as the protocol endpoint sees it: binds a call to its one tenant. */

import { accountObject } from '../../account/account-stub.ts'
import { type CallContext, ONE_ROUND, type Round, type ToolLayer, type ToolOutcome } from '../contract.ts'
import type { Tool } from '../tool.ts'
import { armed } from '../visible/armed.ts'
import { type View, viewOf } from '../visible/view.ts'
import { webhookRules } from '../visible/webhook-guard.ts'
import { deskAt } from '../writing/at-account.ts'
import { type CallEnvironment, callTool } from './call.ts'
import { canComplete, completionOf } from './completion.ts'
import { discovered } from './discovery-call.ts'
import { openFinexio } from './open-finexio.ts'
import { recordCall } from './record.ts'
import { report } from './report-fault.ts'

type Account = ReturnType<typeof accountObject>

/** Tells the account something that the answer need not wait for. */
const tell = ({ env, ctx, admission }: CallContext, message: (account: Account) => Promise<unknown>): void =>
  ctx.waitUntil(message(accountObject(env, admission.account.id)).catch(report))

const deskOf = (view: View, { env, admission, requestId, origin }: CallContext) =>
  deskAt({
    env,
    accountId: admission.account.id,
    serverId: admission.server.id,
    settings: admission.server.config,
    caller: admission.caller,
    sees: (name) => view.byName.has(name),
    requestId,
    origin,
    report,
  })

const runBound = (
  tool: Tool,
  args: unknown,
  view: View,
  context: CallContext,
  round: Round,
): Promise<ToolOutcome> => {
  const { account, server, orders } = context.admission
  const environment: CallEnvironment = {
    openFinexio: () => openFinexio(context.env, account),
    textFormat: server.config.text_format ?? 'csv',
    upstream429: server.config.upstream_429 ?? 'result',
    scope: JSON.stringify([server.id, server.config]),
    orders,
    recordUrl: (path) => `${account.base_url}${path}`,
    sees: (name) => view.byName.has(name),
    learnOrder: (resource, order) => tell(context, (object) => object.learnOrder(resource, order)),
    account,
    desk: deskOf(view, context),
    credentialRefused: () =>
      tell(context, (object) => object.setStatus('needs_reauth', account.credential.version)),
    now: Date.now,
    report,
  }
  return callTool(tool, args, environment, round)
}

const runTool = (
  tool: Tool,
  args: unknown,
  view: View,
  context: CallContext,
  round: Round,
): Promise<ToolOutcome> => {
  const { config } = context.admission.server
  const rules = webhookRules(context.env, config, context.origin)
  return runBound(armed(tool, config, rules), args, view, context, round)
}

export const toolLayer: ToolLayer<View> = {
  viewOf,
  record: recordCall,
  complete: (view, what, typed, context) =>
    canComplete(what, context.admission.server.config, (name) => view.byName.has(name))
      ? runBound(completionOf(what), { typed }, view, context, ONE_ROUND)
      : null,
  callTool: (view, name, args, context, round) =>
    context.admission.server.config.tool_exposure === 'discovery'
      ? discovered(view.tools, name, args, (tool, inner) => runTool(tool, inner, view, context, round))
      : runTool(view.byName.get(name)!, args, view, context, round),
}
