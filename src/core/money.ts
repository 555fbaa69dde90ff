/** Money: integer cents to text for people and back, without floating point. */

/** `125000` → `"1250.00"`, `-5` → `"-0.05"`. Null for anything but an integer. */
export const decimalOf = (cents: unknown): string | null => {
  if (typeof cents !== 'number' || !Number.isSafeInteger(cents)) return null
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}

const UNREADABLE = 'an unreadable amount'

/** `-123450` → `-$1,234.50`, for sentences; anything but whole cents is said to be unreadable. */
export const dollars = (cents: unknown): string => {
  const [, sign, whole, rest] = /^(-?)(\d+)\.(\d+)$/.exec(decimalOf(cents) ?? '') ?? []
  if (whole === undefined) return UNREADABLE
  return `${sign}$${whole.replaceAll(/\B(?=(\d{3})+$)/g, ',')}.${rest}`
}

const AMOUNT = /^(\d{1,12}|\d{1,3}(?:,\d{3}){1,3})(?:\.(\d{1,2}))?$/

/** `1,234.5` → 123450. @param text without currency; thousands separators only where they belong @returns null when it is not an amount */
export const readDollars = (text: string): number | null => {
  const [, whole, fraction = ''] = AMOUNT.exec(text) ?? []
  return whole === undefined ? null : Number(whole.replaceAll(',', '') + fraction.padEnd(2, '0'))
}

/** Whole cents; null for whatever is not. */
export const centsIn = (value: unknown): number | null =>
  Number.isSafeInteger(value) ? (value as number) : null

/** What lines come to; null where the amount of one cannot be read. */
export const sumOf = (lines: readonly { cents: number | null }[]): number | null =>
  lines.reduce<number | null>((so, { cents }) => (so === null || cents === null ? null : so + cents), 0)
