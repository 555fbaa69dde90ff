/** Bytes as people and logs spell them. */

export const hexOf = (bytes: Uint8Array): string =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')

/** Compares in a time that says nothing of where they differ. */
export const sameBytes = (a: ArrayBuffer, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b)
