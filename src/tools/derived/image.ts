/** `get_single_finexio_payment_image_by_id`: says plainly when nothing was scanned. */
import * as z from 'zod'
import { cleanText } from '../../core/text.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { type GetMethod, readOne } from './get.ts'

export const imageOutput = z.object({
  payment_id: z.string(),
  scanned: z.boolean(),
  check_image_url: z.string().nullable(),
  more_check_image_urls: z.array(z.string()).optional(),
  note: z.string().optional(),
})

const NOT_SCANNED =
  'Finexio has no check image for this payment: it is not a printed check, or the check was not printed or scanned yet.'

export const runImage =
  (method: GetMethod) =>
  async (args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> => {
    const { check_image_url, more_check_image_urls } = await readOne(method, args, context)
    const url =
      typeof check_image_url === 'string' && check_image_url !== '' ? cleanText(check_image_url) : null
    const structured = {
      payment_id: String(args.payment_id),
      scanned: url !== null,
      check_image_url: url,
      ...(Array.isArray(more_check_image_urls) && {
        more_check_image_urls: more_check_image_urls.map(cleanText),
      }),
      ...(url === null && { note: NOT_SCANNED }),
    }
    return { structured, text: JSON.stringify(structured) }
  }
