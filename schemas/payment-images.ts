/** Scanned checks of payments. */
import * as z from 'zod'
import { checkImageOf } from './answers.ts'
import { resource } from './define.ts'
import { CHECK_IMAGE_TYPES } from './enums.ts'
import { id } from './fields.ts'
import { unlogged } from './meaning.ts'
import { readable } from './readable.ts'

const CheckImage = readable({
  check_image_url: unlogged(z.string()),
  more_check_image_urls: unlogged(z.array(z.string())),
})

export const paymentImages = resource({
  name: 'payment_images',
  singular: 'payment_image',
  tags: ['payment_images', 'payments'],
  methods: {
    get: {
      effect: 'read',
      route: 'GET /payments/{payment_id}/images',
      title: 'Get a check image',
      says: 'Address of the scanned check of a payment; printed checks only.',
      path: z.object({ payment_id: id.describe('From list_all_finexio_payments.') }),
      query: z
        .object({
          checkImageType: z.enum(CHECK_IMAGE_TYPES).describe('As printed, or as deposited.'),
        })
        .partial(),
      normalize: checkImageOf,
      gives: CheckImage,
    },
  },
})
