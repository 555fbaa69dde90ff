/** The tools layer as the protocol endpoint sees it: binds a call to its one tenant. */

import { accountObject, directoryObject } from '../accounts/stubs.ts'
import { openCredential, VaultFault } from '../accounts/vault.ts'
import { openSecret } from '../accounts/webhook-secrets.ts'
import { recordCall } from '../audit/record.ts'
import type { Env } from '../env.ts'
import { webhookBaseOf } from '../finexio/base-url.ts'
import { createFinexio } from '../finexio/client.ts'
import type { Credentials, Finexio } from '../finexio/types.ts'
import type { CallContext, ToolLayer, ToolOutcome } from '../mcp/contract.ts'
import type { Admission } from '../servers/config.ts'
import type { Claim, ClaimRequest } from '../writes/contract.ts'
import { digestOfValue } from '../writes/fingerprint.ts'
import { ownHosts, type WebhookRules } from '../writes/webhook-url.ts'
import { callTool } from './call.ts'
import { catalogue } from './catalogue.ts'
import { canComplete, completionOf } from './completion.ts'
import { discovered } from './discovery-call.ts'
import { bound } from './fixing.ts'
import type { StoredSecret } from './stored-secret.ts'
import type { Tool } from './tool.ts'
import { type View, viewOf } from './view.ts'
import { guarded } from './webhook-guard.ts'
import type { WriteDesk } from './write-run.ts'

/** A record that is gone may have been sealed anew since the call was let in: the account knows where it lies now. */
const credentialsOf = async (env: Env, { id, credential }: Admission['account']): Promise<Credentials> => {
  try {
    return await openCredential(env, id, credential)
  } catch (fault) {
    if (!(fault instanceof VaultFault) || fault.reason !== 'missing') throw fault
    const pointer = await accountObject(env, id).credential()
    if (!pointer || pointer.version === credential.version) throw fault
    return openCredential(env, id, pointer)
  }
}

/** The credential comes from the vault alone: nothing of the client's request reaches this function. */
const openFinexio = async ({ env, admission }: CallContext): Promise<Finexio> => {
  const { base_url } = admission.account
  return createFinexio({
    baseUrl: base_url,
    webhookBaseUrl: webhookBaseOf(base_url, env.FINEXIO_WEBHOOK_BASE ?? 'same'),
    credentials: await credentialsOf(env, admission.account),
  })
}

type Account = ReturnType<typeof accountObject>

/** Only the kind of fault: a message could hold what Finexio or the caller sent. */
const report = (error: unknown) =>
  console.error({ event: 'tool_fault', error: error instanceof Error ? error.name : typeof error })

/** Tells the account something that the answer need not wait for. */
const tell = ({ env, ctx, admission }: CallContext, message: (account: Account) => Promise<unknown>): void =>
  ctx.waitUntil(message(accountObject(env, admission.account.id)).catch(report))

/** Asked anew for each write: what was deleted or narrowed a moment ago is not used. */
const secretOf = async (
  env: Env,
  account: Account,
  id: string,
  name: string,
): Promise<StoredSecret | null> => {
  const secret = await account.webhookSecret(name)
  if (!secret) return null
  const { allowed_hosts, ...sealed } = secret
  return { allowed_hosts, open: () => openSecret(env, id, sealed) }
}

const deskOf = ({ env, admission, requestId }: CallContext): WriteDesk => {
  const account = accountObject(env, admission.account.id)
  return {
    serverId: admission.server.id,
    requestId,
    digest: (value) => digestOfValue(env, admission.account.id, value),
    claim: (request) => claimUnlessStopped(env, account, request),
    preview: (request) => account.previewWrite(request),
    // A settlement that is lost leaves the claim to the alarm, which calls it unknown: never told as a failure.
    settle: (settlement) => account.settleWrite(settlement).catch(report),
    secret: (name) => secretOf(env, account, admission.account.id, name),
  }
}

/** The kill switch of the deployment is asked beside the account, which keeps its own. */
const claimUnlessStopped = async (env: Env, account: Account, request: ClaimRequest): Promise<Claim> => {
  const [stopped, claim] = await Promise.all([
    directoryObject(env).writesStopped(),
    account.claimWrite(request),
  ])
  if (!stopped) return claim
  if (claim.kind === 'claimed') await account.settleWrite({ key: claim.key, state: 'not_sent', kept: null })
  return { kind: 'stopped' }
}

const runBound = (tool: Tool, args: unknown, view: View, context: CallContext): Promise<ToolOutcome> => {
  const { account, server, orders } = context.admission
  return callTool(tool, args, {
    openFinexio: () => openFinexio(context),
    textFormat: server.config.text_format ?? 'csv',
    upstream429: server.config.upstream_429 ?? 'result',
    scope: JSON.stringify([server.id, server.config]),
    orders,
    recordUrl: (path) => `${account.base_url}${path}`,
    sees: (name) => view.byName.has(name),
    learnOrder: (resource, order) => tell(context, (object) => object.learnOrder(resource, order)),
    account,
    desk: deskOf(context),
    credentialRefused: () =>
      tell(context, (object) => object.setStatus('needs_reauth', account.credential.version)),
    now: Date.now,
    report,
  })
}

const rulesOf = ({ env, host, admission }: CallContext): WebhookRules => ({
  hosts: admission.server.config.webhook_hosts,
  ownHosts: ownHosts(host, env.PUBLIC_URL),
  local: env.LOCAL_DEVELOPMENT === 'true',
})

const runTool = (tool: Tool, args: unknown, view: View, context: CallContext): Promise<ToolOutcome> => {
  const whole = catalogue.find(({ name }) => name === tool.name)!
  const own = guarded(tool, rulesOf(context))
  return runBound(bound(own, whole, context.admission.server.config), args, view, context)
}

export const toolLayer: ToolLayer<View> = {
  viewOf,
  record: recordCall,
  complete: (view, what, typed, context) =>
    canComplete(what, context.admission.server.config, (name) => view.byName.has(name))
      ? runBound(completionOf(what), { typed }, view, context)
      : null,
  callTool: (view, name, args, context) =>
    context.admission.server.config.tool_exposure === 'discovery'
      ? discovered(view.tools, name, args, (tool, inner) => runTool(tool, inner, view, context))
      : runTool(view.byName.get(name)!, args, view, context),
}
