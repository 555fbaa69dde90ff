/** Makes third-party text safe to show, and finds the nearest spelling of a word. */

/**
 * Text from Finexio is written by third parties. Before it reaches a model it loses what people cannot see: control
 * and direction-changing characters, zero-width marks, Unicode tags, terminal escapes. Long text is cut and says so.
 */
const TERMINAL_ESCAPES = /\u001b(?:\[[0-9;?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)?|[@-Z\\-_])/g
const INVISIBLE = /[\p{DI}\p{Co}\p{Zl}\p{Zp}\ufff9-\ufffb]|(?![\n\r\t])\p{Cc}/u

/** Signs that are invisible by themselves and make what is seen: without them a flag is a black one, a family three faces, a Persian word another. */
const JOINED_SCRIPTS =
  '[\\p{scx=Arab}\\p{scx=Syrc}\\p{scx=Mong}\\p{scx=Deva}\\p{scx=Beng}\\p{scx=Guru}\\p{scx=Gujr}\\p{scx=Orya}\\p{scx=Taml}\\p{scx=Telu}\\p{scx=Knda}\\p{scx=Mlym}\\p{scx=Sinh}\\p{scx=Khmr}]'
const tags = (letters: string) =>
  [...letters].map((letter) => String.fromCodePoint(0xe0000 + letter.codePointAt(0)!)).join('')
const VISIBLE_TOGETHER = [
  `\\u{1f3f4}(?:${['gbeng', 'gbsct', 'gbwls'].map(tags).join('|')})\\u{e007f}`,
  '(?<=\\p{Extended_Pictographic})[\\ufe0e\\ufe0f]',
  '(?<=[0-9#*])\\ufe0f(?=\\u20e3)',
  '(?<=\\p{Extended_Pictographic}[\\ufe0f\\p{EMod}]?)\\u200d(?=\\p{Extended_Pictographic})',
  `(?<=(?=${JOINED_SCRIPTS})[\\p{L}\\p{M}])[\\u200c\\u200d](?=(?=${JOINED_SCRIPTS})[\\p{L}\\p{M}])`,
].join('|')
const KEPT_OR_INVISIBLE = new RegExp(`(${VISIBLE_TOGETHER})|${INVISIBLE.source}`, 'gu')

/** In place of a password, in results, plans and whatever is kept of them. */
export const WITHHELD = '********'

/** Longest string passed on, in characters. */
export const LONGEST_TEXT = 2_000

const needsCleaning = /[^\n\r\t -~]/

/** A text without what people cannot see, however long it is: for sentences of ours that quote third parties. */
export const visibleText = (text: string): string =>
  needsCleaning.test(text)
    ? text.toWellFormed().replace(TERMINAL_ESCAPES, '').replace(KEPT_OR_INVISIBLE, '$1')
    : text

/** What `visibleText` takes out of a text, as code points such as U+202E; empty: all of it is seen. */
export const unseenIn = (text: string): string[] => {
  if (!needsCleaning.test(text)) return []
  const found: string[] = text.isWellFormed() ? [] : ['half a character']
  text.toWellFormed().replace(KEPT_OR_INVISIBLE, (sign, kept) => {
    if (kept === undefined)
      found.push(`U+${sign.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}`)
    return sign
  })
  return found
}

/** Whether a text holds anything that nobody sees, signs that only join letters included: what an id or a number never needs. */
export const hasInvisible = (text: string): boolean =>
  needsCleaning.test(text) && (INVISIBLE.test(text) || !text.isWellFormed())

/** The beginning of a text, never half a character. @param most UTF-16 units */
export const cut = (text: string, most: number): string => {
  if (text.length <= most) return text
  const isHalf = (text.charCodeAt(most - 1) & 0xfc00) === 0xd800
  return text.slice(0, isHalf ? most - 1 : most)
}

/** Part of a text that is kept at least where it is cut between two words. */
const LEAST_KEPT = 0.6

/** The same, with a sign that something was cut: between two words where one ends near, since half a number is another number. */
export const cutShort = (text: string, most: number): string => {
  if (text.length <= most) return text
  const kept = cut(text, most)
  const end = /\s/.test(text.charAt(kept.length)) ? kept.length : kept.search(/\s+\S*$/)
  return `${end >= most * LEAST_KEPT ? kept.slice(0, end) : kept}…`
}

/** Third-party text as a quotation in a sentence of ours: what is seen of it, on one line. @param most UTF-16 units */
export const oneLine = (text: unknown, most = 80): string =>
  cutShort(
    visibleText(String(text ?? ''))
      .replace(/\s+/g, ' ')
      .trim(),
    most,
  )

/** The end of a text, never half a character. @param most UTF-16 units */
export const tailOf = (text: string, most: number): string => {
  const end = text.slice(-most)
  return (end.charCodeAt(0) & 0xfc00) === 0xdc00 ? end.slice(1) : end
}

/** Visible text, cut to `LONGEST_TEXT` characters; what was cut is counted at its end. */
export const cleanText = (text: string): string => {
  const seen = visibleText(text)
  return seen.length <= LONGEST_TEXT
    ? seen
    : `${cut(seen, LONGEST_TEXT)}… [cut: ${seen.length - LONGEST_TEXT} more ${seen.length - LONGEST_TEXT === 1 ? 'character' : 'characters'}]`
}

/** Edit distance for "did you mean": adjacent swaps count once, since they are the commonest typing error. */
const distance = (a: string, b: string): number => {
  const rows: number[][] = [Array.from({ length: b.length + 1 }, (_, j) => j)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const substitution = rows[i - 1]![j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)
      row[j] = Math.min(rows[i - 1]![j]! + 1, row[j - 1]! + 1, substitution)
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]
      if (swapped) row[j] = Math.min(row[j]!, rows[i - 2]![j - 2]! + 1)
    }
    rows.push(row)
  }
  return rows[a.length]![b.length]!
}

