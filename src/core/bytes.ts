/** Bytes as text: hex, Base62, base64url, UUIDs, and the checksum of a token. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))

/** In lower case. */
export const hexOf = (bytes: Uint8Array): string => {
  let text = ''
  for (const byte of bytes) text += HEX[byte]
  return text
}

/** Compares in constant time. False for different lengths. */
export const sameBytes = (a: ArrayBuffer, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b)

/** Concatenates byte arrays. */
export const joined = (parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> => {
  const whole = new Uint8Array(parts.reduce((size, part) => size + part.byteLength, 0))
  let at = 0
  for (const part of parts) {
    whole.set(part, at)
    at += part.byteLength
  }
  return whole
}

/** Base64 with padding (RFC 4648, section 4). */
export const base64Of = (bytes: Uint8Array): string => btoa(String.fromCharCode(...bytes))

/** Base64url without padding (RFC 4648, section 5). */
export const base64UrlOf = (bytes: Uint8Array): string =>
  base64Of(bytes).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '')

/** @param text Base64url or Base64, with or without padding @throws DOMException for any other text */
export const bytesOfBase64Url = (text: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0))

/** Positions of the bytes after a hyphen. */
const HYPHENS = new Set([4, 6, 8, 10])

/** 16 bytes. @param uuid in its usual spelling (RFC 9562, section 4) */
export const bytesOfUuid = (uuid: string): Uint8Array =>
  Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** In lower case, under which objects are found. @param bytes 16 of them */
export const uuidOfBytes = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at++) text += (HYPHENS.has(at) ? '-' : '') + HEX[bytes[at]!]
  return text
}

// Base62 of fixed width: the bytes are one big-endian number, left-padded with `0`. Every call decodes a token.
const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const BASE = 62

/** Digit of an ASCII code; 255 where the alphabet has no such letter. */
const DIGITS = new Uint8Array(128).fill(255)
for (let digit = 0; digit < BASE; digit++) DIGITS[ALPHABET.charCodeAt(digit)] = digit

/** @param value a whole number; @param width characters, enough for it */
export const encodeNumber = (value: number, width: number): string => {
  let text = ''
  for (let rest = value; rest > 0; rest = Math.floor(rest / BASE)) text = ALPHABET[rest % BASE] + text
  return text.padStart(width, '0')
}

/** Divides a big-endian number by 62, in place. Returns the remainder. */
const divide = (bytes: Uint8Array): number => {
  let carry = 0
  for (let at = 0; at < bytes.length; at++) {
    const part = carry * 256 + bytes[at]!
    bytes[at] = Math.floor(part / BASE)
    carry = part % BASE
  }
  return carry
}

/** @param width characters: 22 for 16 bytes, 43 for 32 */
export const encodeBytes = (bytes: Uint8Array, width: number): string => {
  const rest = bytes.slice()
  let text = ''
  for (let at = 0; at < width; at++) text = ALPHABET[divide(rest)] + text
  return text
}

/** Computes `bytes * 62 + digit` in place. Returns the carry. */
const multiply = (bytes: Uint8Array, digit: number): number => {
  let carry = digit
  for (let at = bytes.length - 1; at >= 0; at--) {
    const part = bytes[at]! * BASE + carry
    bytes[at] = part & 0xff
    carry = part >> 8
  }
  return carry
}

/**
 * @param size bytes to fill
 * @returns null when a character is outside the alphabet or the number does not fit
 */
export const decodeBytes = (text: string, size: number): Uint8Array | null => {
  const bytes = new Uint8Array(size)
  for (let at = 0; at < text.length; at++) {
    const digit = DIGITS[text.charCodeAt(at)] ?? 255
    if (digit === 255 || multiply(bytes, digit) > 0) return null
  }
  return bytes
}

// CRC-32 (RFC 1952, section 8): lets other texts be refused before any storage is asked.
const shifted = (value: number): number => (value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1)

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte
  for (let bit = 0; bit < 8; bit++) value = shifted(value)
  return value
})

/** @param text ASCII */
export const crc32 = (text: string): number => {
  let crc = 0xffffffff
  for (let at = 0; at < text.length; at++) crc = TABLE[(crc ^ text.charCodeAt(at)) & 0xff]! ^ (crc >>> 8)
  return (crc ^ 0xffffffff) >>> 0
}
