/**
 * Whether the invoices of a batch are there already. Finexio cannot be asked for an invoice number: the newest invoices are
 * read, and a few numbers are looked for in drawdowns one by one. A request that fails ends the call before anything is submitted.
 */
import { invoices } from '../../../../schemas/invoices.ts'
import { FinexioFailure } from '../../../finexio/failure.ts'
import type { InvoiceKey, Looked, Seen } from '../../../rules/duplicates.ts'
import { numberOf } from '../../../rules/duplicates.ts'
import { invoiceKey } from '../../derived/batch.ts'
import { type GetMethod, readOne } from '../../derived/get.ts'
import { readNewest } from '../../derived/list.ts'
import type { Row } from '../../derived/request.ts'
import type { Walked } from '../../derived/walk.ts'
import { present } from '../../present/present.ts'
import { throughDrawdowns } from '../../reading/invoices-in-drawdowns.ts'
import { failIfStopped, newReading, noneIfNotFound, type Reading } from '../../reading/reading.ts'
import type { ToolContext } from '../../tool.ts'

/** Where numbers are asked for one by one, so many of the newest pages are read besides. */
const FEW_PAGES = 6
/** A number costs two requests and more where a drawdown holds it. */
const REQUESTS_PER_NUMBER = 3
const ROWS_PER_PAGE = 100

export type Look = Looked & {
  /** Suppliers of which an invoice with a payment was seen. */
  paid: ReadonlySet<string>
  /** How far was looked, in a sentence. */
  words: string
}

const seenOf = (row: Row): Seen => ({
  ...invoiceKey(row),
  id: String(row.id),
  status: typeof row.status === 'string' ? row.status : null,
  can_be_resubmitted: row.can_be_resubmitted === true,
})

const isPaid = ({ payment_id }: Row) => typeof payment_id === 'string' && payment_id !== ''

/** Throws what ended the walk: after a failing step none follows, the batch least of all. */
const newest = async (pages: number, context: ToolContext): Promise<Walked> => {
  const bounds = { limit: pages * ROWS_PER_PAGE, mostPages: pages, begun: context.now() }
  const walked = await readNewest(invoices, {}, bounds, context)
  if (walked.stopped instanceof FinexioFailure) throw walked.stopped
  return walked
}

/** A drawdown tells of an invoice, but not whether its number is free again. */
const wholeOf = (reading: Reading, id: unknown): Promise<Row | null> =>
  reading.ask(() =>
    noneIfNotFound(readOne(invoices.methods.get as GetMethod, { id: String(id) }, reading.context)),
  )

type Asked = { number: string; seen: Row[] } | null

/** Null when the bound was reached before the answer was whole. */
const askFor = async (reading: Reading, row: InvoiceKey): Promise<Asked> => {
  const sought = { number: row.number.trim(), supplier: null, supplierId: row.supplier }
  const { matches, complete } = await throughDrawdowns(reading, sought)
  const own = matches.filter(({ invoice }) => invoice.originating_counterparty_id === row.buyer)
  const found = await Promise.all(own.map(({ invoice }) => wholeOf(reading, invoice.id)))
  if (!complete || reading.stopped !== null) return null
  return { number: numberOf(row), seen: found.filter((one) => one !== null) }
}

const wordsOf = (walked: Walked, all: boolean, asked: number): string => {
  if (all) return `Compared with all ${walked.looked} invoices.`
  const last = walked.lastSeen ? present(walked.lastSeen).created : null
  const reach = `the newest ${walked.looked}${walked.count === null ? '' : ` of ${walked.count}`} invoices${last ? `, back to ${last}` : ''}`
  return `Compared with ${reach}${asked > 0 ? `; ${asked === 1 ? 'its number was' : `${asked} numbers were`} also looked for in drawdowns` : ''}.`
}

/**
 * @param rows the invoices of a batch
 * @param most upstream requests that this may cost
 * @throws FinexioFailure when one of them fails
 */
export const lookForInvoices = async (
  rows: readonly InvoiceKey[],
  most: number,
  context: ToolContext,
): Promise<Look> => {
  const numbers = [...new Map(rows.map((row) => [JSON.stringify(row), row])).values()]
  const few = numbers.length * REQUESTS_PER_NUMBER + FEW_PAGES <= most
  const walked = await newest(few ? FEW_PAGES : most, context)
  const all = walked.next === null && walked.stopped === null && walked.unreadable === 0
  const reading = newReading(context, most - walked.requests)
  const answers = few && !all ? await Promise.all(numbers.map((row) => askFor(reading, row))) : []
  failIfStopped(reading)
  const asked = answers.filter((answer) => answer !== null)
  const seen = [...walked.rows, ...asked.flatMap((answer) => answer.seen)]
  return {
    seen: seen.map(seenOf),
    all,
    asked: new Set(asked.map(({ number }) => number)),
    paid: new Set(seen.filter(isPaid).map((row) => String(row.receiving_counterparty_id))),
    words: wordsOf(walked, all, asked.length),
  }
}
