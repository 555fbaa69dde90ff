/** Field types shared by all resources, with Finexio's limits. */
import * as z from 'zod'

/** Our own maximum where Finexio documents none: checked, but neither printed nor compared with Finexio's description. */
const OWN_CAP = 500
const short = (value: string) => value.length <= OWN_CAP

/** Text with Finexio's limit, in characters. */
export const text = (max: number) => z.string().max(max)
/** Text for which Finexio documents no limit. */
export const words = z.string().refine(short, `must have at most ${OWN_CAP} characters`)
/** Ids are opaque: never rejected on shape. */
export const id = z
  .string()
  .min(1, 'must not be empty')
  .refine(short, `must have at most ${OWN_CAP} characters`)

/** Finexio's largest amount of one invoice, in US cents. */
export const MOST_CENTS = 999_999_900
export const cents = z.int().min(0).max(MOST_CENTS)
/** A number of days, as payment terms are. */
export const days = z.int().min(0).max(365)
/** @param max characters, where Finexio documents a limit */
export const email = (max?: number) => (max ? z.email().max(max) : z.email().refine(short))
/** One or more addresses, separated by commas. */
export const emails = words.refine(
  (value) => value === '' || value.split(',').every((part) => z.email().safeParse(part.trim()).success),
  'must be an e-mail address, or several separated by commas',
)

/** `YYYY-MM-DD`. */
export const isoDate = z.iso.date()
const ISO_8601 = /^\d{4}-\d\d-\d\d([T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:?\d\d)?)?$/
const isTime = (value: string) => !Number.isNaN(Date.parse(value))

/** ISO 8601, zone optional (UTC is meant): Finexio itself sends six fractional digits and no zone. */
export const timestamp = z
  .string()
  .regex(ISO_8601, 'must be ISO 8601, such as 2026-10-01 or 2026-10-01T00:00:00')
  .refine(isTime, 'is no date of the calendar')
/** The start or end of a filter's range. */
export const since = timestamp.describe('ISO 8601.')
export const page = z.int().min(1)

/** Suppliers and buyers: names at most 25 characters and not beginning with `_`, values at most 100 characters. */
export const metadata = z.record(
  z.string().regex(/^[^_].{0,24}$/s, 'names have 1 to 25 characters and do not begin with _'),
  z.union([z.string().max(100), z.null()]),
)
/** Invoices: keys and values are text or integers. */
export const invoiceMetadata = z.record(words, z.union([words, z.int()]))
/** Any JSON object, as answers may hold it. */
export const jsonObject = z.record(z.string(), z.unknown())
