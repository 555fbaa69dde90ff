/** `reconcile_finexio_drawdown`: does a drawdown add up to its payments and invoices, and what is still open? */
import * as z from 'zod'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { id } from '../../../../schemas/fields.ts'
import { paymentImages } from '../../../../schemas/payment-images.ts'
import { payments } from '../../../../schemas/payments.ts'
import { decimalOf, dollars } from '../../../core/money.ts'
import { readOne } from '../../derived/get.ts'
import { flawWords, noted } from '../../derived/list-answer.ts'
import { type Row, toolName, wordOf } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { type Scan, scansOf, UNREAD } from '../../reading/check-images.ts'
import { byMoney, CAME_BACK, moneyOf, moneyWords } from '../../reading/money-state.ts'
import { invoicesOf } from '../../reading/payment-life.ts'
import { isCheck } from '../../reading/payment-means.ts'
import {
  decodeResume,
  encodeResume,
  isWhole,
  type Resume,
  readWhole,
  type Whole,
} from '../../reading/read-list.ts'
import { failIfStopped, newReading, type Reading, stopWords } from '../../reading/reading.ts'
import { counted, readWords, report, reported, rows } from '../../reading/report.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import {
  differencesIn,
  missingAmounts,
  paymentRow,
  paymentTable,
  type Totals,
  totalsOf,
  unpaidIn,
} from './drawdown-rows.ts'
import { type Elsewhere, elsewhereOf } from './paid-elsewhere.ts'
import { type Refunds, refundsOf } from './refunds.ts'

// Check images of a drawdown's payments: as many as one call reads, and where the next call goes on.

type Images = {
  scans: readonly Scan[]
  next: Resume | null
  /** What of the images is missing; null when nothing is. */
  note: string | null
}

/** Payments after the one up to which an earlier call had read the images. */
const paymentsAfter = (all: readonly Row[], resume: Resume | null): readonly Row[] => {
  const at = resume?.last ? all.findIndex((payment) => payment.id === resume.last) : -1
  return all.slice(at + 1)
}

/** Where the next call goes on with images: after the last payment before the first check whose image was not read. */
const resumeAt = (payments: readonly Row[], scans: readonly Scan[], start: Resume | null): Resume | null => {
  const unread = payments.findIndex((payment, index) => isCheck(payment) && scans[index]!.scanned === null)
  if (unread < 0) return null
  const before = payments[unread - 1]?.id
  return { page: 1, last: typeof before === 'string' ? before : (start?.last ?? null) }
}

const HIDDEN = 'This server shows no check images: none were looked for.'

/**
 * @param here payments that this call lists
 * @param wanted false when the caller does not want images
 */
const readImages = async (
  reading: Reading,
  here: readonly Row[],
  start: Resume | null,
  wanted: boolean,
): Promise<Images> => {
  const checks = here.filter(isCheck).length
  if (!wanted || !reading.context.sees(toolName(paymentImages, 'get')))
    return { scans: here.map(() => UNREAD), next: null, note: wanted && checks > 0 ? HIDDEN : null }
  const scans = await scansOf(reading, here)
  const done = scans.filter(({ scanned }) => scanned !== null).length
  const note =
    done < checks
      ? `${done} of ${checks} check images were read. ${stopWords(reading) ?? ''} Continue with next_cursor.`
      : null
  return { scans, next: resumeAt(here, scans, start), note }
}

/** Where the money of a drawdown is Finexio's to pay out. */
const RECEIVED = 'received'

const NAME = 'reconcile_finexio_drawdown'
/** A drawdown of 100 checks in one call: itself, a page of payments, an image each. */
const MOST_REQUESTS = 120

const input = z.object({
  id: id.describe('processor_request_id from list_all_finexio_drawdowns.'),
  images: z.boolean().default(true).describe('Look for the scan of each check.'),
  next_cursor: z.string().optional(),
})

const readBoth = async (reading: Reading, drawdownId: string) => {
  const [drawdown, whole] = await Promise.all([
    reading.ask(() => readOne(drawdowns, { id: drawdownId }, reading.context)),
    readWhole(reading, drawdownPayments, {}, null, { processor_request_id: drawdownId }),
  ])
  if (!drawdown) failIfStopped(reading)
  return { drawdown: drawdown ?? {}, whole }
}

