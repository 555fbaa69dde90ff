/** Numbers and moments as people read them. Times are shown in UTC: what one person reports, another finds. */
import { DAY_MS } from '../core/time.ts'

/** `1234` → `1,234`. */
export const grouped = (count: number): string => count.toLocaleString('en-US')

/** `1 tool`, `1,234 tools`. @param many the plural where it is not made with s */
export const plural = (count: number, one: string, many = `${one}s`): string =>
  `${grouped(count)} ${count === 1 ? one : many}`

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const two = (number: number) => String(number).padStart(2, '0')

/** `2026-11-28T18:50:00.000Z` → `28 Nov 2026, 18:50`. */
export const moment = (iso: string): string => {
  const at = new Date(iso)
  return `${shortDay(iso)} ${at.getUTCFullYear()}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}`
}

const UNITS: readonly (readonly [milliseconds: number, name: string])[] = [
  [DAY_MS, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
]

/** `2026-11-28T18:50:07.000Z` → `28 Nov, 18:50:07`, where the year goes without saying. */
export const shortMoment = (iso: string): string => {
  const at = new Date(iso)
  return `${shortDay(iso)}, ${two(at.getUTCHours())}:${two(at.getUTCMinutes())}:${two(at.getUTCSeconds())}`
}

/** `2026-11-28` → `28 Nov`. */
export const shortDay = (iso: string): string => {
  const at = new Date(iso)
  return `${at.getUTCDate()} ${MONTHS[at.getUTCMonth()]}`
}

/** An estimate, rounded: `22299` → `22,300`. */
export const about = (count: number): string => grouped(count < 1000 ? count : Math.round(count / 100) * 100)

/** `in 6 days`, `3 hours ago`, `just now`. @param now milliseconds since the epoch */
export const relative = (iso: string, now: number): string => {
  const away = Date.parse(iso) - now
  const unit = UNITS.find(([milliseconds]) => Math.abs(away) >= milliseconds)
  if (!unit) return away > 0 ? 'in under a minute' : 'just now'
  const text = plural(Math.round(Math.abs(away) / unit[0]), unit[1])
  return away > 0 ? `in ${text}` : `${text} ago`
}
