/** What is wrong with an answer to a sheet whose meaning is known. */
import type { Prepared } from '../types.ts'
import { type Bill, isPayable } from './bills.ts'
import { isoOf } from './cells.ts'
import type { Written } from './sheet.ts'

const show = ({ number, supplier, open, cents, day, kind, state, currency, lines }: Bill) =>
  JSON.stringify({
    number,
    supplier: supplier.id,
    open,
    cents,
    date: isoOf(day),
    kind,
    state,
    currency,
    lines,
  })

// biome-ignore lint/suspicious/noExplicitAny: a row of an answer
type Ready = any

/** An order that nothing proves is right either way, if that is said. */
const dayFits = (date: string, day: number, { style }: Written, text: string): boolean =>
  date === isoOf(day) || (/nothing in the sheet proves/.test(text) && date === style.swapped?.(day))

const wrongRow = (row: Ready, sheet: Written, text: string): string | null => {
  const meant = sheet.bills.filter(({ number }) => number === row.invoice_number)
  const bill = meant[0]
  if (bill === undefined) return `ready: a number nobody meant, ${row.invoice_number}`
  const wrong = [
    !isPayable(bill) && 'that is not to be paid',
    row.amount_cents !== bill.open && `with ${row.amount_cents}`,
    row.receiving_counterparty_id !== bill.supplier.id && `for ${row.receiving_counterparty_id}`,
    !dayFits(row.invoice_date, bill.day, sheet, text) && `of ${row.invoice_date}`,
    (row.discount_amount_cents ?? 0) !== bill.discount && `less ${row.discount_amount_cents}`,
    row.invoice_due_date !== undefined &&
      row.invoice_date === isoOf(bill.day) &&
      !dayFits(row.invoice_due_date, bill.due, sheet, text) &&
      `due ${row.invoice_due_date}`,
  ].filter((one) => one !== false)
  return wrong.length > 0 ? `ready ${wrong.join(', ')}: ${show(bill)}` : null
}

/** Rows that the words name: "row 4", "rows 4, 5 and 7". */
const namedIn = (text: string): Set<number> =>
  new Set(
    [...text.matchAll(/\brows? (\d[\d, and–-]*)/gi)].flatMap(([, list]) =>
      [...list!.matchAll(/(\d+)(?:\s*[–-]\s*(\d+))?/g)].flatMap(([, from, to]) =>
        Array.from({ length: Number(to ?? from) - Number(from) + 1 }, (_, at) => Number(from) + at),
      ),
    ),
  )

/** The totals of these sheets count open balances as amounts: then the whole sheet waits, and says so first. */
const isAsked = ({ isError, text }: Prepared): boolean =>
  isError || text.startsWith('Nothing is ready: the total ')

/** @returns null where nothing is wrong */
export const wrongWith = (sheet: Written, prepared: Prepared): string | null => {
  const { text, data } = prepared
  if (isAsked(prepared)) return text === '' ? 'refused without a word' : null
  const body: Ready[] = data.body
  for (const row of body) {
    const wrong = wrongRow(row, sheet, text)
    if (wrong) return wrong
  }
  const numbers = body.map(({ invoice_number }: Ready) => invoice_number)
  if (new Set(numbers).size < numbers.length) return 'ready twice'
  const told = new Set(
    data.problems.flatMap(({ line, lines = [line] }: { line: number; lines?: number[] }) => lines),
  )
  const named = namedIn(`${text}\n${data.note}`)
  for (const [line, bill] of sheet.lines) {
    const isThere =
      told.has(line) ||
      named.has(line - sheet.headingLine) ||
      (bill !== null && numbers.includes(bill.number))
    if (!isThere) return `line ${line} vanished: ${bill ? show(bill) : 'a row that is no bill'}`
  }
  return null
}
