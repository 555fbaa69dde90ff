/** Checks that a bank presents, against those that were issued. Exam 2, no. 18: refused, because no line had a date. */
import { expect, test } from 'vitest'
import { callWith } from '../../fake-finexio.ts'
import { failing, finexioOf, PARTIES, payment, type World } from '../world.ts'

const settled = { events: [{ event_name: 'settled', status: 'settled', timestamp: '2026-10-24T10:00:00' }] }
const WORLD: World = {
  parties: [...PARTIES, { id: 's3', name: 'Café Lumière, Inc.', type: 'Supplier' }],
  payments: [
    payment(1, { instrument_number: '119004', amount_cents: 3_127_011, ...settled }),
    payment(2, { instrument_number: '415952', amount_cents: 2_453_486, receiving_counterparty_id: 's2' }),
    payment(3, { instrument_number: '429771', amount_cents: 24_118, receiving_counterparty_id: 's2' }),
    payment(4, { instrument_number: '694345', amount_cents: 889_412, status: 'in-progress' }),
    payment(5, { instrument_number: '500500', amount_cents: 100, status: 'failed' }),
    payment(6, { instrument_number: '500501', amount_cents: 100, refund_timestamp: '2026-10-20T00:00:00' }),
    payment(7, { instrument_number: '700700', amount_cents: 100, payment_method: 'ach' }),
    payment(8, {
      instrument_number: '800800',
      amount_cents: 100,
      receiving_counterparty_id: 's3',
      status: 'in-progress',
    }),
    payment(9, { instrument_number: '900900', amount_cents: 100 }),
    payment(10, { instrument_number: '0900900', amount_cents: 100 }),
  ],
}
type Line = { check: string; verdict: string; why: string; cleared_at: string | null }
const call = async (lines: string, world: World = WORLD) => {
  const answer = await callWith('match_finexio_bank_lines', { lines }, finexioOf(world))
  return { ...answer, lines: (answer.data.lines ?? []) as Line[] }
}
const verdicts = (lines: Line[]) => lines.map(({ check, verdict }) => `${check} ${verdict}`)

const ASKED = [
  'Check no.\tPayee\tAmount',
  '119004\tAcme\t$31,270.11',
  '415952\tBolt\t$25,434.86',
  '429771\tAcme\t$241.18',
  '100200\tVernon Capital Partners\t$6,750.00',
  '0694345\tACME\t$8,894.12',
].join('\n')

test('agrees, raised, to another payee, not issued; zeros in front do not count; what cleared is said', async () => {
  const { lines, text } = await call(ASKED)
  expect(verdicts(lines)).toEqual([
    '119004 agrees',
    '415952 wrong_amount',
    '429771 wrong_payee',
    '100200 not_issued',
    '0694345 agrees',
  ])
  expect(lines[0]).toMatchObject({ why: expect.stringContaining('cleared already on 2026-10-24') })
  expect(lines[1]!.why).toContain('issued for $24,534.86: $900.00 more is presented')
  expect(lines[2]!.why).toContain('issued to Bolt')
  expect(lines[4]!.cleared_at).toBeNull()
  expect(text).toMatch(/^Of 5 checks 2 agree, 1 of ANOTHER AMOUNT, 1 to ANOTHER PAYEE, 1 NOT ISSUED/)
})

test.each([
  ['a failed payment', '500500,Acme,1.00', 'stopped'],
  ['a refunded one', '500501,Acme,1.00', 'stopped'],
  ['a trace number of an ACH payment is no check', '700700,Acme,1.00', 'not_issued'],
  ['accents, case and a legal form', '800800,CAFE LUMIERE,1.00', 'agrees'],
  ['a name that the bank cut', '800800,Cafe Lum,1.00', 'undecided'],
  ['no payee', '800800,,1.00', 'agrees'],
  ['a cent less', '800800,Cafe Lumiere,0.99', 'wrong_amount'],
  ['two checks of one number', '900900,Acme,1.00', 'undecided'],
])('%s', async (_, line, verdict) => {
  expect((await call(`Check #,Payee,Amount\n${line}`)).lines[0]!.verdict).toBe(verdict)
})

test('plain lines and repeated numbers', async () => {
  const { lines } = await call('Check 119004 Acme $31,270.11\n#694345 Acme $8,894.12\n119004 Acme 31,270.11')
  expect(verdicts(lines)).toEqual(['119004 agrees', '694345 agrees', '119004 repeated'])
})

test('not all payments were read: nothing is called not issued', async () => {
  const over = ({ path, query }: { path: string; query?: object }) =>
    path === '/payments/' && (query as { page?: number }).page === 2 ? failing('throttled') : undefined
  const many = Array.from({ length: 150 }, (_, at) => payment(at + 20, { instrument_number: `${at + 2000}` }))
  const { lines, text } = await call('Check no,Payee,Amount\n100200,Vernon,5.00', {
    ...WORLD,
    payments: many,
    over,
  })
  expect(lines[0]!.verdict).toBe('undecided')
  expect(text).toMatch(/^PARTLY READ\. /)
})
