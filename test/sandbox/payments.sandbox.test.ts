import { expect, test } from 'vitest'
import { DAY, invoice, tenant } from './support.ts'

type Client = ReturnType<typeof tenant>
type Event = { event_code: string; timestamp: string; status: string; amount_cents: unknown }

const OWNED = { originating_counterparty_id: 'buy_111', receiving_counterparty_id: 'sup_999' }

/** Suppliers paid by each method, made for one tenant. */
const supplierPaidBy = async (one: Client, method: 'Check' | 'ACH' | 'Card' | 'Wire'): Promise<string> => {
  const made = await one.post('/counterparties/suppliers', {
    name: `Paid by ${method}`,
    external_reference_id: `by-${method}`,
    payment_method: method,
    delivery_method: { Check: 'Mail', Card: 'Email', ACH: null, Wire: null }[method],
    remit_address_1: '1 Nowhere Lane',
    remit_city: 'Springfield',
    remit_state: 'IL',
    remit_zipcode: '00000',
    remit_email: 'remit@paid.example',
    bank_account_number: '000000001',
    bank_routing_number: '021000021',
  })
  return made.body.id
}

const submit = async (one: Client, ...invoices: Record<string, unknown>[]) =>
  (await one.post('/invoices/batch/', invoices)).body as { id: string }[]

const paymentOf = async (one: Client, invoiceId: string) => {
  const { payment_id } = (await one.get(`/invoices/${invoiceId}/`)).body
  return payment_id ? (await one.get(`/payments/${payment_id}/`)).body : null
}

const codes = (payment: { events: Event[] }) => payment.events.map(({ event_code }) => event_code)

test('invoices wait a minute of the virtual clock, then become a payment', async () => {
  const one = tenant('waiting')
  const [made] = await submit(one, invoice(OWNED))
  await one.advance(50)
  expect(await paymentOf(one, made!.id)).toBeNull()
  await one.advance(11)
  const payment = await paymentOf(one, made!.id)
  expect(payment).toMatchObject({ amount_cents: 125_000, payment_method: 'ach', delivery_method: null })
  expect(payment.tracking_id).toMatch(/^RC[A-Z0-9]{15}$/)
})

test('invoices of one buyer, supplier and group are paid together, others apart', async () => {
  const one = tenant('groups')
  const made = await submit(
    one,
    invoice({ ...OWNED, amount_cents: 10_000, discount_amount_cents: 500 }),
    invoice({ ...OWNED, amount_cents: 20_000 }),
    invoice({ ...OWNED, amount_cents: 40_000, payment_group_id: 'APART' }),
    invoice({ ...OWNED, amount_cents: 80_000, receiving_counterparty_id: 'sup_123' }),
  )
  await one.advance(61)
  const payments = await Promise.all(made.map(({ id }) => paymentOf(one, id)))
  expect(payments.map(({ amount_cents }) => amount_cents)).toEqual([29_500, 29_500, 40_000, 80_000])
  expect(payments[0].id).toBe(payments[1].id)
  expect(
    payments[0].invoices.map((row: { payment_amount_cents: number }) => row.payment_amount_cents),
  ).toEqual([9_500, 20_000])
  expect(payments[2].invoices[0].payment_group_id).toBe('APART')
})

test('discountReducesPayment=false pays the full amount', async () => {
  const one = tenant('undiscounted')
  await one.set({ discountReducesPayment: false })
  const [made] = await submit(one, invoice({ ...OWNED, amount_cents: 10_000, discount_amount_cents: 500 }))
  await one.advance(61)
  expect((await paymentOf(one, made!.id)).amount_cents).toBe(10_000)
})

