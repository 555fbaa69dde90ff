/** Base62 of fixed width: the bytes are one big-endian number, left-padded with `0`. */

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const DIGITS: ReadonlyMap<string, bigint> = new Map([...ALPHABET].map((letter, at) => [letter, BigInt(at)]))

/** @param width characters; must be enough for the number */
export const encodeNumber = (value: bigint, width: number): string => {
  let rest = value
  let text = ''
  for (; rest > 0n; rest /= 62n) text = ALPHABET[Number(rest % 62n)] + text
  return text.padStart(width, '0')
}

const numberOf = (bytes: Uint8Array): bigint =>
  bytes.reduce((number, byte) => (number << 8n) | BigInt(byte), 0n)

/** @param width characters: 22 for 16 bytes, 43 for 32 */
export const encodeBytes = (bytes: Uint8Array, width: number): string => encodeNumber(numberOf(bytes), width)

/**
 * @param size bytes to fill
 * @returns null when a character is outside the alphabet or the number does not fit
 */
export const decodeBytes = (text: string, size: number): Uint8Array | null => {
  let number = 0n
  for (const letter of text) {
    const digit = DIGITS.get(letter)
    if (digit === undefined) return null
    number = number * 62n + digit
  }
  const bytes = new Uint8Array(size)
  for (let at = size - 1; at >= 0; at--, number >>= 8n) bytes[at] = Number(number & 0xffn)
  return number === 0n ? bytes : null
}
