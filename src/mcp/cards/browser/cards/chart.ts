/** Figures of an analysis in the form that suits the question: bars over time, stacks by age, else a table with its total. */
import { type Given, startCard } from '../card.ts'
import { badge, button, type Child, fill, h, name, note, verdict } from '../dom.ts'
import {
  ageIn,
  coloursOf,
  dimensionsOf,
  drawnIn,
  type Form,
  figure,
  formOf,
  groupWords,
  lengthOf,
  type Measure,
  MONEY_WORDS,
  measuresOf,
} from '../figures.ts'
import { counted, day, label, money, toneOf } from '../format.ts'
import { item, listing } from '../list.ts'
import { fieldsOf, groupedBy, numberOf, type Row, rowsOf, textOf } from '../values.ts'

const FIRST_GROUPS = 16
const FIRST_ROWS = 10

type Shape = {
  rows: readonly Row[]
  dimensions: readonly string[]
  measures: readonly Measure[]
  form: Form
  /** The figure that is drawn. */
  key: string
  /** A colour in CSS. */
  colour(row: Row): string
}

const shapeOf = (data: Row): Shape => {
  const rows = rowsOf(data.result)
  const dimensions = dimensionsOf(rows)
  const measures = measuresOf([...rows, fieldsOf(data.total)])
  const form = formOf(dimensions)
  const parts = ageIn(dimensions) ?? dimensions[1] ?? ''
  return { rows, dimensions, measures, form, key: drawnIn(form, measures), colour: coloursOf(rows, parts) }
}

const lengths = (rows: readonly Row[], key: string): number =>
  rows.reduce((all, row) => all + lengthOf(row, key), 0)

/** @param most what fills the whole width */
const bar = (rows: readonly Row[], { key, form, colour }: Shape, most: number): HTMLElement =>
  h(
    'span.bar',
    { 'aria-hidden': 'true' },
    ...rows.map((row) =>
      h('i', {
        style: `width:${most > 0 ? (100 * lengthOf(row, key)) / most : 0}%${form === 'stack' ? `;background:${colour(row)}` : ''}`,
      }),
    ),
  )

/** A figure, with that of the period before where two are compared. */
const cell = (row: Row, [key, title]: Measure): HTMLElement => {
  const before = row[`${key}_before`]
  const change = textOf(row[`${key.replace('_cents', '')}_change_percent`])
  return h(
    'td',
    { 'data-title': title },
    figure(key, row[key]),
    before !== undefined &&
      h(
        'span.sub',
        `before: ${figure(key, before)}`,
        change && ` (${change.startsWith('-') ? '' : '+'}${change} %)`,
      ),
  )
}

const line = (row: Row, shape: Shape, words: Child, ...below: Child[]): HTMLElement =>
  h('tr', h('th', { scope: 'row' }, words, ...below), ...shape.measures.map((one) => cell(row, one)))

const swatch = (row: Row, { form, colour }: Shape): Child =>
  form === 'stack' && h('i.swatch', { style: `background:${colour(row)}`, 'aria-hidden': 'true' })

const plainLine = (row: Row, shape: Shape, most: number): HTMLElement =>
  line(
    row,
    shape,
    h(
      'span',
      swatch(row, shape),
      name(shape.dimensions.map((one) => groupWords(row, one)).join(', ') || 'All'),
    ),
    shape.form === 'bars' && bar([row], shape, most),
  )

/** A group in two parts: its stack, then its parts. */
const group = (rows: readonly Row[], shape: Shape, most: number): HTMLElement[] => {
  const [first, second] = shape.dimensions as [string, string]
  return [
    h(
      'tr.group',
      h(
        'th',
        { scope: 'rowgroup', colspan: String(shape.measures.length + 1) },
        name(groupWords(rows[0]!, first)),
        bar(rows, shape, most),
      ),
    ),
    ...rows.map((row) => line(row, shape, h('span', swatch(row, shape), name(groupWords(row, second))))),
  ]
}

/** Groups as blocks of lines: with two dimensions and a stack, a block has a line for each part. */
const blocksOf = (shape: Shape): HTMLElement[][] => {
  const { rows, dimensions, form, key } = shape
  if (form !== 'stack' || dimensions.length < 2) {
    const most = Math.max(0, ...rows.map((row) => lengthOf(row, key)))
    return rows.map((row) => [plainLine(row, shape, most)])
  }
  const groups = [...groupedBy(rows, (row) => groupWords(row, dimensions[0]!)).values()]
  const most = Math.max(0, ...groups.map((group) => lengths(group, key)))
  return groups.map((all) => group(all, shape, most))
}

const titleOf = ({ over }: Row, { dimensions }: Shape): string =>
  [
    label(over) || 'Figures',
    dimensions.length > 0 && `by ${dimensions.map((one) => label(one).toLowerCase()).join(' and ')}`,
  ]
    .filter(Boolean)
    .join(' ')

