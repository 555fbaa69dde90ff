/** A sheet as somebody pastes it, and what `prepare_finexio_invoices` may make of it. Written from faults.md E without a look at the code. */

/** A row that may be paid: what is not named may be anything. */
export interface Payable {
  number: string
  cents: number
  date?: string
  due?: string
  /** Id of the supplier. */
  supplier?: string
  discount?: number
}
export interface Right {
  /** Exactly these rows are ready. */
  ready: Payable[]
  /** Fewer of them are right too: the rest waits, or the whole sheet is refused with a question. Nothing else is ever ready. */
  orAsked?: boolean
  /** What the text of the answer has to say, in whatever words fit. */
  says?: RegExp
  /** Lines of the sheet that must stand in the list of problems, counted with the line of the headings or without it. */
  problemLines?: number[]
}
export interface Sheet {
  /** Line of faults.md whose kind this is. */
  like: string
  name: string
  args: Record<string, unknown>
  right: Right
}
export interface Prepared {
  isError: boolean
  text: string
  // biome-ignore lint/suspicious/noExplicitAny: an answer of a tool is looked into
  data: any
}

/** Buyer and supplier for sheets that are about something else; both are in the sandbox. */
export const BUYER = 'Kestrel Manufacturing Group'
export const ACME = 'Acme Co.'

export const pay = (number: string, dollars: number, more: Partial<Payable> = {}): Payable => ({
  number,
  cents: Math.round(dollars * 100),
  ...more,
})
/** @param text headings and rows, one a line */
export const csv = (
  like: string,
  name: string,
  text: string,
  right: Right,
  args: Record<string, unknown> = {},
): Sheet => ({ like, name, args: { csv: text, buyer: BUYER, ...args }, right })
export const none: Right = { ready: [], orAsked: true }
export const asked = (...ready: Payable[]): Right => ({ ready, orAsked: true })
export const exactly = (...ready: Payable[]): Right => ({ ready })

const show = (row: Payable) => JSON.stringify(row)
// biome-ignore lint/suspicious/noExplicitAny: a row of an answer
const fits = (row: any, right: Payable): boolean =>
  row.invoice_number === right.number &&
  row.amount_cents === right.cents &&
  (right.date === undefined || row.invoice_date === right.date) &&
  (right.due === undefined || row.invoice_due_date === right.due) &&
  (right.supplier === undefined || row.receiving_counterparty_id === right.supplier) &&
  (right.discount === undefined || (row.discount_amount_cents ?? 0) === right.discount)

// biome-ignore lint/suspicious/noExplicitAny: a row of an answer
const short = (row: any) =>
  show({
    number: row.invoice_number,
    cents: row.amount_cents,
    date: row.invoice_date,
    ...(row.invoice_due_date && { due: row.invoice_due_date }),
    ...(row.discount_amount_cents && { discount: row.discount_amount_cents }),
  })

/** What is wrong with an answer; null where nothing is. */
export const wrongWith = ({ right }: Sheet, { isError, text, data }: Prepared): string | null => {
  const body: unknown[] = data?.body ?? []
  if (isError && (!right.orAsked || text === '')) return `refused: ${text}`
  const left = [...right.ready]
  for (const row of body) {
    const at = left.findIndex((one) => fits(row, one))
    if (at < 0) return `ready: ${short(row)}; right: ${right.ready.map(show).join(', ') || 'no row'}`
    left.splice(at, 1)
  }
  if (left.length > 0 && !right.orAsked)
    return `not ready: ${left.map(show).join(', ')}; ${text.slice(0, 400)}`
  if (right.says && !right.says.test(text)) return `does not say ${right.says}: ${text.slice(0, 400)}`
  const lines = (data?.problems ?? []).map((problem: { row: number }) => problem.row)
  const missing = (right.problemLines ?? []).filter(
    (line) => !lines.includes(line) && !lines.includes(line - 1),
  )
  if (missing.length > 0) return `no problem at line ${missing}, but at ${lines}`
  return null
}
