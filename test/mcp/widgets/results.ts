/** Real results of the tools that have cards, on the demo data, which nothing here changes. */
import { createAccount, createServer } from '../../../scripts/local/management.ts'
import type { StackAddresses } from '../../../scripts/local/stack.ts'
import { cards } from '../../../src/tools/cards.ts'
import { callOver } from '../../support/call-over.ts'
import { callWith, envelope } from '../../tools/fake-finexio.ts'

// biome-ignore lint/suspicious/noExplicitAny: results are looked into and bent by tests
export type Result = any

export type Called = { input: Record<string, unknown>; result: Result }

type Name = (typeof cards)[number]['name']

export type Results = {
  url: string
  /** Another MCP server of the same account. */
  serve(config: object): Promise<string>
  of: Partial<Record<Name, Called>>
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
  const { data } = await callOver(url, 'check_finexio_supplier_readiness', { limit: 200 })
  const payable: { name: string }[] = data.result.filter(({ ready }: Result) => ready).slice(0, 11)
  const [date, due] = [dayFrom(Date.now(), -1), dayFrom(Date.now(), 20)]
  const rows = payable.map(
    ({ name }, at) => `"${name}",CARD-${at},"$${(1_234.56 * (at + 1)).toFixed(2)}",${date},${due}`,
  )
  return ['Vendor,Invoice #,Amount,Date,Due date', ...rows, `Nobody at all,CARD-X,5.00,${date},${due}`].join(
    '\n',
  )
}

const dollars = (cents: number) => (cents / 100).toFixed(2)

/** A statement of a supplier: what is there, one line twice, a number of somebody else, and one that nobody knows. */
const statementOf = async (url: string) => {
  const fields = ['invoice_number', 'amount_cents', 'invoice_date', 'receiving_counterparty_id']
  const listed = (args: object) => callOver(url, 'list_all_finexio_invoices', { fields, ...args })
  const [mine, all] = await Promise.all([listed({ supplier: 'sup_123', limit: 12 }), listed({ limit: 40 })])
  const rows: Result[] = mine.data.result
  const foreign = all.data.result.find((row: Result) => row.receiving_counterparty_id !== 'sup_123')
  const lines = [...rows, rows[0], foreign].map(
    ({ invoice_number, invoice_date, amount_cents }) =>
      `${invoice_number},${invoice_date},${dollars(amount_cents)}`,
  )
  const statement = ['Invoice,Date,Amount', ...lines, `${rows[1].invoice_number}X,2026-11-02,55.00`].join(
    '\n',
  )
  return { statement, supplier: 'sup_123' }
}

/** Debits of drawdowns, a coffee shop, and a debit that names no drawdown. */
const bankOf = async (url: string) => {
  const created_start = dayFrom(Date.now(), -30)
  const { data } = await callOver(url, 'list_all_finexio_drawdowns', { limit: 10, created_start })
  const lines = data.result
    .slice(1, 9)
    .map(
      ({ created, trace_id, processor_request_id, amount_cents }: Result) =>
        `${created.slice(0, 10)},ACH DEBIT FINEXIO ${trace_id ?? processor_request_id},-${dollars(amount_cents)}`,
    )
  const [first] = data.result
  const day = first.created.slice(0, 10)
  return {
    lines: [
      'Date,Description,Amount',
      ...lines,
      `${day},COFFEE SHOP,-12.00`,
      `${day},DEBIT,-${dollars(first.amount_cents)}`,
    ].join('\n'),
  }
}

const failedInvoice = async (url: string) => {
  const args = { status: 'failed', limit: 1, fields: ['id'] }
  const { data } = await callOver(url, 'list_all_finexio_invoices', args)
  return { id: data.result[0].id }
}

/** The demo data hold none: a bill entered again with one digit more, and one that was paid twice. */
const duplicates = async (): Promise<Result> => {
  const bill = (id: string, number: string, status: string, more: object = {}) => ({
    id,
    invoice_number: number,
    amount_cents: 125_000,
    status,
    invoice_date: dayFrom(Date.now(), -9),
    created: dayFrom(Date.now(), -9),
    receiving_counterparty_id: 'sup_123',
    originating_counterparty_id: 'buy_456',
    ...more,
  })
  const rows = [
    bill('inv_1', 'INV-2207', 'complete'),
    bill('inv_2', 'inv 2207', 'pending', { created: dayFrom(Date.now(), -2) }),
    bill('inv_3', 'B-10', 'complete', { amount_cents: 99_900 }),
    bill('inv_4', 'B-10', 'complete', { amount_cents: 99_900, invoice_date: dayFrom(Date.now(), -1) }),
  ]
  const answer = ({ path }: { path: string }) =>
    path.includes('/invoices/')
      ? envelope(rows)
      : envelope([{ id: 'sup_123', name: 'Northgate Paper Supply' }])
  return (await callWith('find_possible_duplicate_finexio_invoices', {}, answer)).result
}

/** What each card is shown with: the arguments of a real call, or a result made beforehand. */
const INPUTS: Record<Name, (url: string) => Promise<Record<string, unknown>>> = {
  payments: async () => ({ limit: 50 }),
  reconciliation: async () => ({ id: 'req_009988' }),
  invoices: async (url) => ({ csv: await sheetOf(url), buyer: 'Example1' }),
  timeline: async () => ({}),
  chart: async () => ({ over: 'payments', by: ['month'] }),
  trace: failedInvoice,
  statement: statementOf,
  bank: bankOf,
  readiness: async () => ({}),
  duplicates: async () => ({}),
}

/** @param names cards whose results are read */
export const readResults = async (
  stack: StackAddresses,
  names: readonly Name[] = cards.map(({ name }) => name),
): Promise<Results> => {
  const credentials = { username: 'demo', password: 'demo' }
  const account = { name: 'cards', credentials, base_url: stack.finexioBaseUrl }
  const { id } = await createAccount(stack, account)
  const serve = async (config: object) =>
    (await createServer(stack, id, { name: 'cards', config: { ...config } })).url
  const url = await serve({ methods: ['read', 'write'] })
  const called = async (name: Name): Promise<[Name, Called]> => {
    const { tool } = cards.find((card) => card.name === name)!
    const input = await INPUTS[name](url)
    return [
      name,
      { input, result: name === 'duplicates' ? await duplicates() : await rawCall(url, tool, input) },
    ]
  }
  return { url, serve, of: Object.fromEntries(await Promise.all(names.map(called))) }
}
