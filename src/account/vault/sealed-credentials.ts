/** A user name and a password, sealed for one place under the deployment's primary master key. */
import type { Env } from '../../core/env.ts'
import type { Credentials } from '../../finexio/types.ts'
import { keyVersionOf, openRecord, type Place, type Sealed, sealRecord } from './envelope.ts'
import { kekOf, primaryVersion } from './master-keys.ts'

/** @throws ConfigurationFault when the deployment has no usable master key */
export const sealCredentials = async (
  env: Env,
  place: Place,
  { username, password }: Credentials,
): Promise<Sealed> => {
  const keyVersion = primaryVersion(env)
  const plain = new TextEncoder().encode(JSON.stringify({ username, password }))
  return sealRecord(await kekOf(env, keyVersion), keyVersion, place, plain)
}

/** @throws EnvelopeFault when they do not open here; ConfigurationFault when their master key is missing */
export const openCredentials = async (env: Env, place: Place, sealed: Sealed): Promise<Credentials> => {
  const plain = await openRecord((number) => kekOf(env, number), place, sealed)
  return JSON.parse(new TextDecoder().decode(plain)) as Credentials
}

/** Whether a new record would be sealed under the same master key as this one. @throws ConfigurationFault */
export const isSealedUnderPrimary = (env: Env, { wrapped_key }: Pick<Sealed, 'wrapped_key'>): boolean =>
  keyVersionOf(wrapped_key) === primaryVersion(env)
