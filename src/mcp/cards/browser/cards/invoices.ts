/**
 * The preview of an invoice batch: what is ready, what is wrong, what it comes to. It submits nothing itself: its button
 * asks in the chat, where the assistant calls the tool and every limit and approval of the server applies.
 */
import { newAsker } from '../ask.ts'
import { type Given, startCard } from '../card.ts'
import { button, type Child, fill, h, name, note, verdict } from '../dom.ts'
import { counted, day, label, money, shortId } from '../format.ts'
import { fieldsOf, groupedBy, numberOf, type Row, rowsOf, textOf, textsOf } from '../values.ts'

const FIRST_ROWS = 10
const SUBMITS = 'finexio_invoices_bulk_create'

/** Only figures of the server: no word that came from a sheet or from Finexio speaks in the user's name. */
const request = (count: number, total: unknown): string =>
  `Submit ${counted(count, 'prepared invoice')}, ${money(total)} in all: call ${SUBMITS} once, with the body that prepare_finexio_invoices returned, unchanged.`

const party = (id: unknown, names: Row): Child => {
  const known = textOf(names[textOf(id)])
  return known ? name(known) : h('span.id', { title: textOf(id) }, shortId(textOf(id)) || '–')
}

const cells = (invoice: Row, names: Row): [string, Child[]][] => [
  ['invoice_number', [name(textOf(invoice.invoice_number) || '–')]],
  ['supplier', [party(invoice.receiving_counterparty_id, names)]],
  ['buyer', [h('span.sub', 'from '), party(invoice.originating_counterparty_id, names)]],
  ['due', [invoice.invoice_due_date ? `due ${day(invoice.invoice_due_date)}` : day(invoice.invoice_date)]],
  ['amount_cents', [money(invoice.amount_cents)]],
]

const TITLES = ['Invoice', 'Supplier', 'Buyer', 'Date', 'Amount']
const CLASSES = ['invoice_number', 'supplier', 'buyer', 'due', 'amount_cents']

const batchTable = (body: readonly Row[], names: Row): HTMLElement =>
  h(
    'table.batch',
    h('caption.hidden', 'Invoices that are ready'),
    h('thead', h('tr', ...TITLES.map((title, at) => h('th', { scope: 'col', class: CLASSES[at]! }, title)))),
    h(
      'tbody',
      ...body.map((invoice) =>
        h('tr', ...cells(invoice, names).map(([field, children]) => h('td', { class: field }, ...children))),
      ),
    ),
  )

/** What is said of several rows names them all, but for those of a long column. */
const MOST_NAMED = 12

const placeOf = ({ row, rows }: Row): string => {
  const all = Array.isArray(rows) ? rows.map((one) => numberOf(one) ?? 0) : []
  if (all.length < 2) return `Row ${numberOf(row) ?? 0}`
  return all.length > MOST_NAMED
    ? `${counted(all.length, 'row')} from row ${all[0]} on`
    : `Rows ${all.join(', ')}`
}

const problemRow = ([place, of]: [string, readonly Row[]]): HTMLElement =>
  h(
    'li',
    h('strong', place),
    h(
      'ul',
      ...of.map(({ field, problem }) =>
        h('li', h('span.field', label(fieldName(field))), ` ${textOf(problem)}`),
      ),
    ),
  )

/** Finexio's names of the parties are long. */
const FIELD_NAMES: Row = {
  receiving_counterparty_id: 'supplier',
  originating_counterparty_id: 'buyer',
  amount_cents: 'amount',
}
const fieldName = (field: unknown): unknown => FIELD_NAMES[textOf(field)] ?? field

const problemsBox = (problems: readonly Row[], left: number): Child =>
  problems.length > 0 &&
  h(
    'details.problems',
    { open: true },
    h('summary', `${counted(left, 'row')} left out`),
    h('ul', ...[...groupedBy(problems, placeOf)].map(problemRow)),
  )

const verdictOf = ({ ready_count, row_count, is_partial_response }: Row): HTMLElement => {
  const [ready, all] = [numberOf(ready_count) ?? 0, numberOf(row_count) ?? 0]
  const left = `${all - ready} of ${counted(all, 'row')} left out because of problems.`
  if (ready === 0) return verdict('No row is ready. Nothing was submitted.', 'bad')
  if (is_partial_response === true)
    return verdict('Not everything could be checked. Nothing was submitted yet.', 'warn')
  return ready < all
    ? verdict(`${left} Nothing was submitted yet.`, 'warn')
    : verdict('Every row is ready. Nothing was submitted yet.', 'good')
}

const ASKS = 'Asks the assistant in the chat. Limits and approvals apply.'
const ASKED = 'Asked in the chat. What happens next appears there.'

const confirm = ({ data, extra, bridge }: Given): Child => {
  const count = numberOf(data.ready_count) ?? 0
  if (count === 0 || extra.submits !== true) return null
  const box = h('footer')
  let asked = false
  const asker = newAsker('Asking…', () => update())
  const send = async (): Promise<void> => {
    await bridge.say(request(count, data.total_cents))
    asked = true
  }
  const update = (): void => {
    const made = asker.button(`Ask to submit ${counted(count, 'invoice')} · ${money(data.total_cents)}`, send)
    made.classList.add('primary')
    if (asked) fill(box, h('p.note', { role: 'status' }, ASKED))
    else fill(box, made, h('span.sub', asker.problem() || ASKS))
  }
  update()
  return box
}

const heading = (data: Row): HTMLElement =>
  h(
    'header',
    h('h1', 'Invoice batch'),
    h('p.total', money(data.total_cents)),
    h('p.sub', `${counted(data.ready_count, 'invoice')} ready to be submitted`),
  )

const ready = (body: readonly Row[], names: Row): HTMLElement => {
  const list = h('div')
  const show = (count: number): void => {
    const more = body.length > count && button(`Show all ${body.length} invoices`, () => show(body.length))
    fill(list, body.length > 0 && batchTable(body.slice(0, count), names), more)
  }
  show(FIRST_ROWS)
  return list
}

const draw = (given: Given): readonly Child[] => {
  const { data, extra } = given
  const unused = textsOf(data.ignored_columns)
  const left = (numberOf(data.row_count) ?? 0) - (numberOf(data.ready_count) ?? 0)
  return [
    heading(data),
    verdictOf(data),
    problemsBox(rowsOf(data.problems), left),
    ready(rowsOf(data.body), fieldsOf(extra.names)),
    unused.length > 0 && note(`Columns not used: ${unused.join(', ')}.`),
    note(textOf(data.note)),
    confirm(given),
  ]
}

startCard(draw)
