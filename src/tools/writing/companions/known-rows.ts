/** What is known of each row of a write, after a look: which is there under which id and number, and which is not, or not known. Pure. */
import type { Written } from '../../../account/tables/ledger/unsettled.ts'
import { dollars } from '../../../core/money.ts'
import { quoted } from '../../../core/text.ts'
import { firstOf } from '../../../core/words.ts'
import { type Judged, recordsIn, rowsIn } from '../../../rules/unknown.ts'
import type { Look } from './look.ts'

/** A row that is there. */
type Found = { index: number; id: string | null; invoice_number?: string }

const MOST_NAMED = 8

/** What Finexio's answer confirmed is there, whether or not a list shows it yet. */
export const confirmedIn = ({ state, kept, records }: Written): [number, string | null][] => {
  const open = rowsIn(kept, 'unknown_rows')
  return state === 'succeeded' ? [...records.entries()].filter(([row]) => !open.includes(row)) : []
}

/** Rows that are there with another amount than was sent: that Finexio carried out this very write is not shown by these. */
export const otherAmounts = (
  { sentCents }: Written,
  { records }: Look,
): Map<number, [is: number, was: number]> =>
  new Map(
    [...(records ?? [])].flatMap(([row, { amount_cents: is }]) => {
      const was = sentCents.get(row)
      return was === undefined || typeof is !== 'number' || is === was ? [] : [[row, [is, was]] as const]
    }),
  )

const numberOf = (index: number, id: string | null, { kept }: Written, { records }: Look): string | null => {
  const answered = id === null ? undefined : recordsIn(kept).find((one) => one.id === id)
  const number = records?.get(index)?.invoice_number ?? answered?.invoice_number
  return typeof number === 'string' ? number : null
}

/** With the invoices' numbers, as far as they were read or answered. */
export const foundRows = (found: ReadonlyMap<number, string | null>, written: Written, look: Look): Found[] =>
  [...found]
    .sort(([a], [b]) => a - b)
    .map(([index, id]) => {
      const number = numberOf(index, id, written, look)
      return { index, id, ...(number !== null && { invoice_number: number }) }
    })

const placeOf = ({ index, id, invoice_number: number }: Found): string => {
  const said = [number === undefined ? null : quoted(number), id].filter((one) => one !== null)
  return `body[${index}]${said.length > 0 ? ` (${said.join(', ')})` : ''}`
}

const saying = (what: string, rows: readonly string[]): string[] =>
  rows.length > 0 ? [`${what}: ${firstOf(rows, MOST_NAMED)}.`] : []

/** @param rows positions, as the ledger keeps them */
export const placesOf = (rows: readonly (number | string)[]): string =>
  firstOf(
    rows.map((row) => `body[${row}]`),
    MOST_NAMED,
  )

/** Row by row, in sentences; empty where one rule holds for all. */
export const rowsWords = (
  there: readonly Found[],
  { kept, sentCents }: Written,
  resolved: Judged,
): string => {
  const refused = rowsIn(kept, 'refused_rows')
  const isMixed = there.length > 0 ? resolved.rows.length > 0 : refused.length > 0
  if (!isMixed || sentCents.size === 0) return ''
  const ofThem = (are: boolean) =>
    resolved.rows.filter((row) => refused.includes(row) === are).map((row) => `body[${row}]`)
  return [
    ...saying('There', there.map(placeOf)),
    ...saying('Refused by Finexio itself', ofThem(true)),
    ...saying(resolved.kind === 'done' ? 'Not there' : 'Not known', ofThem(false)),
  ].join(' ')
}

/** Of rows that are there with another amount. */
export const amountWords = (
  others: ReadonlyMap<number, [is: number, was: number]>,
  written: Written,
  look: Look,
): string => {
  const said = [...others].map(([index, [is, was]]) => {
    const id = look.records?.get(index)?.id
    const [row] = foundRows(new Map([[index, typeof id === 'string' ? id : null]]), written, look)
    return `${placeOf(row!)} is there with ${dollars(is)}, and ${dollars(was)} was sent`
  })
  return `${firstOf(said, MOST_NAMED)}. Whether that is this write a look cannot show: a person who approves settles it at settle_url. Do not repeat the write.`
}
