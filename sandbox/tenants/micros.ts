/** Time as Finexio writes it: UTC without a zone and with six fractional digits, kept as integer microseconds. */

/** Microseconds since 1970 in UTC; stays below 2^53 until the year 2255. */
export type Micros = number

export const MILLISECOND = 1_000
export const SECOND = 1_000_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

const ISO =
  /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?)? ?(?:(Z)|([+-])(\d\d):?(\d\d))?$/i

/** The first microsecond of the UTC day. */
export const startOfDay = (at: Micros): Micros => Math.floor(at / DAY) * DAY

/** `2025-11-03T14:05:09.120431` */
export const timestampText = (at: Micros): string => {
  const milliseconds = Math.floor(at / MILLISECOND)
  const micros = String(at - milliseconds * MILLISECOND).padStart(3, '0')
  return new Date(milliseconds).toISOString().slice(0, -1) + micros
}

/** `2025-11-03` */
export const dateText = (at: Micros): string =>
  new Date(Math.floor(at / MILLISECOND)).toISOString().slice(0, 10)

const clockMicros = (hours = '0', minutes = '0', seconds = '0', fraction = ''): number | null => {
  if (Number(hours) > 23 || Number(minutes) > 59 || Number(seconds) > 59) return null
  const micros = Number(fraction.padEnd(6, '0').slice(0, 6))
  return Number(hours) * HOUR + Number(minutes) * MINUTE + Number(seconds) * SECOND + micros
}

/** Reads ISO 8601 with or without time and zone (no zone: UTC); null when the text is neither. */
export const readTimestamp = (text: string): Micros | null => {
  const match = ISO.exec(text)
  if (!match) return null
  const day = Date.parse(`${match[1]}T00:00:00Z`)
  const clock = clockMicros(match[2], match[3], match[4], match[5])
  if (Number.isNaN(day) || clock === null || dateText(day * MILLISECOND) !== match[1]) return null
  const zone = (Number(match[8] ?? 0) * HOUR + Number(match[9] ?? 0) * MINUTE) * (match[7] === '-' ? -1 : 1)
  return day * MILLISECOND + clock - zone
}
