/**
 * Reads the body of a refusal: `{detail}`, RFC 9457's `{title}`, `{message}`, messages by field, beside those or alone, a list
 * of those for a batch, or plain text. The order of the checks tells Finexio's documented shapes apart.
 */
import { isSensitive } from '../../schemas/sensitive.ts'
import { isObject, type JsonObject } from '../core/json.ts'
import { cleanText, cutShort, tailOf } from '../core/text.ts'
import type { FailureFacts, FieldErrors } from './failure.ts'

export type ErrorBody = Required<Pick<FailureFacts, 'fields' | 'rows'>> & { message: string | null }

const LONGEST = 500
const MOST_FIELDS = 60

/** A run of digits as bank, card and tax numbers are written, by itself: no day, no part of a UUID. */
const LIKE_ACCOUNT = /(?<![\w-])(?!\d{4}-\d\d-\d\d(?!\d))\d(?:[ -]?\d){7,}(?![\w-])/g

const lastFour = (found: string): string => `****${tailOf(found, 4)}`

/** Which field a sentence is about cannot always be known, so that in all of them such a number keeps its last four digits alone. */
const short = (text: string): string => {
  const clean = cleanText(text).replace(/\s+/g, ' ').trim()
  return cutShort(clean.replace(LIKE_ACCOUNT, lastFour), LONGEST)
}

/** Messages of one field: a text, a list of texts, or (nested lists such as contacts) whatever is in them. */
const messagesOf = (value: unknown, depth = 0): string[] => {
  if (typeof value === 'string') return value === '' ? [] : [short(value)]
  if (typeof value !== 'object' || value === null || depth > 4) return []
  return Object.values(value)
    .slice(0, MOST_FIELDS)
    .flatMap((item) => messagesOf(item, depth + 1))
    .slice(0, MOST_FIELDS)
}

/** A bank or tax number that Finexio repeats in its error about it. */
const LONG_NUMBER = /[0-9](?:[ -]?[0-9]){4,}/g

/** Shows the last four digits only. */
const masked = (message: string): string => message.replace(LONG_NUMBER, lastFour)

const fieldsOf = (body: JsonObject): FieldErrors =>
  Object.fromEntries(
    Object.entries(body)
      .slice(0, MOST_FIELDS)
      .map(([name, value]) => {
        const messages = messagesOf(value)
        return [short(name), isSensitive(name) ? messages.map(masked) : messages] as const
      })
      .filter(([, messages]) => messages.length > 0),
  )

const rowsOf = (body: readonly unknown[]) =>
  body
    .map((row, index) => ({ index, fields: isObject(row) ? fieldsOf(row) : { error: messagesOf(row) } }))
    .filter(({ fields }) => Object.values(fields).some((messages) => messages.length > 0))

const empty = (message: string | null): ErrorBody => ({ message, fields: {}, rows: [] })

const firstText = (...values: readonly unknown[]): string | undefined =>
  values.find((value): value is string => typeof value === 'string' && value !== '')

/** The field of one entry of a list of errors: named, as a path, or as a pointer; without the words that only say "in the body". */
const fieldIn = ({ field, name, loc, pointer, path }: JsonObject): string | null => {
  const place = [field, name, loc, pointer, path].find((one) => one !== undefined && one !== null)
  const steps = Array.isArray(place) ? place : String(place ?? '').split(/[#/]+/)
  const named = steps.filter((step) => step !== '' && step !== 'body' && step !== 'query')
  return named.length > 0 ? named.join('.') : null
}

/** `[{field, message}, …]`, in the spellings of several frameworks, as messages by field; null when it is no such list. */
const listedFields = (errors: readonly unknown[]): FieldErrors | null => {
  const found = new Map<string, string[]>()
  for (const error of errors.slice(0, MOST_FIELDS)) {
    const field = isObject(error) ? fieldIn(error) : null
    const text = isObject(error) ? firstText(error.message, error.msg, error.detail, error.title) : undefined
    if (field === null || text === undefined) return null
    found.set(field, [...(found.get(field) ?? []), text])
  }
  return fieldsOf(Object.fromEntries(found))
}

/** What `errors` says of fields or rows; null when it says nothing that way. */
const toldBy = (errors: unknown): Pick<ErrorBody, 'fields' | 'rows'> | null => {
  if (isObject(errors)) return { fields: fieldsOf(errors), rows: [] }
  if (!Array.isArray(errors) || errors.length === 0 || !errors.every(isObject)) return null
  const fields = listedFields(errors)
  return fields ? { fields, rows: [] } : { fields: {}, rows: rowsOf(errors) }
}

const MESSAGES: ReadonlySet<string> = new Set(['detail', 'title', 'message'])

/** A message for the whole may stand beside fields, under `errors` or without a wrapper: neither hides the other. */
const ofObject = (body: JsonObject): ErrorBody => {
  const text = firstText(body.detail, body.title, body.message)
  const message = text === undefined ? null : short(text)
  const told = toldBy(body.errors ?? (typeof body.detail === 'string' ? undefined : body.detail))
  if (told) return { message, ...told }
  const fields = Object.entries(body).filter(
    ([name, value]) => message === null || (!MESSAGES.has(name) && Array.isArray(value)),
  )
  return { message, fields: fieldsOf(Object.fromEntries(fields)), rows: [] }
}

const looksLikeMarkup = (text: string) => /^\s*<[a-z!?]/i.test(text)

/** A body that is not JSON is not quoted: a proxy on the way could have written it. */
const ofText = (text: string): ErrorBody => {
  if (text.trim() === '') return empty(null)
  return empty(looksLikeMarkup(text) ? 'an HTML page instead of JSON' : 'plain text instead of JSON')
}

/**
 * The messages of a refusal, cleaned and capped; `message` is null when there is no message for the whole.
 * @param text body as received
 * @param json the parsed body; undefined when it is not JSON
 */
export const readErrorBody = (text: string, json: unknown): ErrorBody => {
  if (Array.isArray(json)) {
    const texts = json.every((item) => typeof item === 'string')
    return texts ? empty(messagesOf(json).join(' ') || null) : { ...empty(null), rows: rowsOf(json) }
  }
  if (isObject(json)) return ofObject(json)
  return typeof json === 'string' ? empty(short(json) || null) : ofText(text)
}
