/** Which invoices look like one bill entered twice. Pure: every invoice is compared with earlier ones of its supplier. Payments, which have no numbers, by amount alone. */
import { isBlank } from '../../../core/mask.ts'
import { isOneSlip } from '../../../core/text.ts'
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Row, wordOf } from '../../derived/request.ts'
import { LEFT, STOPPED } from '../../reading/tally.ts'

// How alike two invoice numbers are: what people and scanners get wrong when one bill is entered twice. Pure.

/** `same_number`: to the letter. The others name the only thing in which the numbers differ. */
type Likeness = 'same_number' | 'case_or_punctuation' | 'leading_zeros' | 'one_character'

const runsOf = (number: string): string[] => number.toUpperCase().match(/\p{N}+|\p{L}+/gu) ?? []

/** Letters and digits alone, in upper case: `inv 10-7` → `INV107`. */
export const bareNumber = (number: string): string => runsOf(number).join('')

/** Runs of letters and digits without leading zeros: `INV-0012` and `inv12` → `INV-12`. */
const unpaddedNumber = (number: string): string =>
  runsOf(number)
    .map((run) => run.replace(/^0+(?=.)/, ''))
    .join('-')

/** Shorter numbers are all one mistyped character away from each other. */
const SHORTEST_SLIP = 4

/** In what two numbers differ, when it is little; null when they have nothing to do with each other. */
export const likeness = (a: string, b: string): Likeness | null => {
  if (a === b) return 'same_number'
  const [bareA, bareB] = [bareNumber(a), bareNumber(b)]
  if (bareA === '' || bareB === '') return null
  if (bareA === bareB) return 'case_or_punctuation'
  if (unpaddedNumber(a) === unpaddedNumber(b)) return 'leading_zeros'
  const isLong = Math.min(bareA.length, bareB.length) >= SHORTEST_SLIP
  return isLong && isOneSlip(bareA, bareB) ? 'one_character' : null
}

export type Repeat = {
  invoice: Row
  /** The earlier invoice that it looks like. */
  of: Row
  reason: Likeness | 'same_amount'
  /** Whole days between the two invoice dates. */
  days: number
  /** How many of the two were paid. `returned`: both, and money of one or both came back. */
  paid: 'one' | 'both' | 'returned' | 'none'
}

const cameBack = ({ can_be_resubmitted, refund_timestamp }: Row) =>
  can_be_resubmitted === true || !isBlank(refund_timestamp)

/** Money that failed, was stopped or came back may be paid again with good reason. */
const isSetAside = (row: Row, includeRefunded: boolean) =>
  STOPPED.has(wordOf(row.status)) || (!includeRefunded && cameBack(row))

const dayOf = ({ invoice_date, created }: Row): number =>
  Math.floor((timeOf(invoice_date) ?? timeOf(created) ?? 0) / DAY_MS)

const paidOf = (...pair: readonly Row[]): Repeat['paid'] => {
  const paid = pair.filter(({ status }) => LEFT.has(wordOf(status))).length
  if (paid === 2) return pair.some(cameBack) ? 'returned' : 'both'
  return paid === 0 ? 'none' : 'one'
}

/** Earlier invoices of one supplier, found by number and by amount. */
type Shelf = { byNumber: Map<string, Row>; byAmount: Map<unknown, Row[]> }

const numberKeys = (number: string): string[] => {
  if (number === '') return []
  const bare = bareNumber(number)
  return bare === '' ? [`exact ${number}`] : [`bare ${bare}`, `unpadded ${unpaddedNumber(number)}`]
}

/** Those of the same amount dated at most `days` before, nearest first. */
const sameAmount = ({ byAmount }: Shelf, row: Row, days: number): Row[] => {
  const alike = byAmount.get(row.amount_cents) ?? []
  return alike.filter((earlier) => dayOf(row) - dayOf(earlier) <= days).toReversed()
}

const matchOf = (shelf: Shelf, row: Row, days: number): Pick<Repeat, 'of' | 'reason'> | null => {
  const number = String(row.invoice_number ?? '')
  const sameNumber = numberKeys(number)
    .map((key) => shelf.byNumber.get(key))
    .find((found) => found !== undefined)
  const candidates = [...(sameNumber ? [sameNumber] : []), ...sameAmount(shelf, row, days)]
  for (const of of candidates) {
    const reason = number === '' ? null : likeness(number, String(of.invoice_number ?? ''))
    if (reason) return { of, reason }
  }
  return candidates[0] ? { of: candidates[0], reason: 'same_amount' } : null
}

const put = (shelf: Shelf, row: Row) => {
  for (const key of numberKeys(String(row.invoice_number ?? ''))) shelf.byNumber.set(key, row)
  if (typeof row.amount_cents !== 'number') return
  const alike = shelf.byAmount.get(row.amount_cents)
  if (alike) alike.push(row)
  else shelf.byAmount.set(row.amount_cents, [row])
}

const URGENCY: Readonly<Record<Repeat['paid'], number>> = { one: 0, both: 1, returned: 2, none: 3 }
const amountOf = ({ invoice }: Repeat) => Number(invoice.amount_cents ?? 0)

/** Most urgent first: a second payment that can still be stopped, then money paid twice; the larger first. */
const byUrgency = (a: Repeat, b: Repeat) =>
  URGENCY[a.paid] - URGENCY[b.paid] || amountOf(b) - amountOf(a) || a.days - b.days

/**
 * Holds every invoice against the earlier ones of the same supplier: the same number but for case, punctuation or
 * leading zeros at any distance; the same amount within `days`, the numbers one character apart or not alike at all.
 * @param includeRefunded whether money that came back is compared as well: what was paid twice is often refunded
 * @returns each suspicious invoice once, and how many were set aside because their payment failed or came back
 */
export const findRepeats = (
  invoices: readonly Row[],
  days: number,
  includeRefunded = false,
): { repeats: Repeat[]; setAside: number } => {
  const live = invoices.filter((row) => !isSetAside(row, includeRefunded))
  const inOrder = live.toSorted(
    (a, b) => dayOf(a) - dayOf(b) || (timeOf(a.created) ?? 0) - (timeOf(b.created) ?? 0),
  )
  const shelves = new Map<unknown, Shelf>()
  const repeats: Repeat[] = []
  for (const row of inOrder) {
    const supplier = row.receiving_counterparty_id
    const shelf = shelves.get(supplier) ?? { byNumber: new Map(), byAmount: new Map() }
    const match = matchOf(shelf, row, days)
    if (match)
      repeats.push({
        invoice: row,
        ...match,
        days: dayOf(row) - dayOf(match.of),
        paid: paidOf(row, match.of),
      })
    put(shelf, row)
    shelves.set(supplier, shelf)
  }
  return { repeats: repeats.toSorted(byUrgency), setAside: invoices.length - live.length }
}
