/** Field types shared by all resources, with Finexio's limits. */
import * as z from 'zod'

export const text = (max: number) => z.string().max(max)
export const id = z.string().min(1).max(200)
export const cents = z.int().min(0).max(999_999_900)
export const email = (max = 254) => z.email().max(max)
export const days = z.int().min(0).max(365)
export const isoDate = z.iso.date()
/** ISO 8601, zone optional (UTC is meant): Finexio itself sends six fractional digits and no zone. */
export const timestamp = z
  .string()
  .regex(
    /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/,
    'must be ISO 8601, such as 2026-10-01 or 2026-10-01T00:00:00',
  )
export const page = z.int().min(1)
/** Suppliers and buyers: names at most 25 characters and not beginning with `_`, values at most 100 characters. */
export const metadata = z.record(
  z.string().regex(/^[^_].{0,24}$/s),
  z.union([z.string().max(100), z.int(), z.null()]),
)
