/** Writes through the real Worker: short ways to make invoices, approvers, and to count what really left. */
import { manage } from '../../scripts/local/management.ts'
import type { StackAddresses } from '../../scripts/local/stack.ts'
import { type Called, callOver } from '../support/call-over.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

export const BATCH = 'finexio_invoices_bulk_create'
const today = new Date().toISOString().slice(0, 10)

export const invoice = (number: string, cents = 12_345, supplier = 'sup_999') => ({
  invoice_number: number,
  amount_cents: cents,
  invoice_date: today,
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: supplier,
})

export const pay = (url: string, rows: object[], more: object = {}): Promise<Called> =>
  callOver(url, BATCH, { body: rows, ...more })

type Sent = Awaited<ReturnType<Tenant['requests']>>[number]

/** Requests that may change something at Finexio. */
export const writesOf = async (tenant: Tenant): Promise<Sent[]> =>
  (await tenant.requests()).filter(({ method }) => method !== 'GET')

export type Draft = { id: string; state: string; outcome: { state: string } | null; [more: string]: unknown }

/** The REST API as one person or system sees it. */
export const keyed = (stack: StackAddresses, key: string) => {
  const api = { ...stack, adminApiKey: key }
  return {
    get: <T>(path: string) => manage<T>(api, 'GET', path),
    approve: (id: string, reason?: string) =>
      manage<Draft>(api, 'POST', `/approval/${id}/approve`, reason === undefined ? {} : { reason }),
    settle: (account: string, key: string, carried_out: boolean) =>
      manage(api, 'POST', `/integrated-account/${account}/unknown-write/${key}/settle`, {
        carried_out,
        reason: 'Looked up in the portal.',
      }),
    reject: (id: string, reason?: string) => manage<Draft>(api, 'POST', `/approval/${id}/reject`, { reason }),
  }
}

/** A person who may approve, or another with other grants. `id`: of the person. */
export const approver = async (
  stack: StackAddresses,
  grants: readonly string[] = ['approve'],
  name = 'Ann Approver',
) => {
  const { holder, token } = await manage<{ holder: string; token: string }>(stack, 'POST', '/api-token', {
    name,
    kind: 'person',
    grants,
  })
  return { id: holder, token, ...keyed(stack, token) }
}

/** A change that somebody makes at Finexio itself, in its portal or with another program. @param path below the base */
export const atFinexio = async (
  { finexioBaseUrl }: Pick<StackAddresses, 'finexioBaseUrl'>,
  { username }: Tenant,
  path: string,
  body: object,
  method = 'PATCH',
): Promise<void> => {
  const authorization = `Basic ${btoa(`${username}:password of ${username}`)}`
  const headers = { authorization, 'content-type': 'application/json' }
  const { ok, status } = await fetch(finexioBaseUrl + path, { method, headers, body: JSON.stringify(body) })
  if (!ok) throw new Error(`${method} ${path} was answered with ${status}`)
}

export const tenantWith = async (stack: StackAddresses, config: Record<string, unknown> = {}) => {
  const tenant = await newTenant(stack)
  // The role has to be older than the drafts that it decides on.
  await approver(stack)
  const server = await tenant.create({ methods: ['read', 'write'], ...config })
  return { tenant, server, url: server.url }
}
