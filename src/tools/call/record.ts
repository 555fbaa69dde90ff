/** Writing tool calls into the trail: after the answer, so that no call waits for it and none fails by it. */

import { accountObject } from '../../account/account-stub.ts'
import type { CallEntry } from '../../account/audit/entry.ts'
import { hexOf } from '../../core/bytes.ts'
import { digestOfValue } from '../../core/keys.ts'
import type { Admission } from '../../rules/admission.ts'
import type { CallContext, Called } from '../contract.ts'

const routeOf = (route: string | null): { http_method: string | null; http_url: string | null } => {
  const [http_method = null, http_url = null] = route?.split(' ') ?? []
  return { http_method, http_url }
}

const LONGEST_NAME = 100

const countOf = (outcome: Called['outcome']): number | null => {
  const { result_count: count } = (outcome?.result.structuredContent ?? {}) as { result_count?: unknown }
  return typeof count === 'number' ? count : null
}

/** What ran, as far as anything did: a fault of ours leaves nothing but the name. */
const whatRan = ({ name, outcome }: Called) => {
  const ran = outcome?.ran
  return {
    tool_name: ran?.tool ?? name.slice(0, LONGEST_NAME),
    resource: ran?.resource ?? null,
    method: ran?.method ?? null,
    effect: ran?.effect ?? null,
    outcome: ran?.outcome ?? (outcome ? ('fault' as const) : ('unknown_tool' as const)),
    http_status_code: ran?.upstream.status ?? null,
    ...routeOf(ran?.upstream.route ?? null),
    upstream_requests: ran?.upstream.requests ?? 0,
    fetch_duration: ran?.upstream.milliseconds ?? 0,
    reason: ran?.reason ?? null,
  }
}

/** Who called: with a sign-in both the API token and the client that acts for it. */
const whoCalled = ({ caller }: Admission) => {
  const token = caller.kind === 'api_token' ? caller : null
  return {
    caller_id: token?.id ?? null,
    caller_name: token?.name ?? null,
    oauth_grant_id: token?.oauth?.grant_id ?? null,
    oauth_client_id: token?.oauth?.client_id ?? null,
    oauth_client_name: token?.oauth?.client_name ?? null,
  }
}

const entryOf = async (context: CallContext, called: Called): Promise<CallEntry> => {
  const { env, admission, requestId, client } = context
  const { account, server } = admission
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
    ...whoCalled(admission),
    arguments_digest: hexOf(digest),
  }
}

/** Tells the account of a call. A row that could not be written is counted, and the trail says so with its next one. */
export const recordCall = async (context: CallContext, called: Called): Promise<void> => {
  const account = accountObject(context.env, context.admission.account.id)
  try {
    await account.record([await entryOf(context, called)])
  } catch (error) {
    console.error({ event: 'audit_gap', error: error instanceof Error ? error.name : typeof error })
    await account.recordGap(1).catch(() => {})
  }
}
