/** Two columns: each line of a supplier's statement, or of the bank, beside what it is at Finexio. */
import { type Given, startCard } from '../card.ts'
import { badge, type Child, h, name, note, verdict } from '../dom.ts'
import { counted, day, label, moment, money, type Tone } from '../format.ts'
import { item, listing } from '../list.ts'
import { pair, pairList, quiet } from '../pairs.ts'
import { numberOf, type Row, rowsOf, textOf, textsOf, wordsOf } from '../values.ts'

const FIRST = 15

const VERDICTS = wordsOf<readonly [string, Tone]>({
  paid: ['Paid', 'good'],
  under_way: ['Under way', 'busy'],
  unpaid: ['Unpaid', 'warn'],
  refunded: ['Refunded', 'warn'],
  canceled: ['Canceled', 'plain'],
  short: ['Paid short', 'warn'],
  differs: ['Another amount', 'bad'],
  unknown: ['Not known', 'bad'],
  awaiting_approval: ['Waiting for approval', 'busy'],
  sent: ['Sent, not shown yet', 'busy'],
  someone_elses: ["Another supplier's", 'bad'],
  credit: ['Credit', 'plain'],
  payment: ['Payment', 'plain'],
  drawdown: ['Drawdown', 'good'],
  part: ['Part of a drawdown', 'good'],
  return: ['Return', 'warn'],
  refund: ['Refund', 'warn'],
  repeated: ['Listed twice', 'warn'],
  none: ['Not Finexio', 'plain'],
  candidates: ['Candidates', 'warn'],
  undecided: ['Undecided', 'warn'],
  amount_differs: ['Another amount', 'bad'],
  agrees: ['Agrees', 'good'],
  wrong_amount: ['Another amount', 'bad'],
  wrong_payee: ['Another payee', 'bad'],
  stopped: ['Stopped', 'bad'],
  not_issued: ['Not issued', 'bad'],
})
const said = (word: unknown): readonly [string, Tone] =>
  VERDICTS(word) ?? [label(word) || 'No verdict', 'plain']

const DIRECTIONS = wordsOf({ in: 'money in', out: 'money out' })

/** What stands on the line, whichever of the two it is. */
const left = (row: Row): Child[] => [
  h(
    'span.who',
    row.number || row.check
      ? name(textOf(row.number) || textOf(row.check))
      : `Line ${textOf(row.line) || '–'}`,
  ),
  h('span.amount', money(row.amount_cents)),
  quiet(
    [row.date && day(row.date), DIRECTIONS(row.direction), row.number && `line ${textOf(row.line)}`]
      .filter(Boolean)
      .join(' · '),
  ),
]

const right = (row: Row, timeZone: string | undefined): Child[] => {
  const [word, tone] = said(row.verdict)
  const how = [textOf(row.by), row.since && moment(row.since, timeZone)].filter(Boolean).join(', ')
  const like = [...textsOf(row.near), ...textsOf(row.candidates)]
  return [
    badge(word, tone),
    ...textsOf(row.ids).map((id) => h('span.id', name(id))),
    quiet(textOf(row.why)),
    quiet(how),
    ...like.map((one) => quiet('Perhaps ', name(one))),
  ]
}

const lines = (data: Row, title: string, timeZone: string | undefined): Child[] =>
  listing({
    rows: rowsOf(data.lines),
    by: 'verdict',
    say: (word) => said(word)[0],
    first: FIRST,
    noun: 'line',
    draw: (all) =>
      pairList(
        title,
        'Finexio',
        all.map((row) =>
          h('li', pair({ title, lines: left(row) }, { title: 'Finexio', lines: right(row, timeZone) })),
        ),
      ),
  })

const partly = (data: Row): string => (data.is_partial_response === true ? 'Not everything was read. ' : '')

const reply = (data: Row): Child =>
  textOf(data.reply) !== '' &&
  h('details', h('summary', 'Reply to the supplier'), h('p.letter', { dir: 'auto' }, textOf(data.reply)))

/** Sums that are not there read as a dash, sums of nothing are left out. */
const sumsOf = ({ owed_cents, under_way_cents, short_cents }: Row, isOpen: boolean): string =>
  [
    owed_cents === 0
      ? isOpen
        ? 'What is owed is not settled.'
        : 'Nothing is owed by what Finexio knows.'
      : `${money(owed_cents)} is owed by what Finexio knows.`,
    under_way_cents !== 0 && `${money(under_way_cents)} more is pending or under way.`,
    short_cents !== 0 && `${money(short_cents)} was paid short.`,
  ]
    .filter(Boolean)
    .join(' ')

/** Whether lines are left of which nobody can say what they are. */
const isUnsettled = (data: Row): boolean =>
  data.is_partial_response === true || rowsOf(data.lines).some(({ verdict }) => verdict === 'undecided')

const statement = (data: Row, timeZone: string | undefined): Child[] => [
  h(
    'header',
    h('h1', 'Statement of ', name(textOf(data.supplier_name) || textOf(data.supplier_id))),
    h('p.total', money(data.owed_cents)),
    h('p.sub', 'owed'),
  ),
  verdict(
    `${partly(data)}${sumsOf(data, isUnsettled(data))}`,
    isUnsettled(data) || numberOf(data.owed_cents) === null
      ? 'warn'
      : data.owed_cents === 0
        ? 'good'
        : 'busy',
  ),
  ...lines(data, 'Statement', timeZone),
  note(textOf(data.note)),
  reply(data),
]

const lonely = (data: Row): Child => {
  const rows = rowsOf(data.drawdowns_without_line)
  return (
    rows.length > 0 &&
    h(
      'section',
      h('h2', `${counted(data.drawdowns_without_line_count, 'received drawdown')} without a line`),
      h(
        'ul.tree',
        ...rows.map(({ id, trace_id, amount_cents }) =>
          item({
            who: h('span.id', name(textOf(id))),
            cents: amount_cents ?? null,
            sub: [textOf(trace_id) && `Trace ${textOf(trace_id)}`],
            open: true,
          }),
        ),
      ),
    )
  )
}

const bank = (data: Row, timeZone: string | undefined): Child[] => {
  const open = numberOf(data.undecided_count)
  const isSure = open === 0 && data.is_partial_response !== true
  return [
    h('header', h('h1', 'Bank lines'), h('p.sub', counted(rowsOf(data.lines).length, 'line'))),
    verdict(
      `${partly(data)}${open === 0 ? 'Every line is decided.' : `${counted(open, 'line')} undecided.`}`,
      isSure ? 'good' : 'warn',
    ),
    ...lines(data, 'Bank', timeZone),
    lonely(data),
    note(textOf(data.note)),
  ]
}

startCard(({ data, timeZone }: Given) =>
  'undecided_count' in data ? bank(data, timeZone) : statement(data, timeZone),
)
