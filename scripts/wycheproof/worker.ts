/** Runs vectors against the WebCrypto that the product uses. Answers the ids of those with another result. */
import type { Vector } from './vectors.ts'

const bytesOf = (hex = ''): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16))

const hexOf = (bytes: ArrayBuffer): string =>
  [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const { subtle } = crypto

/** Whether the vector's own output comes out; throws where an input is refused. */
const TRIALS: Record<Vector['kind'], (vector: Vector) => Promise<boolean>> = {
  'aes-gcm': async ({ values: { key, iv, aad, msg, ct, tag } }) => {
    const imported = await subtle.importKey('raw', bytesOf(key), 'AES-GCM', false, ['encrypt', 'decrypt'])
    const algorithm = { name: 'AES-GCM', iv: bytesOf(iv), additionalData: bytesOf(aad) }
    const sealed = `${ct}${tag}`
    const opened = hexOf(await subtle.decrypt(algorithm, imported, bytesOf(sealed)))
    return opened === msg && hexOf(await subtle.encrypt(algorithm, imported, bytesOf(msg))) === sealed
  },
  hkdf: async ({ values: { ikm, salt, info, okm }, bytes }) => {
    const imported = await subtle.importKey('raw', bytesOf(ikm), 'HKDF', false, ['deriveBits'])
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: bytesOf(salt), info: bytesOf(info) }
    return hexOf(await subtle.deriveBits(algorithm, imported, bytes * 8)) === okm
  },
  hmac: async ({ values: { key, msg, tag }, bytes }) => {
    const algorithm = { name: 'HMAC', hash: 'SHA-256' }
    const imported = await subtle.importKey('raw', bytesOf(key), algorithm, false, ['sign'])
    return hexOf((await subtle.sign('HMAC', imported, bytesOf(msg))).slice(0, bytes)) === tag
  },
}

const comesOut = (vector: Vector): Promise<boolean> => TRIALS[vector.kind](vector).catch(() => false)

export default {
  fetch: async (request: Request): Promise<Response> => {
    const vectors = await request.json<Vector[]>()
    const outcomes = await Promise.all(vectors.map(async (one) => (await comesOut(one)) === one.valid))
    return Response.json(vectors.flatMap(({ id }, at) => (outcomes[at] ? [] : [id])))
  },
}
