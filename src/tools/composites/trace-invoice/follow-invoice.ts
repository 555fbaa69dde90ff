/** From an invoice on: its payment, the drawdown that funded it, the scan of its check, the supplier's name. */
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { paymentImages } from '../../../../schemas/payment-images.ts'
import { payments } from '../../../../schemas/payments.ts'
import { type GetMethod, readOne } from '../../derived/get.ts'
import { pageOf } from '../../derived/list.ts'
import type { ListMethod } from '../../derived/list-answer.ts'
import { toolName } from '../../derived/name.ts'
import type { Row } from '../../derived/request.ts'
import { isPathId } from '../../derived/request.ts'
import { isCheck, type Scan, scansOf } from '../../reading/check-images.ts'
import type { Match } from '../../reading/invoices-in-drawdowns.ts'
import { partyNames } from '../../reading/parties.ts'
import type { Reading } from '../../reading/reading.ts'
import { noneIfNotFound } from '../../reading/reading.ts'

const IMAGES = toolName(paymentImages, 'get')

/** A record, or null where Finexio does not have it (any more), or it could not be read. */
const record = (reading: Reading, method: unknown, id: unknown): Promise<Row | null> =>
  isPathId(id)
    ? reading.ask(() => noneIfNotFound(readOne(method as GetMethod, { id }, reading.context)))
    : Promise.resolve(null)

/** From a drawdown an invoice comes without its status, and with the payment made then, which need not be the latest. */
export const wholeInvoice = async (reading: Reading, { invoice }: Match): Promise<Row> => {
  if (invoice.status !== undefined) return invoice
  const found = await record(reading, invoices.methods.get, invoice.id)
  return found ? { ...invoice, ...found, payment_id: found.payment_id ?? invoice.payment_id } : invoice
}

/** Both at once; the payment again only when the invoice turns out to have a later one. */
const invoiceAndPayment = async (reading: Reading, match: Match) => {
  const [invoice, guessed] = await Promise.all([
    wholeInvoice(reading, match),
    record(reading, payments.methods.get, match.invoice.payment_id),
  ])
  const isLatest = invoice.payment_id === match.invoice.payment_id
  return {
    invoice,
    payment: isLatest ? guessed : await record(reading, payments.methods.get, invoice.payment_id),
  }
}

/** A payment does not name its drawdown, but drawdowns can be asked for a tracking id. */
const drawdownOf = async (reading: Reading, payment: Row | null, { funded }: Match): Promise<Row | null> => {
  if (funded && (payment === null || payment.id === funded.paymentId)) return funded.drawdown
  const tracking_id = payment?.tracking_id
  if (typeof tracking_id !== 'string' || tracking_id === '') return null
  const list = drawdowns.methods.list as ListMethod
  const page = await reading.ask(() => pageOf(list, reading.context, { tracking_id })(1))
  return page?.rows[0] ?? null
}

const scanOf = async (reading: Reading, payment: Row | null): Promise<Scan | null> => {
  if (payment === null || !isCheck(payment) || !reading.context.sees(IMAGES)) return null
  const [scan] = await scansOf(reading, [payment])
  return scan ?? null
}

const nameOf = async (reading: Reading, invoice: Row, { supplierName }: Match): Promise<string | null> => {
  if (supplierName !== null) return supplierName
  const id = invoice.receiving_counterparty_id
  return (await partyNames(reading, [id])).get(id) ?? null
}

export type Followed = {
  invoice: Row
  payment: Row | null
  drawdown: Row | null
  /** Null where the payment is no check, or the server shows no images. */
  scan: Scan | null
  supplierName: string | null
  /** True when it is a check whose image this server does not show. */
  imageHidden: boolean
}

export const follow = async (reading: Reading, match: Match): Promise<Followed> => {
  const { invoice, payment } = await invoiceAndPayment(reading, match)
  const [drawdown, scan, supplierName] = await Promise.all([
    drawdownOf(reading, payment, match),
    scanOf(reading, payment),
    nameOf(reading, invoice, match),
  ])
  const imageHidden = payment !== null && isCheck(payment) && !reading.context.sees(IMAGES)
  return { invoice, payment, drawdown, scan, supplierName, imageHidden }
}
