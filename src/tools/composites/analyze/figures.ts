/** What a set of rows comes to, by the measures asked for: integer cents, days with one decimal, rounded half up. Pure. */
import { decimalOf } from '../../../core/money.ts'
import type { Row } from '../../derived/request.ts'
import { isSummable } from '../../reading/tally.ts'

export const MEASURES = [
  'count',
  'sum',
  'average',
  'median',
  'min',
  'max',
  'share',
  'days_to_pay',
  'discount',
  'net',
] as const
export type Measure = (typeof MEASURES)[number]

/** The column by which groups of unequal size are put in order, the largest first. */
export const ORDER_BY: Readonly<Record<Measure, string>> = {
  count: 'count',
  sum: 'amount_cents',
  average: 'average_cents',
  median: 'median_cents',
  min: 'min_cents',
  max: 'max_cents',
  share: 'amount_cents',
  days_to_pay: 'days_to_pay_average',
  discount: 'discount_cents',
  net: 'net_cents',
}

/** Integers only: `7 / 2` → 4, `-7 / 2` → -3. Null for a division by zero. */
export const dividedHalfUp = (value: number, by: number): number | null => {
  if (by === 0) return null
  const [top, bottom] = [2n * BigInt(value) + BigInt(by), 2n * BigInt(by)]
  const quotient = top / bottom
  return Number(top < 0n && top % bottom !== 0n ? quotient - 1n : quotient)
}

/** A part of a whole as `"12.3"`; null where the whole is not above zero. */
export const percentOf = (part: number, whole: number): string | null => {
  const tenths = whole > 0 ? dividedHalfUp(part * 1_000, whole) : null
  if (tenths === null) return null
  const digits = String(Math.abs(tenths)).padStart(2, '0')
  return `${tenths < 0 ? '-' : ''}${digits.slice(0, -1)}.${digits.slice(-1)}`
}

/** With one decimal, such as 19.5. */
const tenthsOf = (value: number, by: number): number | null => {
  const tenths = dividedHalfUp(10 * value, by)
  return tenths === null ? null : tenths / 10
}

const medianOf = (sorted: readonly number[]): number | null => {
  const middle = sorted.length >> 1
  if (sorted.length === 0) return null
  return sorted.length % 2 === 1 ? sorted[middle]! : dividedHalfUp(sorted[middle - 1]! + sorted[middle]!, 2)
}

const sumOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0)

/** Cents of the rows that have an amount in US dollars, the smallest first. */
const centsIn = (rows: readonly Row[]): number[] =>
  rows
    .filter(isSummable)
    .map(({ amount_cents }) => amount_cents as number)
    .sort((a, b) => a - b)

const daysIn = (rows: readonly Row[]): number[] =>
  rows
    .map(({ days_to_pay }) => days_to_pay)
    .filter((days) => typeof days === 'number')
    .sort((a, b) => a - b)

const money = (name: string, cents: number | null): Row => ({
  [`${name}_cents`]: cents,
  [name]: decimalOf(cents),
})

type Whole = { count: number; cents: number }
export const wholeOf = (rows: readonly Row[]): Whole => ({ count: rows.length, cents: sumOf(centsIn(rows)) })

const MEASURED: Readonly<
  Record<Measure, (rows: readonly Row[], cents: readonly number[], whole: Whole) => Row>
> = {
  count: (rows) => ({ count: rows.length }),
  sum: (_, cents) => money('amount', sumOf(cents)),
  average: (_, cents) => money('average', dividedHalfUp(sumOf(cents), cents.length)),
  median: (_, cents) => money('median', medianOf(cents)),
  min: (_, cents) => money('min', cents[0] ?? null),
  max: (_, cents) => money('max', cents.at(-1) ?? null),
  share: (rows, cents, whole) => ({
    share_of_count: percentOf(rows.length, whole.count),
    ...money('amount', sumOf(cents)),
    share_of_amount: percentOf(sumOf(cents), whole.cents),
  }),
  days_to_pay: (rows) => {
    const days = daysIn(rows)
    return {
      days_to_pay_average: tenthsOf(sumOf(days), days.length),
      days_to_pay_median: medianOf(days),
      days_to_pay_of: days.length,
    }
  },
  discount: (rows) => money('discount', alsoOf(rows, 'discount_amount_cents')),
  net: (rows) => money('net', alsoOf(rows, 'net_amount_cents')),
}

/** Cents of another column than the amount, of rows that have an amount in US dollars. */
const alsoOf = (rows: readonly Row[], column: string): number =>
  sumOf(rows.filter(isSummable).map((row) => (Number.isSafeInteger(row[column]) ? Number(row[column]) : 0)))

/** @param whole what shares are shares of */
export const figuresOf = (rows: readonly Row[], measures: readonly Measure[], whole: Whole): Row => {
  const cents = centsIn(rows)
  return Object.assign(
    { count: rows.length },
    ...measures.map((measure) => MEASURED[measure](rows, cents, whole)),
  )
}

/** Figures of the period before beside those of now, and what changed. */
export const compared = (now: Row, before: Row): Row => {
  const earlier = Object.fromEntries(Object.entries(before).map(([name, value]) => [`${name}_before`, value]))
  const changes = (name: string): Row => {
    const [a, b] = [now[name], before[name]]
    return typeof a === 'number' && typeof b === 'number'
      ? { [`${name}_change`]: a - b, [`${name}_change_percent`]: percentOf(a - b, b) }
      : {}
  }
  const {
    amount_cents_change: cents,
    amount_cents_change_percent: percent,
    ...count
  } = {
    ...changes('count'),
    ...changes('amount_cents'),
  }
  return {
    ...now,
    ...earlier,
    ...count,
    ...(typeof cents === 'number' && { ...money('amount_change', cents), amount_change_percent: percent }),
  }
}
