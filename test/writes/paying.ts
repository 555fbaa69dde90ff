/** Invoices through the MCP endpoint, to a Finexio that answers a batch as a test says. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { vi } from 'vitest'
import { handler } from '../../src/app.ts'
import { call, connect, env } from '../api/support.ts'

export const BATCH = 'finexio_invoices_bulk_create'
export const CENTS = 432_100
const today = () => new Date().toISOString().slice(0, 10)

export type Reply = (rows: object[]) => Response
export const made = (rows: object[]) => rows.map((row, index) => ({ ...row, id: `inv_${index}` }))

/** @param off ids of suppliers that are disabled @returns `reply` to be set, and how many batches came */
export const payingFinexio = (off: readonly string[] = []) => {
  const finexio = {
    batches: 0,
    reply: ((rows) => Response.json(made(rows))) as Reply,
    /** What the list of invoices shows. */
    invoices: [] as object[],
  }
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init)
    const id = new URL(request.url).pathname.split('/').find((part) => /^(sup|buy)_/.test(part))
    const record = { id, name: `Name of ${id}`, payment_method: 'ACH', enabled: !off.includes(`${id}`) }
    if (request.method === 'GET' && request.url.includes('/invoices/')) {
      const { invoices: results } = finexio
      return Response.json({ count: results.length, next: null, previous: null, results })
    }
    if (request.method === 'GET') return Response.json(id ? record : [])
    finexio.batches += 1
    return finexio.reply(await request.json())
  })
  return finexio
}

export const connected = async (config: object = {}) => {
  const account = await connect('Paid')
  const body = {
    name: 'AP',
    config: { methods: ['read', 'write'], duplicate_guard: { requests: 0 }, ...config },
  }
  return {
    account,
    url: (await call('POST', `/integrated-account/${account}/mcp`, { body })).body.url as string,
  }
}

/** A tool by the MCP endpoint, as a client gets its answer. */
export const tool = async (url: string, name: string, args: object) => {
  const ctx = createExecutionContext()
  const params = { name, arguments: args }
  const request = new Request(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }),
  })
  const response = await handler.fetch!(request as never, env, ctx)
  // biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
  const { result } = (await response.json()) as any
  await waitOnExecutionContext(ctx)
  return { data: result?.structuredContent, text: result?.content?.[0]?.text as string, meta: result?._meta }
}

/** M-1 over $4,321.00 for sup_1, M-2 over half of it for sup_2. */
export const invoicesOf = (count = 1) =>
  Array.from({ length: count }, (_, index) => ({
    invoice_number: `M-${index + 1}`,
    receiving_counterparty_id: `sup_${index + 1}`,
    originating_counterparty_id: 'buy_1',
    amount_cents: Math.floor(CENTS / (index + 1)),
    invoice_date: today(),
  }))

export const pay = async (url: string, count = 1, more: object = {}) =>
  (await tool(url, BATCH, { body: invoicesOf(count), ...more })).data
