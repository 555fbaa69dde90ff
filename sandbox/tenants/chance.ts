/** Deterministic pseudo-random values: the same text always gives the same numbers, ids and codes. */

const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

/** A 32-bit number that differs widely for texts that differ little. */
export const mix = (text: string, salt = 0): number => {
  let state = (0x811c9dc5 ^ salt) >>> 0
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), 0x01000193)
  state = Math.imul(state ^ (state >>> 16), 0x7feb352d)
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b)
  return (state ^ (state >>> 16)) >>> 0
}

/** An integer from `low` to `high`, both included, decided by the text. */
export const between = (text: string, low: number, high: number): number =>
  low + (mix(text) % (high - low + 1))

const hex = (text: string, salt: number) => mix(text, salt).toString(16).padStart(8, '0')

/** A version-4-shaped UUID decided by the text. */
export const uuidOf = (text: string): string => {
  const digits = hex(text, 1) + hex(text, 2) + hex(text, 3) + hex(text, 4)
  const variant = '89ab'[mix(text, 5) % 4]
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
}

/** Upper-case letters and digits decided by the text. */
export const codeOf = (text: string, length: number): string =>
  Array.from({ length }, (_, at) => CODE_LETTERS[mix(text, 17 + at) % CODE_LETTERS.length]).join('')

/** Digits decided by the text. */
export const digitsOf = (text: string, length: number): string =>
  Array.from({ length }, (_, at) => mix(text, 91 + at) % 10).join('')
