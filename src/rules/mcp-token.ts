/**
 * The secret of an MCP URL: `fxmcp_`, the account's id (22), 32 random bytes (43), checksum of all before (6), in Base62.
 * The account id lets the Worker find the one object that decides; the checksum is public and protects
 * nothing (docs/decisions/10).
 */
import { bytesOfUuid, crc32, decodeBytes, encodeBytes, encodeNumber, uuidOfBytes } from '../core/bytes.ts'

const PREFIX = 'fxmcp_'
const ID_WIDTH = 22
const SECRET_WIDTH = 43
const CHECKSUM_WIDTH = 6
const SHAPE = /^fxmcp_[0-9A-Za-z]{71}$/

/** Checksum of a token's text before it, as the token spells it. */
export const checksum = (text: string): string => encodeNumber(crc32(text), CHECKSUM_WIDTH)

const withChecksum = (text: string): string => text + checksum(text)

/** Whether a text ends in the checksum of all before. */
const hasChecksum = (text: string): boolean => text === withChecksum(text.slice(0, -CHECKSUM_WIDTH))

/**
 * A new token.
 * @param accountId UUID in lower case
 * @param random 32 bytes
 */
export const mintToken = (
  accountId: string,
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(32)),
): string =>
  withChecksum(PREFIX + encodeBytes(bytesOfUuid(accountId), ID_WIDTH) + encodeBytes(random, SECRET_WIDTH))

/** The account a token names, or null when shape or checksum is wrong. Whether it is valid, the account's object decides. */
export const readToken = (text: string): { accountId: string } | null => {
  if (!SHAPE.test(text) || !hasChecksum(text)) return null
  const id = decodeBytes(text.slice(PREFIX.length, PREFIX.length + ID_WIDTH), 16)
  return id && { accountId: uuidOfBytes(id) }
}

const API_PREFIX = 'fxapi_'
const API_SHAPE = /^fxapi_[0-9A-Za-z]{49}$/

/** A new API token: `fxapi_`, 32 random bytes (43), checksum of all before (6). */
export const mintApiToken = (random: Uint8Array = crypto.getRandomValues(new Uint8Array(32))): string =>
  withChecksum(API_PREFIX + encodeBytes(random, SECRET_WIDTH))

/** Checks shape and checksum alone, so that other bearer tokens cost no request to the directory. */
export const isApiToken = (text: string): boolean => API_SHAPE.test(text) && hasChecksum(text)
