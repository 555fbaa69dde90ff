/** Finds out whether printed checks were scanned, with one request for each. */
import { paymentImages } from '../../../schemas/payment-images.ts'
import { imageUrlOf, readOne } from '../derived/get.ts'
import { isPathId, type Row } from '../derived/request.ts'
import type { ToolContext } from '../tool.ts'
import { isCheck } from './payment-means.ts'
import { noneIfNotFound, type Reading } from './reading.ts'

/** `scanned` null: not checked. */
export type Scan = { scanned: boolean | null; check_image_url: string | null }

/** The entry of a payment whose image was not checked. */
export const UNREAD: Scan = { scanned: null, check_image_url: null }

/** A missing image is a result, not a failure: reading goes on. */
const imageOf = async (payment_id: unknown, context: ToolContext): Promise<Scan> => {
  const image = await noneIfNotFound(readOne(paymentImages, { payment_id }, context))
  const url = image && imageUrlOf(image)
  return { scanned: url !== null, check_image_url: url }
}

/** The scan of each payment, in order; `UNREAD` for payments by other methods and those that were not reached. */
export const scansOf = (reading: Reading, payments: readonly Row[]): Promise<Scan[]> =>
  Promise.all(
    payments.map(async (payment) => {
      if (!isCheck(payment) || !isPathId(payment.id)) return UNREAD
      return (await reading.ask(() => imageOf(payment.id, reading.context))) ?? UNREAD
    }),
  )
