/** Field types shared by all resources, with Finexio's limits. */
import * as z from 'zod'
import '../src/core/validation-words.ts'
import { canonicalId, isNoValue } from '../src/core/ids.ts'
import { hasInvisible } from '../src/core/text.ts'
import { type Kind, mayBeEmptied, ofKind } from './meaning.ts'

/** Our own maximum where Finexio documents none: checked, but neither printed nor compared with Finexio's description. */
const OWN_CAP = 500
const short = (value: string) => value.length <= OWN_CAP

/** Text with Finexio's limit, in characters. */
export const text = (max: number) => z.string().max(max)
/** Text for which Finexio documents no limit. */
export const words = z.string().refine(short, `must have at most ${OWN_CAP} characters`)

/** A message, and what goes on with where the field may be left out: the type of a field does not know that. */
export const unless = (message: string, otherwise: string) => ({ message, params: { otherwise } })

const BLANK = unless('must not be blank', ': leave it out instead')
const NO_VALUE = unless(
  'is a word for "no value" (null, undefined, None, NaN, N/A): give the real one',
  ', or leave it out',
)
const UNSEEN = 'holds characters that nobody sees: give it without them'

const isFilled = (value: string) => value.trim() !== ''
const isValue = (value: string) => !isNoValue(value)
const isSeen = (value: string) => !hasInvisible(value)

/** A text that stands for something: never blank, never a word for "no value". @param blank whether it may be set to nothing */
const standing = (kind: Kind, type: z.ZodString, blank = false): z.ZodString => {
  const filled = blank ? mayBeEmptied(type) : type.refine(isFilled, BLANK)
  const valued = filled.refine(isValue, NO_VALUE)
  // A name of some scripts needs signs that join letters; numbers and ids need none.
  return ofKind(kind, kind === 'name' ? valued : valued.refine(isSeen, UNSEEN))
}

/** Ids are opaque: never rejected on shape. A UUID has one spelling, whichever was given. */
export const id = standing(
  'id',
  z.string().overwrite(canonicalId).refine(short, `must have at most ${OWN_CAP} characters`),
)
/** What the caller's books call a record; without the blanks around it. @param max characters, where Finexio documents a limit */
export const reference = (max?: number) =>
  standing(
    'reference',
    (max ? text(max) : words).overwrite((value) => value.trim()),
  )
/** A number of an invoice, a tax office and the like; not for counting. */
export const number = (max?: number) => standing('number', max ? text(max) : words)
/** A number that a change may set to nothing, such as that of a telephone. */
export const optionalNumber = (max?: number) => standing('number', max ? text(max) : words, true)
/** What a company or person is called. */
export const named = (max?: number) => standing('name', max ? text(max) : words)
/** The same, for one that a change may set to nothing. */
export const optionalName = (max: number) => standing('name', text(max), true)
/** Free text that a change may set to nothing. */
export const emptiable = (max?: number) => mayBeEmptied(max ? text(max) : words)

/** A number with rules of its own. */
export const numbered = (type: z.ZodString) => standing('number', type)

export const accountNumber = standing('bank', text(17).regex(/^\d*$/, 'must be digits only'))

const WEIGHTS = [3, 7, 1, 3, 7, 1, 3, 7, 1]
/** The last digit of a routing number makes a weighted sum a multiple of ten (ABA Routing Number Policy). */
const isRouting = (value: string): boolean =>
  /^\d{9}$/.test(value) && WEIGHTS.reduce((sum, weight, at) => sum + weight * Number(value[at]), 0) % 10 === 0
export const routingNumber = standing(
  'bank',
  z
    .string()
    .max(9, { abort: true })
    .refine(isRouting, 'must be a routing number: nine digits, of which the last one checks the others'),
)

/** Finexio's largest amount of one invoice, in US cents. */
export const MOST_CENTS = 999_999_900
export const cents = z.int().min(0).max(MOST_CENTS)
/** A number of days, as payment terms are. */
export const days = z.int().min(0).max(365)
/** @param max characters, where Finexio documents a limit */
export const email = (max?: number) => (max ? z.email().max(max) : z.email().refine(short))
/** One or more addresses, separated by commas. */
export const emails = mayBeEmptied(words).refine(
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
export const since = timestamp.describe('UTC.')
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