test.each([
  ['Check', 'check', 'mail', 6, ['DC13', 'DCX9'], 6],
  ['ACH', 'ach', null, 3, ['DAX1', 'DAX9'], 15],
  ['Card', 'card', 'email', 2, ['DKX1', 'DKX9'], 4],
  ['Wire', 'wire', 'email', 1, ['DWX1', 'DWX9'], 0],
] as const)(
  '%s goes its way and settles at the lower bound',
  async (by, method, delivery, days, ends, digits) => {
    const one = tenant(`settles-${method}`)
    const supplier = await supplierPaidBy(one, by)
    const [made] = await submit(one, invoice({ ...OWNED, receiving_counterparty_id: supplier }))
    await one.advance(60.5)
    const fresh = await paymentOf(one, made!.id)
    expect(fresh).toMatchObject({ payment_method: method, delivery_method: delivery, status: 'pending' })
    expect(fresh).toMatchObject({ instrument_number: null, funding_drawdown_request_id: null })
    expect(codes(fresh)).toEqual(['PU00'])
    await one.advance(600)
    const underWay = await paymentOf(one, made!.id)
    expect(codes(underWay)).toEqual(['PU00', 'PU12', 'FA00', 'FA10', ends[0]])
    expect(underWay.status).toBe('in-progress')
    expect(underWay.funding_drawdown_request_id).toMatch(/^U\d{3}-\d{3}-\d{3}[A-Z0-9]$/)
    if (digits === 0) expect(underWay.instrument_number).toBeNull()
    else expect(underWay.instrument_number).toMatch(new RegExp(`^\\d{${digits}}$`))
    expect((await one.get(`/invoices/${made!.id}/`)).body.status).toBe('sent')
    await one.advance(days * DAY - 700)
    expect((await paymentOf(one, made!.id)).status).toBe('in-progress')
    await one.advance(100)
    const settled = await paymentOf(one, made!.id)
    expect(settled.status).toBe('settled')
    expect(codes(settled)).toEqual([...codes(underWay), ends[1]])
    expect(settled.updated > settled.events.at(-1).timestamp).toBe(true)
    expect((await one.get(`/invoices/${made!.id}/`)).body).toMatchObject({
      status: 'complete',
      can_be_resubmitted: false,
    })
  },
)

test.each([
  ['9900', 'settled', 'complete', 'received', 'DAX9'],
  ['9901', 'canceled', 'canceled', 'error', 'FUX8'],
  ['9902', 'failed', 'failed', 'received', 'DUX7'],
  ['9903', 'canceled', 'canceled', 'canceled', 'PUX6'],
  ['9904', 'failed', 'failed', 'received', 'DUX5'],
])(
  'last four digits %s: payment %s, invoice %s, drawdown %s',
  async (digits, payment, invoiced, drawdown, code) => {
    const one = tenant(`outcome-${digits}`)
    const [made] = await submit(one, invoice({ ...OWNED, amount_cents: Number(`7${digits}`) }))
    await one.advance(4 * DAY)
    const ended = await paymentOf(one, made!.id)
    expect([ended.status, codes(ended).at(-1)]).toEqual([payment, code])
    expect((await one.get(`/invoices/${made!.id}/`)).body).toMatchObject({
      status: invoiced,
      can_be_resubmitted: false,
    })
    const list = (await one.get(`/reconciliation/drawdown?tracking_id=${ended.tracking_id}`)).body
    expect(list.count).toBe(1)
    expect(list.results[0].status).toBe(drawdown)
    expect(list.results[0].funding_complete_date === null).toBe(drawdown !== 'received')
  },
)

test('the last four digits of the whole payment decide, not those of an invoice', async () => {
  const one = tenant('sums')
  const [made] = await submit(
    one,
    invoice({ ...OWNED, amount_cents: 9_902 }),
    invoice({ ...OWNED, amount_cents: 98 }),
  )
  await one.advance(4 * DAY)
  expect((await paymentOf(one, made!.id)).status).toBe('settled')
})

