/** A form as it was sent: texts, trimmed and bounded. */
import type * as z from 'zod'
import { parseText } from '../core/json.ts'
import { readBody } from '../core/request.ts'
import { Refused } from './refused.ts'

/** A server with its longest lists, as it was and as it would be. */
const MAX_BYTES = 512 * 1024

export type SentForm = {
  /** Whether the field was sent at all: browsers send an empty text, but not what somebody cut out. */
  has(name: string): boolean
  /** Empty when it was not sent. */
  one(name: string): string
  all(name: string): string[]
  /** Every value of a field as it came, empty ones included. */
  sent(name: string): string[]
  /** Null when it was not sent or left empty. */
  maybe(name: string): string | null
  /** Entries of a list, one a line or between commas. */
  list(name: string): string[]
  /** The one value of a field that offers these. @throws Refused 400 for another, for none and for two */
  offered<const Value extends string>(name: string, values: readonly Value[]): Value
  /** Of `Switch`. @throws Refused 400 unless the field was sent as `Switch` sends it */
  isOn(name: string): boolean
  /** Those ticked of `Choices`. @throws Refused 400 when the group was not sent, or with one that was not offered */
  chosen<const Value extends string>(name: string, values: readonly Value[]): Value[]
  /** What a hidden field holds; undefined unless it is JSON. */
  json(name: string): unknown
  /** Everything that may be shown again. */
  values: Record<string, string>
}

/** Never back into a page. */
const SECRET = /password|token|^key$|^csrf$|^url$/

const notOffered = (name: string) =>
  new Refused(
    400,
    `The field “${name}” must say exactly what the form offers. Nothing was changed: open the page again and send it from there.`,
    [{ path: name, message: 'must be one of the offered values' }],
  )

const isOneOf = <Value extends string>(values: readonly Value[], text: string): text is Value =>
  (values as readonly string[]).includes(text)

/** Reads fields as a form sends them. */
export const formOf = (sent: URLSearchParams): SentForm => {
  const one = (name: string) => (sent.get(name) ?? '').trim()
  return {
    has: (name) => sent.has(name),
    one,
    sent: (name) => sent.getAll(name),
    all: (name) => sent.getAll(name).filter(Boolean),
    maybe: (name) => one(name) || null,
    list: (name) =>
      one(name)
        .split(/[\s,]+/)
        .filter(Boolean),
    offered: (name, values) => {
      const [text, ...more] = sent.getAll(name)
      if (text === undefined || more.length > 0 || !isOneOf(values, text)) throw notOffered(name)
      return text
    },
    isOn: (name) => {
      const texts = sent.getAll(name).join()
      if (texts !== '0' && texts !== '0,1') throw notOffered(name)
      return texts === '0,1'
    },
    chosen: (name, values) => {
      const ticked = sent.getAll(name).filter(Boolean)
      if (!sent.has(name) || !ticked.every((text) => isOneOf(values, text))) throw notOffered(name)
      return ticked as (typeof values)[number][]
    },
    json: (name) => {
      const parsed = parseText(sent.get(name) ?? '')
      return parsed.ok ? parsed.value : undefined
    },
    values: Object.fromEntries([...sent].filter(([name]) => !SECRET.test(name))),
  }
}

/** @param missing names of fields */
export const notWhole = (missing: readonly string[] = []): Refused =>
  new Refused(
    400,
    `The form did not arrive whole${missing.length > 0 ? `: ${missing.join(', ')} is missing` : ''}. Nothing was changed: open the page again and send it from there.`,
  )

/** What a hidden field of ours holds. @throws Refused 400 */
export const hiddenIn = <Value>(form: SentForm, name: string, type: z.ZodType<Value>): Value => {
  const parsed = type.safeParse(form.json(name))
  if (!parsed.success) throw notWhole()
  return parsed.data
}

/** Null for what is not a form or is too large to be one of ours. */
export const readForm = async (request: Request): Promise<SentForm | null> => {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return null
  const read = await readBody(request)
  if (!read.ok || read.bytes.byteLength > MAX_BYTES) return null
  return formOf(new URLSearchParams(new TextDecoder().decode(read.bytes)))
}
