/** Which files one tool call passes through: those with a function that it executes. */
import { type Running, startRunning } from './running.ts'

export type Passed = { call: string; files: string[] }

type Call = { name: string; args: () => object }

/** The second of its kind is watched: what only a first call does belongs to no call. */
const CALLS: readonly Call[] = [
  { name: 'list_all_finexio_payments', args: () => ({ limit: 10 }) },
  { name: 'finexio_invoices_bulk_create', args: () => ({ body: [invoice()] }) },
]

const invoice = () => ({
  invoice_number: `MEASURED-${crypto.randomUUID()}`,
  amount_cents: 45_000,
  invoice_date: new Date().toISOString().slice(0, 10),
  originating_counterparty_id: 'buy_456',
  receiving_counterparty_id: 'sup_123',
})

const send = async (url: string, { name, args }: Call): Promise<void> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      'mcp-protocol-version': '2025-11-25',
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args() },
    }),
  })
  const { result } = (await response.json()) as { result?: { isError?: boolean } }
  if (!result || result.isError) throw new Error(`${name} failed: ${JSON.stringify(result)}`)
}

const watched = async ({ mcpUrl, ran }: Running, call: Call): Promise<Passed> => {
  await send(mcpUrl, call)
  await ran()
  await send(mcpUrl, call)
  return { call: call.name, files: (await ran()).sort() }
}

/** @param repo absolute path of a checkout */
export const passedBy = async (repo: string): Promise<Passed[]> => {
  const running = await startRunning(repo)
  try {
    const found: Passed[] = []
    for (const call of CALLS) found.push(await watched(running, call))
    return found
  } finally {
    await running.stop()
  }
}
