/** The arguments of an analysis, and which of them cannot go together. */
import * as z from 'zod'
import { cutShort } from '../../../core/text.ts'
import { partyArguments } from '../../reading/parties.ts'
import { Refusal } from '../../refusal.ts'
import { UNPAID_MEANS } from './aging.ts'
import { COLUMNS, DIMENSIONS_OF } from './columns.ts'
import { MEASURES } from './figures.ts'
import { PAYMENT_FLAGS, SUPPLIER_FLAGS } from './flags.ts'
import { DIMENSIONS } from './group.ts'
import { periodOf, SPANS, yearOf } from './periods.ts'

const day = z.iso.date('must be a day such as 2026-03-01')
/** Numbers and flags may come as they are. */
const value = z.coerce.string()

const condition = z.object({
  column: z.string(),
  is: z.array(value).optional(),
  is_not: z.array(value).optional(),
  from: value.optional(),
  to: value.optional(),
  blank: z.boolean().optional(),
})

const COLUMN_WORDS = [
  'Rows that meet all. Columns: those of the list; supplier, buyer (name or id), method, amount (dollars),',
  'money (stayed, under_way, bounced, refunded), failure_reason, printed_at, settled_at, ended_at, refunded_at, reissued,',
  'days_to_pay, waiting_days; of invoices unpaid, days_overdue, aging;',
  `flag of payments (${PAYMENT_FLAGS.join(', ')}) and of suppliers (${SUPPLIER_FLAGS.join(', ')}).`,
].join(' ')

export const input = z.object({
  over: z.enum(['payments', 'invoices', 'drawdowns', 'suppliers']),
  measure: z.array(z.enum(MEASURES)).default(['count', 'sum']),
  by: z.array(z.enum(DIMENSIONS)).max(2).optional(),
  where: z.array(condition).optional().describe(COLUMN_WORDS),
  from: day.optional().describe('First day.'),
  to: day.optional(),
  date: z.string().default('created').describe('Column of from, to, time groups.'),
  compare: z.enum(['period_before']).optional(),
  net_of_refunds: z.boolean().optional().describe('Without refunded, failed, canceled.'),
  unpaid_means: z.enum(UNPAID_MEANS).default('not_sent'),
  flag_after_days: z.int().min(0).max(365).default(10).describe('Days under way.'),
  top: z.int().min(1).max(200).default(20).describe('The rest in one group.'),
  list: z.int().min(0).max(200).optional().describe('Rows too.'),
  ...partyArguments,
  next_cursor: z.string().optional(),
})
type Given = z.infer<typeof input>

/** What goes without saying: defaults that a model need not read in every chat. */
const IMPLIED = { by: [], where: [], net_of_refunds: false, list: 0 } satisfies Partial<Given>

export type Args = Given & Required<Pick<Given, keyof typeof IMPLIED>>

/** The arguments with everything that goes without saying. */
export const completed = (given: Given): Args => ({
  ...IMPLIED,
  ...given,
  measure: given.measure.length > 0 ? given.measure : ['count'],
})

const checkBy = ({ over, by, compare }: Args) => {
  const strange = by.find((dimension) => !DIMENSIONS_OF[over].includes(dimension))
  if (strange !== undefined)
    throw new Refusal(`by: ${over} have no ${strange}; they go by ${DIMENSIONS_OF[over].join(', ')}.`)
  if (by.length === 2 && by[0] === by[1]) throw new Refusal(`by: ${by[0]} stands there twice.`)
  const span = by.find((one) => one !== 'weekday' && (SPANS as readonly string[]).includes(one))
  if (compare !== undefined && span !== undefined)
    throw new Refusal(
      `compare: by ${span} no group has a counterpart in the period before; leave one of the two out.`,
    )
}

/** Suppliers have no dates of their own here: the period is that of their payments. */
const PAYMENT_DATES = ['created', 'settled_at']

const checkDate = ({ over, date }: Args) => {
  const dates = Object.entries(COLUMNS[over]).flatMap(([name, kind]) => (kind === 'date' ? [name] : []))
  const known = over === 'suppliers' ? PAYMENT_DATES : dates
  if (!known.includes(date))
    throw new Refusal(
      `date: ${JSON.stringify(cutShort(date, 60))} is no date of ${over}; there are ${known.join(', ')}.`,
    )
}

const checkSubject = (args: Args) => {
  const { over, measure, net_of_refunds, compare } = args
  if (over === 'drawdowns' && args.receiving_counterparty_id !== undefined)
    throw new Refusal('receiving_counterparty_id: a drawdown is of one buyer and many suppliers.')
  if (over === 'drawdowns' && net_of_refunds)
    throw new Refusal(
      'net_of_refunds: Finexio tells refunds of payments, not of drawdowns; use over payments.',
    )
  if (over === 'suppliers' && measure.includes('days_to_pay'))
    throw new Refusal('measure: days_to_pay is of payments and invoices; use over payments with by supplier.')
  if (over === 'suppliers' && compare !== undefined)
    throw new Refusal('compare: use over payments with by supplier.')
}

/** @param now milliseconds since the epoch @throws Refusal where arguments cannot go together */
export const checkTogether = (args: Args, now: number): void => {
  checkBy(args)
  checkDate(args)
  checkSubject(args)
  if (args.compare !== undefined && args.from === undefined)
    throw new Refusal('compare: give from (and to), so that the period before is known.')
  const asksForms = args.where.some(
    ({ column, is }) => column === 'flag' && is?.includes('form_1099_candidate'),
  )
  if (asksForms && yearOf(periodOf(args.from, args.to, now)) === null)
    throw new Refusal('form_1099_candidate: give from and to within one calendar year.')
}
