/** Secrets of the deployment, and the keys made of them: one for each purpose, so that none opens what another made. */
import type { Env } from './env.ts'

type Bytes = Uint8Array<ArrayBuffer>

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

/** 32 bytes by HKDF-SHA-256 without salt (RFC 5869). @param purpose distinct for each use */
export const derived = async (secret: Bytes, purpose: string): Promise<Bytes> => {
  const base = await crypto.subtle.importKey('raw', secret, 'HKDF', false, ['deriveBits'])
  const info = new TextEncoder().encode(`finexio-mcp ${purpose}`)
  const salt = new Uint8Array()
  return new Uint8Array(
    await crypto.subtle.deriveBits({ name: 'HKDF', hash: 'SHA-256', salt, info }, base, 256),
  )
}

/** By pepper and purpose. They belong to the deployment, not to a tenant. */
const known = new Map<string, Promise<Uint8Array<ArrayBuffer>>>()

/** 32 bytes; derived once. @throws ConfigurationFault */
export const subkey = async (
  { TOKEN_PEPPER }: Pick<Env, 'TOKEN_PEPPER'>,
  purpose: string,
): Promise<Uint8Array<ArrayBuffer>> => {
  const name = JSON.stringify([TOKEN_PEPPER, purpose])
  const key = known.get(name) ?? derived(secretBytes('TOKEN_PEPPER', TOKEN_PEPPER), purpose)
  known.set(name, key)
  return key
}

/** Imports TOKEN_PEPPER for `digestToken`. @param pepper 32 bytes */
export const importPepper = (pepper: Uint8Array<ArrayBuffer>): Promise<CryptoKey> =>
  crypto.subtle.importKey('raw', pepper, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign'])

/** HMAC-SHA-256: what is stored instead of the token. A copy of the storage cannot even confirm a guess. */
export const digestToken = async (pepper: CryptoKey, token: string): Promise<Uint8Array> =>
  new Uint8Array(await crypto.subtle.sign('HMAC', pepper, new TextEncoder().encode(token)))

/** Imported pepper by its secret: it belongs to the deployment, not to a tenant. */
const imported = new Map<string, CryptoKey>()

const pepperKey = async (secret: string): Promise<CryptoKey> => {
  const known = imported.get(secret)
  if (known) return known
  const key = await importPepper(secretBytes('TOKEN_PEPPER', secret))
  imported.set(secret, key)
  return key
}

/** Keyed digest of a token under this deployment's pepper. @throws ConfigurationFault */
export const digestOf = async ({ TOKEN_PEPPER }: Env, token: string): Promise<Uint8Array> =>
  digestToken(await pepperKey(TOKEN_PEPPER), token)
