/** A deployment that lacks a setting. The message names the setting and the remedy, never a value. */
export class ConfigurationFault extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'ConfigurationFault'
  }
}

const BASE64 = /^[A-Za-z0-9+/_-]{43}=?$/

/**
 * A secret of 32 bytes in Base64 or Base64url.
 * @param name of the setting, for the message
 * @throws ConfigurationFault when it is absent or has another form
 */
export const secretBytes = (name: string, text: unknown): Uint8Array<ArrayBuffer> => {
  const trimmed = typeof text === 'string' ? text.trim() : ''
  if (!BASE64.test(trimmed))
    throw new ConfigurationFault(`${name} must be 32 random bytes in Base64: openssl rand -base64 32.`)
  const plain = trimmed.replace('=', '').replaceAll('-', '+').replaceAll('_', '/')
  return Uint8Array.from(atob(plain), (letter) => letter.charCodeAt(0))
}
