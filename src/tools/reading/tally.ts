/** What statuses mean for money, and which amounts can be added up. Pure. */
import type { Row } from '../derived/request.ts'

/** What Finexio's status words, as `wordOf` spells them, mean for the money: still to go, stopped, or gone out or arrived. */
export const UNDER_WAY: ReadonlySet<string> = new Set(['pending', 'in-progress'])
export const STOPPED: ReadonlySet<string> = new Set(['failed', 'canceled'])
export const LEFT: ReadonlySet<string> = new Set(['sent', 'complete', 'settled', 'paid'])

/** Only US dollars are added up; Finexio knows no other currency, and says so by leaving it out. */
export const isSummable = ({ amount_cents, currency }: Row): boolean =>
  Number.isSafeInteger(amount_cents) && /^(USD)?$/i.test(String(currency ?? ''))

const centsOf = (row: Row): number => (isSummable(row) ? (row.amount_cents as number) : 0)

/** Rows whose amount could not be read as US dollars: they are in counts, but not in sums. */
export const withoutAmount = (rows: readonly Row[]): Row[] => rows.filter((row) => !isSummable(row))

/** Rows that lower the sums, such as credits. */
export const belowZero = (rows: readonly Row[]): number => rows.filter((row) => centsOf(row) < 0).length
