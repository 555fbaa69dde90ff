/** Short texts that only this deployment reads: AES-256-GCM (NIST SP 800-38D) under a key of its own for each purpose. */
import { base64UrlOf, bytesOfBase64Url, joined } from './bytes.ts'
import type { Env } from './env.ts'
import { subkey } from './keys.ts'

type Pepper = Pick<Env, 'TOKEN_PEPPER'>

/** Bytes of an initialization vector of AES-GCM (NIST SP 800-38D, 8.2). */
const IV_BYTES = 12

const keyOf = async (env: Pepper, purpose: string): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', await subkey(env, purpose), 'AES-GCM', false, ['encrypt', 'decrypt'])

const algorithm = (iv: Uint8Array<ArrayBuffer>, bound: string) => ({
  name: 'AES-GCM',
  iv,
  additionalData: new TextEncoder().encode(bound),
})

/**
 * @param purpose of the key, distinct for each use
 * @param bound what it is for: it opens for that alone
 * @throws ConfigurationFault without TOKEN_PEPPER
 */
export const sealText = async (
  env: Pepper,
  purpose: string,
  bound: string,
  text: string,
): Promise<string> => {
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES))
  const plain = new TextEncoder().encode(text)
  const sealed = await crypto.subtle.encrypt(algorithm(iv, bound), await keyOf(env, purpose), plain)
  return base64UrlOf(joined([iv, new Uint8Array(sealed)]))
}

/** Null for what was not sealed here, for this. @throws ConfigurationFault without TOKEN_PEPPER */
export const openText = async (
  env: Pepper,
  purpose: string,
  bound: string,
  sealed: string,
): Promise<string | null> => {
  const key = await keyOf(env, purpose)
  try {
    const bytes = bytesOfBase64Url(sealed)
    const plain = await crypto.subtle.decrypt(
      algorithm(bytes.slice(0, IV_BYTES), bound),
      key,
      bytes.slice(IV_BYTES),
    )
    return new TextDecoder().decode(plain)
  } catch {
    return null
  }
}
