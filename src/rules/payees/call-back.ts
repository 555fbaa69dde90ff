/** Whether a call-back proves anything: who was called on a number that whoever changed the payee could not have put there. Pure. */
import { asciiDigits } from '../../core/ids.ts'
import { DAY_MS } from '../../core/time.ts'

export type CallBack = {
  /** Name of the person who was called. */
  called: string
  /** Milliseconds since the epoch. */
  called_at: number
  number: string
  number_from: 'last_vouched' | 'outside_source'
  /** Where the number comes from, for `outside_source`: a contract, an invoice of last year. */
  source: string | null
  note: string | null
}

export type NumbersOnFile = {
  /** In the state that was last vouched for; null: there was none. */
  vouched: readonly string[] | null
  /** In the record as it is now. */
  present: readonly string[]
  /** Other texts that whoever changed the record may have set: its notes and the like, and numbers that were there for a while. */
  elsewhere?: readonly string[]
}

const LEAST_DIGITS = 7
/** With area code: a country may be named in front of it or not. */
const WHOLE_DIGITS = 10

const KEYS = ['abc', 'def', 'ghi', 'jkl', 'mno', 'pqrs', 'tuv', 'wxyz']
const keyOf = (letter: string): string => String(2 + KEYS.findIndex((key) => key.includes(letter)))

const digitsOf = (number: string): string => asciiDigits(number).replaceAll(/\D/g, '')

/** A number as it may be dialled: its digits, those before an extension, and those of words such as CALL on a telephone's keys. */
const spellingsOf = (number: string): string[] => {
  const ascii = asciiDigits(number).toLowerCase()
  const main = ascii.split(/(?:ext|x|#|;|,)/, 1)[0]!
  const keyed = ascii.replaceAll(/[a-z]/g, keyOf)
  return [...new Set([ascii, main, keyed].map(digitsOf))].filter((digits) => digits.length >= LEAST_DIGITS)
}

/** Words on a telephone's keys have a number in front. */
const LEAST_PLAIN = 3
const isNumber = (text: string): boolean =>
  digitsOf(text).length >= LEAST_PLAIN && spellingsOf(text).length > 0

const ending = (digits: string): string => digits.slice(-LEAST_DIGITS)

/** Whether two texts may lead to one telephone, with or without country, area and extension. */
const mayBeSame = (one: string, other: string): boolean =>
  spellingsOf(one).some((a) => spellingsOf(other).some((b) => a.includes(ending(b)) || b.includes(ending(a))))

const isAbroad = (number: string): boolean => /^\s*(?:\+|00)/.test(asciiDigits(number))

/** Whether two texts are the same number: a country in front of one of them apart. */
const isSame = (one: string, other: string): boolean => {
  const [a, b] = [one, other].map((number) => digitsOf(number).replace(/^0+/, '')) as [string, string]
  if (a === b) return true
  const shorter = Math.min(a.length, b.length)
  return shorter >= WHOLE_DIGITS && !(isAbroad(one) && isAbroad(other)) && (a.endsWith(b) || b.endsWith(a))
}

/** Why the number proves nothing; null: it does. */
export const numberProblem = (
  { number, number_from, source }: Pick<CallBack, 'number' | 'number_from' | 'source'>,
  { vouched, present, elsewhere = [] }: NumbersOnFile,
): string | null => {
  if (!isNumber(number)) return 'number: at least 7 digits are needed.'
  if (vouched?.some((one) => isSame(one, number))) return null
  if (number_from === 'last_vouched')
    return vouched === null
      ? 'number_from: nobody vouched for this supplier before. Take a number from an outside source, such as a contract, and name it.'
      : 'number: it is not among the numbers that were on file when somebody last vouched. One that came with the change proves nothing.'
  if ([...present, ...elsewhere].some((one) => mayBeSame(one, number)))
    return 'number: it is, or leads to, one in the record that is to be confirmed, and was not there when somebody last vouched. It proves nothing: call a number from elsewhere.'
  return source === null ? 'source: name where the number comes from.' : null
}

/** Clocks of two machines differ. */
const CLOCK_MS = 2 * 60_000
/** What somebody said on the telephone goes stale. */
const MOST_AGE_MS = 31 * DAY_MS

/**
 * Why the moment of a call proves nothing; null: it does.
 * @param changedAt newest change of the payee by Finexio's clock; null: none known
 */
export const momentProblem = (called_at: number, changedAt: number | null, now: number): string | null => {
  if (called_at > now + CLOCK_MS) return 'called_at: it is in the future.'
  if (called_at < now - MOST_AGE_MS) return 'called_at: the call is more than 31 days ago. Call again.'
  return changedAt !== null && changedAt > called_at + CLOCK_MS
    ? 'called_at: payment details of this supplier changed after the call. Call again.'
    : null
}
