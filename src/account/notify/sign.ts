/** Signatures of Standard Webhooks (standardwebhooks.com, 1.0): HMAC-SHA-256 over id, time and body. */
import { base64Of, bytesOfBase64Url } from '../../core/bytes.ts'
import { hmac, hmacKey } from '../../core/keys.ts'

const SECRET = /^whsec_([A-Za-z0-9+/]{32,88}={0,2})$/

/** The bytes of a `whsec_` secret; null for another form or fewer than 24 bytes. */
export const secretOf = (text: string | undefined): Uint8Array<ArrayBuffer> | null => {
  const base64 = SECRET.exec(text?.trim() ?? '')?.[1]
  if (!base64) return null
  const bytes = bytesOfBase64Url(base64)
  return bytes.byteLength >= 24 ? bytes : null
}

/**
 * Headers of one delivery.
 * @param id the same for every attempt, so that a receiver recognises a repeat
 * @param seconds since the epoch, of this attempt
 */
export const signedHeaders = async (
  secret: Uint8Array<ArrayBuffer>,
  { id, seconds, body }: { id: string; seconds: number; body: string },
): Promise<Record<string, string>> => {
  const signature = await hmac(await hmacKey(secret), `${id}.${seconds}.${body}`)
  return {
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': `v1,${base64Of(signature)}`,
  }
}
