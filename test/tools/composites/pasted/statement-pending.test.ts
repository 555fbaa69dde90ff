/**
 * A payment that Finexio only prepares. Seen on 2026-12-01: the letter said "payment by check is under way" of it. Siblings: the line's
 * reason, the sentence in front, a near number.
 */
import { expect, test } from 'vitest'
import { callWith } from '../../fake-finexio.ts'
import { finexioOf, invoice, PARTIES, payment } from '../world.ts'

const PENDING = { status: 'pending', payment_method: 'ach', created: '2026-11-20T08:00:00' }

const reconciled = (statuses: readonly Record<string, unknown>[], statement: string) =>
  callWith(
    'reconcile_finexio_supplier_statement',
    { statement, supplier: 'Acme' },
    finexioOf({
      parties: PARTIES,
      invoices: statuses.map((_, at) =>
        invoice(at + 1, { status: 'pending', invoice_number: `INV-100${at + 1}` }),
      ),
      payments: statuses.map((more, at) => payment(at + 1, more)),
    }),
  )

test('it is pending since a day, and nothing is said of how it goes or that it left', async () => {
  const { data, text } = await reconciled([PENDING], 'number,amount\nINV-1001,10.01')
  expect(data.lines[0]).toMatchObject({
    verdict: 'under_way',
    why: 'its payment is pending since 2026-11-20',
    by: null,
  })
  expect(data.reply).toContain('Payment pending:\n- INV-1001, $10.01: payment is pending since 2026-11-20\n')
  expect(data.reply).toContain('Payment pending: $10.01.')
  expect(`${text}${data.reply}`).not.toMatch(/under way|ACH/)
})

test('beside one that is under way each is told as it is', async () => {
  const lines = 'number,amount\nINV-1001,10.01\nINV-1002,10.02'
  const { data, text } = await reconciled([PENDING, { status: 'in-progress' }], lines)
  expect(data.reply).toContain(
    'Payment pending or under way:\n- INV-1001, $10.01: payment is pending since 2026-11-20\n- INV-1002, $10.02: payment by check is under way\n',
  )
  expect(text).toContain('$20.03 more is pending or under way')
})

test('a near number', async () => {
  const { data } = await reconciled([PENDING], 'number,amount\nINV-1009,10.01')
  expect(data.lines[0].near).toEqual(['INV-1001 (10.01, payment pending since 2026-11-20)'])
})
