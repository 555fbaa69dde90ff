/** `analyze_finexio_payables`: questions that nobody foresaw, in typed arguments; every figure is worked out here. */
import type * as z from 'zod'
import { counterparties } from '../../../../schemas/counterparties.ts'
import { verb } from '../../../core/words.ts'
import { type Row, toolName } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { CAME_BACK } from '../../reading/money-state.ts'
import { noSuchParty } from '../../reading/parties.ts'
import { decodeResume, encodeResume, type Resume } from '../../reading/read-list.ts'
import { failIfStopped, newReading, type Reading } from '../../reading/reading.ts'
import {
  amountNotes,
  ending,
  readWords,
  report,
  reported,
  rows,
  scopeWords,
  tableOf,
} from '../../reading/report.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { type Asked, forText, headOf, LISTED, listedRows, meaningNotes, oddNote, partsOf } from './answer.ts'
import { type Args, checkTogether, completed, input } from './arguments.ts'
import { endOfDay } from './as-of.ts'
import { COLUMNS, needsPayments, RESOURCES } from './columns.ts'
import { compared, figuresOf, wholeOf } from './figures.ts'
import { grouped, together, topBefore } from './group.ts'
import { nearParties } from './near-parties.ts'
import { isWithin, type Period, periodBefore, periodOf } from './periods.ts'
import { isBesideShort, LISTS, type Read, readSubject, type Wanted } from './read.ts'
import { conditionsOf, strangersIn } from './where.ts'

const NAME = 'analyze_finexio_payables'
const MOST_REQUESTS = 100

/** Columns that a question turns on. */
const columnsIn = ({ where, by, measure, net_of_refunds, date, fields = [] }: Args): string[] => [
  ...where.map(({ column }) => column),
  ...by,
  ...(measure.includes('days_to_pay') ? ['days_to_pay'] : []),
  ...(net_of_refunds ? ['money'] : []),
  ...(date === 'created' ? [] : [date]),
  ...fields,
]

const askedOf = (args: Args, now: number): Asked => {
  const period = periodOf(args.from, args.to, now)
  return {
    over: args.over,
    date: args.date,
    period,
    before: period && args.compare ? periodBefore(period) : null,
    measures: args.measure,
    columns: columnsIn(args),
    where: args.where,
    // What had been sent by then nobody tells: only what had arrived.
    unpaidMeans: args.as_of === undefined ? args.unpaid_means : 'not_settled',
    asOf: args.as_of ?? null,
    after: args.flag_after_days,
    threshold: args.threshold === undefined ? null : Math.round(args.threshold * 100),
    net: args.net_of_refunds,
    parties: {
      receiving_counterparty_id: args.receiving_counterparty_id,
      originating_counterparty_id: args.originating_counterparty_id,
    },
  }
}

const wantedOf = (args: Args, asked: Asked): Wanted => {
  const { over, period, before, columns } = asked
  const hasMoney = args.measure.some((measure) => measure !== 'count')
  const used = [...columns, ...(args.list > 0 ? (args.fields ?? LISTED[over]) : [])]
  const sums = over === 'suppliers' && (hasMoney || args.originating_counterparty_id !== undefined)
  return {
    over,
    date: args.date,
    period,
    span: period && { from: before?.from ?? period.from, to: period.to },
    parties: asked.parties,
    withPayments:
      needsPayments(over, sums ? [...used, 'amount_cents'] : used) ||
      (over === 'invoices' && asked.asOf !== null),
    withLater: over === 'payments' && used.includes('flag'),
    withNames:
      ['supplier', 'buyer'].some((name) => used.includes(name)) && RESOURCES[over].name !== 'suppliers',
    after: args.flag_after_days,
    unpaidMeans: asked.unpaidMeans,
    ageBands: args.age_bands,
    threshold: asked.threshold,
    moment: asked.asOf === null ? null : endOfDay(asked.asOf),
  }
}

