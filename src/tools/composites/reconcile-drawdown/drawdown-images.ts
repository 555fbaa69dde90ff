/** Check images of a drawdown's payments: as many as one call reads, and where the next call goes on. */

import { paymentImages } from '../../../../schemas/payment-images.ts'
import { toolName } from '../../derived/name.ts'
import type { Row } from '../../derived/request.ts'
import { isCheck, type Scan, scansOf } from '../../reading/check-images.ts'
import type { Resume } from '../../reading/read-list.ts'
import { type Reading, stopWords } from '../../reading/reading.ts'

export type Images = {
  scans: readonly Scan[]
  next: Resume | null
  /** What of the images is missing; null when nothing is. */
  note: string | null
}

/** Payments after the one up to which an earlier call had read the images. */
export const paymentsAfter = (all: readonly Row[], resume: Resume | null): readonly Row[] => {
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

const NOBODY_LOOKED: Scan = { scanned: null, check_image_url: null }

const none = (here: readonly Row[], note: string | null): Images => ({
  scans: here.map(() => NOBODY_LOOKED),
  next: null,
  note,
})

const read = async (reading: Reading, here: readonly Row[], start: Resume | null): Promise<Images> => {
  const scans = await scansOf(reading, here)
  const checks = here.filter(isCheck).length
  const done = scans.filter(({ scanned }) => scanned !== null).length
  const note =
    done < checks
      ? `${done} of ${checks} check images were read. ${stopWords(reading) ?? ''} Continue with next_cursor.`
      : null
  return { scans, next: resumeAt(here, scans, start), note }
}

const HIDDEN = 'This server shows no check images: none were looked for.'

/**
 * @param here payments that this call lists
 * @param wanted false when the caller does not want images
 */
export const readImages = async (
  reading: Reading,
  here: readonly Row[],
  start: Resume | null,
  wanted: boolean,
): Promise<Images> => {
  if (!wanted) return none(here, null)
  if (!reading.context.sees(toolName(paymentImages, 'get')))
    return none(here, here.some(isCheck) ? HIDDEN : null)
  return read(reading, here, start)
}
