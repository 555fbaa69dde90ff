/** The same data in every form that Finexio's sources allow: what composites make of it must not change. */
import { beforeAll, expect, inject, test } from 'vitest'
import type { Settings } from '../../../sandbox/tenants/settings.ts'
import { callOver } from '../../support/call-over.ts'
import { newTenant, type Tenant } from '../../support/tenant.ts'

type Row = ReturnType<typeof JSON.parse>

const VARIANTS: readonly Partial<Settings>[] = [
  { historyShape: 'openapi' },
  { amountsAsStrings: true },
  { imagesShape: 'array' },
  { drawdownByIdShape: 'envelope' },
  { listOrder: 'oldest' },
  { pageSize: 80 },
]

let tenant: Tenant
let url: string
let before: Row

const call = async (name: string, args: object): Promise<Row> => {
  const { data, text, isError } = await callOver(url, name, args)
  expect(isError, text).toBe(false)
  // A search says how far it looked: the newest invoices, of more than it may read.
  expect(data.is_partial_response ?? false, text).toBe(name === 'search')
  return data
}

const sorted = (rows: readonly Row[]) => rows.map((row: Row) => JSON.stringify(row)).toSorted()

/** The figures and rows of every composite, whatever their order, without the number of requests. */
const answers = async (): Promise<Row> => {
  const payments = await call('analyze_finexio_payables', {
    over: 'payments',
    by: ['month', 'supplier'],
    measure: ['sum', 'median', 'days_to_pay'],
    top: 200,
  })
  const invoices = await call('analyze_finexio_payables', {
    over: 'invoices',
    by: ['supplier', 'aging'],
    top: 200,
  })
  const audit = await call('audit_finexio_counterparty_changes', { internal_id: 'vendor_alpha', limit: 500 })
  const drawdown = await call('reconcile_finexio_drawdown', { id: 'req_987654' })
  const [first] = drawdown.payments[0].invoices
  const traced = await call('trace_finexio_invoice', { id: first.id })
  const readiness = await call('check_finexio_supplier_readiness', { limit: 200 })
  const { results } = await call('search', { query: first.invoice_number })
  return {
    payments: [payments.total, payments.by_money, sorted(payments.result)],
    invoices: [invoices.unpaid, invoices.overdue, sorted(invoices.result)],
    audit: audit.result.map(({ timestamp, field, before, after, risk }: Row) => [
      timestamp,
      field,
      // One of the two shapes writes numbers as text.
      String(before),
      String(after),
      risk,
    ]),
    drawdown: [drawdown.reconciled, drawdown.payments_cents, sorted(drawdown.payments), drawdown.open_count],
    traced: [traced.verdict, traced.since, traced.invoice, traced.payment, traced.check, traced.drawdown],
    readiness: sorted(readiness.result),
    search: sorted(results),
  }
}

beforeAll(async () => {
  tenant = await newTenant(inject('stack'))
  url = await tenant.serve({ methods: ['read'] })
  before = await answers()
})

test.each(VARIANTS)('with %j', async (settings) => {
  await tenant.sandbox.change(settings)
  try {
    expect(await answers()).toEqual(before)
  } finally {
    await tenant.sandbox.change(
      Object.fromEntries(Object.keys(settings).map((name) => [name, null])) as never,
    )
  }
})