/** Why the sums say nothing; null when every payment and every amount was read. */
const gapIn = (whole: Whole, stop: string | null): string | null => {
  const { rows: read, count, unreadable } = whole
  if (whole.flaw !== null)
    return `${flawWords(whole.flaw)} ${readWords(read.length, count, 'payment')}, so sums are not compared.`
  if (whole.next !== null)
    return `${readWords(read.length, count, 'payment')}, so sums are not compared. ${stop ?? ''} The same call again reads them all.`
  if (unreadable > 0)
    return `${counted(unreadable, 'payment')} of Finexio could not be read, so sums are not compared.`
  return missingAmounts(read)
}

type Judged = {
  drawdown: Row
  whole: Whole
  refunds: Refunds
  elsewhere: Elsewhere
  totals: Totals
  gap: string | null
  differences: readonly string[]
  /** Payments that this answer lists. */
  shown: readonly Row[]
  /** Whether the payments listed are all there are. */
  complete: boolean
}

const openCount = (shown: readonly Row[]): number =>
  shown.filter(({ open }) => typeof open === 'string').length

/** What the payments of a drawdown that came back, or the drawdown itself, leave unpaid. */
const unpaidWords = (judged: Judged): string => {
  const unpaid = unpaidIn(moneyRows(judged), judged.elsewhere)
  if (unpaid !== null) return unpaid
  const status = wordOf(judged.drawdown.status)
  return status === RECEIVED ? '' : `The drawdown itself is ${status || 'without status'}, not ${RECEIVED}.`
}

const openWords = (judged: Judged): string => {
  const { shown, complete } = judged
  const open = openCount(shown)
  if (open === 0 && unpaidWords(judged) !== '') return ''
  const what = open === 0 ? 'Nothing is open' : `${open} open`
  if (complete) return `${what}.`
  return shown.length === 0 ? '' : `${what} among the ${counted(shown.length, 'payment')} listed here.`
}

const sumWords = ({ differences, totals, gap, refunds }: Judged): string => {
  if (gap !== null) return ''
  if (differences.length > 0) return `Not reconciled: ${differences.join('; ')}.`
  const net = totals.discounts > 0 ? ` after discounts of ${dollars(totals.discounts)}` : ''
  if (totals.drawdown === null)
    return `Payments and invoices ${refunds.note === null ? 'add up' : 'agree'}${net}; the drawdown itself comes without an amount.`
  return refunds.note === null
    ? `Drawdown, payments and invoices add up${net}.`
    : `The sums of drawdown, payments and invoices agree${net}; refunds are not known.`
}

const invoicesCount = (payments: readonly Row[]): number =>
  payments.reduce((sum, payment) => sum + invoicesOf(payment).length, 0)

const headOf = (drawdownId: string, judged: Judged): string => {
  const { drawdown, whole, totals } = judged
  const read = isWhole(whole) ? '' : ' read so far'
  const what = `${counted(whole.rows.length, 'payment')}, ${counted(invoicesCount(whole.rows), 'invoice')}, ${dollars(totals.payments)}${read}.`
  const amount = totals.drawdown === null ? 'no amount' : `${dollars(totals.drawdown)}`
  const is = `Drawdown ${drawdownId} (${wordOf(drawdown.status) || 'without status'}, ${amount})`
  return [
    `${is}: ${what}`,
    sumWords(judged),
    moneyWords(byMoney(moneyRows(judged))),
    openWords(judged),
    unpaidWords(judged),
  ]
    .filter(Boolean)
    .join(' ')
}

const reconciled = ({ gap, differences, totals }: Judged): boolean | null =>
  gap !== null || totals.drawdown === null ? null : differences.length === 0

/** All payments with where their money is, whichever of them this answer lists. */
const moneyRows = ({ whole, refunds }: Pick<Judged, 'whole' | 'refunds'>): Row[] =>
  whole.rows.map((row) => ({
    ...row,
    money: moneyOf({ ...row, refund_timestamp: refunds.at.get(row.id) }),
    reissue: refunds.reissues.get(row.id),
  }))

