/** Who does something, by which request, and who agreed: what the trail says of it. */
import type { Context } from 'hono'
import type { Cause } from '../account/audit/changing.ts'
import { type ByCall, byCall, issuedBy } from '../account/audit/entry.ts'
import { knownTraceparent } from '../rules/traceparent.ts'
import type { Asking } from '../tools/call/account-context.ts'
import { type App, actorIn } from './auth.ts'

/** The request, and where it belongs in the caller's trace: for rows that it leaves. */
export const byRequest = (c: Context<App>): ByCall =>
  byCall(c.get('requestId'), knownTraceparent(c.req.header('traceparent')))

/** The same for what asks Finexio on its behalf. */
export const askingIn = (c: Context<App>): Asking => {
  const { request_id: requestId, traceparent = null } = byRequest(c)
  return { requestId, traceparent, origin: new URL(c.req.url).origin }
}

/** @throws ApiError 401 on a route that authenticates nobody */
export const causeOf = (c: Context<App>): Cause => {
  const actor = actorIn(c)
  const agreed = c.get('agreed')
  const { stopped, why } = c.get('about') ?? {}
  const traceparent = knownTraceparent(c.req.header('traceparent'))
  const draft = agreed?.draftId ?? c.get('settingsDraft')
  return {
    request_id: c.get('requestId'),
    actor_id: actor.id,
    actor_name: actor.name,
    actor_kind: actor.kind,
    action: `${c.req.method} ${c.get('template') ?? 'an unknown path'}`,
    changed: c.get('changed') ?? [],
    ...(stopped !== undefined && { stopped }),
    ...(why !== undefined && { why }),
    ...(traceparent && { traceparent }),
    ...issuedBy(actor.issuers, actor.issuerNames),
    ...(draft !== undefined && { settings_draft_id: draft }),
    ...(agreed?.by && { agreed_by: agreed.by.id, agreed_by_name: agreed.by.name }),
    ...(agreed?.by?.reason != null && { agreed_reason: agreed.by.reason }),
  }
}
