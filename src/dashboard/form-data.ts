/** A form as it was sent: texts, trimmed and bounded. */
import { readBody } from '../core/request.ts'

const MAX_BYTES = 128 * 1024

export type SentForm = {
  /** Empty when it was not sent. */
  one(name: string): string
  all(name: string): string[]
  /** Value of a switch: true for `1`, false for `0`; null for anything else, which must change nothing. */
  flag(name: string): boolean | null
  /** Null when it was not sent or left empty. */
  maybe(name: string): string | null
  /** Entries of a list, one a line or between commas. */
  list(name: string): string[]
  /** Everything that may be shown again. */
  values: Record<string, string>
}

/** Never back into a page. */
const SECRET = /password|token|^key$|^csrf$|^url$/

/** Reads fields as a form or an address sends them. */
export const formOf = (sent: URLSearchParams): SentForm => {
  const one = (name: string) => (sent.get(name) ?? '').trim()
  return {
    one,
    all: (name) => sent.getAll(name).filter(Boolean),
    flag: (name) => ({ '0': false, '1': true })[one(name)] ?? null,
    maybe: (name) => one(name) || null,
    list: (name) =>
      one(name)
        .split(/[\s,]+/)
        .filter(Boolean),
    values: Object.fromEntries([...sent].filter(([name]) => !SECRET.test(name))),
  }
}

/** Null for what is not a form or is too large to be one of ours. */
export const readForm = async (request: Request): Promise<SentForm | null> => {
  const type = request.headers.get('content-type') ?? ''
  if (!type.startsWith('application/x-www-form-urlencoded')) return null
  const read = await readBody(request)
  if (!read.ok || read.bytes.byteLength > MAX_BYTES) return null
  return formOf(new URLSearchParams(new TextDecoder().decode(read.bytes)))
}
