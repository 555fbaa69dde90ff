/** UUIDs as bytes, for ids in URLs. */

const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'))
/** Positions of the bytes after a hyphen. */
const HYPHENS = new Set([4, 6, 8, 10])

/** @param uuid in its usual spelling */
export const bytesOfUuid = (uuid: string): Uint8Array =>
  Uint8Array.from(uuid.replaceAll('-', '').match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

/** In lower case, under which objects are found. @param bytes 16 of them */
export const uuidOfBytes = (bytes: Uint8Array): string => {
  let text = ''
  for (let at = 0; at < bytes.length; at++) text += (HYPHENS.has(at) ? '-' : '') + HEX[bytes[at]!]
  return text
}
