import { expect, test } from 'vitest'
import { FinexioFailure } from '../../../src/finexio/failure.ts'
import { callWith, envelope } from '../fake-finexio.ts'

const NAME = 'reconcile_finexio_drawdown'
const payment = (index: number, more: object = {}) => ({
  id: `pay_${index}`,
  amount_cents: 100 + index,
  status: 'settled',
  payment_method: 'check',
  delivery_method: 'mail',
  supplier_name: `Supplier ${index}`,
  invoices: [{ id: `inv_${index}`, invoice_number: `N-${index}`, payment_amount_cents: 100 + index }],
  ...more,
})
const THIRTY = Array.from({ length: 30 }, (_, index) => payment(index))
const SUM = THIRTY.reduce((sum, { amount_cents }) => sum + amount_cents, 0)
const drawdown = { processor_request_id: 'd1', amount_cents: SUM, status: 'received' }

type Sent = { path: string }
const answering =
  (
    payments: readonly object[],
    image: (path: string) => unknown = () => ({ check_image_url: 'https://x.test/i' }),
  ) =>
  ({ path }: Sent) => {
    if (path.endsWith('/payments')) return envelope(payments)
    return path.endsWith('/images') ? image(path) : drawdown
  }

test('30 check payments: one call, 32 requests, at most 6 at once, 6 round trips one after another', async () => {
  let underWay = 0
  let most = 0
  let finished = 0
  const trips: number[] = []
  const answer = answering(THIRTY)
  const { data } = await callWith(NAME, { id: 'd1' }, async (request) => {
    most = Math.max(most, ++underWay)
    // Every request takes as long as any other: how many had to end before this one began tells its round trip.
    const trip = Math.ceil(Math.max(0, finished - 2) / 6) + (finished >= 2 ? 1 : 0)
    trips.push(trip)
    await new Promise((resolve) => setTimeout(resolve, 20))
    underWay--
    finished++
    return answer(request as Sent)
  })
  expect(data).toMatchObject({
    requests: 32,
    is_partial_response: false,
    differences: [],
    open_count: 0,
    payments_count: 30,
  })
  expect(most).toBe(6)
  expect(Math.max(...trips) + 1).toBeLessThanOrEqual(2 + Math.ceil(30 / 6))
  expect(data.payments_cents).toBe(SUM)
  expect(data.payments.every(({ scanned }: { scanned: boolean }) => scanned)).toBe(true)
})

test('sums that differ are named, with by how much', async () => {
  const odd = [payment(1, { amount_cents: 500 }), payment(2)]
  const { data, text } = await callWith(NAME, { id: 'd1' }, answering(odd))
  expect(data.differences).toEqual([
    expect.stringContaining(`the drawdown (${(SUM / 100).toFixed(2)}) and its payments (6.02) differ by`),
    'the payments (6.02) and their invoices (2.03) differ by 3.99',
    'payment pay_1 (5.00) and its invoices (1.01) differ by 3.99',
  ])
  expect(text).toMatch(
    /^Drawdown d1 \(received, [\d.]+ USD\): 2 payments, 2 invoices, 6\.02 USD\. Not reconciled/,
  )
})

test('what is open is said: payments under way, checks not scanned; other methods are not looked for', async () => {
  const mixed = [payment(1, { status: 'in-progress' }), payment(2), payment(3, { payment_method: 'ach' })]
  const { data, sent } = await callWith(
    NAME,
    { id: 'd1' },
    answering(mixed, () => []),
  )
  expect(data.payments.map(({ open, scanned }: Record<string, unknown>) => [open, scanned])).toEqual([
    ['in-progress', false],
    ['check not scanned', false],
    [null, null],
  ])
  expect(data.open_count).toBe(2)
  expect(sent.filter(({ path }) => path.endsWith('/images'))).toHaveLength(2)
})

const throttle = () => {
  throw new FinexioFailure({
    kind: 'throttled',
    status: 429,
    message: '',
    rate: null,
    retryAfter: 20,
    sent: true,
  })
}

test('a throttle in the middle keeps what was read, says where to go on, and nothing follows it', async () => {
  let images = 0
  const partial = await callWith(
    NAME,
    { id: 'd1' },
    answering(THIRTY, () => (++images > 12 ? throttle() : { check_image_url: 'https://x.test/i' })),
  )
  const { data } = partial
  expect(data.is_partial_response).toBe(true)
  expect(data.note).toMatch(
    /^12 of 30 check images were read\..*limits the rate of calls.*Wait 20 s.*Continue with next_cursor\.$/,
  )
  expect(data.payments.filter(({ scanned }: { scanned: boolean }) => scanned)).toHaveLength(12)
  expect(partial.sent.length).toBeLessThanOrEqual(2 + 12 + 6)
  const rest = await callWith(NAME, { id: 'd1', next_cursor: data.next_cursor }, answering(THIRTY))
  expect(rest.data).toMatchObject({ is_partial_response: false, next_cursor: null, payments_cents: SUM })
  const seen = new Set(
    [...data.payments.slice(0, 30 - rest.data.payments.length), ...rest.data.payments].map(({ id }) => id),
  )
  expect(seen.size).toBe(30)
})

test('an image that Finexio does not have is an answer; a drawdown it does not have is none', async () => {
  const missing = (kind: 'not_found') => {
    throw new FinexioFailure({ kind, status: 404, message: 'Not found', rate: null, sent: true })
  }
  const { data } = await callWith(
    NAME,
    { id: 'd1' },
    answering([payment(1)], () => missing('not_found')),
  )
  expect(data.payments[0]).toMatchObject({ scanned: false, check_image_url: null })
  const gone = await callWith(NAME, { id: 'nothing' }, () => missing('not_found'))
  expect([gone.result.isError, gone.text]).toEqual([true, expect.stringMatching(/no record with this id/)])
})

test('no payments is said, not guessed around', async () => {
  const { data, text } = await callWith(NAME, { id: 'd1' }, answering([]))
  expect(data).toMatchObject({ payments: [], payments_count: 0, requests: 2 })
  expect(text).toMatch(/0 payments, 0 invoices/)
})