const plain = (word: string) => word.toLowerCase().replace(/[^a-z0-9]/g, '')

const partsOf = (word: string): string[] => word.toLowerCase().split(/[^a-z0-9]+/)

/** The one candidate of which the word is a whole part: `invoice` → `invoice_number`. Null when several are. */
const whole = (word: string, known: readonly string[]): string | null => {
  const [only, ...others] = known.filter((candidate) => partsOf(candidate).includes(word.toLowerCase()))
  return others.length === 0 ? (only ?? null) : null
}

/** The two ends of a range, as interfaces name them. */
const FROM = new Set('gte gt ge after from since min minimum start begin over above'.split(' '))
const UNTIL = new Set('lte lt le before to until till max maximum end under below'.split(' '))

type Side = { stem: string; isFrom: boolean }

/** `created_gte`, `minAmount` and `created[from]` name one end of a range. Null: no end, or both. */
const sideOf = (word: string): Side | null => {
  const parts = partsOf(word.replace(/([a-z])([A-Z])/g, '$1_$2')).filter(Boolean)
  const at = [parts.length - 1, 0].find((one) => FROM.has(parts[one] ?? '') || UNTIL.has(parts[one] ?? ''))
  return at === undefined || parts.length < 2
    ? null
    : { stem: parts.toSpliced(at, 1).join('_'), isFrom: FROM.has(parts[at]!) }
}

/**
 * The known word closest to `word`, or null when nothing is near (more than a third of the letters differ, or the
 * word is longer than 100 characters). Case and punctuation do not count. A whole part of a single word is near it, too.
 * One end of a range is never near the other: `created_gte` means `created_start`.
 */
export const nearest = (word: string, all: readonly string[]): string | null => {
  if (word.length > 100) return null
  const side = sideOf(word)
  const known = side === null ? all : all.filter((one) => sideOf(one)?.isFrom !== !side.isFrom)
  const other = known.find((one) => side !== null && sideOf(one)?.stem === side.stem)
  if (other !== undefined) return other
  let best: string | null = null
  // Of a word of one or two letters anything would be near.
  let least = Math.min(Math.max(2, Math.floor(word.length / 3)), word.length - 1) + 1
  for (const candidate of known) {
    const steps = distance(plain(word), plain(candidate))
    if (steps < least) [best, least] = [candidate, steps]
  }
  return best ?? whole(word, known)
}

/** `; did you mean "limits"?` after a word that is not known; empty where nothing is near. */
export const meantWords = (word: string, known: readonly string[]): string => {
  const near = nearest(word, known)
  return near === null ? '' : `; did you mean ${JSON.stringify(near)}?`
}

/**
 * Timestamps in the text of tables. Finexio writes six digits of a second and no zone: in a list they are a third of its
 * tokens, and a reader takes them for his own time. Structured content keeps them as they were given.
 */
const STAMP = /^(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d:\d\d)(?:\.\d{1,9})?(Z|[+-]\d\d:?\d\d)?$/