const isByAge = ({ by }: Args) => by.includes('aging') || by.includes('age')

type Chosen = { now: Row[]; before: Row[] | null; left: number }

/** Rows that the question is about: of its period, and of the one before where the two are compared. */
const chosen = (read: Read, asked: Asked, args: Args): Chosen => {
  const fits = conditionsOf(asked.where, COLUMNS[asked.over])
  const found = read.rows.filter((row) => fits(row) && (!isByAge(args) || row.unpaid === true))
  const inPeriod = (period: Period | null) =>
    period === null || asked.over === 'suppliers'
      ? found
      : found.filter((row) => isWithin(row[asked.date], period))
  const stays = ({ money }: Row) => !asked.net || !CAME_BACK.has(money)
  const all = inPeriod(asked.period)
  const now = all.filter(stays)
  return { now, before: asked.before && inPeriod(asked.before).filter(stays), left: all.length - now.length }
}

const figures = ({ now, before }: Chosen, args: Args) => {
  const whole = wholeOf(now)
  const total = figuresOf(now, args.measure, whole)
  const earlier = before && figuresOf(before, args.measure, wholeOf(before))
  const { by, measure: measures, top, date, sort } = args
  const grouping = { by, measures, top, date, sort }
  const most = together(now, before, grouping)
  const earlierTop = topBefore(now, before, grouping)
  return {
    total: present(earlier ? compared(total, earlier) : total),
    result: grouped(now, before, grouping).map(present),
    ...(most && { top_together: present(most) }),
    ...(earlierTop && { top_before: earlierTop.map(present) }),
  }
}

/** Most groups of one answer: days of a year. */
const MOST_GROUPS = 400

const REST = 'next_cursor analyzes the rest; averages and medians of two parts do not add up.'

const besideNote = (read: Read): string | false =>
  isBesideShort(read) &&
  `${read.stopBeside ?? 'Partial.'} Only ${readWords(read.beside!.rows.length, read.beside!.count, 'payment')} beside, so what they tell is missing from some rows.`

const isByName = ({ where }: Asked): boolean =>
  where.some(({ column }) => column === 'supplier' || column === 'buyer')

const scopeOf = (read: Read, start: Resume | null, asked: Asked, { stopped }: Reading): string => {
  const scope = scopeWords(read.whole, start)
  if (scope !== '') return scope
  if (isBesideShort(read)) return 'PART OF THE PAYMENTS: '
  // A row whose name was not read is not found by it.
  const lacksNames = stopped !== null && read.stopBeside === null
  return lacksNames && isByName(asked) ? 'NOT ALL NAMES WERE READ, so rows may be missing: ' : ''
}

const notesOf = async (reading: Reading, read: Read, picked: Chosen, asked: Asked) => {
  const noun = asked.over.slice(0, -1)
  const money = asked.measures.some((measure) => measure !== 'count')
  const strangers = strangersIn(asked.where, COLUMNS[asked.over], read.rows)
  return [
    besideNote(read),
    noSuchParty(asked.parties, read.whole.rows.length, read.rows.length, noun),
    ...strangers,
    ...(await nearParties(reading, asked, read.rows, strangers)),
    ...(money && asked.over !== 'suppliers'
      ? amountNotes([...picked.now, ...(picked.before ?? [])], noun)
      : []),
    oddNote(picked.now, asked.over),
    ...meaningNotes(asked, picked.left),
  ]
}

/** By name nothing can be found where names are hidden. @throws Refusal */
const checkNames = ({ where, over }: Args, { sees }: ToolContext) => {
  const column = where.find((one) => ['supplier', 'buyer'].includes(one.column))?.column
  if (
    column !== undefined &&
    !sees(toolName(counterparties, 'list')) &&
    ['payments', 'invoices'].includes(over)
  )
    throw new Refusal(
      `where: this MCP server shows no names; use ${column === 'supplier' ? 'receiving' : 'originating'}_counterparty_id.`,
    ).by('not_shown')
}

