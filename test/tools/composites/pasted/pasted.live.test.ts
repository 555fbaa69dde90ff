/** Statements, remittances and bank lines over the real Worker. The truth is read from the sandbox, without the product. */
import { beforeAll, expect, inject, test } from 'vitest'
import { callOver } from '../../../support/call-over.ts'
import { newTenant, type Tenant } from '../../../support/tenant.ts'

type Row = ReturnType<typeof JSON.parse>

let tenant: Tenant
let url: string
beforeAll(async () => {
  tenant = await newTenant(inject('stack'))
  url = await tenant.serve({ methods: ['read'] })
})

const finexio = async (path: string): Promise<Row> => {
  const authorization = `Basic ${btoa(`${tenant.username}:password of ${tenant.username}`)}`
  const response = await fetch(`${inject('stack').finexioBaseUrl}${path}`, { headers: { authorization } })
  return response.json()
}

const call = async (name: string, args: object) => {
  const called = await callOver(url, name, args)
  expect(called.isError, called.text).toBe(false)
  return called
}

const money = (cents: number) => `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`

test('a statement of the newest invoices of a supplier: paid is what settled and was not refunded, to the cent', async () => {
  const invoices: Row[] = (await finexio('/invoices/')).results
  const bySupplier = Map.groupBy(invoices, (row) => row.receiving_counterparty_id)
  const [supplier, own] = [...bySupplier].sort((a, b) => b[1].length - a[1].length)[0]!
  const statement = [
    'Invoice,Date,Amount',
    ...own.map((row) => `${row.invoice_number},${row.invoice_date},${money(row.amount_cents)}`),
  ].join('\n')
  const { data, text } = await call('reconcile_finexio_supplier_statement', { statement, supplier })
  const ids = own.map(({ payment_id }) => payment_id).filter((id) => id !== null)
  const payments = await Promise.all(ids.map((id) => finexio(`/payments/${id}/`)))
  const paymentOf = new Map(payments.map((row) => [row.id, row]))
  const isPaid = (row: Row) => {
    const payment = paymentOf.get(row.payment_id)
    return payment?.status === 'settled' && !payment.refund_timestamp
  }
  for (const [at, row] of own.entries()) {
    const { verdict } = data.lines[at]
    if (['paid', 'short'].includes(verdict))
      expect(isPaid(row), `${row.invoice_number} ${verdict}`).toBe(true)
    if (verdict === 'paid') expect(row.discount_amount_cents).toBe(0)
  }
  const undecided = data.lines.filter(({ verdict }: Row) => verdict === 'undecided').length
  console.info(
    `${own.length} lines, ${undecided} undecided, ${data.requests} requests, ${text.length} letters`,
  )
  expect(undecided / own.length).toBeLessThanOrEqual(0.03)
  expect(data.requests).toBeLessThanOrEqual(120)
})

test('a remittance names the drawdown, the address and every invoice', async () => {
  const payment = (await finexio('/payments/?status=settled')).results.find(
    (row: Row) => row.invoices.length > 1,
  )
  const { data, text } = await call('get_finexio_remittance_advice', { id: payment.id })
  expect(data.invoices.map(({ id }: Row) => id)).toEqual(payment.invoices.map(({ id }: Row) => id))
  expect(data).toMatchObject({ amount_cents: payment.amount_cents, adds_up: true, cashed: true })
  expect(text).toMatch(/Sent to|Not sent yet|Never sent|does not say/)
})

test('bank lines of a hundred drawdowns: each is its own drawdown, or a candidate', async () => {
  const drawdowns = (await finexio('/reconciliation/drawdown?status=received')).results as Row[]
  const lines = [
    'Date,Description,Debit',
    ...drawdowns.map(
      (row) =>
        `${row.funding_complete_date.slice(0, 10)},FINEXIO ${String(row.trace_id ?? '').replace(/^0+/, '')},${money(row.amount_cents)}`,
    ),
  ].join('\n')
  const { data } = await call('match_finexio_bank_lines', { lines })
  for (const [at, row] of drawdowns.entries()) {
    const { verdict, ids } = data.lines[at]
    if (verdict === 'drawdown') expect(ids).toEqual([row.processor_request_id])
    else expect(verdict).toBe('candidates')
  }
  const found = data.lines.filter(({ verdict }: Row) => verdict === 'drawdown').length
  console.info(`${found} of ${drawdowns.length} found, ${data.requests} requests`)
  expect(found / drawdowns.length).toBeGreaterThanOrEqual(0.97)
})
