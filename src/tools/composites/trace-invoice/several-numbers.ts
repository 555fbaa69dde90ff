/** Several invoice numbers in one trace: a row and a verdict for each invoice, and for each number that nobody has. */
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { numberFit, quoted } from '../../../core/text.ts'
import { noted } from '../../derived/list-answer.ts'
import { isPathId, picked, type Row } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { type Match, type Sought, throughDrawdowns } from '../../reading/invoices-in-drawdowns.ts'
import { partyNames } from '../../reading/parties.ts'
import { isWhole, readRecent } from '../../reading/read-list.ts'
import { askForOne, failIfStopped, newReading, type Reading, stopWords } from '../../reading/reading.ts'
import { counted, reachWords, report, tableOf } from '../../reading/report.ts'
import type { ToolAnswer, ToolContext } from '../../tool.ts'
import { waitingNote } from '../../writing/waiting-invoices.ts'
import { among, suppliersNamed } from './find-invoices.ts'
import { judge, MEANS } from './trace-answer.ts'

export const MOST_NUMBERS = 20
const MOST_REQUESTS = 60
/** Pages of the invoice list; what is older is asked for by its number. */
const MOST_PAGES = 20

type Traced = { asked: string; match: Match | null; words: string }

/** The newest invoices tell most numbers at once; for the others the drawdowns are asked, number by number. */
const trace = async (reading: Reading, numbers: readonly string[], sought: Sought) => {
  const who = sought.supplier === null ? null : await suppliersNamed(reading, sought.supplier)
  const whole = await readRecent(reading, invoices, MOST_PAGES)
  const ids = who?.named ?? null
  const each = await Promise.all(
    numbers.map(async (number): Promise<Traced[]> => {
      const own = { ...sought, number }
      const listed = among(whole.rows, own, { named: ids })
      const isSame = listed.matches.some(
        ({ invoice }) => numberFit(invoice.invoice_number, number) === 'same',
      )
      const old = isSame || isWhole(whole) ? [] : (await throughDrawdowns(reading, own)).matches
      const found = old.length > 0 ? old : listed.matches
      return found.length > 0
        ? found.map((match) => ({ asked: number, match, words: old.length > 0 ? '' : listed.words }))
        : [{ asked: number, match: null, words: '' }]
    }),
  )
  return {
    traced: each.flat(),
    looked: `Looked through ${reachWords(whole, 'invoice')}.`,
    complete: isWhole(whole) && (who?.complete ?? true),
  }
}

/** By invoice; from a drawdown an invoice comes without its status, which its payment has. */
export const paymentsOf = async (
  reading: Reading,
  matches: readonly (Match | null)[],
): Promise<ReadonlyMap<unknown, Row | null>> => {
  const ids = [...new Set(matches.map((match) => match?.invoice.payment_id).filter(isPathId))]
  const read = await Promise.all(ids.map((id) => askForOne(reading, payments, { id })))
  return new Map(ids.map((id, at) => [id, read[at] ?? null]))
}

const rowOf = (
  { asked, match, words }: Traced,
  found: ReadonlyMap<unknown, Row | null>,
  names: ReadonlyMap<unknown, string>,
): Row => {
  if (!match) return { asked, verdict: null, why: 'no invoice found' }
  const { invoice, supplierName } = match
  const payment = found.get(invoice.payment_id) ?? null
  const { verdict, since, why } = judge(invoice, payment)
  const { amount_cents, amount } = present(picked(invoice, ['amount_cents']))
  return {
    ...{ asked, verdict, since },
    ...present(picked(invoice, ['invoice_number'])),
    ...{ amount_cents, amount },
    supplier_name: supplierName ?? names.get(invoice.receiving_counterparty_id) ?? null,
    ...present(picked(invoice, ['id', 'payment_id'])),
    ...present(picked(payment ?? {}, MEANS)),
    why: [why, words].filter(Boolean).join('. '),
  }
}

const COLUMNS = [
  ...['asked', 'verdict', 'since', 'invoice_number', 'amount', 'supplier_name', 'payment_method'],
  ...['instrument_number', 'tracking_id', 'id', 'payment_id', 'why'],
]

/** @param sought whose invoices; its number is not looked at */
export const traceNumbers = async (
  numbers: readonly string[],
  sought: Sought,
  context: ToolContext,
): Promise<ToolAnswer> => {
  const reading = newReading(context, MOST_REQUESTS)
  const { traced, looked, complete } = await trace(reading, numbers, sought)
  if (traced.every(({ match }) => match === null)) failIfStopped(reading)
  const found = await paymentsOf(
    reading,
    traced.map(({ match }) => match),
  )
  const nameless = traced.filter(({ match }) => match && match.supplierName === null)
  const names = await partyNames(
    reading,
    nameless.map(({ match }) => match!.invoice.receiving_counterparty_id),
  )
  const matches = traced.map((one) => rowOf(one, found, names))
  const missing = matches.filter(({ verdict }) => verdict === null)
  const lacking = missing.map(({ asked }) => String(asked))
  const waiting = await waitingNote(lacking, sought.supplierId, context)
  const head = `${counted(numbers.length, 'number')}, ${counted(matches.length - missing.length, 'invoice')} found${missing.length > 0 ? `; not found: ${missing.map(({ asked }) => quoted(asked)).join(', ')}` : ''}.`
  const structured = {
    matches_count: matches.length - missing.length,
    matches,
    requests: reading.requests,
    is_partial_response: stopWords(reading) !== null || (missing.length > 0 && !complete),
    ...noted([stopWords(reading), looked, waiting]),
  }
  return report(head, [{ ...tableOf('Invoices', matches), columns: COLUMNS }], structured, context)
}
