import { describe, expect, test } from 'vitest'
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
    refunds: readonly object[] = [],
    of: object = {},
    submitted: readonly object[] = [],
  ) =>
  ({ path }: Sent) => {
    if (path.endsWith('/payments')) return envelope(payments)
    if (path === '/payments/') return envelope(refunds)
    if (path === '/invoices/') return envelope(submitted)
    const bill = /^\/invoices\/inv_([^/]+)\/$/.exec(path)
    if (bill) return { id: `inv_${bill[1]}`, payment_id: `pay_${bill[1]}` }
    const one = /^\/payments\/([^/]+)\/$/.exec(path)
    if (one) return { id: one[1] }
    return path.endsWith('/images') ? image(path) : { ...drawdown, ...of }
  }

test('30 check payments: one call, 33 requests, at most 6 at once, 6 round trips one after another', async () => {
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
    requests: 33,
    is_partial_response: false,
    differences: [],
    open_count: 0,
    payments_count: 30,
  })
  expect(most).toBe(6)
  expect(Math.max(...trips) + 1).toBeLessThanOrEqual(3 + Math.ceil(30 / 6))
  expect(data.payments_cents).toBe(SUM)
  expect(data.payments.every(({ scanned }: { scanned: boolean }) => scanned)).toBe(true)
})

test('sums that differ are named, with by how much', async () => {
  const odd = [payment(1, { amount_cents: 500 }), payment(2)]
  const { data, text } = await callWith(NAME, { id: 'd1' }, answering(odd))
  expect(data.differences).toEqual([
    expect.stringContaining(`the drawdown ($${(SUM / 100).toFixed(2)}) and its payments ($6.02) differ by`),
    'the payments ($6.02) and their invoices ($2.03) differ by $3.99',
    'payment pay_1 ($5.00) and its invoices ($1.01) differ by $3.99',
  ])
  expect(text).toMatch(
    /^Drawdown d1 \(received, \$[\d.]+\): 2 payments, 2 invoices, \$6\.02\. Not reconciled/,
  )
})

