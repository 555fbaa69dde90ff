/** From the token in a URL to what it may do: shape and checksum here, everything else in the account's object. */
import type { Env } from '../env.ts'
import type { Knock, Verdict } from '../servers/config.ts'
import { digestToken, importPepper, readToken } from '../servers/token.ts'
import { secretBytes } from './deployment-secret.ts'
import { ownLimit } from './limiter.ts'
import { accountObject } from './stubs.ts'

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

/**
 * Asks the account whether a token is let in. A wrong shape or checksum asks nobody; else it is one hop.
 * @throws ConfigurationFault
 */
export const admitToken = async (env: Env, token: string, { counts }: Knock): Promise<Verdict> => {
  const read = readToken(token)
  if (!read) return { kind: 'unknown' }
  const limit = counts ? ownLimit(env.OWN_LIMIT) : null
  return accountObject(env, read.accountId).admit(await digestOf(env, token), limit)
}
