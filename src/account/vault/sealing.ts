/**
 * Sealing values under the deployment's master keys: `MASTER_KEY_V<n>`, of which `MASTER_KEY_PRIMARY` names the one for new
 * records.
 */
import type { Env } from '../../core/env.ts'
import { ConfigurationFault, secretBytes } from '../../core/keys.ts'
import { deriveKek, keyVersionOf, openRecord, type Place, type Sealed, sealRecord } from './envelope.ts'

/** Derived keys by secret: deriving costs more than opening a record. They belong to the deployment, not to a tenant. */
const derived = new Map<string, CryptoKey>()

/**
 * The wrapping key of one version, and of no other.
 * @throws ConfigurationFault when the deployment lacks that version
 */
export const kekOf = async (env: Env, version: number): Promise<CryptoKey> => {
  const name = `MASTER_KEY_V${version}`
  const secret = (env as unknown as Record<string, unknown>)[name]
  const known = derived.get(secret as string)
  if (known) return known
  const key = await deriveKek(secretBytes(name, secret))
  derived.set(secret as string, key)
  return key
}

/** Version that seals new records. @throws ConfigurationFault unless it is a whole number from 1 */
export const primaryVersion = ({ MASTER_KEY_PRIMARY }: Env): number => {
  const version = Number(MASTER_KEY_PRIMARY)
  if (!Number.isInteger(version) || version < 1 || version > 0xffffffff)
    throw new ConfigurationFault(
      'MASTER_KEY_PRIMARY must be the number of a master key, such as 1 for MASTER_KEY_V1.',
    )
  return version
}

/** Seals a JSON value for one place. @throws ConfigurationFault when the deployment has no usable master key */
export const sealValue = async (env: Env, place: Place, value: unknown): Promise<Sealed> => {
  const keyVersion = primaryVersion(env)
  const plain = new TextEncoder().encode(JSON.stringify(value))
  return sealRecord(await kekOf(env, keyVersion), keyVersion, place, plain)
}

/**
 * Opens what `sealValue` made for the same place.
 * @throws EnvelopeFault when it does not open here; ConfigurationFault when its master key is missing
 */
export const openValue = async <Value>(env: Env, place: Place, sealed: Sealed): Promise<Value> => {
  const plain = await openRecord((version) => kekOf(env, version), place, sealed)
  return JSON.parse(new TextDecoder().decode(plain)) as Value
}

/** Whether a new record would be sealed under the same master key as this one. @throws ConfigurationFault */
export const isSealedUnderPrimary = (env: Env, { wrapped_key }: Pick<Sealed, 'wrapped_key'>): boolean =>
  keyVersionOf(wrapped_key) === primaryVersion(env)
