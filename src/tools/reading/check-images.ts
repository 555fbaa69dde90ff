/** Whether printed checks were scanned, a request each. */
import { paymentImages } from '../../../schemas/payment-images.ts'
import { imageUrlOf, readOne } from '../derived/get.ts'
import { isPathId, type Row, wordOf } from '../derived/request.ts'
import type { ToolContext } from '../tool.ts'
import { noneIfNotFound, type Reading } from './reading.ts'

/** `scanned` null: nobody looked. */
export type Scan = { scanned: boolean | null; check_image_url: string | null }

/** Of a payment whose image nobody looked for. */
export const UNREAD: Scan = { scanned: null, check_image_url: null }

/** Only printed checks are scanned. */
export const isCheck = ({ payment_method }: Row): boolean =>
  ['check', 'printedcheck'].includes(wordOf(payment_method))

/** That there is no image is an answer, and ends nothing. */
const imageOf = async (payment_id: unknown, context: ToolContext): Promise<Scan> => {
  const image = await noneIfNotFound(readOne(paymentImages, { payment_id }, context))
  const url = image && imageUrlOf(image)
  return { scanned: url !== null, check_image_url: url }
}

/** The scan of each payment, in their order; of those that are no checks, and those not reached any more, none. */
export const scansOf = (reading: Reading, payments: readonly Row[]): Promise<Scan[]> =>
  Promise.all(
    payments.map(async (payment) => {
      if (!isCheck(payment) || !isPathId(payment.id)) return UNREAD
      return (await reading.ask(() => imageOf(payment.id, reading.context))) ?? UNREAD
    }),
  )
