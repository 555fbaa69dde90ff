/** Real results of the tools that have cards, on the demo data, which nothing here changes. */
import { createAccount, createServer } from '../../../scripts/local/management.ts'
import type { StackAddresses } from '../../../scripts/local/stack.ts'
import { callOver } from '../../support/call-over.ts'

// biome-ignore lint/suspicious/noExplicitAny: results are looked into and bent by tests
export type Result = any

export type Called = { input: Record<string, unknown>; result: Result }

export type Results = {
  url: string
  /** Another MCP server of the same account. */
  serve(config: object): Promise<string>
  payments: Called
  reconciliation: Called
  invoices: Called
  timeline: Called
}

/** The raw result of one `tools/call`, `_meta` included. */
export const rawCall = async (url: string, name: string, args: object): Promise<Result> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  return ((await response.json()) as Result).result
}

const DAY = 86_400_000
const dayFrom = (now: number, days: number) => new Date(now + days * DAY).toISOString().slice(0, 10)

/** Eleven good rows and one bad one. */
const sheetOf = async (url: string): Promise<string> => {
  const { data } = await callOver(url, 'list_all_finexio_suppliers', { limit: 11, fields: ['name'] })
  const [date, due] = [dayFrom(Date.now(), -1), dayFrom(Date.now(), 20)]
  const rows = data.result.map(
    ({ name }: { name: string }, at: number) =>
      `"${name}",CARD-${at},"$${(1_234.56 * (at + 1)).toFixed(2)}",${date},${due}`,
  )
  return ['Vendor,Invoice #,Amount,Date,Due date', ...rows, `Nobody at all,CARD-X,5.00,${date},${due}`].join(
    '\n',
  )
}

export const readResults = async (stack: StackAddresses): Promise<Results> => {
  const credentials = { username: 'demo', password: 'demo' }
  const account = { name: 'cards', credentials, base_url: stack.finexioBaseUrl }
  const { id } = await createAccount(stack, account)
  const serve = async (config: object) =>
    (await createServer(stack, id, { name: 'cards', config: { ...config } })).url
  const url = await serve({ methods: ['read', 'write'] })
  const called = async (name: string, input: Record<string, unknown>): Promise<Called> => ({
    input,
    result: await rawCall(url, name, input),
  })
  const sheet = { csv: await sheetOf(url), buyer: 'Example1' }
  return {
    url,
    serve,
    payments: await called('list_all_finexio_payments', { limit: 50 }),
    reconciliation: await called('reconcile_finexio_drawdown', { id: 'req_009988' }),
    invoices: await called('prepare_finexio_invoices', sheet),
    timeline: await called('audit_finexio_counterparty_changes', {}),
  }
}
