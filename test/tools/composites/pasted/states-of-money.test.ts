/** Payments that were reissued, refunded, returned after they settled, or pay a part: what every answer says of the same record. */
import { expect, test } from 'vitest'
import { callWith } from '../../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, payment, type World } from '../world.ts'

const SETTLED = { timestamp: '2026-10-09T00:00:00', event_name: 'settled', status: 'settled' }
const RETURNED = {
  timestamp: '2026-10-20T00:00:00',
  event_name: 'returned',
  status: 'failed',
  description: 'Payment Returned',
}
const REISSUE = { reissue_timestamp: '2026-10-12T00:00:00', reissue_payment_method: 'ach' }

const worldOf = (more: Record<string, unknown>, bill: Record<string, unknown> = {}): World => ({
  parties: PARTIES,
  invoices: [invoice(1, bill)],
  payments: [payment(1, { events: [SETTLED], instrument_number: '712', ...more })],
  drawdowns: () => [],
})

const statement = (world: World, amount = '10.01') =>
  callWith(
    'reconcile_finexio_supplier_statement',
    { supplier: 's1', statement: `Invoice #,Invoice Date,Amount\nN-1,10/01/2026,${amount}` },
    finexioOf(world),
  )
const advice = (world: World) => callWith('get_finexio_remittance_advice', { id: 'p1' }, finexioOf(world))
const trace = (world: World) => callWith('trace_finexio_invoice', { id: 'i1' }, finexioOf(world))

const REISSUED = /reissued 2026-10-12 as ACH; which payment replaced it is not known/

test('a payment that settled and was reissued is told so by each answer', async () => {
  const world = worldOf(REISSUE)
  for (const { text } of [await statement(world), await advice(world), await trace(world)])
    expect(text).toMatch(REISSUED)
})

test('what came back after it settled is nowhere called paid', async () => {
  const world = worldOf({ events: [SETTLED, RETURNED] })
  const said = 'its last event says "Payment Returned" on 2026-10-20'
  for (const { text } of [await statement(world), await advice(world), await trace(world)])
    expect(text.replaceAll('""', '"')).toContain(said)
  expect((await statement(world)).data.lines[0].verdict).toBe('undecided')
  expect((await advice(world)).data.cashed).toBeNull()
  expect((await trace(world)).text).toMatch(/^STATE UNKNOWN: /)
})

const PART = { amount_cents: 400, invoices: [{ id: 'i1', invoice_number: 'N-1', payment_amount_cents: 400 }] }

test('a payment of a part claims neither the whole nor that the rest is unpaid: Finexio names one payment of an invoice', async () => {
  const world = worldOf(PART)
  const { data, text } = await statement(world)
  expect(data.reply).toContain('$4.00 of it paid on 2026-10-09 by check 712; we are looking into the rest')
  expect(text).toContain('another may have paid the rest')
  expect((await trace(world)).text).toContain(
    'It pays $4.00 of it, $6.01 less than its amount after discount',
  )
  expect((await advice(world)).text).toContain('Its invoices come to $10.01; of these it pays $4.00')
})

test('a line of another amount than a refunded invoice is owed, nobody knows how much: not $0.00', async () => {
  const { data, text } = await statement(worldOf({ refund_timestamp: '2026-10-20T00:00:00' }), '12.00')
  expect(text).toMatch(/^What is owed to Acme is not settled: 1 line unpaid and of another amount here/)
  expect(data.reply).toContain('is of $10.01, not paid; we are looking into it')
  expect(data.reply).toContain('without what is still being looked into')
  const paid = await statement(worldOf({}), '12.00')
  expect(paid.text).toMatch(/^Owed to Acme by what Finexio knows: \$0\.00/)
  expect(paid.data.reply).toContain('is of $10.01, paid on 2026-10-09 by check 712')
})

test('a refund of a duplicate points to the other payment', async () => {
  const refunded = (refund_reason: string) =>
    statement(worldOf({ refund_timestamp: '2026-10-20T00:00:00', refund_reason }))
  expect((await refunded('Duplicate payment')).data.note).toContain('the other payment may stand')
  expect((await refunded('Account closed')).data.note).not.toContain('the other payment may stand')
})

test('what is undecided although all of it was read is not called partly read', async () => {
  const { text, data } = await statement(worldOf({ status: 'on_hold' }))
  expect(text).toMatch(/^What is owed to Acme is not settled/)
  expect(data.is_partial_response).toBe(false)
})

test('an advice says when and why a payment failed or was refunded, and what an unknown status means', async () => {
  const failed = { status: 'failed', events: [RETURNED] }
  expect((await advice(worldOf(failed))).text).toContain(
    'failed on 2026-10-20 (Payment Returned): its invoices',
  )
  const refunded = { refund_timestamp: '2026-10-20T00:00:00', refund_reason: 'Twice' }
  expect((await advice(worldOf(refunded))).text).toContain('refunded on 2026-10-20 (Twice): its invoices')
  expect((await advice(worldOf({ status: 'voided' }))).text).toContain(
    'whether it pays its invoices is not known',
  )
})

test('of two equal payments of which one was refunded not both are called paid', async () => {
  const world: World = {
    parties: PARTIES,
    payments: [
      payment(1, { amount_cents: 500 }),
      payment(2, { amount_cents: 500, refund_timestamp: '2026-10-20T00:00:00' }),
    ],
  }
  const args = { among: 'payments', include_refunded: true }
  const { text } = await callWith('find_possible_duplicate_finexio_invoices', args, finexioOf(world))
  expect(text).toContain('same_amount,"both, and money came back"')
})

test('a debit for a drawdown that was canceled says so', async () => {
  const drawdown = {
    processor_request_id: 'DJ0000FAKE01',
    trace_id: '091000010000001',
    amount_cents: 100_001,
    status: 'canceled',
    created: '2026-11-01T15:10:08.000000',
  }
  const lines = ['Date,Description,Debit,Credit', '11/02/2026,FINEXIO 091000010000001,1000.01,'].join('\n')
  const { data } = await callWith(
    'match_finexio_bank_lines',
    { lines },
    finexioOf({ drawdowns: () => [drawdown], payments: [] }),
  )
  expect(data.lines[0].why).toContain('but Finexio says canceled of it: look for its return')
})
