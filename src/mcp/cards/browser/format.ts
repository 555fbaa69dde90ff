/** How money, times and Finexio's words look to people. Pure. */
import { numberOf, textOf } from './values.ts'

const dollars = new Intl.NumberFormat('en-US', { style: 'currency', currency: 'USD' })

/** Whole cents as dollars; a dash where Finexio gave none. */
export const money = (cents: unknown): string => {
  const whole = numberOf(cents)
  return whole === null ? '–' : dollars.format(whole / 100)
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const TIME = /^(\d{4})-(\d\d)-(\d\d)(?:T(\d\d:\d\d))?/

/** `2026-11-03T15:10:00` → `Nov 3, 2026`. Finexio's day is shown, never shifted into another zone. */
export const day = (value: unknown): string => {
  const [, year, month, date] = TIME.exec(textOf(value)) ?? []
  const name = MONTHS[Number(month) - 1]
  return name ? `${name} ${Number(date)}, ${year}` : textOf(value) || '–'
}

/** `2026-11-03T15:10:00` → `Nov 3, 2026, 15:10`. */
export const moment = (value: unknown): string => {
  const clock = TIME.exec(textOf(value))?.[4]
  return clock ? `${day(value)}, ${clock}` : day(value)
}

/** What reads better as a name of its own than with a capital. */
const NAMES: Readonly<Record<string, string>> = {
  ach: 'ACH',
  printedcheck: 'Check',
  email: 'Email',
  id: 'ID',
  zip: 'ZIP',
  zipcode: 'ZIP code',
}

const capital = (word: string) => `${word.slice(0, 1).toUpperCase()}${word.slice(1)}`

/** `in-progress` → `In progress`, `remit_email` → `Remit email`, `ach` → `ACH`. */
export const label = (value: unknown): string => {
  const all = textOf(value)
    .split(/[_\s-]+/)
    .filter(Boolean)
  const words = all.map((word, index) => {
    const name = NAMES[word.toLowerCase()]
    if (!name) return word
    return index === 0 || name === name.toUpperCase() ? name : name.toLowerCase()
  })
  return capital(words.join(' '))
}

/** "1 payment", "2 payments". */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString('en-US')} ${noun}${count === 1 ? '' : 's'}`

/** A UUID by its first group: the whole of it is in the title. */
export const shortId = (id: string): string => (id.length > 20 ? `${id.slice(0, 8)}…` : id)

export type Tone = 'good' | 'busy' | 'warn' | 'bad' | 'plain'

const TONES: Readonly<Record<string, Tone>> = {
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
}

/** How a status is coloured; words that Finexio invents later stay plain. */
export const toneOf = (status: unknown): Tone => TONES[textOf(status).toLowerCase()] ?? 'plain'
