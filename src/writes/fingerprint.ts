/** Keyed digests of what a write is about: equal calls are recognised, and nobody who reads the storage can guess them. */

import { secretBytes } from '../accounts/deployment-secret.ts'
import type { Env } from '../env.ts'

/** JSON with members in one order, so that equal values are equal text. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}

const INFO = 'finexio-mcp write fingerprint'
const keys = new Map<string, Promise<CryptoKey>>()

const derive = async (secret: string): Promise<CryptoKey> => {
  const base = await crypto.subtle.importKey('raw', secretBytes('TOKEN_PEPPER', secret), 'HKDF', false, [
    'deriveKey',
  ])
  const encoder = new TextEncoder()
  return crypto.subtle.deriveKey(
    { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(), info: encoder.encode(INFO) },
    base,
    { name: 'HMAC', hash: 'SHA-256', length: 256 },
    false,
    ['sign'],
  )
}

/** Derived once per deployment, not per tenant. */
const keyOf = ({ TOKEN_PEPPER }: Env): Promise<CryptoKey> => {
  const known = keys.get(TOKEN_PEPPER)
  if (known) return known
  const key = derive(TOKEN_PEPPER)
  keys.set(TOKEN_PEPPER, key)
  return key
}

/** @throws ConfigurationFault */
export const digestOfValue = async (env: Env, accountId: string, value: unknown): Promise<Uint8Array> => {
  const text = new TextEncoder().encode(canonical([accountId, value]))
  return new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(env), text))
}
