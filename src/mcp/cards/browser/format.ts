/** How money, times and Finexio's words look to people. Pure. */
import { numberOf, type Row, textOf, wordsOf } from './values.ts'

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** Whole cents as dollars; a dash where Finexio gave none. */
export const money = (cents: unknown): string => {
  const whole = numberOf(cents)
  return whole === null ? '–' : dollars.format(whole / 100)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const DAY = /^(\d{4})-(\d\d)-(\d\d)/

/** `2026-11-03T15:10:00` → `Nov 3, 2026`. Finexio's day is shown, never shifted into another zone. */
export const day = (value: unknown): string => {
  const [, year, month, date] = DAY.exec(textOf(value)) ?? []
  const name = MONTHS[Number(month) - 1]
  return name ? `${name} ${Number(date)}, ${year}` : textOf(value) || '–'
}

const MOMENT = /^(\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?$/

const clock = (at: Date, timeZone: string | undefined): string =>
  new Intl.DateTimeFormat('en-US', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
    timeZone,
  })
    .format(at)
    .replaceAll('\u202f', ' ')

/**
 * `2026-11-03T15:10:00` → `Nov 3, 2026, 10:10 AM EST`. A time without a zone is UTC, as Finexio's are.
 * @param timeZone of the reader; undefined or one that nobody knows: that of the browser
 */
export const moment = (value: unknown, timeZone?: string): string => {
  const [, time, zone = 'Z'] = MOMENT.exec(textOf(value)) ?? []
  const at = new Date(`${time}${zone}`)
  if (Number.isNaN(at.getTime())) return day(value)
  try {
    return clock(at, timeZone)
  } catch {
    return clock(at, undefined)
  }
}

/** What reads better as a name of its own than with a capital. */
const NAMES = wordsOf({
  ach: 'ACH',
  printedcheck: 'Check',
  email: 'Email',
  id: 'ID',
  zip: 'ZIP',
  zipcode: 'ZIP code',
})

export const capital = (word: string) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`

/** `in-progress` → `In progress`, `remit_email` → `Remit email`, `ach` → `ACH`. */
export const label = (value: unknown): string => {
  const all = textOf(value)
    .split(/[_\s-]+/)
    .filter(Boolean)
  const words = all.map((word, index) => {
    const name = NAMES(word.toLowerCase())
    if (!name) return word
    return index === 0 || name === name.toUpperCase() ? name : name.toLowerCase()
  })
  return capital(words.join(' '))
}

/** "1 payment", "2 payments"; a dash where nobody counted, since that is not none. */
export const counted = (count: unknown, noun: string): string => {
  const whole = numberOf(count)
  return `${whole === null ? '–' : whole.toLocaleString('en-US')} ${noun}${whole === 1 ? '' : 's'}`
}

/** How a payment is made. */
export const methodOf = ({ payment_method, delivery_method }: Row): string =>
  [label(payment_method), textOf(delivery_method) && `by ${label(delivery_method).toLowerCase()}`]
    .filter(Boolean)
    .join(' ')

/** A UUID by its first group: the whole of it is in the title. */
export const shortId = (id: string): string => (id.length > 20 ? `${id.slice(0, 8)}…` : id)

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain'

const TONES = wordsOf<Tone>({
  settled: 'good',
  complete: 'good',
  paid: 'good',
  received: 'good',
  pending: 'busy',
  'in-progress': 'busy',
  sent: 'busy',
  requested: 'busy',
  failed: 'bad',
  error: 'bad',
  canceled: 'warn',
})

/** How a status is coloured; words that Finexio invents later stay plain. */
export const toneOf = (status: unknown): Tone => TONES(textOf(status).toLowerCase()) ?? 'plain'
