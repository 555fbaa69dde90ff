/** Days, and the spans that reports are made by. Pure; all days are those of UTC, as Finexio's times are. */
import { DAY_MS } from '../../../core/time.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { Refusal } from '../../refusal.ts'

/** Whole days, `YYYY-MM-DD`, both ends included. */
export type Period = { from: string; to: string }

export const SPANS = ['day', 'week', 'weekday', 'month', 'quarter'] as const
export type Span = (typeof SPANS)[number]

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

const textOf = (at: number): string => new Date(at).toISOString().slice(0, 10)
const atOf = (day: string): number => Date.parse(`${day}T00:00:00Z`)
const shifted = (day: string, days: number): string => textOf(atOf(day) + days * DAY_MS)

/** The day of one of Finexio's dates or times; null where it cannot be read. */
const dayOf = (value: unknown): string | null => {
  const at = timeOf(value)
  return at === null ? null : textOf(at)
}

/** 0: Monday. */
const weekdayOf = (day: string): number => (new Date(atOf(day)).getUTCDay() + 6) % 7

const LABELS: Readonly<Record<Span, (day: string) => string>> = {
  day: (day) => day,
  week: (day) => shifted(day, -weekdayOf(day)),
  weekday: (day) => WEEKDAYS[weekdayOf(day)]!,
  month: (day) => day.slice(0, 7),
  quarter: (day) => `${day.slice(0, 4)}-Q${Math.ceil(Number(day.slice(5, 7)) / 3)}`,
}

/** Of a week its Monday; null where there is no date. */
export const spanOf = (value: unknown, span: Span): string | null => {
  const day = dayOf(value)
  return day === null ? null : LABELS[span](day)
}

/** Where a label stands in the natural order: weekdays from Monday on, all others as they are written. */
export const spanRank = (label: string, span: Span): string =>
  span === 'weekday' ? String(WEEKDAYS.indexOf(label)) : label

const monthsFrom = (day: string): number => Number(day.slice(0, 4)) * 12 + Number(day.slice(5, 7)) - 1
const firstOf = (months: number): string =>
  `${String(Math.floor(months / 12)).padStart(4, '0')}-${String((months % 12) + 1).padStart(2, '0')}-01`

const isWholeMonths = ({ from, to }: Period): boolean =>
  from.endsWith('-01') && shifted(to, 1).endsWith('-01')

/** The period of the same length right before: of whole months as many months, of anything else as many days. */
export const periodBefore = (period: Period): Period => {
  const { from, to } = period
  if (isWholeMonths(period)) {
    const start = 2 * monthsFrom(from) - monthsFrom(shifted(to, 1))
    return { from: firstOf(start), to: shifted(from, -1) }
  }
  const days = (atOf(to) - atOf(from)) / DAY_MS + 1
  return { from: shifted(from, -days), to: shifted(from, -1) }
}

/** @param now milliseconds since the epoch @returns null when neither end was given @throws Refusal when it ends before it begins */
export const periodOf = (from: string | undefined, to: string | undefined, now: number): Period | null => {
  if (from === undefined && to === undefined) return null
  const period = { from: from ?? '0001-01-01', to: to ?? textOf(now) }
  if (period.from > period.to)
    throw new Refusal(`The period ends (${period.to}) before it begins (${period.from}): swap the two.`)
  return period
}

export const isWithin = (value: unknown, { from, to }: Period): boolean => {
  const day = dayOf(value)
  return day !== null && day >= from && day <= to
}

/** The calendar year that holds all of it; null where there is none. */
export const yearOf = (period: Period | null): number | null =>
  period !== null && period.from.slice(0, 4) === period.to.slice(0, 4)
    ? Number(period.from.slice(0, 4))
    : null
