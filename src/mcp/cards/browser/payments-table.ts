/** The columns of the payments table, and the table itself. */
import { badge, type Child, h, name } from './dom.ts'
import { day, label, methodOf, money, shortId, toneOf } from './format.ts'
import { nextSort, type Sort } from './table.ts'
import { type Row, textOf } from './values.ts'

type Column = { field: string; title: string; downFirst: boolean; cell(row: Row): Child[] }

const supplier = (row: Row): HTMLElement => {
  const id = textOf(row.receiving_counterparty_id)
  return row.supplier ? name(textOf(row.supplier)) : h('span.id', { title: id }, shortId(id) || '–')
}

const status = ({ status: word, refund_timestamp, refunded_at, failure_reason: why }: Row): Child[] => [
  badge(label(word) || 'No status', toneOf(word)),
  Boolean(refund_timestamp || refunded_at) && badge('Refunded', 'warn'),
  Boolean(why) && h('div.sub', name(textOf(why))),
]

const COLUMNS: readonly Column[] = [
  { field: 'created', title: 'Date', downFirst: true, cell: ({ created }) => [day(created)] },
  { field: 'supplier', title: 'Supplier', downFirst: false, cell: (row) => [supplier(row)] },
  { field: 'payment_method', title: 'Method', downFirst: false, cell: (row) => [methodOf(row)] },
  {
    field: 'tracking_id',
    title: 'Tracking',
    downFirst: false,
    cell: ({ tracking_id }) => [h('span.id', textOf(tracking_id) || '–')],
  },
  { field: 'status', title: 'Status', downFirst: false, cell: status },
  { field: 'amount_cents', title: 'Amount', downFirst: true, cell: (row) => [money(row.amount_cents)] },
]

const heading = ({ field, title, downFirst }: Column, sort: Sort, resort: (sort: Sort) => void) => {
  const direction = sort.field === field && (sort.down ? 'descending' : 'ascending')
  const arrow = direction ? (sort.down ? '↓' : '↑') : ''
  const press = () => resort(nextSort(sort, field, downFirst))
  return h(
    'th',
    { scope: 'col', class: field, 'aria-sort': direction },
    h(
      'button',
      { type: 'button', class: 'sort', click: press },
      title,
      h('span.arrow', { 'aria-hidden': 'true' }, arrow),
    ),
  )
}

/** Whoever calls the tool picks its columns: those that no row has are left out. */
const columnsOf = (rows: readonly Row[]): readonly Column[] => {
  const filled = COLUMNS.filter(({ field }) => {
    const sources = field === 'supplier' ? ['supplier', 'receiving_counterparty_id'] : [field]
    return rows.some((row) => sources.some((source) => textOf(row[source]) !== ''))
  })
  return filled.length > 0 ? filled : COLUMNS
}

const line =
  (columns: readonly Column[]) =>
  (row: Row): HTMLElement =>
    h('tr', ...columns.map(({ field, cell }) => h('td', { class: field }, ...cell(row))))

/** @param rows in the order of `sort` */
export const paymentsTable = (
  rows: readonly Row[],
  sort: Sort,
  resort: (sort: Sort) => void,
): HTMLElement => {
  const columns = columnsOf(rows)
  return h(
    'table.payments',
    h('caption.hidden', 'Payments'),
    h('thead', h('tr', ...columns.map((column) => heading(column, sort, resort)))),
    h('tbody', ...rows.map(line(columns))),
  )
}
