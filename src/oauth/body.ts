/** Reading what strangers send to the sign-in endpoints: bounded in size and time before the library sees it. */
import { readBody } from '../core/body.ts'

const MOST_BYTES = 16 * 1024

/** The whole body as text; null when it is too large, too slow, cut off or no UTF-8. */
export const textOf = async (request: Request): Promise<string | null> => {
  if (Number(request.headers.get('content-length')) > MOST_BYTES) return null
  const read = await readBody(request)
  if (!read.ok || read.bytes.byteLength > MOST_BYTES) return null
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(read.bytes)
  } catch {
    return null
  }
}
