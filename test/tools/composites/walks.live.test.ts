/** Trace, reconcile, search and fetch over the real Worker. The truth is read from the sandbox, without the product. */
import { beforeAll, expect, inject, test } from 'vitest'
import { callOver } from '../../support/call-over.ts'
import { newTenant, type Tenant } from '../../support/tenant.ts'

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

test('a whole drawdown in one call, at the fewest requests', async () => {
  const listed = (await finexio('/reconciliation/drawdown?created_start=2020-01-01')).results as Row[]
  const sizes = await Promise.all(
    listed.slice(0, 20).map(async ({ processor_request_id: id }) => {
      const { results } = await finexio(`/reconciliation/drawdown/${id}/payments`)
      return { id, payments: results as Row[] }
    }),
  )
  const { id, payments } = sizes.sort((a, b) => b.payments.length - a.payments.length)[0]!
  await tenant.sandbox.forgetRequests()
  const { data } = await call('reconcile_finexio_drawdown', { id })
  const checks = payments.filter(
    ({ payment_method }) => String(payment_method).toLowerCase() === 'check',
  ).length
  const sum = payments.reduce((cents: number, one: Row) => cents + one.amount_cents, 0)
  expect(data).toMatchObject({
    payments_count: payments.length,
    payments_cents: sum,
    is_partial_response: false,
  })
  // Only the payment itself tells whether one that came back was reissued.
  const stopped = payments.filter(({ status }) => ['failed', 'canceled'].includes(String(status))).length
  const looked = (await tenant.requestCount()) - (3 + checks + stopped)
  // Whether an invoice that it left unpaid is paid by another payment is looked for among the newest invoices.
  expect(looked).toBeGreaterThanOrEqual(0)
  expect(looked).toBeLessThanOrEqual(stopped > 0 ? 10 : 0)
  console.info(`${payments.length} payments, ${checks} checks: ${data.requests} requests, one call`)
})

test('an invoice is found by id and by number, with the same verdict', async () => {
  const paid = (await finexio('/payments/?status=settled')).results.find(
    (one: Row) => one.invoices?.length === 1,
  )
  const [invoice] = paid.invoices
  const byId = (await call('trace_finexio_invoice', { id: invoice.id })).data
  expect(byId).toMatchObject({ verdict: 'paid', payment: { id: paid.id } })
  const { data } = await call('trace_finexio_invoice', { invoice_number: invoice.invoice_number })
  const verdicts = data.matches_count === 1 ? [data.verdict] : data.matches.map(({ id }: Row) => id)
  expect(verdicts).toContain(data.matches_count === 1 ? 'paid' : invoice.id)
})

test('search finds a payment by its tracking id, fetch shows it', async () => {
  const [payment] = (await finexio('/payments/?status=settled')).results
  const { data } = await call('search', { query: payment.tracking_id })
  const found = data.results.find(({ id }: Row) => id === `payment:${payment.id}`)
  expect(found.url).toMatch(/^http.*\/payments\//)
  const record = (await call('fetch', { id: found.id })).data
  expect(JSON.parse(record.text)).toMatchObject({ id: payment.id, amount_cents: payment.amount_cents })
})
