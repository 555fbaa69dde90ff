/** The tools layer as the protocol endpoint sees it: binds a call to its one tenant. */
import { openCredential } from '../accounts/vault.ts'
import { webhookBaseOf } from '../finexio/base-url.ts'
import { createFinexio } from '../finexio/client.ts'
import type { Finexio } from '../finexio/types.ts'
import type { CallContext, ToolLayer } from '../mcp/contract.ts'
import { callTool } from './call.ts'
import { type View, viewOf } from './view.ts'

/** The credential comes from the vault alone: nothing of the client's request reaches this function. */
const openFinexio = async ({ env, admission }: CallContext): Promise<Finexio> => {
  const { id, base_url, credential } = admission.account
  return createFinexio({
    baseUrl: base_url,
    webhookBaseUrl: webhookBaseOf(base_url, env.FINEXIO_WEBHOOK_BASE ?? 'same'),
    credentials: await openCredential(env, id, credential),
  })
}

/** Only the kind of fault: a message could hold what Finexio or the caller sent. */
const report = (error: unknown) =>
  console.error({ event: 'tool_fault', error: error instanceof Error ? error.name : typeof error })

const learner =
  ({ env, ctx, admission }: CallContext) =>
  (resource: string, order: 'newest' | 'oldest') => {
    const account = env.ACCOUNTS.get(env.ACCOUNTS.idFromName(admission.account.id))
    ctx.waitUntil(account.learnOrder(resource, order).catch(report))
  }

export const toolLayer: ToolLayer<View> = {
  viewOf,
  callTool: (view, name, args, context) => {
    const { server, orders } = context.admission
    return callTool(view.byName.get(name)!, args, {
      openFinexio: () => openFinexio(context),
      textFormat: server.config.text_format ?? 'csv',
      upstream429: server.config.upstream_429 ?? 'result',
      scope: JSON.stringify([server.id, server.config]),
      orders,
      learnOrder: learner(context),
      now: Date.now,
      report,
    })
  },
}
