/** CRC-32, reflected, polynomial 0xEDB88320: lets junk be refused before any storage is asked. */

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
