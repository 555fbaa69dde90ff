import { expect, test } from 'vitest'
import { callWith } from '../../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, payment, type World } from '../world.ts'

const NAME = 'get_finexio_remittance_advice'

const WORLD: World = {
  parties: PARTIES,
  invoices: [invoice(1, { discount_amount_cents: 100, reconciliation_id: 'REC-1' }), invoice(2)],
  payments: [
    payment(1, {
      amount_cents: 901 + 1_002,
      instrument_number: '000712',
      invoices: [
        { id: 'i1', invoice_number: 'N-1', payment_amount_cents: 901 },
        { id: 'i2', invoice_number: 'N-2', payment_amount_cents: 1_002 },
      ],
      events: [
        { timestamp: '2026-10-03T00:00:00', event_name: 'printed', status: 'in-progress' },
        { timestamp: '2026-10-09T00:00:00', event_name: 'settled', status: 'settled' },
      ],
    }),
  ],
  drawdowns: () => [{ processor_request_id: 'd1' }],
  funded: [
    {
      id: 'p1',
      supplier_name: 'Acme',
      address_1: '1 Nowhere Lane',
      city: 'Springfield',
      state: 'IL',
      zip: '00000',
      invoices: [],
    },
  ],
}

const call = (world: World) => callWith(NAME, { id: 'p1' }, finexioOf(world))

test('who paid, how, where it was sent, gross, discount and net of each invoice, the sum, and that it was cashed', async () => {
  const { data, text } = await call(WORLD)
  expect(text).toMatch(
    /^Payment p1: \$19\.03 from Buyer to Acme by check 000712\. Sent to 1 Nowhere Lane, Springfield, IL, 00000\. It was cashed on 2026-10-09\. Its invoices come to it\./,
  )
  expect(data).toMatchObject({
    adds_up: true,
    cashed: true,
    invoices_cents: 1_903,
    is_partial_response: false,
  })
  expect(data.invoices).toMatchObject([
    { gross: '10.01', discount: '1.00', net: '9.01', references: ['REC-1'] },
    { gross: '10.02', discount: '0.00', net: '10.02' },
  ])
})

test.each([
  ['under way: not cashed', { status: 'in-progress' }, false, 'Not cashed yet'],
  ['failed: not cashed', { status: 'failed' }, false, 'The payment failed'],
  ['refunded: not cashed', { refund_timestamp: '2026-10-20T00:00:00' }, false, 'refunded on 2026-10-20'],
  [
    'reissued: whoever pays again asks first',
    { status: 'canceled', reissue_timestamp: '2026-10-21T00:00:00', reissue_payment_method: 'ach' },
    false,
    'It was reissued 2026-10-21 as ACH; which payment replaced it is not known: ask Finexio',
  ],
  ['an unknown word: not known', { status: 'odd' }, null, 'Its status is "odd"'],
])('%s', async (_, more, cashed, words) => {
  const { data, text } = await call({
    ...WORLD,
    payments: [{ ...(WORLD.payments![0] as object), events: [], ...more }],
  })
  expect(data.cashed).toBe(cashed)
  expect(text).toContain(words)
})

test('invoices that do not come to the payment are said, and an invoice that is gone adds nothing', async () => {
  const wrong = await call({ ...WORLD, invoices: [invoice(1), invoice(2)] })
  expect(wrong.data.adds_up).toBe(false)
  expect(wrong.text).toContain('Its invoices come to $20.03; of these it pays $19.03, as listed_cents tells.')
  const gone = await call({ ...WORLD, invoices: [invoice(2)] })
  expect(gone.data).toMatchObject({ adds_up: null, invoices_cents: null })
})

// Kind: a number that people have, in place of an id. Seen at b8f2a26: a payment id alone. Siblings: a trace number, zeros in front, a tracking id.
test.each(['000712', '712', 'RC1', 'rc-1'])('by the number %s of its check or its own', async (number) => {
  const { text } = await callWith(NAME, { number }, finexioOf(WORLD))
  expect(text).toMatch(/^Payment p1: \$19\.03 from Buyer to Acme by check 000712\./)
})

