/** One attempt to deliver a notification to the operator's endpoint. */
import type { Env } from '../../core/env.ts'
import { outgoingUrl } from '../../core/public-url.ts'
import { within } from '../../core/time.ts'
import { VERSION } from '../../core/version.ts'
import { isSlack, slackBody } from '../../rules/sentences/slack.ts'
import type { AboutWrite } from '../audit/entry.ts'
import type { PushProblem } from '../tables/push.ts'
import { secretOf, signedHeaders } from './sign.ts'

const TIMEOUT_MS = 15_000

/** Events of which the operator is notified. */
export type Notification =
  /** Finexio refused the credentials of an account. */
  | { type: 'account.needs_reauth'; data: { integrated_account_id: string; name: string } }
  /** An MCP server ends within a day. */
  | {
      type: 'mcp_server.expiring'
      data: { integrated_account_id: string; mcp_server_id: string; name: string; expires_at: string }
    }
  /** An account used up this server's own limit. `window_seconds` null: that of calls under way at once. */
  | {
      type: 'own_limit.reached'
      data: { integrated_account_id: string; limit: number; window_seconds: number | null }
    }
  /** The trail of an account fills its bound by size; or its oldest rows are deleted for that. */
  | {
      type: 'audit.filling' | 'audit.cut'
      data: { integrated_account_id: string; bytes: number; bound_bytes: number }
    }
  /** The collector does not take the rows of a trail, which wait for it. `status`: HTTP; null: no answer. */
  | {
      type: 'audit.push_failing'
      data: { chain: string; problem: PushProblem; status: number | null; since: string }
    }
  /** Rows were not pushed, from one number to another, both included: they had gone, or the collector rejected them for a day. */
  | { type: 'audit.push_gap'; data: { chain: string; from: number; to: number } }
  /** The newest row of each chain. `unread`: accounts that could not be asked; `more`: another message follows. */
  | {
      type: 'audit.heads'
      data: { heads: { chain: string; seq: number; hash: string }[]; unread: string[]; more: boolean }
    }
  /** A write waits for a person: with amounts, names of payees and warnings, and nothing of a bank account. */
  | {
      type: 'approval.pending'
      data: {
        integrated_account_id: string
        approval_id: string
        mcp_server_id: string
        tool_name?: string
      } & AboutWrite &
        Readonly<Record<string, unknown>>
    }
  /** How a payee is paid changed while an invoice of it was unpaid: only Finexio can stop the payment now. */
  | { type: 'payee.changed'; data: { integrated_account_id: string; supplier_id: string } }
  /** A change of settings waits for another person, or for its time. */
  | { type: 'settings.pending'; data: { settings_draft_id: string } & Readonly<Record<string, unknown>> }

export type Message = { id: string; body: string }

/** Where notifications go; null when the deployment names nothing usable, which is what most do. */
export const destinationOf = ({ NOTIFY_URL, LOCAL_DEVELOPMENT }: Env): string | null =>
  outgoingUrl(NOTIFY_URL, LOCAL_DEVELOPMENT)

let complained = false

/** Once per isolate: a notification that never comes would go unnoticed. */
const complain = (): void => {
  if (complained) return
  complained = true
  const message =
    'NOTIFY_URL (https), NOTIFY_SECRET (whsec_…; not for Slack) and NOTIFY_FORMAT (slack or none) must be usable: until then nobody is notified.'
  console.error({ event: 'configuration_fault', message })
}

type Signed = { body: string; headers: Record<string, string> }
type Form = (message: Message, seconds: number) => Signed | Promise<Signed>

/** How a message is sent; null: NOTIFY_SECRET is needed and not usable. Slack checks no signature: whoever knows the address may post. */
const formOf = (env: Env, url: string): Form | null => {
  if (isSlack(url, env.NOTIFY_FORMAT))
    return ({ body }) => ({
      body: slackBody(body),
      headers: { 'content-type': 'application/json' },
    })
  const secret = env.NOTIFY_FORMAT ? null : secretOf(env.NOTIFY_SECRET)
  return (
    secret &&
    (async ({ id, body }, seconds) => ({ body, headers: await signedHeaders(secret, { id, seconds, body }) }))
  )
}

/** Whether NOTIFY_URL is usable, and NOTIFY_SECRET where it is needed; complains once when only one is. */
export const wantsNotifications = (env: Env): boolean => {
  const url = destinationOf(env)
  const wanted = url !== null && formOf(env, url) !== null
  if (!wanted && (env.NOTIFY_URL || env.NOTIFY_SECRET)) complain()
  return wanted
}

/**
 * Sends a message once. A redirect is a failure: it would carry the message to an address that nobody configured.
 * @param now milliseconds since the epoch
 * @returns whether the endpoint took it
 */
export const deliver = async (env: Env, message: Message, now: number): Promise<boolean> => {
  const url = destinationOf(env)
  const form = url && formOf(env, url)
  if (!url || !form) return false
  const { headers, body } = await form(message, Math.floor(now / 1000))
  try {
    return await within(TIMEOUT_MS, async (signal) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { ...headers, 'user-agent': `finexio-mcp/${VERSION}` },
        body,
        redirect: 'manual',
        signal,
      })
      await response.body?.cancel()
      return response.ok
    })
  } catch {
    return false
  }
}
