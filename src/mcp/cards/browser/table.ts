/** Rows of a table: which are kept, in which order, and what they come to. Pure. */
import { groupedBy, numberOf, type Row, sumOf, textOf } from './values.ts'

export type Filter = { text: string; status: string | null; method: string | null }
export type Sort = { field: string; down: boolean }

const holds = (row: Row, fields: readonly string[], text: string): boolean =>
  fields.some((field) => textOf(row[field]).toLowerCase().includes(text))

/**
 * @param fields where the words of the filter are looked for; all words must be found, each anywhere
 */
export const kept = (rows: readonly Row[], fields: readonly string[], filter: Filter): Row[] => {
  const words = filter.text.toLowerCase().split(/\s+/).filter(Boolean)
  return rows.filter(
    (row) =>
      (filter.status === null || row.status === filter.status) &&
      (filter.method === null || row.payment_method === filter.method) &&
      words.every((word) => holds(row, fields, word)),
  )
}

const compare = (a: unknown, b: unknown): number => {
  const [first, second] = [numberOf(a), numberOf(b)]
  if (first !== null && second !== null) return first - second
  return textOf(a).localeCompare(textOf(b), 'en')
}

/** What has no value comes last, whichever way. */
export const sorted = (rows: readonly Row[], { field, down }: Sort): Row[] =>
  [...rows].sort((a, b) => {
    const [first, second] = [textOf(a[field]), textOf(b[field])]
    if (first === '' || second === '') return Number(first === '') - Number(second === '')
    return down ? compare(b[field], a[field]) : compare(a[field], b[field])
  })

/** Another column begins with what people look for first: the latest, the largest, the first of the alphabet. */
export const nextSort = (sort: Sort, field: string, downFirst: boolean): Sort =>
  sort.field === field ? { field, down: !sort.down } : { field, down: downFirst }

export type Group = { value: string; count: number; cents: number }

/** How many rows have each value, the most frequent first. */
export const groups = (rows: readonly Row[], field: string): Group[] =>
  [...groupedBy(rows, (row) => textOf(row[field]))]
    .filter(([value]) => value !== '')
    .map(([value, of]) => ({ value, count: of.length, cents: sumOf(of, 'amount_cents') }))
    .sort((a, b) => b.count - a.count)
