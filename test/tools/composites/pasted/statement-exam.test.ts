/** What a second examinee's statement showed: claims in one line, a forgotten discount, a total that does not add up. */
import { describe, expect, test } from 'vitest'
import { readStatement } from '../../../../src/tools/composites/reconcile-statement/statement-lines.ts'
import { callWith } from '../../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, payment, type World } from '../world.ts'

const WORLD: World = {
  parties: PARTIES,
  invoices: [
    invoice(1, { amount_cents: 259_864, discount_amount_cents: 5_197, invoice_number: 'INV-10322' }),
    invoice(2, { amount_cents: 549_904, status: 'failed', invoice_number: 'INV-10228' }),
    invoice(3, { amount_cents: 686_534, invoice_number: 'INV-10323' }),
    invoice(4, { amount_cents: 107_113, invoice_number: 'INV-10485' }),
  ],
  payments: [
    payment(1, {
      amount_cents: 254_667,
      invoices: [{ id: 'i1', invoice_number: 'INV-10322', payment_amount_cents: 254_667 }],
    }),
    payment(2, { status: 'failed', amount_cents: 549_904 }),
    ...[
      [3, 686_534],
      [4, 107_113],
    ].map(([at, cents]) =>
      payment(at!, { amount_cents: cents, invoices: [{ id: `i${at}`, payment_amount_cents: cents }] }),
    ),
  ],
}
const call = (statement: string) =>
  callWith('reconcile_finexio_supplier_statement', { statement, supplier: 'Acme' }, finexioOf(WORLD))
const ASKED =
  'The following items remain unpaid per our ledger. INV-10322 $51.97; INV10228 $5,499.04; INV-10323 $6,865.34; inv10485 $1,071.13. TOTAL $13,587.48'

// Exam 2, no. 9: read as one undecided line, and "Owed $0.00" in front of it.
test('claims in one line are a line each; the discount is named, and the wrong total', async () => {
  const { data, text } = await call(ASKED)
  expect(data.lines.map(({ number, verdict }: Record<string, string>) => `${number} ${verdict}`)).toEqual([
    'INV-10322 short',
    'INV10228 unpaid',
    'INV-10323 paid',
    'inv10485 paid',
  ])
  expect(data.lines[0].why).toContain('what is claimed is the discount of $51.97 that was taken')
  expect(data.owed).toBe('5499.04')
  expect(text).toContain(
    'The total of the statement is WRONG: it says $13,587.48, its lines come to $13,487.48, $100.00 less.',
  )
  expect(data.reply).toContain('less $51.97 as discount')
  expect(data.note).toContain('stood in one line')
})

const claims = (statement: string) =>
  readStatement(statement).lines.map(({ numbers, cents }) => [numbers[0], cents])

describe('siblings: other marks between claims, and lines that stay whole', () => {
  test.each([
    ['commas', 'INV-1 $1,000.00, INV-2 $20.00, INV-3 3.50'],
    ['semicolons without blanks', 'INV-1 $1,000.00;INV-2 $20.00;INV-3 3.50'],
    ['and', 'Open: INV-1 1,000.00, INV-2 20.00, and INV-3 3.50'],
    ['a total at the end', 'INV-1 1,000.00; INV-2 20.00; INV-3 3.50 Total 1,023.50'],
    ['two lines of them', 'INV-1 1,000.00; INV-2 20.00\nINV-3 3.50'],
  ])('%s', (_, statement) => {
    expect(claims(statement)).toEqual([
      ['INV-1', 100_000],
      ['INV-2', 2_000],
      ['INV-3', 350],
    ])
  })

  test('a table of semicolons, and a remark behind an amount, are not taken apart', () => {
    const table = 'Invoice;Date;Amount;Open\nINV-1;2026-10-01;10.00;10.00\nINV-2;2026-10-02;20.00;5.00'
    expect(claims(table)).toEqual([
      ['INV-1', 1_000],
      ['INV-2', 2_000],
    ])
    expect(readStatement('INV-1 10.00, less discount\nINV-2 20.00').lines).toHaveLength(2)
  })
})

describe('what is said to be owed, and of the total', () => {
  test.each([
    ['nothing known', 'without number 7.00', 'What is owed to Acme is not settled: 1 line undecided'],
    [
      'part known',
      'INV-10228 5,499.04\nINV10228-0x 1.00 1.00 2.00\nwithout number 7.00',
      'of which $5,499.04 is known',
    ],
  ])('%s: an undecided line leaves it open', async (_, statement, words) => {
    expect((await call(statement)).text).toContain(words)
  })

  test.each([
    ['right', 'INV-10323 6,865.34\nTotal 6,865.34', 'The statement says $6,865.34.'],
    ['a credit taken off', 'INV-10323 6,865.34\nCredit memo CM-1 -65.34\nTotal 6,800.00', 'says $6,800.00.'],
    ['too low', 'INV-10323 6,865.34\nTotal 6,000.00', 'its lines come to $6,865.34, $865.34 more.'],
    [
      'with a balance brought forward',
      'Balance forward 5.00\nINV-10323 6,865.34\nTotal 6,870.34',
      'says $6,870.34.',
    ],
  ])('a total: %s', async (_, statement, words) => {
    expect((await call(statement)).text).toContain(words)
  })
})
