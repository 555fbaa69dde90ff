/** Webhook secrets: sealed here, opened here, kept by the account's object, which alone has ciphertext and wrapped key. */
import type { Env } from '../../core/env.ts'
import type { Credentials } from '../../finexio/types.ts'
import { accountObject, credentialsOf, secretsOf } from '../account-stub.ts'
import type { SealedSecret } from '../tables/secrets.ts'
import { EnvelopeFault, isSealedUnderPrimary, openValue, type Place, sealValue } from './envelope.ts'

const placeOf = (accountId: string, name: string, version: number): Place => ({
  purpose: 'webhook_secret',
  tenant: accountId,
  record: name,
  version,
})

/**
 * Encrypts one version of a secret.
 * @param version one that was never used for this account
 * @throws ConfigurationFault when the deployment has no usable master key
 */
export const sealSecret = async (
  env: Env,
  accountId: string,
  name: string,
  version: number,
  { username, password }: Credentials,
): Promise<SealedSecret> => ({
  name,
  version,
  ...(await sealValue(env, placeOf(accountId, name, version), { username, password })),
})

/** Null when it does not open: it was changed, moved, or sealed with another key. @throws ConfigurationFault */
export const openSecret = async (
  env: Env,
  accountId: string,
  { name, version, ...sealed }: SealedSecret,
): Promise<Credentials | null> => {
  try {
    return await openValue<Credentials>(env, placeOf(accountId, name, version), sealed)
  } catch (fault) {
    if (fault instanceof EnvelopeFault) return null
    throw fault
  }
}

type Resealed = 'resealed' | 'already' | 'changed_meanwhile' | 'failed'

/** Encrypts one secret again, under the primary key; a value that a PUT stored meanwhile is left alone. */
const reseal = async (env: Env, accountId: string, secret: SealedSecret): Promise<Resealed> => {
  if (isSealedUnderPrimary(env, secret)) return 'already'
  const object = accountObject(env, accountId)
  const credentials = await openSecret(env, accountId, secret)
  if (!credentials) return 'failed'
  const version = await credentialsOf(object).takeVersion()
  if (version === null) return 'changed_meanwhile'
  const sealed = await sealSecret(env, accountId, secret.name, version, credentials)
  return (await secretsOf(object).move(sealed, secret.version)) ? 'resealed' : 'changed_meanwhile'
}

/** Brings every secret of an account under the primary master key; one outcome each. @throws ConfigurationFault */
export const resealSecrets = async (env: Env, accountId: string): Promise<Resealed[]> => {
  const secrets = (await secretsOf(accountObject(env, accountId)).listSealed()) ?? []
  const outcomes: Resealed[] = []
  for (const secret of secrets) outcomes.push(await reseal(env, accountId, secret))
  return outcomes
}