/** `2026-11-03T15:10:00.590000` → `2026-11-03T15:10:00Z`, since Finexio means UTC; anything else as it is. */
export const plainTime = (value: unknown): unknown => {
  const match = typeof value === 'string' ? STAMP.exec(value) : null
  return match ? `${match[1]}T${match[2]}${match[3] ?? 'Z'}` : value
}

const LETTERS: Readonly<Record<string, string>> = {
  ł: 'l',
  ø: 'o',
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  đ: 'd',
  ð: 'd',
  þ: 'th',
  ı: 'i',
}

/**
 * A name as two people may write it: without case, accents, blanks and punctuation. `Bäckerei & Café, Inc.` and
 * `backerei &amp; cafe inc` fold alike. Empty where a name has neither letters nor digits.
 */
export const foldName = (name: unknown): string =>
  String(name ?? '')
    .replaceAll('&amp;', '&')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[łøßæœđðþı]/g, (letter) => LETTERS[letter]!)
    .replace(/[^\p{L}\p{N}]/gu, '')

/** What people and programs write differently in one number: case, blanks, punctuation, zeros in front of digits. */
export const foldNumber = (number: unknown): string => grouped(number).replaceAll('-', '')

/** The groups of letters and digits of a number, joined by single hyphens. */
const grouped = (number: unknown): string =>
  String(number ?? '')
    .toUpperCase()
    .replaceAll(/(?<!\d)0+(?=\d)/g, '')
    .replaceAll(/[^A-Z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')

/** What eyes take for one another on paper: O and 0, I or l and 1. */
const asSeen = (number: string): string => foldNumber(number.replaceAll(/o/gi, '0').replaceAll(/[Iil]/g, '1'))

/** How a number answers to what was asked for: letter by letter but for case, written differently, nearly, as it may be read from paper, or one is the end of the other. */
export type NumberFit = 'same' | 'alike' | 'near' | 'end'

const SHORTEST_END = 3
const isDigit = (sign: string) => /\d/.test(sign)

/** Whether one ends with the other where a group of digits or letters begins: `10155` ends INV-10155, `155` does not. */
const endsWith = (long: string, short: string): boolean => {
  if (short.length < SHORTEST_END || !long.endsWith(short)) return false
  const before = long.at(-short.length - 1) ?? '-'
  return before === '-' || isDigit(before) !== isDigit(short[0]!)
}

/** @returns null where they have nothing to do with each other */
export const numberFit = (number: unknown, asked: string): NumberFit | null => {
  const [own, wanted] = [number, asked].map((text) =>
    String(text ?? '')
      .trim()
      .toUpperCase(),
  )
  if (own === '' || wanted === '') return null
  if (own === wanted) return 'same'
  const [groups, given] = [grouped(own), grouped(wanted)]
  if (groups === '' || given === '') return null
  if (foldNumber(own) === foldNumber(wanted)) return 'alike'
  if (asSeen(String(number)) === asSeen(asked)) return 'near'
  return endsWith(groups, given) || endsWith(given, groups) ? 'end' : null
}

const LONGEST_QUOTE = 80

/** Third-party text as a part of a sentence: in quotation marks, on one line, at most 80 letters, so that it cannot pass for one of ours. */
export const quoted = (text: unknown): string => {
  const line = visibleText(String(text ?? ''))
    .replace(/\s+/g, ' ')
    .trim()
  return JSON.stringify(cutShort(line, LONGEST_QUOTE - 1))
}

/** A value that has to be text; empty where it is none. */
export const textOf = (value: unknown): string => (typeof value === 'string' ? value : '')

/** The same, null where it is none or empty. */
export const textOrNull = (value: unknown): string | null => textOf(value) || null

const isSwap = (a: string, b: string) => a[0] === b[1] && a[1] === b[0] && a.slice(2) === b.slice(2)

/** True when one letter was replaced, added, lost or swapped with its neighbour; false for equal texts. */
export const isOneSlip = (a: string, b: string): boolean => {
  if (a === b || Math.abs(a.length - b.length) > 1) return false
  let at = 0
  while (at < a.length && a[at] === b[at]) at++
  const [restA, restB] = [a.slice(at), b.slice(at)]
  if (a.length > b.length) return restA.slice(1) === restB
  if (a.length < b.length) return restA === restB.slice(1)
  return restA.slice(1) === restB.slice(1) || isSwap(restA, restB)
}
