/** The public id of a draft: `apr_`, the account's id (22) and 16 random bytes (22), in Base62. It names its account and opens nothing. */
import { bytesOfUuid, decodeBytes, encodeBytes, uuidOfBytes } from '../core/bytes.ts'

const PREFIX = 'apr_'
const WIDTH = 22
const SHAPE = /^apr_[0-9A-Za-z]{44}$/

/** @param accountId UUID in lower case @param random 16 bytes */
export const mintDraftId = (
  accountId: string,
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(16)),
): string => PREFIX + encodeBytes(bytesOfUuid(accountId), WIDTH) + encodeBytes(random, WIDTH)

/** The account whose draft it is; null for what is no id of a draft. */
export const accountOfDraft = (id: string): string | null => {
  if (!SHAPE.test(id)) return null
  const bytes = decodeBytes(id.slice(PREFIX.length, PREFIX.length + WIDTH), 16)
  return bytes && uuidOfBytes(bytes)
}
