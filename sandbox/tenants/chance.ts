/** Deterministic pseudo-random values: the same text always gives the same numbers, ids and codes. */

const CODE_LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ0123456789'

const PRIME = 0x01000193

const start = (salt: number): number => (0x811c9dc5 ^ salt) >>> 0

const finished = (given: number): number => {
  let state = Math.imul(given ^ (given >>> 16), 0x7feb352d)
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b)
  return (state ^ (state >>> 16)) >>> 0
}

/** A 32-bit number that differs widely for texts that differ little. */
export const mix = (text: string, salt = 0): number => {
  let state = start(salt)
  for (let at = 0; at < text.length; at += 1) state = Math.imul(state ^ text.charCodeAt(at), PRIME)
  return finished(state)
}

/** An integer from `low` to `high`, both included, decided by the text. */
export const between = (text: string, low: number, high: number): number =>
  low + (mix(text) % (high - low + 1))

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

const hex = (state: number): string => {
  const number = finished(state)
  return HEX[number >>> 24]! + HEX[(number >>> 16) & 255]! + HEX[(number >>> 8) & 255]! + HEX[number & 255]!
}

/** A version-4-shaped UUID decided by the text. */
export const uuidOf = (text: string): string => {
  // `mix` with the salts 1 to 5, side by side: a new tenant needs thousands of ids.
  let [one, two, three, four, five] = [start(1), start(2), start(3), start(4), start(5)]
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at)
    one = Math.imul(one ^ letter, PRIME)
    two = Math.imul(two ^ letter, PRIME)
    three = Math.imul(three ^ letter, PRIME)
    four = Math.imul(four ^ letter, PRIME)
    five = Math.imul(five ^ letter, PRIME)
  }
  const digits = hex(one) + hex(two) + hex(three) + hex(four)
  const variant = '89ab'[finished(five) % 4]
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-${variant}${digits.slice(17, 20)}-${digits.slice(20)}`
}

/** Upper-case letters and digits decided by the text. */
export const codeOf = (text: string, length: number): string => {
  let code = ''
  for (let at = 0; at < length; at += 1) code += CODE_LETTERS[mix(text, 17 + at) % CODE_LETTERS.length]
  return code
}

/** Digits decided by the text. */
export const digitsOf = (text: string, length: number): string => {
  let digits = ''
  for (let at = 0; at < length; at += 1) digits += mix(text, 91 + at) % 10
  return digits
}
