/**
 * Public ids that lead to their account without a directory, and open nothing. A draft: `apr_`, the account's id and 16
 * random bytes, 22 Base62 letters each. An MCP server: the last part of `/mcp/s/<id>`, where clients sign in instead of holding a secret: the ids of account
 * and server.
 */
import { bytesOfUuid, decodeBytes, encodeBytes, uuidOfBytes } from '../core/bytes.ts'

const WIDTH = 22
const SHAPE = /^[0-9A-Za-z]{44}$/
const UUID_BYTES = 16

/** Which server a sign-in is about. Both are UUIDs in lower case. */
export type ResourceName = { accountId: string; serverId: string }

/** The public id of a server, to be read by `readResourceId`. */
export const resourceIdOf = ({ accountId, serverId }: ResourceName): string =>
  encodeBytes(bytesOfUuid(accountId), WIDTH) + encodeBytes(bytesOfUuid(serverId), WIDTH)

/** Null when the text has another shape. Whether there is such a server, the account's object decides. */
export const readResourceId = (text: string): ResourceName | null => {
  if (!SHAPE.test(text)) return null
  const account = decodeBytes(text.slice(0, WIDTH), UUID_BYTES)
  const server = decodeBytes(text.slice(WIDTH), UUID_BYTES)
  return account && server && { accountId: uuidOfBytes(account), serverId: uuidOfBytes(server) }
}

const PREFIX = 'apr_'
const DRAFT_SHAPE = /^apr_[0-9A-Za-z]{44}$/

/** @param accountId UUID in lower case @param random 16 bytes */
export const mintDraftId = (
  accountId: string,
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(16)),
): string => PREFIX + encodeBytes(bytesOfUuid(accountId), WIDTH) + encodeBytes(random, WIDTH)

/** The account of a draft id; null for any other text. */
export const accountOfDraft = (id: string): string | null => {
  if (!DRAFT_SHAPE.test(id)) return null
  const bytes = decodeBytes(id.slice(PREFIX.length, PREFIX.length + WIDTH), 16)
  return bytes && uuidOfBytes(bytes)
}