const figures = (judged: Judged) => ({
  ...present(judged.drawdown),
  payments_cents: judged.totals.payments,
  payments_amount: decimalOf(judged.totals.payments),
  invoices_cents: judged.totals.invoices,
  invoices_amount: decimalOf(judged.totals.invoices),
  discounts_cents: judged.totals.discounts,
  discounts_amount: decimalOf(judged.totals.discounts),
  by_money: byMoney(moneyRows(judged)),
  not_paid: unpaidIn(moneyRows(judged), judged.elsewhere),
  refunds_known: judged.refunds.note === null,
  payments_count: judged.whole.rows.length,
  invoices_count: invoicesCount(judged.whole.rows),
  reconciled: reconciled(judged),
  differences: judged.differences,
  payments: judged.shown,
  open_count: openCount(judged.shown),
})

type Looked = Pick<Judged, 'drawdown' | 'whole' | 'refunds' | 'elsewhere'> & { images: Images }

const judge = ({ images, ...looked }: Looked, here: readonly Row[], stop: string | null) => {
  const { drawdown, whole, refunds } = looked
  const totals = totalsOf(drawdown, whole.rows)
  const gap = gapIn(whole, stop)
  return {
    ...looked,
    totals,
    gap,
    differences: gap === null ? differencesIn(totals, whole.rows) : [],
    shown: here.map((payment, index) =>
      present(
        paymentRow(
          payment,
          images.scans[index]!,
          refunds.at.get(payment.id),
          refunds.reissues.get(payment.id),
        ),
      ),
    ),
    complete: isWhole(whole) && here.length === whole.rows.length && refunds.note === null,
  }
}

/** What of the payments came back, and what pays their invoices instead. */
const readBack = async (reading: Reading, drawdown: Row, whole: Whole) => {
  const refunds = await refundsOf(reading, drawdown, whole.rows)
  const back = moneyRows({ whole, refunds }).filter(
    ({ money, reissue }) => CAME_BACK.has(money) && reissue === null,
  )
  return { refunds, elsewhere: await elsewhereOf(reading, drawdown, back) }
}

const RESUMED = 'Payments before next_cursor were listed by the call before.'

const run = async (args: z.infer<typeof input>, context: ToolContext): Promise<ToolAnswer> => {
  const { id: drawdownId, images: wanted } = args
  const start = await decodeResume(NAME, args, context)
  const reading = newReading(context, MOST_REQUESTS)
  const { drawdown, whole } = await readBoth(reading, drawdownId)
  const stop = stopWords(reading)
  const here = paymentsAfter(whole.rows, start)
  const [{ refunds, elsewhere }, images] = await Promise.all([
    readBack(reading, drawdown, whole),
    readImages(reading, here, start, wanted && isWhole(whole)),
  ])
  const judged = judge({ drawdown, whole, refunds, elsewhere, images }, here, stop)
  const structured = {
    ...figures(judged),
    next_cursor: await encodeResume(images.next, NAME, args, context),
    requests: reading.requests,
    is_partial_response: judged.gap !== null || images.next !== null || refunds.note !== null,
    ...noted([judged.gap, refunds.note, images.note, start !== null && RESUMED]),
  }
  return report(headOf(drawdownId, judged), [paymentTable(judged.shown)], structured, context)
}

export const reconcileDrawdown = defineTool({
  name: NAME,
  title: 'Reconcile a drawdown',
  description:
    'One drawdown with all its payments, invoices (gross, discount, net), delivery and check images; whether they add up, and what stayed, bounced, was refunded or is still under way.',
  resource: 'drawdowns',
  method: 'reconcile',
  effect: 'read',
  needs: [toolName(drawdowns, 'get'), toolName(drawdownPayments, 'list')],
  covers: [toolName(drawdownPayments, 'list'), toolName(payments, 'list')],
  input,
  output: reported({ differences: z.array(z.string()), payments: rows, open_count: z.int() }),
  run,
})
