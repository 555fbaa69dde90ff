/** Money for reading: exact decimal text made from integer cents, without floating point. */

/** `125000` → `"1250.00"`, `-5` → `"-0.05"`. Null for anything but an integer. */
export const decimalOf = (cents: unknown): string | null => {
  if (typeof cents !== 'number' || !Number.isSafeInteger(cents)) return null
  const digits = String(Math.abs(cents)).padStart(3, '0')
  return `${cents < 0 ? '-' : ''}${digits.slice(0, -2)}.${digits.slice(-2)}`
}
