/** What an analysis holds: by what it is grouped, which figures it has, and which form shows it best. Pure. */
import { day, label, money, shortId } from './format.ts'
import { numberOf, type Row, textOf, wordsOf } from './values.ts'

const SPANS = ['day', 'week', 'weekday', 'month', 'quarter']
const DIMENSIONS = [
  ...SPANS,
  ...['status', 'method', 'money', 'supplier', 'buyer', 'failure_reason', 'refund_reason'],
  ...['aging', 'age', 'flag'],
]

/** By what the groups were made, in the order that was asked for. */
export const dimensionsOf = ([first = {}]: readonly Row[]): string[] =>
  Object.keys(first)
    .filter((key) => DIMENSIONS.includes(key))
    .slice(0, 2)

const MEASURES = [
  ['count', 'Count'],
  ['amount_cents', 'Amount'],
  ['share_of_count', '% of count'],
  ['share_of_amount', '% of amount'],
  ['average_cents', 'Average'],
  ['median_cents', 'Median'],
  ['min_cents', 'Smallest'],
  ['max_cents', 'Largest'],
  ['days_to_pay_average', 'Days to pay, average'],
  ['days_to_pay_median', 'Days to pay, median'],
] as const
export type Measure = (typeof MEASURES)[number]

/** The figures that any of the rows has. */
export const measuresOf = (rows: readonly Row[]): Measure[] =>
  MEASURES.filter(([key]) => rows.some((row) => textOf(row[key]) !== ''))

/** A figure as people read it; a dash where there is none. */
export const figure = (key: string, value: unknown): string => {
  if (key.includes('_cents')) return money(value)
  if (key.startsWith('share')) return textOf(value) ? `${textOf(value)} %` : '–'
  return numberOf(value)?.toLocaleString('en-US') ?? '–'
}

/** What only adds up may be stacked. */
const ADDITIVE = ['amount_cents', 'count']
/** What bars are drawn of: the first that is there. */
const DRAWN = [
  'amount_cents',
  'average_cents',
  'median_cents',
  'max_cents',
  'min_cents',
  'days_to_pay_average',
]

/** What is told by how old it is: `aging` or `age`. */
export const ageIn = (dimensions: readonly string[]): string | undefined =>
  dimensions.find((one) => /^ag/.test(one))

export type Form = 'bars' | 'stack' | 'table'

/** Time goes as bars, aging, age and time in two parts as stacks, everything else as a table. */
export const formOf = (dimensions: readonly string[]): Form => {
  const [first = '', second] = dimensions
  if (ageIn(dimensions)) return 'stack'
  if (!SPANS.includes(first)) return 'table'
  return second === undefined ? 'bars' : 'stack'
}

/** The figure that a form draws. */
export const drawnIn = (form: Form, measures: readonly Measure[]): string =>
  (form === 'stack' ? ADDITIVE : DRAWN).find((key) => measures.some(([one]) => one === key)) ?? 'count'

/** How far a bar goes: never below nothing, and nothing where there is no figure. */
export const lengthOf = (row: Row, key: string): number => Math.max(0, numberOf(row[key]) ?? 0)

const AGING = [
  ['overdue_over_90', 'More than 90 days overdue'],
  ['overdue_61_90', '61 to 90 days overdue'],
  ['overdue_31_60', '31 to 60 days overdue'],
  ['overdue_1_30', '1 to 30 days overdue'],
  ['due_within_7', 'Due within 7 days'],
  ['due_within_30', 'Due within 30 days'],
  ['due_later', 'Due later'],
  ['no_due_date', 'No due date'],
] as const
const AGING_WORDS = wordsOf(Object.fromEntries(AGING))
const AGING_COLOURS = wordsOf(Object.fromEntries(AGING.map(([bucket], at) => [bucket, at])))

export const MONEY_WORDS = wordsOf({
  stayed: 'Settled and stayed',
  under_way: 'Under way',
  bounced: 'Failed or canceled',
  refunded: 'Refunded',
  unknown: 'Unknown status',
})

const monthWords = (month: string): string => {
  const [, name, year] = /^(\w+) \d+, (\d+)$/.exec(day(`${month}-01`)) ?? []
  return name ? `${name} ${year}` : month
}

const PARTY = wordsOf({ supplier: 'receiving_counterparty_id', buyer: 'originating_counterparty_id' })

/** The label of a group, of one dimension. */
export const groupWords = (row: Row, dimension: string): string => {
  const word = textOf(row[dimension]).replace(/^\((.*)\)$/, '$1')
  if (word === 'none') return `No ${label(dimension).toLowerCase()}`
  const party = PARTY(dimension)
  if (party !== undefined) return word || shortId(textOf(row[party])) || '–'
  if (dimension === 'month') return monthWords(word)
  if (dimension === 'age' && /^\d/.test(word)) return `${word.replace('-', ' to ')} days`
  if (dimension === 'day' || dimension === 'week') return day(word)
  if (dimension === 'quarter') return word.replace(/^(\d{4})-(Q\d)$/, '$2 $1')
  return AGING_WORDS(word) ?? (dimension === 'money' ? MONEY_WORDS(word) : undefined) ?? (label(word) || '–')
}

/** Words that people read as good or bad, whatever stands beside them. */
const COLOURS = wordsOf({
  ...{ settled: 4, complete: 4, paid: 4, received: 4, stayed: 4 },
  ...{ failed: 0, error: 0, bounced: 0, canceled: 1, refunded: 2 },
  ...{ 'in-progress': 5, under_way: 5, requested: 5, sent: 6, pending: 7, unknown: 7 },
})
/** The order in which all others are given out. */
const PALETTE = [5, 4, 6, 2, 1, 3, 0, 7]

/** Which of eight colours a part has, the same in every group, in CSS; aging goes from red to grey. */
export const coloursOf = (rows: readonly Row[], dimension: string): ((row: Row) => string) => {
  const found = [...new Set(rows.map((row) => textOf(row[dimension])))]
  return (row) => {
    const word = textOf(row[dimension])
    const known = dimension === 'aging' ? AGING_COLOURS(word) : COLOURS(word)
    return `var(--c${known ?? PALETTE[Math.max(0, found.indexOf(word)) % PALETTE.length]})`
  }
}
