/** Reads what callers of the management API send: bounded, JSON, as declared. */
import type { Context } from 'hono'
import * as z from 'zod'
import { isObject, parseJson } from '../core/json.ts'
import { readBody, unservedCoding } from '../core/request.ts'
import { cleanText } from '../core/text.ts'
import { readExpiry } from '../rules/expiry.ts'
import { accountOfDraft } from '../rules/resource-id.ts'
import type { App } from './auth.ts'
import { ApiError, invalid, invalidInput } from './errors.ts'

const MAX_BYTES = 64 * 1024
const tooLarge = () => new ApiError(413, `The body is larger than ${MAX_BYTES} bytes.`)

/** @param empty value of a request without a body; undefined: JSON is required */
const jsonOf = async (request: Request, empty: unknown): Promise<unknown> => {
  if (Number(request.headers.get('content-length')) > MAX_BYTES) throw tooLarge()
  const unserved = unservedCoding(request)
  if (unserved !== null) throw new ApiError(415, unserved)
  const read = await readBody(request)
  if (!read.ok && read.reason !== 'large')
    throw new ApiError(read.reason === 'slow' ? 408 : 400, 'The body did not arrive whole and in time.')
  if (!read.ok || read.bytes.byteLength > MAX_BYTES) throw tooLarge()
  if (read.bytes.byteLength === 0) {
    if (empty !== undefined) return empty
    throw new ApiError(400, 'The body is missing: it must be a JSON object.')
  }
  const parsed = parseJson(read.bytes)
  if (!parsed.ok) throw new ApiError(400, parsed.message)
  return parsed.value
}

const MOST_NAMES = 50

/** Records the names of what was sent, for the audit trail: never a value. What was sent is at hand to be left out of a refusal's reason. */
const noteChanged = (c: Context<App>, body: unknown): void => {
  c.set('sent', body)
  if (isObject(body)) c.set('changed', Object.keys(body).slice(0, MOST_NAMES))
}

/** @throws ApiError 400 */
const checked = <Type extends z.ZodType>(type: Type, value: unknown): z.infer<Type> => {
  const parsed = type.safeParse(value)
  if (!parsed.success) throw invalidInput(parsed.error)
  return parsed.data
}

/** The query as declared; what is not declared is left out. @throws ApiError 400, also for a name that stands there twice: only one would count */
export const queryOf = <Type extends z.ZodType>(c: Context, type: Type): z.infer<Type> => {
  const twice = Object.entries(c.req.queries()).filter(([, values]) => values.length > 1)
  if (twice.length > 0) throw invalid(twice.map(([path]) => ({ path, message: 'may be given once' })))
  return checked(type, c.req.query())
}

/**
 * The body as declared.
 * @param empty value of a request without a body, where one may be left out
 * @throws ApiError 400, 408, 413 or 415
 */
export const bodyOf = async <Type extends z.ZodType>(
  c: Context<App>,
  type: Type,
  empty?: object,
): Promise<z.infer<Type>> => {
  const body = await jsonOf(c.req.raw, empty)
  noteChanged(c, body)
  return checked(type, body)
}

export const Page = z.object({
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
    .default('50')
    .transform(Number),
  next_cursor: z
    .string()
    .regex(/^\d{0,15}$/, 'must be a next_cursor of an earlier answer')
    // Truto's SDK asks for the first page with an empty one.
    .transform((text) => (text === '' ? undefined : Number(text)))
    .optional(),
})

export type Paging = z.infer<typeof Page>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** An id from the path in the spelling under which objects are found; null when it can be no id. */
export const idOf = (c: Context, name: string): string | null => {
  const id = c.req.param(name)?.toLowerCase() ?? ''
  return UUID.test(id) ? id : null
}

/** The account that the path names, itself or by one of its drafts; null when it names none or what can be no id. */
export const accountIn = (c: Context): string | null => {
  const draft = c.req.param('approval')
  return draft === undefined ? idOf(c, 'account') : accountOfDraft(draft)
}

/** A name people will read in lists and dialogs. */
export const NameInput = z
  .string()
  .trim()
  .min(1)
  .max(200)
  .refine((name) => !/\p{C}/u.test(name), 'must not hold control or invisible characters')

/** Milliseconds since the epoch; null for never, undefined when it was not sent. @throws ApiError 400 */
export const expiryOf = (value: unknown): number | null | undefined => {
  if (value === undefined) return undefined
  const expiry = readExpiry(value, Date.now())
  if (!expiry.ok) throw invalid([{ path: 'expires_at', message: expiry.problem }])
  return expiry.at
}

/** @throws ApiError 400 unless something is to be changed */
export const needsChange = (change: Readonly<Record<string, unknown>>, known: string): void => {
  if (Object.values(change).every((value) => value === undefined))
    throw invalid([{ path: '', message: `nothing to change: send ${known}` }])
}

/** Yes or no in a query. */
export const flag = z.enum(['true', 'false']).transform((text) => text === 'true')

/** Why somebody did something, in their words, without what nobody sees. */
export const ReasonInput = z
  .string()
  .max(500)
  .transform((text) => cleanText(text).trim())

/** Of who decides on what waits. */
export const DecisionInput = z.strictObject({ reason: ReasonInput.optional() })
