/** Statements: what is not owed any more, what the supplier booked, and words for people. */
import { expect, test } from 'vitest'
import { callWith } from '../../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, payment, type World } from '../world.ts'

type Line = { number: string; verdict: string }

const call = (args: object, world: World) =>
  callWith('reconcile_finexio_supplier_statement', args, finexioOf(world))
const verdicts = (lines: Line[]) => lines.map(({ number, verdict }) => `${number} ${verdict}`)

// Kind: what is no debt any more. Seen at b8f2a26: a canceled invoice counted as owed. Siblings: in the reply, beside a failed one, submitted again.
test('a canceled invoice is not owed; a failed one is', async () => {
  const world: World = {
    parties: PARTIES,
    invoices: [
      invoice(1, { status: 'canceled', payment_id: null }),
      invoice(2, { status: 'failed', payment_id: null }),
      invoice(3, { status: 'canceled', payment_id: null, created: '2026-10-01T00:00:00' }),
      invoice(4, { invoice_number: 'N-3', amount_cents: 1_003, status: 'pending', payment_id: null }),
    ],
  }
  const { data, text } = await call(
    { statement: 'number,amount\nN-1,10.01\nN-2,10.02\nN-3,10.03', supplier: 's1' },
    world,
  )
  expect(verdicts(data.lines)).toEqual(['N-1 canceled', 'N-2 unpaid', 'N-3 unpaid'])
  expect(data.owed).toBe('20.05')
  expect(text).toContain('1 canceled ($10.01)')
  expect(data.reply).toContain('Canceled:\n- N-1, $10.01: is canceled by our records')
})

// Kind: a payment that the supplier booked. Seen at b8f2a26: "PMT" in a column of credits was a credit memo. Siblings: a heading
// "Pmts", a check as reference, a memo that stays a credit.
test.each([
  ['Date,Ref,Charges,Credits\n10/20/2026,PMT 000777,,10.01', 'payment'],
  ['Date,Ref,Charges,Pmts\n10/20/2026,PMT-777,,10.01', 'payment'],
  ['Date,Ref,Charges,Credits\n10/20/2026,CHECK #777,,10.01', 'payment'],
  ['Date,Ref,Charges,Credits\n10/20/2026,CM-9,,10.01', 'credit'],
  ['Date,Ref,Charges,Credits\n10/20/2026,PMT-9,10.01,', 'unknown'],
])('%j is %s', async (statement, verdict) => {
  const { data } = await call({ statement, supplier: 's1' }, { parties: PARTIES, invoices: [invoice(1)] })
  expect(data.lines.map((line: Line) => line.verdict)).toEqual([verdict])
})

test('what is near is said in words for people', async () => {
  const world: World = {
    parties: PARTIES,
    invoices: [invoice(34, { invoice_number: 'N-21' })],
    payments: [payment(34, { status: 'in-progress' })],
  }
  const { data } = await call({ statement: 'number,amount\nN-12,10.34', supplier: 's1' }, world)
  expect(data.lines[0].near).toEqual([expect.stringMatching(/^N-21 \(10\.34, payment under way /)])
})
