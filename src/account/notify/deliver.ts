/** One attempt to deliver a notification to the operator's endpoint. */

import type { Env } from '../../core/env.ts'
import { isLoopback } from '../../core/public-url.ts'
import { VERSION } from '../../core/version.ts'
import type { AboutWrite } from '../audit/entry.ts'
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
  /** An account used up this server's own limit. */
  | {
      type: 'own_limit.reached'
      data: { integrated_account_id: string; limit: number; window_seconds: number }
    }
  /** The trail of an account fills its bound by size; or its oldest rows are deleted for that. */
  | {
      type: 'audit.filling' | 'audit.cut'
      data: { integrated_account_id: string; bytes: number; bound_bytes: number }
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
export const destinationOf = ({ NOTIFY_URL, LOCAL_DEVELOPMENT }: Env): string | null => {
  const url = NOTIFY_URL && URL.canParse(NOTIFY_URL) ? new URL(NOTIFY_URL) : null
  if (!url) return null
  const local = LOCAL_DEVELOPMENT === 'true' && url.protocol === 'http:' && isLoopback(url.hostname)
  return url.protocol === 'https:' || local ? url.href : null
}

let complained = false

/** Once per isolate: a notification that never comes would go unnoticed. */
const complain = (): void => {
  if (complained) return
  complained = true
  const message =
    'NOTIFY_URL (https) and NOTIFY_SECRET (whsec_…) must both be usable: until then nobody is notified.'
  console.error({ event: 'configuration_fault', message })
}

/** Whether NOTIFY_URL and NOTIFY_SECRET are both usable; complains once when only one is. */
export const wantsNotifications = (env: Env): boolean => {
  const wanted = destinationOf(env) !== null && secretOf(env.NOTIFY_SECRET) !== null
  if (!wanted && (env.NOTIFY_URL || env.NOTIFY_SECRET)) complain()
  return wanted
}

/**
 * Sends a message once. A redirect is a failure: it would carry the message to an address that nobody configured.
 * @param now milliseconds since the epoch
 * @returns whether the endpoint took it
 */
export const deliver = async (env: Env, { id, body }: Message, now: number): Promise<boolean> => {
  const [url, secret] = [destinationOf(env), secretOf(env.NOTIFY_SECRET)]
  if (!url || !secret) return false
  const headers = await signedHeaders(secret, { id, seconds: Math.floor(now / 1000), body })
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'user-agent': `finexio-mcp/${VERSION}` },
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    await response.body?.cancel()
    return response.ok
  } catch {
    return false
  }
}
