/**
 * Takes a credential out of what comes back: an error or a row that repeats the password or the `Authorization` header must
 * not carry it to a model. Each form in which software repeats it is looked for.
 */
import { WITHHELD } from '../core/text.ts'
import type { Credentials } from './types.ts'

export type Scrubber = {
  text(text: string): string
  /** Texts at any depth of a JSON value, names of fields included. */
  json(value: unknown): unknown
  /** Whether a body could hold any form, escaped ones included: most answers need no walk through their values, and no dear pattern. */
  suspects(body: string): boolean
}

/** A shorter one is a word like any other: only where it stands by itself it is taken for the password. */
const DISTINCTIVE = 8
/** Of a header that was cut: so many letters of its base64 tell it from a word. */
const KEPT_OF_HEADER = 12

const encoder = new TextEncoder()
const utf8 = (text: string): number[] => [...encoder.encode(text)]
const bytesOf = (text: string) => String.fromCharCode(...encoder.encode(text))
const anyCase = (hex: string) => hex.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)
const DIGITS = [...'0123456789abcdef'].map(anyCase)
/** Both digits of a byte, in any case. */
const hexOf = (byte: number) => `${DIGITS[byte >> 4]}${DIGITS[byte & 15]}`

const quoted = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const NAMED: Readonly<Record<string, string>> = {
  '&': '|amp',
  '<': '|lt',
  '>': '|gt',
  '"': '|quot',
  "'": '|apos',
}

/**
 * How software writes one character of a password: as it is, escaped, in an address or a form, in a page, as JSON within a text,
 * each perhaps a few times over, or as its bytes in another character set. One text may mix them.
 */
const letterPattern = (letter: string, at: number): string => {
  const code = letter.codePointAt(0)!
  // Those before the first letter may stay: that way a text of nothing else costs no time.
  const [slashes, most] = at === 0 ? ['', '1'] : ['\\\\{0,8}', '1,8']
  const units = [...Array(letter.length).keys()].map((unit) => letter.charCodeAt(unit))
  const plain = [letter, letter.normalize('NFD'), bytesOf(letter), ...(letter === ' ' ? ['+'] : [])]
  const hex = anyCase(code.toString(16))
  const inPage = `&(?:amp;)*(?:#0*${code}|#[xX]0*${hex}${NAMED[letter] ?? ''});`
  const inUrl = utf8(letter).map((byte) => `%(?:25)*${hexOf(byte)}`)
  const inJson = units.map((unit) => `\\\\{${most}}u${hexOf(unit >> 8)}${hexOf(unit & 255)}`)
  return `(?:${slashes}(?:${[...new Set(plain)].map(quoted).join('|')})|${inPage}|${inUrl.join('')}|${inJson.join('')})`
}

const wordPattern = (password: string) => [...password.toWellFormed()].map(letterPattern).join('')

/** Bytes as hexadecimal digits. */
const hexPattern = (bytes: readonly number[]) => bytes.map(hexOf).join('[ :-]?')

const alone = (pattern: string) => `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`

/** How base64 begins, in either alphabet. */
const headerStart = (base64: string) => {
  const start = base64.replace(/=+$/, '').slice(0, KEPT_OF_HEADER)
  return start.replaceAll('+', '[+-]').replaceAll('/', '[/_]')
}
/** What may follow, also where the end was cut off. */
const HEADER_REST = '[A-Za-z0-9+/_=-]*'

/** How base64 of a password begins that stands within something else, by how many bytes are before it: without letters that those share. */
const within = (password: string): string[] => {
  const bytes = bytesOf(password)
  return [0, 1, 2].map((before) => {
    const letters = btoa('\0'.repeat(before) + bytes).replace(/=+$/, '')
    const whole = (before + bytes.length) % 3 === 0
    return headerStart(letters.slice(before === 0 ? 0 : before + 1, whole ? undefined : -1))
  })
}

/** What every escape that `letterPattern` knows begins with. */
const ESCAPE = String.raw`\\|%[\dA-Fa-f]{2}|&(?:#|amp;|lt;|gt;|quot;|apos;)`
/** Bytes of the password by which its digits are told from others at first sight. */
const HEX_SEEN = 4

/** The longest part of a password that is written in one way alone where nothing is escaped. */
const plainPart = (password: string): string =>
  (password.match(/[!-~]+/g) ?? []).reduce(
    (longest, part) => (part.length > longest.length ? part : longest),
    '',
  )

const deep = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), deep(item, change)]))
}

/** @param credentials whose password, and its header, must not come back; the user name by itself is no secret */
export const scrubberOf = ({ username, password }: Credentials): Scrubber => {
  const isDistinctive = password.length >= DISTINCTIVE
  const inJson = JSON.stringify(password).slice(1, -1)
  const starts = [
    headerStart(btoa(bytesOf(`${username}:${password}`))),
    ...(isDistinctive ? [...new Set([password, inJson])].flatMap(within) : []),
  ]
  const bytes = isDistinctive ? utf8(password) : []
  const pattern = () => {
    const encoded = [
      ...starts.map((start) => start + HEADER_REST),
      ...(isDistinctive ? [hexPattern(bytes)] : []),
    ]
    const word = wordPattern(password)
    const words = password === '' ? [] : [isDistinctive ? word : alone(word)]
    return new RegExp([...encoded, ...words].join('|'), 'gu')
  }
  // Each form holds one of these: to look for them takes a hundredth of the time of the whole pattern. One after
  // another, and none of a lone literal: in one pattern, and by such a one, V8 takes twice the time.
  const signs = [
    starts.join('|'),
    isDistinctive ? `${ESCAPE}|${hexPattern(bytes.slice(0, HEX_SEEN))}` : ESCAPE,
    ...(password === '' ? [] : [`(?:${quoted(plainPart(password))})(?:)`]),
  ]
  let all: RegExp | undefined
  const text = (given: string) => {
    all ??= pattern()
    return given.replace(all, WITHHELD)
  }
  return {
    text,
    json: (value) => deep(value, text),
    suspects: (body) => signs.some((sign) => new RegExp(sign).test(body)),
  }
}
