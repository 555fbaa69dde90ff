/** Keyed digests of what a write is about: equal calls are recognised, and nobody who reads the storage can guess them. */

import type { Env } from '../core/env.ts'
import { subkey } from '../core/keys.ts'

/** JSON with members in one order, so that equal values are equal text. */
export const canonical = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const members = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([name, item]) => `${JSON.stringify(name)}:${canonical(item)}`).join(',')}}`
}

const keys = new Map<string, Promise<CryptoKey>>()

/** Imported once per deployment, not per tenant. */
const keyOf = (env: Env): Promise<CryptoKey> => {
  const hmac = { name: 'HMAC', hash: 'SHA-256', length: 256 }
  const key =
    keys.get(env.TOKEN_PEPPER) ??
    subkey(env, 'write fingerprint').then((bytes) =>
      crypto.subtle.importKey('raw', bytes, hmac, false, ['sign']),
    )
  keys.set(env.TOKEN_PEPPER, key)
  return key
}

/** @throws ConfigurationFault */
export const digestOfValue = async (env: Env, accountId: string, value: unknown): Promise<Uint8Array> => {
  const text = new TextEncoder().encode(canonical([accountId, value]))
  return new Uint8Array(await crypto.subtle.sign('HMAC', await keyOf(env), text))
}
