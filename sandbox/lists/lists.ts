/** Reading one page of a table. */

import { firstRow, rows } from '../tenants/tables.ts'
import { invalid, invalidPage, ok } from '../wire/answers.ts'
import type { Answer, Call } from '../wire/call.ts'
import { type Condition, conditionsOf, type Filters } from './filters.ts'
import { type Envelope, envelope, pageExists, pageNumber } from './paging.ts'

const ORDERS = {
  newest: 'created DESC, id',
  oldest: 'created ASC, id',
  // Stable, so that pages do not overlap, but unrelated to time.
  random: 'substr(id, -5), id',
} as const

export type Listing<Row> = {
  table: string
  filters: Filters
  /** Conditions besides the caller's. */
  always?: readonly Condition[]
  /** All rows of a page at once, so that their relations need one query. */
  render: (rows: Row[], call: Call) => unknown[]
}

/** The page a request asks for, as an envelope; or the answer that refuses it. */
const readPage = <Row>(call: Call, listing: Listing<Row>): { page: Envelope } | { refusal: Answer } => {
  const { db, tenant, settings, url } = call
  const { conditions, errors } = conditionsOf(listing.filters, url.searchParams)
  if (Object.keys(errors).length > 0) return { refusal: invalid(call, errors) }
  const page = pageNumber(url.searchParams.getAll('page'))
  const all = [{ sql: 'tenant = ?', values: [tenant.id] }, ...(listing.always ?? []), ...conditions]
  const where = `FROM ${listing.table} WHERE ${all.map(({ sql }) => sql).join(' AND ')}`
  const values = all.flatMap((condition) => condition.values)
  const count = firstRow<{ n: number }>(db, `SELECT count(*) AS n ${where}`, ...values)?.n ?? 0
  if (page === null || !pageExists(page, count, settings.pageSize)) return { refusal: invalidPage(call) }
  const found = rows<Row>(
    db,
    `SELECT * ${where} ORDER BY ${ORDERS[settings.listOrder]} LIMIT ? OFFSET ?`,
    ...values,
    settings.pageSize,
    (page - 1) * settings.pageSize,
  )
  return { page: envelope(url, page, settings.pageSize, count, listing.render(found, call)) }
}

/** One page of a table as an answer. */
export const listAnswer = <Row>(call: Call, listing: Listing<Row>, status = 200): Answer => {
  const read = readPage(call, listing)
  return 'refusal' in read ? read.refusal : ok(read.page, status)
}
