/** Numbers and spans as people read them. Moments: `momentIn` of `core/zone.ts`, in pages by the components of `parts/time.tsx`. */
import { DAY_MS } from '../core/time.ts'
import { grouped, plural } from '../core/words.ts'
import { dayWords } from '../core/zone.ts'

const UNITS: readonly (readonly [milliseconds: number, name: string])[] = [
  [DAY_MS, 'day'],
  [3_600_000, 'hour'],
  [60_000, 'minute'],
]

/** `2026-11-28` → `28 Nov`. */
export const shortDay = (day: string): string => dayWords(day).split(' ', 2).join(' ')

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
