import { expect, test } from 'vitest'
import type { Sent, SentInvoice } from '../../../src/tools/writing/sent-invoices.ts'
import { byNumber, waitingUnder } from '../../../src/tools/writing/waiting-invoices.ts'
import { callWith, openWrites } from '../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, type World } from './world.ts'

// Seen at d9f6ffd2: of an invoice that waited here for an approval the letter to the supplier said "Not received; please
// send us a copy", and a trace of its number advised to check the spelling.

const WORLD: World = { parties: PARTIES, invoices: [invoice(1)], payments: [] }
const waiting = { approvalId: 'a-1', number: '2001', buyer: 'b1', supplier: 's1' }
const NONE_SENT: Sent = { found: [], uncompared: [] }
const writes = (asked: string[] = [], sent = NONE_SENT) =>
  openWrites([], {
    waitingInvoices: async () => {
      asked.push('account')
      return { invoices: [waiting], unread: 0, sent }
    },
  })

const call = (name: string, args: object, given = writes()) =>
  callWith(name, args, finexioOf(WORLD), { writes: given })

test('a line of a statement that waits in a draft: the letter says so and asks for no copy', async () => {
  const args = { statement: 'number,amount\n2001,125.00', supplier: 'Acme' }
  const { data, text } = await call('reconcile_finexio_supplier_statement', args)
  expect(data.lines[0]).toMatchObject({ number: '2001', verdict: 'awaiting_approval' })
  expect(text).toContain('1 waiting here for an approval ($125.00)')
  expect(data.reply).toContain(
    'Waiting for our approval:\n- 2001, $125.00: we have it; it waits for approval here',
  )
  expect(data.reply).not.toMatch(/not known|please send/i)
})

test('a draft of the same number for another supplier says nothing of this one', async () => {
  const args = { statement: 'number,amount\n2001,125.00', supplier: 's2' }
  const { data } = await call('reconcile_finexio_supplier_statement', args)
  expect(data.lines[0]).toMatchObject({ verdict: 'unknown' })
  expect(data.reply).not.toContain('approval here')
})

test('where Finexio knows every line the account is not asked', async () => {
  const asked: string[] = []
  const args = { statement: 'number,amount\nN-1,10.01', supplier: 'Acme' }
  await call('reconcile_finexio_supplier_statement', args, writes(asked))
  expect(asked).toEqual([])
})

test.each([
  ['trace_finexio_invoice', { invoice_number: '2001' }],
  ['trace_finexio_invoice', { invoice_numbers: ['2001', 'N-1'] }],
  ['search', { query: '2001' }],
])('%s %o names the draft that waits', async (name, args) => {
  const { text } = await call(name, args)
  expect(text).toContain('Invoice 2001 of supplier s1 waits here for an approval (approval_id a-1)')
})

test.each([
  ['trace_finexio_invoice', { invoice_number: '2002' }],
  ['trace_finexio_invoice', { invoice_numbers: ['2002', 'N-1'] }],
  ['search', { query: '2002' }],
  ['reconcile_finexio_supplier_statement', { statement: 'number,amount\n2002,125.00', supplier: 'Acme' }],
])('%s %o says that drafts could not be read', async (name, args) => {
  const unread = openWrites([], {
    waitingInvoices: async () => ({ invoices: [waiting], unread: 1, sent: NONE_SENT }),
  })
  const { text } = await call(name, args, unread)
  expect(text).toContain('1 draft that waits here for an approval could not be read')
})

const sentAs = (state: SentInvoice['state']): Sent => ({
  found: [{ number: 'INV 7', key: 'key-7', at: Date.parse('2026-11-23T11:58:00Z'), state }],
  uncompared: [],
})
const of = (number: string, sent: Sent) =>
  call(
    'reconcile_finexio_supplier_statement',
    { statement: `number,amount\n${number},125.00`, supplier: 'Acme' },
    writes([], sent),
  )

// Seen on 2026-12-01: of an invoice that was sent minutes ago the letter said "if we do not have it yet, please send it".
test.each([
  ['succeeded', 'Finexio does not show it yet', 'not shown in our payment records yet'],
  ['unknown', 'outcome unknown', 'outcome not known yet'],
  ['claimed', 'Finexio has not answered yet', 'outcome not known yet'],
] as const)(
  'a line that was sent and is not shown (%s): line and letter say so',
  async (state, why, letter) => {
    const { data, text } = await of('inv 7', sentAs(state))
    expect(data.lines[0]).toMatchObject({
      verdict: 'sent',
      why: `sent to Finexio on 2026-11-23 11:58 UTC through this MCP server, ${why} (idempotency_key key-7)`,
    })
    expect(text).toContain('1 sent and not shown by Finexio yet ($125.00)')
    expect(data.reply).toContain(
      `Sent for payment, not in our payment records yet:\n- inv 7, $125.00: we have it; sent for payment on 2026-11-23, ${letter}`,
    )
    expect(data.reply).not.toMatch(/please send/i)
  },
)

test('another number than the one that was sent is not known', async () => {
  const { data } = await of('INV 8', sentAs('succeeded'))
  expect(data.lines[0]).toMatchObject({ verdict: 'unknown' })
})

test('a number that was not looked up is undecided, and nobody is asked for a copy of it', async () => {
  const { data, text } = await of('INV 8', { found: [], uncompared: ['INV 8'] })
  expect(data.lines[0]).toMatchObject({ verdict: 'undecided' })
  expect(text).toContain(
    'Whether 1 further number went to Finexio through this MCP server lately was not looked up',
  )
  expect(data.reply).not.toMatch(/please send/i)
})

test.each([
  ['trace_finexio_invoice', { invoice_number: 'INV 7' }],
  ['trace_finexio_invoice', { invoice_numbers: ['INV 7', 'N-1'] }],
  ['search', { query: 'INV 7' }],
])('%s %o names the write by which it was sent', async (name, args) => {
  const { text } = await call(name, args, writes([], sentAs('unknown')))
  expect(text).toContain('Invoice INV 7 was sent to Finexio on 2026-11-23 11:58 UTC')
  expect(text).toContain('outcome unknown (idempotency_key key-7). Do not create it again.')
})

// Seen on 2026-12-01: every number without a letter or digit was the same as every other.
test('what has neither letter nor digit is like nothing', () => {
  const marks = { ...waiting, number: '---' }
  expect(waitingUnder(byNumber({ invoices: [marks] }), ['№', '?'], null)).toEqual([])
})
