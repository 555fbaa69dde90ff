/**
 * What answers cost a model, in o200k tokens, on the sandbox's data. Its records are about three times as long as those
 * that the ceilings of bench/budgets.json were set for (test/tools/tokens.test.ts holds these), so here the same
 * ceilings hold as shares of what Finexio sent.
 */
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { beforeAll, expect, inject, test } from 'vitest'
import budgets from '../../bench/budgets.json' with { type: 'json' }
import { callOver } from '../support/call-over.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

const tokens = (text: string) => encode(text).length

const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10)

/** Questions of the README and what answers them. */
const HEROES: [question: keyof typeof budgets.heroes, tool: string, args: object][] = [
  ['drawdown req_987654', 'get_single_finexio_drawdown_by_id', { id: 'req_987654' }],
  ['payments of req_009988', 'list_all_finexio_drawdown_payments', { processor_request_id: 'req_009988' }],
  ['check image of pay_555777', 'get_single_finexio_payment_image_by_id', { payment_id: 'pay_555777' }],
  ['50 suppliers', 'list_all_finexio_suppliers', { limit: 50 }],
  ['50 invoices', 'list_all_finexio_invoices', { limit: 50 }],
  ['50 drawdowns', 'list_all_finexio_drawdowns', { limit: 50, created_start: '2020-01-01' }],
  ['reconciliation of req_987654', 'reconcile_finexio_drawdown', { id: 'req_987654' }],
  [
    'payments of half a year by status and month',
    'analyze_finexio_payables',
    { over: 'payments', from: daysAgo(180), by: ['month', 'status'] },
  ],
  ['aging of all invoices', 'analyze_finexio_payables', { over: 'invoices', by: ['aging', 'status'] }],
  ['possible duplicates', 'find_possible_duplicate_finexio_invoices', {}],
  ['changes of the last 90 days', 'audit_finexio_counterparty_changes', {}],
  ['readiness of all suppliers', 'check_finexio_supplier_readiness', {}],
]

let tenant: Tenant
let url: string

const rawPayments = async (count: number): Promise<unknown[]> => {
  const { finexioBaseUrl } = inject('stack')
  const credentials = btoa(`${tenant.username}:password of ${tenant.username}`)
  const response = await fetch(`${finexioBaseUrl}/payments/?created_start=2020-01-01`, {
    headers: { authorization: `Basic ${credentials}` },
  })
  const { results } = (await response.json()) as { results: unknown[] }
  return results.slice(0, count)
}

const cost = async (tool: string, args: object) => {
  const { text, data, isError } = await callOver(url, tool, args)
  expect(isError, text).toBe(false)
  const [inText, inStructure] = [tokens(text), tokens(JSON.stringify(data))]
  return { text: inText, both: inText + inStructure, data }
}

beforeAll(async () => {
  tenant = await newTenant(inject('stack'))
  url = await tenant.serve({ methods: ['read', 'write'] })
})

test('50 payments with the twelve useful fields', async () => {
  const raw = tokens(JSON.stringify(await rawPayments(50)))
  const { text, both, data } = await cost('list_all_finexio_payments', { limit: 50 })
  console.info(`50 payments: ${raw} tokens raw, ${text} of text, ${both} with structuredContent`)
  expect(data.result).toHaveLength(50)
  expect(text / raw).toBeLessThanOrEqual(
    budgets.answers['50 payments, text'] / budgets.answers['50 payments, raw'],
  )
  expect(both / raw).toBeLessThanOrEqual(
    budgets.answers['50 payments, text and structuredContent'] / budgets.answers['50 payments, raw'],
  )
})

/** The same for answers whose arguments only the data knows. */
const found = async (): Promise<typeof HEROES> => {
  const [payment] = (await cost('list_all_finexio_payments', { limit: 1, fields: ['*'] })).data.result
  return [
    ['trace of an invoice', 'trace_finexio_invoice', { id: payment.invoices[0].id }],
    ['search for a tracking id', 'search', { query: payment.tracking_id }],
  ]
}

test('the other answers', async () => {
  const rows: string[] = []
  const above: string[] = []
  const asked = [...HEROES, ...(await found())]
  expect(asked.map(([question]) => question).toSorted()).toEqual(Object.keys(budgets.heroes).toSorted())
  for (const [question, tool, args] of asked) {
    const { text, both } = await cost(tool, args)
    rows.push(`${String(text).padStart(7)} ${String(both).padStart(7)}  ${question}`)
    if (text > budgets.heroes[question]) above.push(question)
  }
  console.info(`tokens of text, with structuredContent:\n${rows.join('\n')}`)
  expect(above).toEqual([])
})