test('a number of two payments picks neither, one of none says how far it looked, and one of the two is given', async () => {
  const two = { ...WORLD, payments: [...WORLD.payments!, payment(2, { instrument_number: '712' })] }
  const refused = async (args: object) => (await callWith(NAME, args, finexioOf(two))).text
  expect(await refused({ number: '712' })).toMatch(
    /2 payments have "712"; give the id of one: p1 \(\$19\.03, 2026-10-02\S*\), p2 \(\$10\.02/,
  )
  expect(await refused({ number: '999' })).toContain('none of all 2 payments has "999"')
  for (const args of [{}, { id: 'p1', number: '712' }])
    expect(await refused(args)).toContain('Give id or number, one of the two.')
})

// Seen at b8f2a26 and on main until now: one payment of 1,500 read, of 1,600, was told as the one that has the number.
test('a number that one payment has, among those that were read, says that others were not', async () => {
  const payments = Array.from({ length: 1_600 }, (_, at) => payment(at + 1, { instrument_number: `88${at}` }))
  const { data, text } = await callWith(NAME, { number: '885' }, finexioOf({ ...WORLD, payments }))
  const words = 'Only the newest 1500 of 1600 payments were looked through: others may fit too.'
  expect([data.payment_id, data.is_partial_response]).toEqual(['p6', true])
  expect([data.note, text]).toEqual([expect.stringContaining(words), expect.stringContaining(words)])
  expect((await callWith(NAME, { id: 'p6' }, finexioOf({ ...WORLD, payments }))).text).not.toContain(words)
})

/** Seen at commit 0de9742c: after reading every payment the answer said "Nothing was sent to Finexio.", and the trail that nothing was sent. */
test.each([
  ['a number that no payment has', NAME, { number: '999' }, 'only'],
  ['a number of two payments', NAME, { number: '712' }, 'only'],
  // Siblings: a name that nobody has; and what was refused before anything was read.
  ['a name that nobody has', 'audit_finexio_counterparty_changes', { name: 'Nobody of that name' }, 'only'],
  ['both of two', NAME, { id: 'p1', number: '712' }, 'nothing'],
  ['an id of no kind', 'fetch', { id: 'moon:1' }, 'nothing'],
])('a refusal of %s says what Finexio was asked', async (_, name, args, asked) => {
  const two = { ...WORLD, payments: [...WORLD.payments!, payment(2, { instrument_number: '712' })] }
  const { text, sent } = await callWith(name, args, finexioOf(two))
  expect(sent.length > 0).toBe(asked === 'only')
  expect(text.endsWith('Finexio was only read, nothing was changed there.')).toBe(asked === 'only')
  expect(text.endsWith('Nothing was sent to Finexio.')).toBe(asked === 'nothing')
})

// Seen on 2026-12-01, in a letter to a supplier: "Sent to" of payments that were funded at most. Siblings: each end.
const TO = '1 Nowhere Lane, Springfield, IL, 00000'
const was = (event_name: string, description: string, stage = 'funding') => [
  { timestamp: '2026-10-03T00:00:00', event_name, description, stage },
]
test.each([
  ['pending', { status: 'pending', events: [] }, false, `Not sent yet; will go to ${TO}.`],
  [
    'only asked for',
    { status: 'in-progress', events: was('requested', 'Request ACH Funding') },
    false,
    `Not sent yet; will go to ${TO}.`,
  ],
  [
    'without funding',
    { status: 'canceled', events: was('failed', 'Funding Failed') },
    false,
    'Never sent: Funding Failed.',
  ],
  [
    'a wire without funding',
    { status: 'canceled', payment_method: 'wire', events: was('failed', 'Funding Failed') },
    false,
    'Never sent: Funding Failed.',
  ],
  [
    'printed',
    { status: 'in-progress', events: was('printed', 'Check Printed', 'disbursement') },
    null,
    `Printed on 2026-10-03, to be sent to ${TO}; whether it was, Finexio does not say.`,
  ],
  [
    'sent by an event',
    { status: 'in-progress', events: was('sent', 'Wire Sent', 'disbursement') },
    true,
    `Sent to ${TO}.`,
  ],
  [
    'returned',
    { status: 'failed', events: was('returned', 'Payment Returned', 'disbursement') },
    true,
    `Sent to ${TO}.`,
  ],
  [
    'expired',
    { status: 'failed', events: was('expired', 'Payment Expired', 'disbursement') },
    null,
    `Whether it was sent to ${TO} Finexio does not say.`,
  ],
  [
    'failed without events',
    { status: 'failed', events: [] },
    null,
    `Whether it was sent to ${TO} Finexio does not say.`,
  ],
])('whether it was sent is said as far as Finexio shows it: %s', async (_, more, sent, words) => {
  const { data, text } = await call({ ...WORLD, payments: [{ ...(WORLD.payments![0] as object), ...more }] })
  expect(data).toMatchObject({ sent, address: TO })
  expect(text).toContain(words)
  expect(/Sent to/.test(text)).toBe(sent === true)
})
