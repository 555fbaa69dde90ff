import { expect, test } from 'vitest'
import { invoice, tenant } from './support.ts'

const me = tenant('drawdowns')
const list = async (query: string) => (await me.get(`/reconciliation/drawdown?${query}`)).body
const NEEDED = { detail: 'At least one query parameter is required.' }

test('a list needs a filter, and a page is none unless drawdownPageCounts', async () => {
  for (const query of ['', '?page=1', '?status=', '?colour=red'])
    expect(await me.get(`/reconciliation/drawdown${query}`)).toMatchObject({ status: 400, body: NEEDED })
  await me.set({ drawdownPageCounts: true })
  expect((await me.get('/reconciliation/drawdown?page=1')).status).toBe(200)
  expect((await me.get('/reconciliation/drawdown')).status).toBe(400)
  await me.set({ drawdownPageCounts: null })
})

test('every filter finds the drawdown of a seeded payment', async () => {
  const [payment] = (await me.get('/reconciliation/drawdown/req_987654/payments')).body.results
  const { created, funding_complete_date, amount_cents } = (
    await me.get('/reconciliation/drawdown/req_987654')
  ).body
  const filters = {
    buyer_ref_id: 'KESTREL-456',
    originating_counterparty_id: 'buy_456',
    supplier_ref_id: payment.supplier_ref_id,
    tracking_id: payment.tracking_id,
    invoice_number: payment.invoices[0].invoice_number,
    status: 'received',
    created_start: created,
    created_end: created,
    completed_start: funding_complete_date,
    completed_end: funding_complete_date,
    amount_cents_start: String(amount_cents),
    amount_cents_end: String(amount_cents),
  }
  for (const [name, value] of Object.entries(filters)) {
    let found = await list(new URLSearchParams({ [name]: value }).toString())
    const ids: string[] = []
    for (let page = 1; ; page += 1) {
      ids.push(...found.results.map((row: { processor_request_id: string }) => row.processor_request_id))
      if (!found.next) break
      found = await list(new URLSearchParams({ [name]: value, page: String(page + 1) }).toString())
    }
    expect(ids, name).toContain('req_987654')
  }
  const all = await list(new URLSearchParams(filters).toString())
  expect(all.count).toBe(1)
})

test('one drawdown per buyer and run, its amount the sum of its payments', async () => {
  const one = tenant('runs')
  const made = (
    await one.post('/invoices/batch/', [
      invoice({ amount_cents: 10_000, originating_counterparty_id: 'buy_111' }),
      invoice({
        amount_cents: 20_000,
        originating_counterparty_id: 'buy_111',
        receiving_counterparty_id: 'sup_999',
      }),
      invoice({ amount_cents: 40_000 }),
    ])
  ).body as { id: string }[]
  await one.advance(61)
  const first = (await one.get(`/invoices/${made[0]!.id}/`)).body
  const { tracking_id } = (await one.get(`/payments/${first.payment_id}/`)).body
  const find = async () =>
    (await one.get(`/reconciliation/drawdown?tracking_id=${tracking_id}`)).body.results[0]
  await one.advance(40)
  const drawdown = await find()
  expect(drawdown).toMatchObject({ amount_cents: 30_000, status: 'received', buyer_ref_id: 'JUNIPER-111' })
  expect(drawdown.processor_request_id).toMatch(/^DJ[A-Z0-9]{10}$/)
  expect(drawdown.created).toMatch(/\.000000$/)
  expect(drawdown.funding_complete_date).toMatch(/\.000000$/)
  const { events, funding_drawdown_request_id } = (await one.get(`/payments/${first.payment_id}/`)).body
  const at = (code: string) =>
    events.find((event: { event_code: string }) => event.event_code === code).timestamp
  expect(drawdown.created >= at('PU12') && drawdown.created <= at('FA00')).toBe(true)
  expect(drawdown.funding_complete_date.slice(0, 19)).toBe(at('FA10').slice(0, 19))
  expect(funding_drawdown_request_id).not.toBe(drawdown.processor_request_id)
  await one.set({ drawdownIdsEqual: true })
  const equal = (await one.get(`/payments/${first.payment_id}/`)).body.funding_drawdown_request_id
  expect(equal).toBe(drawdown.processor_request_id)
})

test('payments of a drawdown carry supplier, invoices and where they went', async () => {
  const { body } = await me.get('/reconciliation/drawdown/req_009988/payments')
  expect(body.count).toBe(6)
  for (const row of body.results) {
    expect(row).toMatchObject({
      payment_method: 'check',
      delivery_method: 'mail',
      status: 'in-progress',
      email: null,
    })
    expect(row.address_1).toEqual(expect.any(String))
    expect(row.zip).toMatch(/^\d{5}$/)
    const paid = row.invoices.map((one: { payment_amount_cents: number }) => one.payment_amount_cents)
    expect(paid.reduce((sum: number, cents: number) => sum + cents, 0)).toBe(row.amount_cents)
  }
})

test('by id: object or envelope; unknown: 404 or 400', async () => {
  expect((await me.get('/reconciliation/drawdown/req_987654')).body.processor_request_id).toBe('req_987654')
  await me.set({ drawdownByIdShape: 'envelope', drawdownUnknownId: 400 })
  expect((await me.get('/reconciliation/drawdown/req_987654')).body).toMatchObject({
    count: 1,
    results: [{ processor_request_id: 'req_987654' }],
  })
  expect((await me.get('/reconciliation/drawdown/none')).status).toBe(400)
  await me.set({ drawdownByIdShape: null, drawdownUnknownId: null })
  for (const path of ['none', 'none/payments'])
    expect(await me.get(`/reconciliation/drawdown/${path}`)).toMatchObject({
      status: 404,
      body: { detail: 'Not found.' },
    })
})
