/** The payments table: sorted, filtered, added up; further pages and names are read when someone asks for them. */
import { ask, newAsker } from '../ask.ts'
import { type Given, startCard } from '../card.ts'
import { cardTool } from '../declared.ts'
import { button, type Child, chip, fill, h, note } from '../dom.ts'
import { counted, label, money } from '../format.ts'
import { paymentsTable } from '../payments-table.ts'
import { type Filter, groups, kept, type Sort, sorted } from '../table.ts'
import { numberOf, type Row, rowsOf, sumOf, textOf } from '../values.ts'

const FIRST_ROWS = 10
const MORE_ROWS = 25
/** The most that the server gives at once. */
const MOST_NAMES = 500
const SEARCHED = [
  'supplier',
  'failure_reason',
  'id',
  'tracking_id',
  'instrument_number',
  'receiving_counterparty_id',
  'amount',
  'created',
]

type State = {
  rows: readonly Row[]
  cursor: string
  /** What the server says of its answer. */
  said: string
  filter: Filter
  sort: Sort
  shown: number
  names: ReadonlyMap<string, string> | null
}

const begin = ({ data }: Given): State => ({
  rows: rowsOf(data.result),
  cursor: textOf(data.next_cursor),
  said: textOf(data.note),
  filter: { text: '', status: null, method: null },
  sort: { field: 'created', down: true },
  shown: FIRST_ROWS,
  names: null,
})

const withNames = (rows: readonly Row[], names: State['names']): Row[] =>
  rows.map((row) => ({
    ...row,
    supplier: textOf(row.supplier_name) || names?.get(textOf(row.receiving_counterparty_id)),
  }))

const isNamed = ({ supplier_name, receiving_counterparty_id: id }: Row): boolean =>
  textOf(supplier_name) !== '' || textOf(id) === ''

const nextPage = async (given: Given, { rows, cursor, shown }: State): Promise<Partial<State>> => {
  const args = { ...given.input, next_cursor: cursor }
  const data = await ask(given, cardTool, args)
  return {
    rows: [...rows, ...rowsOf(data.result)],
    cursor: textOf(data.next_cursor),
    said: textOf(data.note),
    shown: shown + MORE_ROWS,
  }
}

/** What people look for first and the answer may not hold; the payments come with it in the one request that lists them. */
const USUAL = ['id', 'supplier_name', 'failure_reason']

/** Asked for once, without a press. Where the host or the server will not, ids stay, and the button. */
const usualColumns = async (given: Given): Promise<ReadonlyMap<unknown, Row>> => {
  const data = await ask(given, cardTool, { ...given.input, fields: USUAL })
  return new Map(rowsOf(data.result).map((row) => [row.id, row]))
}

const supplierNames = async (given: Given): Promise<Partial<State>> => {
  const args = { limit: MOST_NAMES, fields: ['id', 'name'] }
  const data = await ask(given, 'list_all_finexio_counterparties', args)
  const rows = rowsOf(data.result)
  const names = new Map(rows.map(({ id, name }) => [textOf(id), textOf(name)]))
  return data.next_cursor
    ? { names, said: `Names of ${rows.length} buyers and suppliers were read; the others go by their id.` }
    : { names }
}

const heading = (found: readonly Row[], { rows, cursor }: State): HTMLElement => {
  const of = found.length === rows.length ? '' : `${found.length} of `
  const without = found.filter((row) => numberOf(row.amount_cents) === null).length
  const hasAmounts = found.length === 0 || without < found.length
  return h(
    'header',
    h('h1', 'Payments'),
    h('p.total', hasAmounts ? money(sumOf(found, 'amount_cents')) : '–'),
    h(
      'p.sub',
      { role: 'status' },
      `${of}${counted(rows.length, 'payment')}${cursor ? ' read, more at Finexio' : ''}`,
      hasAmounts && without > 0 && `, ${without} without an amount, which the sum leaves out`,
    ),
  )
}

