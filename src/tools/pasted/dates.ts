/** Dates as people and their programs write them. Whether the day or the month comes first is a property of the column. */
import { DAY_MS } from '../../core/time.ts'
import { LONGEST_VALUE, type Reading } from './reading.ts'

export type DayOrder = 'month first' | 'day first'

const TIME = String.raw`(?:[T ,]+\d{1,2}:\d\d(?::\d\d(?:\.\d+)?)?(?: ?[AP]M)?(?: ?Z| ?[+-]\d\d:?\d\d)?)?$`
const ISO = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${TIME}`, 'i')
const COMPACT = /^((?:19|20)\d\d)(\d\d)(\d\d)$/
const NUMBERS = new RegExp(String.raw`^(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|\d\d)${TIME}`, 'i')
const WEEKDAY = /^(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*\.?,? +/i
const DAY_MONTH = new RegExp(
  String.raw`^(\d{1,2})(?:st|nd|rd|th)?[ .-]*([a-z]{3,9})\.?,?[ -]*(\d{4}|\d\d)${TIME}`,
  'i',
)
const MONTH_DAY = new RegExp(
  String.raw`^([a-z]{3,9})\.? *(\d{1,2})(?:st|nd|rd|th)?,? +(\d{4}|\d\d)${TIME}`,
  'i',
)
const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]

/** Exactly three letters, `sept`, or the whole name. */
const monthOf = (word: string): string | null => {
  const name = word.toLowerCase()
  const at = MONTHS.findIndex(
    (month) => name === month || name === month.slice(0, 3) || (name === 'sept' && month === 'september'),
  )
  return at < 0 ? null : String(at + 1)
}

const calendarDate = (year: string, month: string, day: string, readAs: string): Reading<string> => {
  const date = `${year.padStart(4, '20')}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  const time = Date.parse(`${date}T00:00:00Z`)
  // A day beyond the month's end is carried into the next month by some engines.
  if (!Number.isNaN(time) && new Date(time).toISOString().startsWith(date)) return { value: date }
  return { problem: `is not a day of the calendar when read as ${readAs}: write it as YYYY-MM-DD` }
}

const named = (given: string): Reading<string> | null => {
  const text = given.replace(WEEKDAY, '')
  const [, day = '', before = '', year = ''] = DAY_MONTH.exec(text) ?? []
  const [, after = '', second = '', last = ''] = MONTH_DAY.exec(text) ?? []
  const month = monthOf(before || after)
  return month === null ? null : calendarDate(year || last, month, day || second, 'day month year')
}

/**
 * `2026-11-23`, `20261123`, `23-Nov-2026`, `Nov 23, 2026`, and `11/23/2026` or `23/11/2026` as the column has it.
 * Times of day are left off, and the day stays as it is written.
 */
export const dateOf = (text: string, order: DayOrder = 'month first'): Reading<string> => {
  const given = text.trim().replace(/\s+/g, ' ')
  const tooLong = given.length > LONGEST_VALUE
  const [, year, , month, day] = (!tooLong && ISO.exec(given)) || []
  if (year) return calendarDate(year, month!, day!, 'year-month-day')
  const compact = COMPACT.exec(given)
  if (compact) return calendarDate(compact[1]!, compact[2]!, compact[3]!, 'year month day')
  const [, first, , second, last] = (!tooLong && NUMBERS.exec(given)) || []
  if (first)
    return order === 'month first'
      ? calendarDate(last!, first, second!, 'month/day/year')
      : calendarDate(last!, second!, first, 'day/month/year')
  const words = tooLong ? null : named(given)
  if (words) return words
  if (/^[345]\d{4}(?:\.0)?$/.test(given))
    return { problem: "is a spreadsheet's number of a day, not a date: format the column as a date" }
  return { problem: 'is not a date: write it as YYYY-MM-DD or month/day/year' }
}

export type OrderEvidence = {
  order: DayOrder
  /** A cell that proves it; null: nothing does. */
  proof: string | null
  /** A cell that proves the contrary; the column then holds both orders. */
  against: string | null
  /** A cell whose reading depends on the order. */
  open: string | null
}

const HEADED: readonly (readonly [RegExp, DayOrder])[] = [
  [/\bdd?\W*mm?\W*yy/i, 'day first'],
  [/\bmm?\W*dd?\W*yy/i, 'month first'],
]

/**
 * @param cells of one column
 * @param heading may say it, as `Date (DD/MM/YYYY)` does
 */
export const dayOrderOf = (cells: readonly string[], heading: string): OrderEvidence => {
  const found: Partial<Record<DayOrder, string>> = {}
  let open: string | null = null
  let dotted = false
  for (const cell of cells) {
    const [, first, mark, second] = NUMBERS.exec(cell.trim().replace(/\s+/g, ' ')) ?? []
    if (!first || Number(first) === Number(second)) continue
    if (Number(first) > 12) found['day first'] ??= cell
    else if (Number(second) > 12) found['month first'] ??= cell
    else open ??= cell
    dotted ||= mark === '.'
  }
  const said = HEADED.find(([pattern]) => pattern.test(heading))?.[1]
  if (said) found[said] ??= heading
  // Points between day, month and year are written where the day comes first.
  const [order = dotted ? 'day first' : 'month first', other] = (
    ['month first', 'day first'] as const
  ).filter((one) => found[one] !== undefined)
  return { order, proof: found[order] ?? null, against: (other && found[other]) ?? null, open }
}

/** `net 30`, `30 days` and `2/10 net 30` → 30, `due on receipt` → 0; null when it is no such term. */
export const daysOfTerms = (terms: string): number | null => {
  if (/^(?:due )?(?:up)?on receipt$|^immediate(?:ly)?$|^cod$/i.test(terms.trim())) return 0
  const [, net, plain] =
    /(?:^|[\s,/])(?:net|n)\s*\/?\s*(\d{1,3})(?:\s*days?)?$|^(\d{1,3})\s*days?$/i.exec(terms.trim()) ?? []
  const days = net ?? plain
  return days === undefined ? null : Number(days)
}

/** @param date `YYYY-MM-DD` */
export const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10)
