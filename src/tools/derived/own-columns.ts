/** Columns that lists have beside Finexio's fields, worked out only when they are asked for: names, and the life of a payment. */

import { payments } from '../../../schemas/payments.ts'
import { decimalOf } from '../../core/money.ts'
import { cleanText } from '../../core/text.ts'
import { plural } from '../../core/words.ts'
import { PARTY, partyNames } from '../reading/parties.ts'
import { daysBetween, LIFE_COLUMNS, NO_REPLACEMENT, paymentLife, REISSUE } from '../reading/payment-life.ts'
import { readWhole } from '../reading/read-list.ts'
import { askForOne, type Reading, stopWords } from '../reading/reading.ts'
import { isPathId, picked, type Row, toolName } from './request.ts'

type Worked = { values: Row[]; note: string | null }
type Columns = {
  names: readonly string[]
  /** Fields of Finexio that leave open what these columns tell. */
  beside?: readonly string[]
  /** Fields of a row that these columns are made of. */
  reads: readonly string[]
  of(rows: readonly Row[], reading: Reading): Promise<Worked> | Worked
}

const NAMES: Columns = {
  names: ['supplier_name', 'buyer_name'],
  reads: Object.values(PARTY),
  of: async (rows, reading) => {
    const ids = rows.flatMap((row) => Object.values(PARTY).map((field) => row[field]))
    const names = await partyNames(reading, ids)
    const missing = ids.some((id) => isPathId(id) && !names.has(id))
    return {
      values: rows.map((row) => ({
        supplier_name: names.get(row[PARTY.supplier]) ?? null,
        buyer_name: names.get(row[PARTY.buyer]) ?? null,
      })),
      note: missing ? `Names are missing. ${stopWords(reading) ?? ''}`.trim() : null,
    }
  },
}

const LIFE: Columns = {
  names: LIFE_COLUMNS,
  beside: REISSUE,
  reads: ['status', 'events', 'refund_timestamp', ...REISSUE],
  of: (rows) => {
    const values = rows.map((row): Row => ({ ...paymentLife(row) }))
    return { values, note: values.some(({ reissued }) => reissued) ? NO_REPLACEMENT : null }
  },
}

const NET: Columns = {
  names: ['net_amount'],
  reads: ['amount_cents', 'discount_amount_cents'],
  of: (rows) => ({
    values: rows.map(({ amount_cents, discount_amount_cents }) => ({
      net_amount:
        typeof amount_cents === 'number'
          ? decimalOf(amount_cents - Number(discount_amount_cents ?? 0))
          : null,
    })),
    note: null,
  }),
}

/** Up to this many payments are read one by one; for more the list, from the earliest invoice on. */
const MOST_SINGLE = 12

/** The payments of invoices, by their ids. A payment is made after its invoice. */
const paymentsOf = async (reading: Reading, rows: readonly Row[]): Promise<ReadonlyMap<unknown, Row>> => {
  const ids = [...new Set(rows.map(({ payment_id }) => payment_id).filter(isPathId))]
  const since = rows.map(({ created }) => created).filter((time) => typeof time === 'string')
  const listed =
    ids.length > MOST_SINGLE && since.length > 0
      ? (await readWhole(reading, payments, { created_start: since.sort()[0]! })).rows
      : []
  const found = new Map<unknown, Row>(listed.map((row) => [row.id, row]))
  const single = ids.filter((id) => !found.has(id))
  const read = await Promise.all(single.map((id) => askForOne(reading, payments, { id })))
  for (const row of read) if (row) found.set(row.id, row)
  return found
}

const PAYMENT_TOOLS = [toolName(payments, 'list'), toolName(payments, 'get')]
const HIDDEN = 'This server shows no payments: settled_at and days_to_pay are left empty.'

const SETTLED: Columns = {
  names: ['settled_at', 'days_to_pay'],
  reads: ['payment_id', 'invoice_date', 'created'],
  of: async (rows, reading) => {
    const none = { settled_at: null, days_to_pay: null }
    if (!PAYMENT_TOOLS.every((tool) => reading.context.sees(tool)))
      return { values: rows.map(() => none), note: HIDDEN }
    const found = await paymentsOf(reading, rows)
    const unread = rows.filter(({ payment_id }) => isPathId(payment_id) && !found.has(payment_id)).length
    const values = rows.map(({ payment_id, invoice_date }) => {
      const payment = found.get(payment_id)
      const settled_at = payment ? paymentLife(payment).settled_at : null
      return { settled_at, days_to_pay: daysBetween(invoice_date, settled_at) }
    })
    const lost = `The payments of ${plural(unread, 'invoice')} were not read: their settled_at is not known. ${stopWords(reading) ?? ''}`
    return { values, note: unread > 0 ? lost.trim() : null }
  },
}

const OWN: Readonly<Record<string, readonly Columns[]>> = {
  payments: [NAMES, LIFE],
  invoices: [NAMES, SETTLED, NET],
}

/** Names of the columns that the list of a resource has beside Finexio's fields. */
export const ownColumns = (resource: string): readonly string[] =>
  (OWN[resource] ?? []).flatMap(({ names }) => names)

const wanted = (resource: string, columns: readonly string[]): readonly Columns[] =>
  (OWN[resource] ?? []).filter(({ names, beside = [] }) =>
    [...names, ...beside].some((name) => columns.includes(name)),
  )

/** Fields of a row that these columns are made of. */
export const fieldsBehind = (resource: string, columns: readonly string[]): string[] =>
  wanted(resource, columns).flatMap(({ reads }) => reads)

const shown = (value: unknown) => (typeof value === 'string' ? cleanText(value) : value)

/** Of each row those of the asked-for columns that are ours, ready to be shown, and what cannot be known of them. */
export const workedOut = async (
  resource: string,
  rows: readonly Row[],
  columns: readonly string[],
  reading: Reading,
): Promise<{ values: Row[]; notes: (string | null)[] }> => {
  const worked: Worked[] = []
  for (const { of } of rows.length > 0 ? wanted(resource, columns) : []) worked.push(await of(rows, reading))
  const values = rows.map((_, at) => {
    const own = picked(Object.assign({}, ...worked.map((one) => one.values[at])), columns)
    return Object.fromEntries(Object.entries(own).map(([name, value]) => [name, shown(value)]))
  })
  return { values, notes: worked.map(({ note }) => note) }
}