const searchBox = (filterBy: (patch: Partial<Filter>) => void): HTMLElement =>
  h('input', {
    type: 'search',
    placeholder: 'Supplier, tracking id, amount',
    'aria-label': 'Find in these payments',
    input: ({ target }) => filterBy({ text: (target as HTMLInputElement).value }),
  })

const methodChoice = ({ rows, filter }: State, filterBy: (patch: Partial<Filter>) => void): HTMLElement =>
  h(
    'select',
    {
      'aria-label': 'Method',
      change: ({ target }) => filterBy({ method: (target as HTMLSelectElement).value || null }),
    },
    h('option', { value: '' }, 'All methods'),
    ...groups(rows, 'payment_method').map(({ value }) =>
      h('option', { value, selected: value === filter.method }, label(value)),
    ),
  )

const statusChips = ({ rows, filter }: State, filterBy: (patch: Partial<Filter>) => void): HTMLElement[] => [
  chip('All', rows.length, filter.status === null, () => filterBy({ status: null })),
  ...groups(rows, 'status').map(({ value, count }) =>
    chip(label(value), count, filter.status === value, () => filterBy({ status: value })),
  ),
]

const nameRows = (
  given: Given,
  rows: readonly Row[],
  then: (found: ReadonlyMap<unknown, Row>) => void,
): void => {
  if (!rows.every(isNamed) && given.bridge.offers('serverTools')) usualColumns(given).then(then, () => {})
}

const foundIn = ({ rows, names, filter, sort }: State): Row[] =>
  sorted(kept(withNames(rows, names), SEARCHED, filter), sort)

const shownOf = ({ shown }: State, { length }: readonly Row[]): HTMLElement =>
  h('span.sub', length > shown && `${shown} of ${length} shown`)

const nothingFound = ({ rows }: State): HTMLElement =>
  h('p.empty', rows.length > 0 ? 'No payment matches.' : 'There are no payments.')

const draw = (given: Given): readonly HTMLElement[] => {
  let state = begin(given)
  const [head, list, foot] = [h('div'), h('div'), h('footer')]
  const [statuses, methods] = [h('div.chips'), h('span')]
  const change = (patch: Partial<State>): void => {
    state = { ...state, ...patch }
    update()
  }
  const filterBy = (patch: Partial<Filter>): void =>
    change({ filter: { ...state.filter, ...patch }, shown: FIRST_ROWS })
  const showMore = (): void => change({ shown: state.shown + MORE_ROWS })
  const asker = newAsker('Asking Finexio…', () => update())
  const asking = (text: string, load: () => Promise<Partial<State>>): HTMLElement =>
    asker.button(text, async () => change(await load()))
  const actions = (left: number): Child[] => {
    const asks = given.bridge.offers('serverTools')
    return [
      left > 0 && button(`Show ${Math.min(MORE_ROWS, left)} more`, showMore),
      left <= 0 && state.cursor !== '' && asks && asking('Load more', () => nextPage(given, state)),
      state.names === null &&
        !state.rows.every(isNamed) &&
        asks &&
        asking('Show supplier names', () => supplierNames(given)),
    ]
  }
  const tableOf = (found: readonly Row[]): HTMLElement =>
    found.length > 0
      ? paymentsTable(found.slice(0, state.shown), state.sort, (sort) => change({ sort }))
      : nothingFound(state)
  const update = (): void => {
    const found = foundIn(state)
    const left = found.length - state.shown
    fill(head, heading(found, state))
    fill(statuses, ...statusChips(state, filterBy))
    fill(methods, methodChoice(state, filterBy))
    fill(list, tableOf(found), note(state.said), note(asker.problem()))
    fill(foot, shownOf(state, found), ...actions(left))
  }
  update()
  nameRows(given, state.rows, (found) =>
    change({ rows: state.rows.map((row) => ({ ...row, ...found.get(row.id) })) }),
  )
  // Everything but the search box is drawn again, so that typing is not interrupted.
  return [head, statuses, h('div.find', searchBox(filterBy), methods), list, foot]
}

startCard(draw)
