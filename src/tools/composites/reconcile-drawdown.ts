/** `reconcile_finexio_drawdown`: does a drawdown add up to its payments and invoices, and what is still open? */
import * as z from 'zod'
import { drawdownPayments } from '../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../schemas/drawdowns.ts'
import { id } from '../../../schemas/fields.ts'
import { paymentImages } from '../../../schemas/payment-images.ts'
import { type GetMethod, readOne } from '../get.ts'
import { decimalOf } from '../money.ts'
import { toolName } from '../name.ts'
import { present } from '../present.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import type { Row } from '../walk.ts'
import { isCheck, type Scan, scansOf } from './check-images.ts'
import { composite, rows } from './composite.ts'
import { counted, noted } from './notes.ts'
import { wordOf } from './payment-exceptions.ts'
import { failIfStopped, newReading, type Reading, stopWords } from './reading.ts'
import { report } from './report.ts'
import { openResume, sealResume } from './resume.ts'
import { type Resume, readWhole, type Whole } from './whole-list.ts'

const NAME = 'reconcile_finexio_drawdown'
/** A drawdown of 100 checks in one call: itself, a page of payments, an image each. */
const MOST_REQUESTS = 120

const input = z.object({
  id: id.describe('processor_request_id from list_all_finexio_drawdowns.'),
  images: z.boolean().default(true).describe('Whether to look for the scan of each printed check.'),
  next_cursor: z.string().optional(),
})

const centsIn = (value: unknown): number => (typeof value === 'number' && Number.isFinite(value) ? value : 0)
const sumOf = (all: readonly Row[], field: string): number =>
  all.reduce((sum, row) => sum + centsIn(row[field]), 0)

const invoicesOf = ({ invoices }: Row): Row[] => (Array.isArray(invoices) ? (invoices as Row[]) : [])

type Totals = { drawdown: number | null; payments: number; invoices: number }

const difference = (name: string, a: number, other: string, b: number): string[] =>
  a === b
    ? []
    : [`${name} (${decimalOf(a)}) and ${other} (${decimalOf(b)}) differ by ${decimalOf(Math.abs(a - b))}`]

/** Which sums do not agree; empty when all do. */
const differencesIn = ({ drawdown, payments, invoices }: Totals): string[] => [
  ...(drawdown === null ? [] : difference('the drawdown', drawdown, 'its payments', payments)),
  ...difference('the payments', payments, 'their invoices', invoices),
]

const DONE: ReadonlySet<string> = new Set(['settled', 'complete', 'paid'])

/** What is still open with a payment; null when nothing is. */
const openOf = (payment: Row, { scanned }: Scan): string | null => {
  const status = wordOf(payment.status)
  if (!DONE.has(status)) return status || 'without status'
  return isCheck(payment) && scanned === false ? 'check not scanned' : null
}

const paymentRow = (payment: Row, scan: Scan): Row => ({
  id: payment.id ?? null,
  supplier_name: payment.supplier_name ?? null,
  amount_cents: payment.amount_cents ?? null,
  status: payment.status ?? null,
  payment_method: payment.payment_method ?? null,
  delivery_method: payment.delivery_method ?? null,
  tracking_id: payment.tracking_id ?? null,
  scanned: isCheck(payment) ? scan.scanned : null,
  check_image_url: scan.check_image_url,
  open: openOf(payment, scan),
  invoices: invoicesOf(payment).map(({ id: invoice, invoice_number, payment_amount_cents }) => ({
    id: invoice ?? null,
    invoice_number: invoice_number ?? null,
    payment_amount_cents: payment_amount_cents ?? null,
  })),
})

const COLUMNS = [
  'id',
  'supplier_name',
  'amount',
  'status',
  'payment_method',
  'delivery_method',
  'tracking_id',
  'scanned',
  'open',
  'invoices',
  'check_image_url',
]

/** Invoices as one cell. */
const inText = (row: Row): Row => ({
  ...row,
  invoices: (row.invoices as Row[])
    .map(({ invoice_number, id: invoice }) => invoice_number ?? invoice)
    .join('; '),
})

/** Payments after the one up to which an earlier call had read the images. */
const after = (all: readonly Row[], resume: Resume | null): readonly Row[] => {
  const at = resume?.last ? all.findIndex((payment) => payment.id === resume.last) : -1
  return all.slice(at + 1)
}

/** Where the images go on: after the last payment before the first check that nobody looked at. */
const resumeAt = (payments: readonly Row[], scans: readonly Scan[], start: Resume | null): Resume | null => {
  const unread = payments.findIndex((payment, index) => isCheck(payment) && scans[index]!.scanned === null)
  if (unread < 0) return null
  const before = payments[unread - 1]?.id
  return { page: 1, last: typeof before === 'string' ? before : (start?.last ?? null) }
}

const readBoth = async (reading: Reading, drawdownId: string) => {
  const get = drawdowns.methods.get as GetMethod
  const [drawdown, whole] = await Promise.all([
    reading.ask(() => readOne(get, { id: drawdownId }, reading.context)),
    readWhole(reading, drawdownPayments, {}, null, { processor_request_id: drawdownId }),
  ])
  if (!drawdown) failIfStopped(reading)
  return { drawdown: drawdown ?? {}, whole }
}

