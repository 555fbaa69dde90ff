/** What hostile-agent tests share: counting the cents that Finexio was really told to pay, and calls no honest client makes. */
import { manage } from '../../scripts/local/management.ts'
import type { StackAddresses } from '../../scripts/local/stack.ts'
import { callOver } from '../support/call-over.ts'
import type { Tenant } from '../support/tenant.ts'
import { BATCH } from '../writes/live.ts'

type Row = { amount_cents: number; receiving_counterparty_id: string }

/** Invoices in every batch that left, whatever Finexio said to it. */
export const rowsSent = async (tenant: Tenant): Promise<Row[]> =>
  (await tenant.requests())
    .filter(({ method, path }) => method === 'POST' && path.endsWith('/invoices/batch/'))
    .flatMap(({ body }) => body as Row[])

export const centsSent = async (tenant: Tenant): Promise<number> =>
  (await rowsSent(tenant)).reduce((sum, { amount_cents }) => sum + Number(amount_cents), 0)

/** A batch as text, for what `JSON.stringify` would not write. */
export const payRaw = async (url: string, body: string): Promise<string> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: `{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"${BATCH}","arguments":{"body":${body}}}}`,
  })
  return response.text()
}

/** How an operator changes an account, its servers and its switches. */
export const operator = (stack: StackAddresses, { accountId }: Tenant) => {
  const at = `/integrated-account/${accountId}`
  return {
    account: (change: object) => manage<object>(stack, 'PATCH', at, change),
    server: (id: string, config: object) => manage<object>(stack, 'PATCH', `${at}/mcp/${id}`, { config }),
    rotate: (id: string) => manage<{ url: string }>(stack, 'POST', `${at}/mcp/${id}/rotate`, {}),
    stop: (stopped: boolean) => manage<object>(stack, 'PUT', `${at}/writes`, { stopped }),
  }
}

/** Points a supplier's money elsewhere, through whatever server lets it. */
export const repoint = (url: string, id: string, account = '99887766554') =>
  callOver(url, 'finexio_suppliers_partial_update', {
    id,
    payment_method: 'ACH',
    bank_account_number: account,
    bank_routing_number: '021000021',
    idempotency_key: crypto.randomUUID(),
  })
