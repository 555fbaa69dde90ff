/**
 * The last part of `/mcp/s/<id>`, where clients sign in instead of holding a secret: the ids of account and server, 22
 * Base62 letters each. It names one server and leads to its account without a directory; it opens nothing.
 */
import { bytesOfUuid, decodeBytes, encodeBytes, uuidOfBytes } from '../core/bytes.ts'

const WIDTH = 22
const SHAPE = /^[0-9A-Za-z]{44}$/
const UUID_BYTES = 16

/** Which server a sign-in is about. Both are UUIDs in lower case. */
export type ResourceName = { accountId: string; serverId: string }

export const resourceIdOf = ({ accountId, serverId }: ResourceName): string =>
  encodeBytes(bytesOfUuid(accountId), WIDTH) + encodeBytes(bytesOfUuid(serverId), WIDTH)

/** Null when the text has another shape. Whether there is such a server, only the account knows. */
export const readResourceId = (text: string): ResourceName | null => {
  if (!SHAPE.test(text)) return null
  const account = decodeBytes(text.slice(0, WIDTH), UUID_BYTES)
  const server = decodeBytes(text.slice(WIDTH), UUID_BYTES)
  return account && server && { accountId: uuidOfBytes(account), serverId: uuidOfBytes(server) }
}
