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

const bytesOf = (text: string) => String.fromCharCode(...new TextEncoder().encode(text))

const inJson = (text: string) => JSON.stringify(text).slice(1, -1)

const inHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;')

/** How a password looks when it is repeated: as it is, in an address, in a form, as JSON within a text, in a page. */
const spellingsOf = (password: string): string[] => {
  const inUrl = encodeURIComponent(password.toWellFormed())
  const inForm = new URLSearchParams({ p: password }).toString().slice(2)
  return [password, inUrl, inUrl.toLowerCase(), inForm, inJson(password), inHtml(password)]
}

const quoted = (text: string) => text.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')

const alone = (word: string) => `(?<![\\p{L}\\p{N}])${quoted(word)}(?![\\p{L}\\p{N}])`

/** The header's base64, in either alphabet, also where its end was cut off. */
const headerPattern = (base64: string) => {
  const start = base64.replace(/=+$/, '').slice(0, KEPT_OF_HEADER)
  const either = [...start].map((letter) => (letter === '+' ? '[+-]' : letter === '/' ? '[/_]' : letter))
  return `${either.join('')}[A-Za-z0-9+/_=-]*`
}

const deep = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map((item) => deep(item, change))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [change(name), deep(item, change)]))
}

/** @param credentials whose password, and its header, must not come back; the user name by itself is no secret */
export const scrubberOf = ({ username, password }: Credentials): Scrubber => {
  // Longest first: one may hold the other.
  const words = [...new Set(password === '' ? [] : spellingsOf(password))].sort((a, b) => b.length - a.length)
  const header = headerPattern(btoa(bytesOf(`${username}:${password}`)))
  const bare = password.length < DISTINCTIVE ? [] : [headerPattern(btoa(bytesOf(password)))]
  const patterns = words.map((word) => (word.length < DISTINCTIVE ? alone(word) : quoted(word)))
  const all = new RegExp([header, ...bare, ...patterns].join('|'), 'gu')
  const text = (given: string) => given.replace(all, WITHHELD)
  return {
    text,
    json: (value) => deep(value, text),
    suspects: (body) => body.includes('\\') || body.search(all) >= 0,
  }
}
