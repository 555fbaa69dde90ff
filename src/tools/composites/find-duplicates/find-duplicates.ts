/** `find_possible_duplicate_finexio_invoices`: bills that seem to have been entered twice, each with the reason. */
import * as z from 'zod'
import { invoices } from '../../../../schemas/invoices.ts'
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
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { findRepeats, type Repeat } from './repeats.ts'

const MOST_REQUESTS = 80
/** Most pages of invoices that are compared, the newest, a hundred invoices each; names take further requests. */
const MOST_PAGES = 60

const input = z.object({
  ...partyArguments,
  days: z.int().min(0).max(365).default(14).describe('Same amount: most days between the invoice dates.'),
  limit: z.int().min(1).max(200).default(20),
})
type Args = z.infer<typeof input>

const PAID_WORDS: Readonly<Record<Repeat['paid'], string>> = {
  one: 'one of the two',
  both: 'both',
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

const REST = 'Earlier entries of these bills may be among the rest.'
const SET_ASIDE = 'left out: failed, canceled or refunded, so paying again may be right.'

const headOf = (all: readonly Repeat[], compared: number): string => {
  if (all.length === 0) return `No possible duplicates among ${counted(compared, 'invoice')}.`
  const urgent = all.filter(({ paid }) => paid === 'one').length
  return `${counted(all.length, 'possible duplicate')} among ${counted(compared, 'invoice')}; ${urgent} of them with one of the two paid and the other still open. Possible only: judge each by its reason.`
}

const run = async (args: Args, context: ToolContext): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const whole = await readRecent(reading, invoices, MOST_PAGES)
  if (whole.rows.length === 0) failIfStopped(reading)
  const stop = stopWords(reading)
  const found = whole.rows.filter(isOf(args))
  const { repeats, setAside } = findRepeats(found, args.days)
  const listed = repeats.slice(0, args.limit)
  const names = await partyNames(
    reading,
    listed.map(({ invoice }) => invoice.receiving_counterparty_id),
  )
  const structured = {
    result: listed.map((repeat) => present(repeatRow(repeat, names))),
    result_count: listed.length,
    possible_duplicates_count: repeats.length,
    invoices_compared: found.length - setAside,
    ...ending(reading, { whole, stop, noun: 'invoice', means: REST }, [
      noSuchParty(args, whole.rows.length, found.length, 'invoice'),
      setAside > 0 && `${counted(setAside, 'invoice')} ${SET_ASIDE}`,
      shownNote(listed.length, repeats.length, 'possible duplicates'),
    ]),
  }
  const table = tableOf('Each invoice beside the earlier one it resembles', structured.result)
  const head = `${scopeWords(whole, null)}${headOf(repeats, structured.invoices_compared)}`
  return report(head, [table], structured, context)
}

export const findDuplicates = defineTool({
  name: 'find_possible_duplicate_finexio_invoices',
  title: 'Find possible duplicate invoices',
  description:
    'Invoices of one supplier that look entered twice: the same number but for case, punctuation, leading zeros or one character, or the same amount within days. Tells which are paid already.',
  resource: 'invoices',
  method: 'find_duplicates',
  effect: 'read',
  needs: [toolName(invoices, 'list')],
  input,
  output: reported({ result: rows }),
  run,
})
