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
  /** Whether a body could hold any form, escaped ones included: most answers need no walk through their values. */
  suspects(body: string): boolean
}

/** A shorter one is a word like any other: only where it stands by itself it is taken for the password. */
const DISTINCTIVE = 8
/** Of a header that was cut: so many letters of its base64 tell it from a word. */
const KEPT_OF_HEADER = 12

const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)]
const bytesOf = (text: string) => String.fromCharCode(...utf8(text))
const hexOf = (value: number) => value.toString(16).padStart(2, '0')
const anyCase = (hex: string) => hex.replaceAll(/[a-f]/g, (letter) => `[${letter}${letter.toUpperCase()}]`)

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
  const inUrl = utf8(letter).map((byte) => `%(?:25)*${anyCase(hexOf(byte))}`)
  const inJson = units.map((unit) => `\\\\{${most}}u${anyCase(hexOf(unit).padStart(4, '0'))}`)
  return `(?:${slashes}(?:${[...new Set(plain)].map(quoted).join('|')})|${inPage}|${inUrl.join('')}|${inJson.join('')})`
}

const wordPattern = (password: string) => [...password.toWellFormed()].map(letterPattern).join('')

/** Its bytes as hexadecimal digits. */
const hexPattern = (password: string) =>
  utf8(password)
    .map((byte) => anyCase(hexOf(byte)))
    .join('[ :-]?')

const alone = (pattern: string) => `(?<![\\p{L}\\p{N}])${pattern}(?![\\p{L}\\p{N}])`

/** The header's base64, in either alphabet, also where its end was cut off. */
const headerPattern = (base64: string) => {
  const start = base64.replace(/=+$/, '').slice(0, KEPT_OF_HEADER)
  const either = [...start].map((letter) => (letter === '+' ? '[+-]' : letter === '/' ? '[/_]' : letter))
  return `${either.join('')}[A-Za-z0-9+/_=-]*`
}

/** Base64 of a password that stands within something else, by how many bytes are before it: without letters that those share. */
const within = (password: string): string[] =>
  [0, 1, 2].map((before) => {
    const letters = btoa('\0'.repeat(before) + bytesOf(password)).replace(/=+$/, '')
    const whole = (before + utf8(password).length) % 3 === 0
    return headerPattern(letters.slice(before === 0 ? 0 : before + 1, whole ? undefined : -1))
  })

const deep = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), deep(item, change)]))
}

/** @param credentials whose password, and its header, must not come back; the user name by itself is no secret */
export const scrubberOf = ({ username, password }: Credentials): Scrubber => {
  const header = headerPattern(btoa(bytesOf(`${username}:${password}`)))
  const isDistinctive = password.length >= DISTINCTIVE
  const inJson = JSON.stringify(password).slice(1, -1)
  const encoded = isDistinctive ? [...new Set([password, inJson].flatMap(within)), hexPattern(password)] : []
  const word = password === '' ? [] : [isDistinctive ? wordPattern(password) : alone(wordPattern(password))]
  const all = new RegExp([header, ...encoded, ...word].join('|'), 'gu')
  const text = (given: string) => given.replace(all, WITHHELD)
  return {
    text,
    json: (value) => deep(value, text),
    suspects: (body) => body.includes('\\') || body.search(all) >= 0,
  }
}