test('open is what is under way; whether a check was scanned is its own column, other methods are not looked for', async () => {
  const mixed = [payment(1, { status: 'in-progress' }), payment(2), payment(3, { payment_method: 'ach' })]
  const { data, sent } = await callWith(
    NAME,
    { id: 'd1' },
    answering(mixed, () => []),
  )
  expect(data.payments.map(({ open, scanned }: Record<string, unknown>) => [open, scanned])).toEqual([
    ['in-progress', false],
    [null, false],
    [null, null],
  ])
  expect(data.open_count).toBe(1)
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
  expect(partial.sent.length).toBeLessThanOrEqual(3 + 12 + 6)
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

// D6, seen at b8f2a26: "add up" with a refunded payment among them, discounts unsaid, "open" for failed ones.
describe('what became of the money', () => {
  const bill = (id: string, listed: number, discount = 0) => ({
    id,
    invoice_number: id,
    payment_amount_cents: listed,
    discount_amount_cents: discount,
  })
  const ask = (payments: readonly object[], refunds: readonly object[] = [], more: object = {}) =>
    callWith(NAME, { id: 'd1', images: false }, answering(payments, undefined, refunds), more)

  test('stayed, under way, bounced and refunded are told apart; open is only what is under way', async () => {
    const all = [
      payment(1),
      payment(2, { status: 'failed' }),
      payment(3, { status: 'cancelled' }),
      payment(4, { status: 'in-progress' }),
      payment(5),
      payment(6, { status: 'returned' }),
    ]
    const { data, text } = await ask(all, [{ id: 'pay_5', refund_timestamp: '2026-11-01T00:00:00' }])
    expect(data.payments.map(({ money, open }: Record<string, unknown>) => [money, open])).toEqual([
      ['stayed', null],
      ['bounced', null],
      ['bounced', null],
      ['under_way', 'in-progress'],
      ['refunded', null],
      ['unknown', 'returned'],
    ])
    expect(data.by_money.map(({ money, count }: Record<string, unknown>) => [money, count])).toEqual([
      ['stayed', 1],
      ['under_way', 1],
      ['bounced', 2],
      ['refunded', 1],
      ['unknown', 1],
    ])
    expect(text).toMatch(/1 settled and stayed .*2 failed or canceled .*1 refunded .*2 open\./)
  })

  // Seen on 2026-12-01: "nothing pays it unless someone acts" of a reissued payment. Siblings: refunded, or not read.
  test('what was reissued is never told as paid by nothing', async () => {
    const reissue = {
      reissue_timestamp: '2026-11-18T00:00:00',
      reissue_payment_method: 'ach',
      reissue_reason: 'Lost',
    }
    const all = [payment(1, { status: 'canceled' }), payment(2), payment(3, { status: 'failed' })]
    const refunds = [{ id: 'pay_2', refund_timestamp: '2026-11-01T00:00:00', ...reissue }]
    const known = answering(all, undefined, refunds)
    const asked = (fails: boolean) =>
      callWith(NAME, { id: 'd1', images: false }, (request) => {
        const { path } = request as Sent
        if (path === '/payments/pay_3/' && fails) return throttle()
        return path === '/payments/pay_1/' ? { id: 'pay_1', ...reissue } : known(request as Sent)
      })
    const words = 'was reissued 2026-11-18 as ACH (Lost); which payment replaced it is not known: ask Finexio'
    const { text, data } = await asked(false)
    expect(text).toContain(`Payment pay_1 ($1.01, N-1) ${words}`)
    expect(text).toContain(`Payment pay_2 ($1.02, N-2) ${words}`)
    expect(text).toContain('1 invoice, $1.03 (N-3): nothing pays it unless someone acts')
    expect(data.payments[0].reissue).toContain('which payment replaced it is not known')
    expect(data.not_paid).toContain(words)
    const unread = await asked(true)
    expect(unread.text).not.toMatch(/nothing pays/)
    expect(unread.text).toMatch(/came back \(.*pay_3\), and whether reissued was not read/)
  })

  // Seen on 2026-12-01: "nothing pays it unless someone acts" of an invoice that was submitted again and paid: paid twice.
  const again = (more: object) => ({
    id: 'inv_again',
    invoice_number: 'n-1 ',
    receiving_counterparty_id: 's1',
    originating_counterparty_id: 'b1',
    created: '2026-11-20T00:00:00',
    payment_id: 'pay_9',
    ...more,
  })
  const own = again({
    id: 'inv_1',
    invoice_number: 'N-1',
    created: '2026-11-01T00:00:00',
    payment_id: 'pay_1',
  })
  const settled = { status: 'settled', events: [{ status: 'settled', timestamp: '2026-12-01T00:00:00' }] }
  test.each<[string, object[], object, RegExp]>([
    [
      'submitted again, paid',
      [again({}), own],
      settled,
      /Invoice N-1 \(\$1\.01\) is paid by another payment, pay_9, which settled on 2026-12-01\./,
    ],
    [
      'submitted again, under way',
      [again({}), own],
      { status: 'pending' },
      /is being paid by another payment, pay_9, which is under way \(pending\)/,
    ],
    [
      'submitted again, of a state unknown',
      [again({}), own],
      { status: 'voided' },
      /may be paid by another payment, pay_9, which has the status "voided".*ask Finexio/,
    ],
    [
      'submitted again, waiting',
      [again({ payment_id: null, status: 'pending' }), own],
      {},
      /was submitted again as invoice inv_again \(pending\), without a payment so far/,
    ],
    [
      'of another payment itself',
      [{ ...own, payment_id: 'pay_9' }],
      settled,
      /is paid by another payment, pay_9, which settled/,
    ],
    [
      'submitted again, failed too',
      [again({}), own],
      { status: 'failed' },
      /1 invoice, \$1\.01 \(N-1\): nothing pays it unless someone acts/,
    ],
    [
      'of another supplier',
      [again({ receiving_counterparty_id: 's2' }), own],
      settled,
      /nothing pays it unless someone acts/,
    ],
    [
      'submitted before',
      [again({ created: '2026-10-01T00:00:00' }), own],
      settled,
      /nothing pays it unless someone acts/,
    ],
  ])('an invoice that came back, %s', async (_, submitted, other, words) => {
    const parties = { receiving_counterparty_id: 's1', originating_counterparty_id: 'b1' }
    const all = [payment(1, { status: 'failed', ...parties }), payment(2)]
    const known = answering(all, undefined, [], {}, submitted)
    const { text, data } = await callWith(NAME, { id: 'd1', images: false }, (request) =>
      request.path === '/payments/pay_9/' ? { id: 'pay_9', ...other } : known(request as Sent),
    )
    expect(text).toMatch(words)
    expect(data.not_paid).toMatch(words)
    if (!/nothing pays/.test(words.source)) expect(text).not.toMatch(/nothing pays/)
  })

  test('where invoices cannot be read, nobody is told that nothing pays one', async () => {
    const sees = (tool: string) => tool !== 'list_all_finexio_invoices'
    const { text } = await ask([payment(1, { status: 'failed' })], [], { sees })
    expect(text).toMatch(
      /1 invoice, \$1\.01 \(N-1\): whether another payment pays it was not read: look before/,
    )
  })

  // Siblings: the listed amount is net, is gross, or fits neither; several invoices of one payment.
  test.each([
    ['net', [bill('a', 98, 2)], 98, [[100, 2, 98]], []],
    ['gross', [bill('a', 100, 2)], 98, [[100, 2, 98]], []],
    [
      'several',
      [bill('a', 100, 2), bill('b', 50)],
      148,
      [
        [100, 2, 98],
        [50, 0, 50],
      ],
      [],
    ],
    ['neither', [bill('a', 100, 2)], 97, [[102, 2, 100]], [/differ by \$0\.03, with discounts of \$0\.02/]],
  ])('discounts where the listed amount is %s', async (_, invoices, paid, rows, differences) => {
    const { data, text } = await ask([payment(1, { amount_cents: paid, invoices })])
    expect(
      data.payments[0].invoices.map((row: Record<string, number>) => [
        row.gross_cents,
        row.discount_cents,
        row.net_cents,
      ]),
    ).toEqual(rows)
    const own = data.differences.filter((one: string) => one.startsWith('payment pay_1'))
    expect(own).toEqual(differences.map((words) => expect.stringMatching(words)))
    expect([data.discounts_cents, text]).toEqual([2, expect.stringMatching(/-0\.02/)])
  })

  const STATES = [
    'settled',
    'complete',
    'failed',
    'canceled',
    'pending',
    'in-progress',
    'sent',
    'returned',
    null,
  ]
  const isIn = (set: readonly string[], state: string | null | undefined) => set.includes(state ?? '')
  /** A drawdown of three payments: what its answer says beside what is true of it. */
  const told = async (
    status: string | null,
    states: readonly (string | null)[],
    refunds: readonly number[],
  ) => {
    const all = states.map((state, index) => payment(index + 1, { status: state }))
    const refunded = refunds.map((at) => ({ id: all[at]!.id, refund_timestamp: '2026-11-01T00:00:00' }))
    const answer = answering(all, undefined, refunded, { status })
    const { text, data } = await callWith(NAME, { id: 'd1', images: false }, answer)
    const back = all.filter((_, at) => refunds.includes(at) || isIn(['failed', 'canceled'], states[at]))
    const unpaid = back.flatMap(({ invoices }) => invoices as { invoice_number?: string; id: string }[])
    return {
      said: {
        nothingOpen: /Nothing is open/.test(text),
        acts: /nothing pays (it|them) unless someone acts/.test(text),
        named: unpaid.filter(({ invoice_number, id }) => text.includes(invoice_number ?? id)).length,
        open: data.open_count,
      },
      is: {
        nothingOpen:
          status === 'received' &&
          back.length === 0 &&
          states.every((state) => isIn(['settled', 'complete'], state)),
        acts: unpaid.length > 0,
        named: unpaid.length,
        open: states.filter(
          (state, at) => !refunds.includes(at) && !isIn(['settled', 'complete', 'failed', 'canceled'], state),
        ).length,
      },
    }
  }

  // Seen on 2026-11-30: "Nothing is open." of drawdowns in error, whose invoices nobody pays.
  test.each(['received', 'requested', 'error', 'canceled', 'brand-new', null])(
    'a drawdown that is %s, in every state of two payments, with and without a refund: nothing is called done that is not, what is unpaid is named',
    async (status) => {
      for (const first of STATES)
        for (const second of STATES)
          for (const refunds of [[], [1]]) {
            const { said, is } = await told(status, [first, second], refunds)
            expect([first, second, refunds, said]).toEqual([first, second, refunds, is])
          }
    },
  )

  test('refunds that were not read, or are hidden, are said', async () => {
    const hidden = await ask([payment(1)], [], {
      sees: (tool: string) => tool !== 'list_all_finexio_payments',
    })
    expect([hidden.data.note, hidden.data.is_partial_response]).toEqual([
      expect.stringMatching(/shows no payment list: refunds were not looked for/),
      true,
    ])
    const broken = await callWith(NAME, { id: 'd1', images: false }, (request) =>
      request.path === '/payments/' ? throttle() : answering([payment(1)])(request),
    )
    expect(broken.text).toMatch(/The sums .* agree|Not reconciled/)
    expect(broken.text).not.toMatch(/add up|Nothing is open\./)
    expect(broken.data.note).toMatch(/not all refunds could be read/)
  })
})