const answerOf = (structured: Row, head: string, args: Args, context: ToolContext): ToolAnswer => {
  const {
    total,
    result,
    listed,
    top_together,
    top_before = [],
  } = structured as {
    total: Row
    result: Row[]
    listed: Row[]
    top_together?: Row
    top_before?: Row[]
  }
  const [first = 'total'] = args.by
  const { groups, ...most } = top_together ?? {}
  const lines = forText([
    ...result,
    ...(top_together ? [{ [first]: `first ${groups} together`, ...most }] : []),
    { [first]: 'total', ...total },
  ])
  const isInHead =
    result.length === 0 && Object.keys(total).every((name) => /^(count|amount|amount_cents)$/.test(name))
  const columns = [...new Set(lines.flatMap(Object.keys))]
  const tables = [
    {
      title: args.by.length > 0 ? `By ${args.by.join(', ')}` : 'Figures',
      columns,
      rows: isInHead ? [] : lines,
    },
    tableOf('The largest of the period before', forText(top_before)),
    tableOf('Rows', forText(listed)),
  ]
  return report(head, tables, structured, context)
}

const structuredOf = async (reading: Reading, read: Read, asked: Asked, args: Args) => {
  const picked = chosen(read, asked, args)
  const listed = listedRows(picked.now, asked, args.list, args.fields)
  const { total, result, top_together, top_before } = figures(picked, args)
  const { whole, stop } = read
  const noun = asked.over.slice(0, -1)
  const notes = await notesOf(reading, read, picked, asked)
  const end = ending(
    reading,
    { whole, stop, noun, means: REST },
    [
      ...notes,
      args.list > 0 &&
        picked.now.length > listed.length &&
        `${listed.length} of ${picked.now.length} ${asked.over} ${verb(listed.length, 'is', 'are')} listed; raise list for more.`,
      result.length > MOST_GROUPS &&
        `${MOST_GROUPS} of ${result.length} groups are shown: narrow from and to, or take longer spans.`,
    ],
    read.stopBeside,
  )
  return {
    over: args.over,
    ...(asked.period && { period: asked.period, date: args.date }),
    ...(asked.before && { period_before: asked.before }),
    ...(args.as_of !== undefined && { as_of: args.as_of }),
    total,
    result: result.slice(0, MOST_GROUPS),
    ...(top_together && { top_together }),
    ...(top_before && { top_before }),
    ...partsOf(picked.now, asked.over),
    ...(args.list > 0 && { listed }),
    next_cursor: await encodeResume(whole.next, NAME, args, reading.context),
    ...end,
    is_partial_response: end.is_partial_response || isBesideShort(read),
  }
}

const run = async (given: z.infer<typeof input>, context: ToolContext): Promise<ToolAnswer> => {
  const args = completed(given)
  checkTogether(args, context.now())
  checkNames(args, context)
  const asked = askedOf(args, context.now())
  conditionsOf(asked.where, COLUMNS[asked.over])
  const start = await decodeResume(NAME, args, context)
  const reading = newReading(context, MOST_REQUESTS)
  const read = await readSubject(reading, wantedOf(args, asked), start)
  if (read.whole.rows.length === 0) failIfStopped(reading)
  const structured = await structuredOf(reading, read, asked, args)
  const hasMoney = asked.measures.some((measure) => measure !== 'count')
  const head = `${scopeOf(read, start, asked, reading)}${headOf(asked, structured.total, structured, hasMoney)}`
  return answerOf({ listed: [], ...structured }, head, args, context)
}

export const analyzePayables = defineTool({
  name: NAME,
  title: 'Analyze payables',
  description:
    'How many, how much, how long, which share, which ones, instead of adding up lists. Aging at month end: over invoices, by age, as_of, where money is under_way.',
  resource: 'payments',
  method: 'analyze',
  effect: 'read',
  covers: LISTS,
  input,
  output: reported({ result: rows }),
  run,
})
