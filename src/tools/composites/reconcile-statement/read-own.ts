/** What Finexio has of the numbers on a statement: newest invoices first, their payments, and drawdowns for numbers still missing. */

import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { plural } from '../../../core/words.ts'
import { numberOf } from '../../../rules/duplicates.ts'
import { isPathId, type Row } from '../../derived/request.ts'
import { throughDrawdowns } from '../../reading/invoices-in-drawdowns.ts'
import { isWhole, readRecent } from '../../reading/read-list.ts'
import { askForOne, type Reading } from '../../reading/reading.ts'
import type { Known } from './judge-lines.ts'
import { ownRecord } from './own-records.ts'
import type { StatementLine } from './statement-lines.ts'

const MOST_PAGES = 30
/** Numbers that are not among the newest invoices and are looked for one by one. */
const MOST_ASKED = 15
/** Up to this many payments are read one by one; for more the list is read, which costs fewer requests. */
const MOST_SINGLY = 25

export type Read = Known & {
  /** How far was looked, in a sentence. */
  looked: string
}

const keyOf = (row: Row) => numberOf({ number: String(row.invoice_number ?? '') })

type Looked = { own: Row[]; others: string[]; asked: string[] }

/** Numbers behind the newest invoices: Finexio can be asked which drawdowns hold one. */
const lookFor = async (reading: Reading, numbers: readonly string[], supplierId: string): Promise<Looked> => {
  const looked: Looked = { own: [], others: [], asked: [] }
  const each = numbers.slice(0, MOST_ASKED).map(async (number) => {
    const { matches, complete } = await throughDrawdowns(reading, {
      number,
      supplier: null,
      supplierId: null,
    })
    const own = matches.filter(({ invoice }) => invoice.receiving_counterparty_id === supplierId)
    const ids = [...new Set(own.map(({ invoice }) => invoice.id))].filter(isPathId)
    const records = await Promise.all(ids.map((id) => askForOne(reading, invoices, { id })))
    looked.own.push(...records.filter((record) => record !== null))
    if (own.length === 0 && matches.length > 0) looked.others.push(numberOf({ number }))
    if (complete && !records.includes(null)) looked.asked.push(numberOf({ number }))
  })
  await Promise.all(each)
  return looked
}

const readPayments = async (reading: Reading, ids: readonly string[]): Promise<Map<unknown, Row>> => {
  const listed = ids.length > MOST_SINGLY ? (await readRecent(reading, payments, MOST_PAGES)).rows : []
  const found = new Map(listed.map((row): [unknown, Row] => [row.id, row]))
  const missing = ids.filter((id) => !found.has(id))
  const singly = await Promise.all(missing.map((id) => askForOne(reading, payments, { id })))
  for (const row of singly) if (row) found.set(row.id, row)
  return found
}

/** @param lines whose numbers decide what is read beyond the list */
export const readOwn = async (
  reading: Reading,
  lines: readonly StatementLine[],
  supplierId: string,
): Promise<Read> => {
  const whole = await readRecent(reading, invoices, MOST_PAGES)
  const isAll = isWhole(whole)
  const known = new Set(whole.rows.map(keyOf))
  const claimed = lines.filter(({ kind }) => kind === 'invoice')
  const absent = claimed.filter(({ numbers }) => !numbers.some((number) => known.has(numberOf({ number }))))
  const sought = [
    ...new Set(absent.map(({ numbers }) => numbers[0]).filter((number) => number !== undefined)),
  ]
  const more = isAll ? { own: [], others: [], asked: [] } : await lookFor(reading, sought, supplierId)
  const mine = (row: Row) => row.receiving_counterparty_id === supplierId
  const rows = [...new Map([...whole.rows.filter(mine), ...more.own].map((row) => [row.id, row])).values()]
  const wanted = new Set(claimed.flatMap(({ numbers }) => numbers.map((number) => numberOf({ number }))))
  // Of numbers that are nearly those of the statement the payments are of no use: they are only offered.
  const amounts = new Set(claimed.map(({ cents }) => cents))
  const needed = rows.filter(
    (row) =>
      wanted.has(keyOf(row)) ||
      amounts.has(Number(row.amount_cents)) ||
      amounts.has(Number(row.amount_cents) - Number(row.discount_amount_cents ?? 0)),
  )
  const paid = await readPayments(reading, [
    ...new Set(needed.map(({ payment_id }) => payment_id).filter(isPathId)),
  ])
  const byId = new Map(rows.map((row): [unknown, Row] => [row.id, row]))
  return {
    own: rows.map((row) => ownRecord(row, paid, byId)),
    others: new Set([...whole.rows.filter((row) => !mine(row)).map(keyOf), ...more.others]),
    isWhole: isAll,
    asked: new Set(more.asked),
    looked: `Compared with ${isAll ? 'all' : 'the newest'} ${plural(whole.rows.length, 'invoice')} of the account, ${rows.length} of them of this supplier.`,
  }
}