test('paymentFailedStatus=canceled stays inside the OpenAPI', async () => {
  const one = tenant('never-failed')
  const [made] = await submit(one, invoice({ ...OWNED, amount_cents: 9_902 }))
  await one.advance(4 * DAY)
  await one.set({ paymentFailedStatus: 'canceled' })
  expect((await paymentOf(one, made!.id)).status).toBe('canceled')
})

test('events only grow, in the order of time, amounts as numbers or as text', async () => {
  const one = tenant('events')
  const [made] = await submit(one, invoice(OWNED))
  let before: Event[] = []
  for (const seconds of [61, 15, 15, 60, 3 * DAY]) {
    await one.advance(seconds)
    const { events } = await paymentOf(one, made!.id)
    expect(events.slice(0, before.length)).toEqual(before)
    before = events
  }
  const times = before.map(({ timestamp }) => timestamp)
  expect(times).toEqual([...times].sort())
  expect(before.every(({ amount_cents }) => amount_cents === 125_000)).toBe(true)
  await one.set({ amountsAsStrings: true })
  expect((await paymentOf(one, made!.id)).events[0].amount_cents).toBe('125000')
  const { results } = (await one.get('/reconciliation/drawdown?buyer_ref_id=JUNIPER-111')).body
  expect(results[0].amount_cents).toEqual(expect.any(String))
})

test('images: nothing before printing, the issued side then, the deposited one once settled', async () => {
  const one = tenant('images')
  const check = await supplierPaidBy(one, 'Check')
  const [printed, wired] = await submit(
    one,
    invoice({ ...OWNED, receiving_counterparty_id: check }),
    invoice({ ...OWNED, receiving_counterparty_id: 'sup_999' }),
  )
  await one.advance(61)
  const { id } = await paymentOf(one, printed!.id)
  const images = async (query = '') => (await one.get(`/payments/${id}/images${query}`)).body
  expect(await images()).toEqual([])
  await one.advance(600)
  expect(await images()).toEqual({ check_image_url: expect.stringMatching(/^https:\/\//) })
  expect(await images('?checkImageType=Issued')).toEqual(await images())
  expect(await images('?checkImageType=Deposited')).toEqual([])
  await one.advance(6 * DAY)
  expect(await images('?checkImageType=Deposited')).toHaveProperty('check_image_url')
  await one.set({ imagesShape: 'array' })
  expect(await images()).toEqual([{ check_image_url: expect.any(String) }])
  const transfer = await paymentOf(one, wired!.id)
  expect((await one.get(`/payments/${transfer.id}/images`)).body).toEqual([])
  expect((await one.get('/payments/none/images')).status).toBe(404)
})

test('a payment can be forced to an end, and reissued', async () => {
  const one = tenant('forced')
  const [made] = await submit(one, invoice(OWNED))
  await one.advance(61)
  const { id, tracking_id } = await paymentOf(one, made!.id)
  const act = (action: string, body: unknown = {}) => one.control('POST', `payments/${id}/${action}`, body)
  expect((await act('outcome', { outcome: '9901' })).status).toBe(200)
  await one.advance(1)
  const ended = await paymentOf(one, made!.id)
  expect([ended.status, codes(ended).at(-1)]).toEqual(['canceled', 'FUX8'])
  const { results } = (await one.get(`/reconciliation/drawdown?tracking_id=${tracking_id}`)).body
  expect(results[0].status).toBe('error')
  expect((await act('outcome', { outcome: 'complete' })).status).toBe(409)
  expect((await act('outcome', { outcome: 'better' })).status).toBe(400)
  expect((await act('reissue', { payment_method: 'check' })).status).toBe(200)
  expect(await paymentOf(one, made!.id)).toMatchObject({
    reissue_payment_method: 'check',
    reissue_user: 'sandbox',
  })
  await one.control('POST', 'payments/pay_555777/outcome', { outcome: 'complete' })
  await one.advance(1)
  expect((await one.get('/payments/pay_555777/images')).body).toHaveProperty('check_image_url')
  expect((await one.get('/payments/pay_555777/')).body.status).toBe('settled')
})
