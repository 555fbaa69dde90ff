/** `find_possible_duplicate_finexio_invoices`: bills that seem to have been entered twice, each with the reason. */
import * as z from 'zod'
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { type Row, toolName, withNulls } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { isOf, type Names, noSuchParty, partyArguments, partyNames } from '../../reading/parties.ts'
import { readRecent } from '../../reading/read-list.ts'
import { failIfStopped, newReading, stopWords } from '../../reading/reading.ts'
import {
  counted,
  ending,
  report,
  reported,
  rows,
  scopeWords,
  shownNote,
  tableOf,
} from '../../reading/report.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { findRepeats, type Repeat } from './repeats.ts'

const MOST_REQUESTS = 80
/** Most pages of invoices that are compared, the newest, a hundred invoices each; names take further requests. */
const MOST_PAGES = 60

const input = z.object({
  among: z.enum(['invoices', 'payments']).default('invoices'),
  include_refunded: z.boolean().optional(),
  ...partyArguments,
  days: z.int().min(0).max(365).default(14).describe('Same amount: most days between the two.'),
  limit: z.int().min(1).max(200).default(20),
})
type Args = z.infer<typeof input>

const PAID_WORDS: Readonly<Record<Repeat['paid'], string>> = {
  one: 'one of the two',
  both: 'both',
  returned: 'both, and money came back',
  none: 'neither',
}

const repeatRow = ({ invoice, of, reason, days, paid }: Repeat, names: Names): Row => ({
  reason,
  paid: PAID_WORDS[paid],
  id: invoice.id,
  ...withNulls(invoice, ['invoice_number', 'amount_cents', 'status', 'invoice_date', 'payment_id']),
  earlier_id: of.id,
  earlier_number: of.invoice_number ?? null,
  earlier_amount_cents: of.amount_cents ?? null,
  earlier_status: of.status ?? null,
  earlier_payment_id: of.payment_id ?? null,
  days_apart: days,
  receiving_counterparty_id: invoice.receiving_counterparty_id ?? null,
  supplier: names.get(invoice.receiving_counterparty_id) ?? null,
})

/** Payments have no number of a bill: only the amount tells. */
const paymentRow = ({ invoice: payment, of, days, paid }: Repeat, names: Names): Row => ({
  reason: 'same_amount',
  paid: PAID_WORDS[paid],
  ...withNulls(payment, ['id', 'amount_cents', 'status', 'payment_method', 'created']),
  ...withNulls(payment, ['refund_timestamp', 'refund_reason']),
  earlier_id: of.id,
  earlier_status: of.status ?? null,
  earlier_created: of.created ?? null,
  earlier_refund_timestamp: of.refund_timestamp ?? null,
  earlier_refund_reason: of.refund_reason ?? null,
  days_apart: days,
  receiving_counterparty_id: payment.receiving_counterparty_id ?? null,
  supplier: names.get(payment.receiving_counterparty_id) ?? null,
})

const AMONG = {
  invoices: { resource: invoices, row: repeatRow, noun: 'invoice' },
  payments: { resource: payments, row: paymentRow, noun: 'payment' },
}

const REST = 'Earlier ones may be among the rest.'
const setAsideWords = (among: Args['among'], include_refunded = false): string =>
  include_refunded
    ? 'left out: failed or canceled.'
    : `left out: failed, canceled or ${among === 'invoices' ? 'free to be submitted again, as after a refund' : 'refunded'}, so paying again may be right, unless the payment was reissued; include_refunded compares what came back, too.`

const headOf = (all: readonly Repeat[], compared: number, noun: string): string => {
  if (all.length === 0) return `No possible duplicates among ${counted(compared, noun)}.`
  const urgent = all.filter(({ paid }) => paid === 'one').length
  return `${counted(all.length, 'possible duplicate')} among ${counted(compared, noun)}; ${urgent} of them with one of the two paid and the other still open. Possible only: judge each by its reason.`
}

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const { resource, row, noun } = AMONG[args.among]
  if (args.among === 'payments' && !context.sees(toolName(payments, 'list')))
    throw new Refusal('among: this MCP server does not show list_all_finexio_payments.').by('not_shown')
  const whole = await readRecent(reading, resource, MOST_PAGES)
  if (whole.rows.length === 0) failIfStopped(reading)
  const stop = stopWords(reading)
  const found = whole.rows.filter(isOf(args))
  const { repeats, setAside } = findRepeats(found, args.days, args.include_refunded)
  const listed = repeats.slice(0, args.limit)
  const names = await partyNames(
    reading,
    listed.map(({ invoice }) => invoice.receiving_counterparty_id),
  )
  const structured = {
    result: listed.map((repeat) => present(row(repeat, names))),
    result_count: listed.length,
    possible_duplicates_count: repeats.length,
    compared: found.length - setAside,
    ...ending(reading, { whole, stop, noun, means: REST }, [
      noSuchParty(args, whole.rows.length, found.length, noun),
      setAside > 0 && `${counted(setAside, noun)} ${setAsideWords(args.among, args.include_refunded)}`,
      shownNote(listed.length, repeats.length, 'possible duplicates'),
    ]),
  }
  const table = tableOf(`Each ${noun} beside the earlier one it resembles`, structured.result)
  const head = `${scopeWords(whole, null)}${headOf(repeats, structured.compared, noun)}`
  return report(head, [table], structured, context)
}

export const findDuplicates = defineTool({
  name: 'find_possible_duplicate_finexio_invoices',
  title: 'Find possible duplicate invoices',
  description:
    'Invoices of one supplier that look entered twice: numbers alike but for case, punctuation, zeros or one character, or the same amount within days; which are paid. Among payments: the same supplier and amount.',
  resource: 'invoices',
  method: 'find_duplicates',
  effect: 'read',
  needs: [toolName(invoices, 'list')],
  covers: [toolName(invoices, 'list'), toolName(payments, 'list')],
  input,
  output: reported({ result: rows }),
  run,
})
