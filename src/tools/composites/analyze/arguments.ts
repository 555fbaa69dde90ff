/** The arguments of an analysis, and which of them cannot go together. */
import * as z from 'zod'
import { cutShort } from '../../../core/text.ts'
import { partyArguments } from '../../reading/parties.ts'
import { Refusal } from '../../refusal.ts'
import { UNPAID_MEANS } from './aging.ts'
import { COLUMNS, columnNamed, DIMENSIONS_OF } from './columns.ts'
import { MEASURES } from './figures.ts'
import { PAYMENT_FLAGS, SUPPLIER_FLAGS } from './flags.ts'
import { DIMENSIONS, SORTS } from './group.ts'
import { periodOf, SPANS, yearOf } from './periods.ts'
import { kindOf } from './where.ts'

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

/** Supplier and buyer under the names that their columns have in the lists, too. */
const dimension = z
  .string()
  .overwrite((name) => name.replace(/^(supplier|buyer)_name$/, '$1'))
  .meta({ enum: [...DIMENSIONS] })
  .pipe(z.enum(DIMENSIONS))

const isAscending = (ends: readonly number[]): boolean =>
  ends.length > 0 && ends.length <= 12 && ends.every((end, at) => end >= 0 && end > (ends[at - 1] ?? -1))
const isAmount = (dollars: number): boolean => dollars >= 0 && dollars <= 1e9

const COLUMN_WORDS = [
  'Columns: those of the list; supplier, buyer (name or id), method, amount (dollars), money (stayed, under_way, bounced, refunded),',
  'failure_reason, refund_reason (in part: returned, expired), settled_at, ended_at, days_to_pay, waiting_days;',
  'of invoices unpaid, days_overdue, age_days, payment_created, net_amount; of suppliers payee_type (Individual, Business);',
  `flag of payments (${PAYMENT_FLAGS.join(', ')}), of suppliers (${SUPPLIER_FLAGS.join(', ')}).`,
].join(' ')

const bands = z
  .array(z.int())
  .refine(isAscending, 'must be the last days of the bands, each above the one before, such as [30, 60, 90]')

export const input = z.object({
  over: z.enum(['payments', 'invoices', 'drawdowns', 'suppliers']),
  measure: z.array(z.enum(MEASURES)).default(['count', 'sum']),
  by: z.array(dimension).max(2).optional(),
  where: z.array(condition).optional().describe(COLUMN_WORDS),
  from: day.optional().describe('First day.'),
  to: day.optional(),
  date: z.string().default('created').describe('Column of from, to, time groups.'),
  compare: z.enum(['period_before']).optional(),
  sort: z.enum(SORTS).optional().describe('rise, fall: with compare.'),
  as_of: day.optional().describe('As it stood then.'),
  age_bands: bands.optional().describe('[10, 20]: 0-10, 11-20, 21+.'),
  net_of_refunds: z.boolean().optional().describe('Without refunded, failed, canceled.'),
  unpaid_means: z.enum(UNPAID_MEANS).default('not_sent'),
  flag_after_days: z.int().min(0).max(365).optional().describe('Days under way: 10; with as_of 0.'),
  top: z.int().min(1).max(200).default(20),
  list: z.int().min(0).max(200).optional().describe('Rows.'),
  fields: z.array(z.string()).optional().describe('Their columns.'),
  threshold: z
    .number()
    .refine(isAmount, 'must be US dollars, such as 600')
    .optional()
    .describe('Dollars, for form 1099.'),
  ...partyArguments,
  next_cursor: z.string().optional(),
})
type Given = z.infer<typeof input>

/** What goes without saying: defaults that a model need not read in every chat. */
const IMPLIED = {
  by: [],
  where: [],
  net_of_refunds: false,
  list: 0,
  age_bands: [30, 60, 90],
  flag_after_days: 10,
} satisfies Partial<Given>

/** Rows that are listed where only their columns were named. */
const LISTED = 50

export type Args = Given & Required<Pick<Given, keyof typeof IMPLIED>>

/** The arguments with everything that goes without saying. */
export const completed = (given: Given): Args => ({
  ...IMPLIED,
  ...(given.fields && { list: LISTED }),
  // What is open at a close is so from its first day on.
  ...(given.as_of !== undefined && { flag_after_days: 0 }),
  ...given,
  measure: given.measure.length > 0 ? given.measure : ['count'],
  date: columnNamed(given.over, given.date),
  where: (given.where ?? []).map((one) => ({ ...one, column: columnNamed(given.over, one.column) })),
  ...(given.fields && { fields: given.fields.map((field) => columnNamed(given.over, field)) }),
})

const checkBy = ({ over, by, compare }: Args) => {
  const strange = by.find((dimension) => !DIMENSIONS_OF[over].includes(dimension))
  if (strange !== undefined)
    throw new Refusal(`by: ${over} have no ${strange}; they go by ${DIMENSIONS_OF[over].join(', ')}.`)
  if (by.length === 2 && by[0] === by[1]) throw new Refusal(`by: ${by[0]} stands there twice.`)
  const span = by.find((one) => one !== 'weekday' && (SPANS as readonly string[]).includes(one))
  if (compare !== undefined && span !== undefined)
    throw new Refusal(
      `compare: by ${span} no group has a counterpart in the period before; leave out compare, or ${span} of by.`,
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
  if (over !== 'invoices' && measure.some((one) => one === 'discount' || one === 'net'))
    throw new Refusal('measure: discounts are of invoices; use over invoices, with date payment_created.')
  if (over === 'suppliers' && measure.includes('days_to_pay'))
    throw new Refusal('measure: days_to_pay is of payments and invoices; use over payments with by supplier.')
  if (over === 'suppliers' && compare !== undefined)
    throw new Refusal('compare: use over payments with by supplier.')
}

const checkTimes = ({ over, compare, sort, as_of }: Args, now: number) => {
  if ((sort === 'rise' || sort === 'fall') && compare === undefined)
    throw new Refusal('sort: rise and fall are those since the period before: give compare with it.')
  if (as_of !== undefined && !['payments', 'invoices'].includes(over))
    throw new Refusal('as_of: only payments and invoices are known as they stood on an earlier day.')
  if (as_of !== undefined && Date.parse(as_of) > now) throw new Refusal(`as_of: ${as_of} has not come yet.`)
}

/** @param now milliseconds since the epoch @throws Refusal where arguments cannot go together */
export const checkTogether = (args: Args, now: number): void => {
  checkBy(args)
  checkDate(args)
  checkSubject(args)
  checkTimes(args, now)
  for (const field of args.fields ?? []) kindOf(field, COLUMNS[args.over], 'fields')
  if (args.compare !== undefined && args.from === undefined)
    throw new Refusal('compare: give from (and to), so that the period before is known.')
  const asksForms = args.where.some(
    ({ column, is }) => column === 'flag' && is?.includes('form_1099_candidate'),
  )
  if (asksForms && yearOf(periodOf(args.from, args.to, now)) === null)
    throw new Refusal('form_1099_candidate: give from and to within one calendar year.')
}
