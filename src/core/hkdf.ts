/** A key of its own for each purpose, out of one secret (HKDF-SHA-256, RFC 5869, without salt). */

type Bytes = Uint8Array<ArrayBuffer>

/** 32 bytes. @param purpose distinct for each use */
export const derived = async (secret: Bytes, purpose: string): Promise<Bytes> => {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(`finexio-mcp ${purpose}`)
  const salt = new Uint8Array()
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, base, 256),
  )
}