const imagesNote = (checks: number, read: number, stop: string | null) =>
  read < checks &&
  `${stop ?? 'Partial.'} ${read} of ${checks} check images were looked for; continue with next_cursor.`

const NOBODY_LOOKED: Scan = { scanned: null, check_image_url: null }

type Images = { scans: readonly Scan[]; next: Resume | null; note: string | false }

const readImages = async (reading: Reading, here: readonly Row[], start: Resume | null): Promise<Images> => {
  const scans = await scansOf(reading, here)
  const read = scans.filter(({ scanned }) => scanned !== null).length
  const note = imagesNote(here.filter(isCheck).length, read, stopWords(reading))
  return { scans, next: resumeAt(here, scans, start), note }
}

const noImages = (here: readonly Row[]): Images => ({
  scans: here.map(() => NOBODY_LOOKED),
  next: null,
  note: false,
})

const totalsOf = (drawdown: Row, payments: readonly Row[]): Totals => ({
  drawdown: typeof drawdown.amount_cents === 'number' ? drawdown.amount_cents : null,
  payments: sumOf(payments, 'amount_cents'),
  invoices: payments.reduce((sum, payment) => sum + sumOf(invoicesOf(payment), 'payment_amount_cents'), 0),
})

/** Why the sums say nothing; null when every payment was read. */
const incomplete = ({ rows: read, next, count, unreadable }: Whole, stop: string | null): string | null => {
  if (next !== null)
    return `${stop ?? 'Partial.'} ${read.length} of ${count ?? 'an unknown number of'} payments were read, so sums are not compared.`
  return unreadable > 0
    ? `${unreadable} payments of Finexio could not be read, so sums are not compared.`
    : null
}

const headOf = (
  drawdownId: string,
  status: unknown,
  { payments, invoices, amount, open, differences, gap }: Head,
): string => {
  const sums =
    differences.length > 0
      ? `Not reconciled: ${differences.join('; ')}.`
      : 'Drawdown, payments and invoices add up.'
  const what = `Drawdown ${drawdownId} (${wordOf(status) || 'without status'}): ${counted(payments, 'payment')}, ${counted(invoices, 'invoice')}, ${amount} USD.`
  return `${what}${gap === null ? ` ${sums}` : ''} ${open === 0 ? 'Nothing is open.' : `${open} open.`}`
}

type Head = {
  payments: number
  invoices: number
  amount: string
  open: number
  differences: readonly string[]
  gap: string | null
}

const run = async (raw: Row, context: ToolContext): Promise<ToolAnswer> => {
  const { id: drawdownId, images } = raw as z.infer<typeof input>
  const start = await openResume(NAME, raw, context)
  const reading = newReading(context, MOST_REQUESTS)
  const { drawdown, whole } = await readBoth(reading, drawdownId)
  const here = after(whole.rows, start)
  const looks = images && context.sees(toolName(paymentImages, 'get'))
  const { scans, next, note } = looks ? await readImages(reading, here, start) : noImages(here)
  const gap = incomplete(whole, stopWords(reading))
  const totals = totalsOf(drawdown, whole.rows)
  const differences = gap === null ? differencesIn(totals) : []
  const shown = here.map((payment, index) => present(paymentRow(payment, scans[index]!)))
  const open_count = shown.filter(({ open }) => typeof open === 'string').length
  const invoices_count = whole.rows.reduce((sum, payment) => sum + invoicesOf(payment).length, 0)
  const structured = {
    ...present(drawdown),
    payments_cents: totals.payments,
    payments_amount: decimalOf(totals.payments),
    invoices_cents: totals.invoices,
    invoices_amount: decimalOf(totals.invoices),
    payments_count: whole.rows.length,
    invoices_count,
    differences,
    sums_compared: gap === null,
    payments: shown,
    open_count,
    next_cursor: await sealResume(next, NAME, raw, context),
    requests: reading.requests,
    is_partial_response: gap !== null || next !== null,
    ...noted([gap, note, start !== null && 'Payments before next_cursor were listed by the call before.']),
  }
  const head = headOf(drawdownId, drawdown.status, {
    payments: whole.rows.length,
    invoices: invoices_count,
    amount: decimalOf(totals.payments) ?? '',
    open: open_count,
    differences,
    gap,
  })
  return report(head, [{ title: 'Payments', columns: COLUMNS, rows: shown.map(inText) }], structured, context)
}

export const reconcileDrawdown = composite({
  name: NAME,
  title: 'Reconcile a drawdown',
  says: 'One drawdown with all its payments, invoices, delivery and check images; whether drawdown, payments and invoices add up, and what is still open.',
  resource: 'drawdowns',
  method: 'reconcile',
  needs: [toolName(drawdowns, 'get'), toolName(drawdownPayments, 'list')],
  input,
  gives: { differences: z.array(z.string()), payments: rows, open_count: z.int() },
  run,
})
