/** The two tables are sound in themselves: each case can be told apart, can fail, and can be right. */
import { expect, test } from 'vitest'
import { sheets } from './sheets/index.ts'
import { type Payable, type Sheet, wrongWith } from './sheets/types.ts'
import { siblings } from './siblings/index.ts'

const answered = (ready: Payable[], text = 'x') => ({
  isError: false,
  text,
  data: {
    body: ready.map(({ number, cents, date, due, supplier, discount }) => ({
      invoice_number: number,
      amount_cents: cents,
      invoice_date: date,
      invoice_due_date: due,
      receiving_counterparty_id: supplier,
      discount_amount_cents: discount,
    })),
    problems: [],
  },
})
const form = ({ right: { says, problemLines } }: Sheet) => says === undefined && problemLines === undefined
const repeated = (names: string[]) => names.filter((name, at) => names.indexOf(name) !== at)

test('each sheet and each sibling has a name of its own', () => {
  expect(repeated(sheets.map(({ like, name }) => `${like} ${name}`))).toEqual([])
  expect(repeated(siblings.map(({ like, input, right }) => `${like} ${input} ${right}`))).toEqual([])
})

test('there are at least three siblings of each kind, 40 sheets and 60 others', () => {
  const kinds = Object.groupBy([...sheets, ...siblings], ({ like }) => like)
  const few = Object.entries(kinds).filter(([, all]) => all!.length < 3)
  expect(few.map(([like]) => like)).toEqual([])
  expect([sheets.length > 40, siblings.length > 60]).toEqual([true, true])
})

test('a sheet takes exactly its own rows, and nothing else', () => {
  for (const sheet of sheets.filter(form)) {
    expect(wrongWith(sheet, answered(sheet.right.ready))).toBeNull()
    expect(wrongWith(sheet, answered([...sheet.right.ready, { number: 'Z', cents: 1 }]))).toMatch(/ready/)
  }
})
