/** Counts and sums of money by group, in integer cents. Pure. */
import { decimalOf } from '../../core/money.ts'
import type { Row } from '../derived/request.ts'

/** What Finexio's status words, as `wordOf` spells them, mean for the money: still to go, stopped, or gone out or arrived. */
export const UNDER_WAY: ReadonlySet<string> = new Set(['pending', 'in-progress'])
export const STOPPED: ReadonlySet<string> = new Set(['failed', 'canceled'])
export const LEFT: ReadonlySet<string> = new Set(['sent', 'complete', 'settled', 'paid'])

export type Sum = { count: number; amount_cents: number; amount: string | null }
export type Group = Row & Sum

/** Only US dollars are added up; Finexio knows no other currency, and says so by leaving it out. */
const isSummable = ({ amount_cents, currency }: Row): boolean =>
  Number.isSafeInteger(amount_cents) && /^(USD)?$/i.test(String(currency ?? ''))

const centsOf = (row: Row): number => (isSummable(row) ? (row.amount_cents as number) : 0)

const sumOf = (count: number, cents: number): Sum => ({
  count,
  amount_cents: cents,
  amount: decimalOf(cents),
})

/** How many rows there are and what they add up to. A row without an amount counts, and adds nothing. */
export const totalOf = (rows: readonly Row[]): Sum =>
  sumOf(
    rows.length,
    rows.reduce((cents, row) => cents + centsOf(row), 0),
  )

/** Rows whose amount could not be read as US dollars: they are in counts, but not in sums. */
export const withoutAmount = (rows: readonly Row[]): Row[] => rows.filter((row) => !isSummable(row))

/** Rows that lower the sums, such as credits. */
export const belowZero = (rows: readonly Row[]): number => rows.filter((row) => centsOf(row) < 0).length

/**
 * One group per set of equal labels, the largest amount first.
 * @param labelsOf the columns that tell groups apart
 */
export const tally = (rows: readonly Row[], labelsOf: (row: Row) => Row): Group[] => {
  const groups = new Map<string, { labels: Row; count: number; cents: number }>()
  for (const row of rows) {
    const labels = labelsOf(row)
    const key = JSON.stringify(labels)
    const group = groups.get(key) ?? { labels, count: 0, cents: 0 }
    group.count++
    group.cents += centsOf(row)
    groups.set(key, group)
  }
  return [...groups.values()]
    .map(({ labels, count, cents }) => ({ ...labels, ...sumOf(count, cents) }))
    .sort((a, b) => b.amount_cents - a.amount_cents || b.count - a.count)
}
