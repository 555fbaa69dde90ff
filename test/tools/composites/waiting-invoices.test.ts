import { expect, test } from 'vitest'
import { byNumber, waitingUnder } from '../../../src/tools/writing/waiting-invoices.ts'
import { callWith, openWrites } from '../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, type World } from './world.ts'

// Seen at d9f6ffd2: of an invoice that waited here for an approval the letter to the supplier said "Not received; please
// send us a copy", and a trace of its number advised to check the spelling.

const WORLD: World = { parties: PARTIES, invoices: [invoice(1)], payments: [] }
const waiting = { approvalId: 'a-1', number: '2001', buyer: 'b1', supplier: 's1' }
const writes = (asked: string[] = []) =>
  openWrites([], {
    waitingInvoices: async () => {
      asked.push('account')
      return { invoices: [waiting], unread: 0 }
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
  const unread = openWrites([], { waitingInvoices: async () => ({ invoices: [waiting], unread: 1 }) })
  const { text } = await call(name, args, unread)
  expect(text).toContain('1 draft that waits here for an approval could not be read')
})

// Seen on 2026-12-01: every number without a letter or digit was the same as every other.
test('what has neither letter nor digit is like nothing', () => {
  const marks = { ...waiting, number: '---' }
  expect(waitingUnder(byNumber({ invoices: [marks] }), ['№', '?'], null)).toEqual([])
})

test('500 rows are looked up among 50,000 that wait at once', () => {
  const invoices = Array.from({ length: 50_000 }, (_, at) => ({ ...waiting, number: `W-${at}` }))
  const before = performance.now()
  const known = byNumber({ invoices })
  const found = Array.from({ length: 500 }, (_, at) => waitingUnder(known, [`w ${at}`], 's1'))
  expect(found.every(({ length }) => length === 1)).toBe(true)
  expect(performance.now() - before).toBeLessThan(3_000)
})