const table = (data: Row, shape: Shape, shown: number, blocks: readonly HTMLElement[][]): HTMLElement =>
  h(
    'table',
    { class: shape.measures.length > 2 ? 'figures wide' : 'figures' },
    h('caption.hidden', titleOf(data, shape)),
    h('thead', h('tr', h('td'), ...shape.measures.map(([, title]) => h('th', { scope: 'col' }, title)))),
    ...blocks.slice(0, shown).map((block) => h('tbody', ...block)),
    h('tfoot', line(fieldsOf(data.total), shape, 'Total')),
  )

const groups = (data: Row, shape: Shape): Child => {
  if (shape.rows.length === 0) return null
  const [box, blocks] = [h('div'), blocksOf(shape)]
  const show = (shown: number): void =>
    fill(
      box,
      shape.form === 'stack' &&
        shape.dimensions.length === 1 &&
        bar(shape.rows, shape, lengths(shape.rows, shape.key)),
      table(data, shape, shown, blocks),
      blocks.length > shown && button(`Show all ${blocks.length} groups`, () => show(blocks.length)),
    )
  show(FIRST_GROUPS)
  return box
}

const UNPAID = [
  ['unpaid', 'Unpaid'],
  ['overdue', 'Overdue'],
  ['stopped', 'Unpaid, failed or canceled'],
  ['refunded', 'Unpaid, refunded'],
] as const

/** Where the money is, or what of it is unpaid: parts that every answer names. */
const parts = (data: Row): Child => {
  const all: [string, Row][] = [
    ...rowsOf(data.by_money).map((row): [string, Row] => [MONEY_WORDS(row.money) ?? label(row.money), row]),
    ...UNPAID.flatMap(([key, title]): [string, Row][] =>
      data[key] === undefined || (key === 'refunded' && !fieldsOf(data[key]).count)
        ? []
        : [[title, fieldsOf(data[key])]],
    ),
  ]
  return (
    all.length > 0 &&
    h(
      'ul.sums',
      ...all.map(([title, row]) =>
        h(
          'li',
          h('span.sub', `${title} · ${figure('count', row.count)}`),
          h('strong', money(row.amount_cents)),
        ),
      ),
    )
  )
}

const DATES = ['created', 'invoice_due_date', 'funding_complete_date', 'last_paid_at']

const listedItem = (row: Row): HTMLElement => {
  const date = DATES.map((field) => row[field]).find((value) => textOf(value) !== '')
  const [who, number] = [
    textOf(row.supplier) || textOf(row.name) || textOf(row.buyer),
    textOf(row.invoice_number),
  ]
  const late = numberOf(row.days_overdue)
  return item({
    who: name(who || number || textOf(row.processor_request_id) || textOf(row.id)),
    cents: row.amount_cents ?? null,
    sub: [
      [
        who && number,
        label(row.method),
        date && day(date),
        late !== null && late > 0 && `${late} days overdue`,
      ]
        .filter(Boolean)
        .join(' · '),
      row.failure_reason ? h('span.field', name(textOf(row.failure_reason))) : null,
    ],
    marks: [badge(label(row.status) || 'No status', toneOf(row.status))],
  })
}

const listed = (data: Row): Child[] => {
  const rows = rowsOf(data.listed)
  return rows.length === 0
    ? []
    : listing({
        rows,
        by: 'status',
        say: (word) => label(word) || 'No status',
        first: FIRST_ROWS,
        noun: 'row',
        draw: (all) => h('ul.tree', ...all.map(listedItem)),
      })
}

const periodWords = (given: unknown): string => {
  const { from, to } = fieldsOf(given)
  return textOf(from).startsWith('0001') ? `until ${day(to)}` : `${day(from)} to ${day(to)}`
}

const heading = (data: Row, shape: Shape): HTMLElement => {
  const total = fieldsOf(data.total)
  const [[key] = ['count'], ...rest] = shape.measures.filter(([one]) => one !== 'count')
  const words = [
    key !== 'count' &&
      rest.length === 0 &&
      counted(total.count, textOf(data.over).replace(/s$/, '') || 'row'),
    data.over === 'suppliers' && key === 'amount_cents' && 'settled and not refunded',
    data.period !== undefined && `${label(data.date)} ${periodWords(data.period)}`,
    data.period_before !== undefined && `compared with ${periodWords(data.period_before)}`,
  ]
  return h(
    'header',
    h('h1', titleOf(data, shape)),
    h('p.total', figure(key, total[key])),
    h('p.sub', words.filter(Boolean).join(' · ')),
  )
}

startCard(({ data }: Given): readonly Child[] => {
  const shape = shapeOf(data)
  return [
    heading(data, shape),
    data.is_partial_response === true &&
      verdict('Only part was read: these are figures of that part.', 'warn'),
    groups(data, shape),
    parts(data),
    ...listed(data),
    note(textOf(data.note)),
  ]
})
