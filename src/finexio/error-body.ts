/**
 * Reads the body of a refusal: `{detail}`, RFC 9457's `{title}`, `{message}`, messages by field, a list of those for a batch,
 * or plain text. The order of the checks tells Finexio's documented shapes apart.
 */
import { isSensitive } from '../../schemas/sensitive.ts'
import { isObject, type JsonObject } from '../core/json.ts'
import { cleanText, cutShort, tailOf } from '../core/text.ts'
import type { FailureFacts, FieldErrors } from './failure.ts'

export type ErrorBody = Required<Pick<FailureFacts, 'fields' | 'rows'>> & { message: string | null }

const LONGEST = 500
const MOST_FIELDS = 60

const short = (text: string): string => {
  const clean = cleanText(text).replace(/\s+/g, ' ').trim()
  return cutShort(clean, LONGEST)
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
const masked = (message: string): string => message.replace(LONG_NUMBER, (found) => `****${tailOf(found, 4)}`)

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

const ofObject = (body: JsonObject): ErrorBody => {
  const message = [body.detail, body.title, body.message].find(
    (text) => typeof text === 'string' && text !== '',
  )
  return typeof message === 'string' ? empty(short(message)) : { ...empty(null), fields: fieldsOf(body) }
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
