/** Credentials of accounts: ciphertext in KV under keys that are never overwritten; the wrapped data key is in the object (docs/decisions/08). */
import type { Env } from '../../core/env.ts'
import type { Credentials } from '../../finexio/types.ts'
import type { CredentialPointer } from '../../rules/admission.ts'
import { EnvelopeFault, openValue, type Place, sealValue } from './envelope.ts'

/** A record that was just written may not be everywhere yet: how long to wait before each further look, in milliseconds. */
const WAITS_MS = [250, 750, 1_500, 2_500]

/** The vault cannot give a credential that the account has. Says nothing about whether Finexio would accept it. */
export class VaultFault extends Error {
  override name = 'VaultFault'
  readonly reason: 'missing' | 'unreadable'
  constructor(reason: 'missing' | 'unreadable', version: number) {
    super(
      `The stored credential (version ${version}) is ${reason}. Store it anew: PATCH the account with credentials.`,
    )
    this.reason = reason
  }
}

const placeOf = (accountId: string, version: number): Place => ({
  purpose: 'finexio credential',
  tenant: accountId,
  record: 'credential',
  version,
})

const prefixOf = (accountId: string) => `cred/${accountId}/`

/**
 * Encrypts and stores one version of a credential.
 * @param version one that was never used for this account
 * @returns what the account's object must keep to open it
 * @throws ConfigurationFault when the deployment has no usable master key
 */
export const sealCredential = async (
  env: Env,
  accountId: string,
  version: number,
  { username, password }: Credentials,
): Promise<CredentialPointer> => {
  const sealed = await sealValue(env, placeOf(accountId, version), { username, password })
  await env.VAULT.put(prefixOf(accountId) + version, sealed.ciphertext)
  return { version, wrapped_key: sealed.wrapped_key }
}

/** The object points to a version only once it was written, so that one which is not found is most likely late. */
const readStored = async (
  { VAULT }: Env,
  key: string,
  waits: readonly number[],
): Promise<ArrayBuffer | null> => {
  for (const wait of [0, ...waits]) {
    if (wait > 0) await new Promise((done) => setTimeout(done, wait))
    // No longer cache than KV has by itself: it would keep a miss as well.
    const stored = await VAULT.get(key, 'arrayBuffer')
    if (stored !== null) return stored
  }
  return null
}

/**
 * The credential an account's object points to.
 * @param waits milliseconds before each further look for a record that is not found
 * @throws VaultFault when its record is missing or does not open; ConfigurationFault when its master key is
 */
export const openCredential = async (
  env: Env,
  accountId: string,
  { version, wrapped_key }: CredentialPointer,
  waits: readonly number[] = WAITS_MS,
): Promise<Credentials> => {
  const key = prefixOf(accountId) + version
  const stored = await readStored(env, key, waits)
  if (stored === null) throw new VaultFault('missing', version)
  const sealed = { wrapped_key, ciphertext: new Uint8Array(stored) }
  try {
    return await openValue<Credentials>(env, placeOf(accountId, version), sealed)
  } catch (fault) {
    throw fault instanceof EnvelopeFault ? new VaultFault('unreadable', version) : fault
  }
}

/** Removes one version; its data key is gone from the object already. */
export const eraseCredential = (env: Env, accountId: string, version: number): Promise<void> =>
  env.VAULT.delete(prefixOf(accountId) + version)

/**
 * Removes every version of an account. Listing is eventually consistent, so the newest version is named as well.
 * @param newest null when the account is not known any more
 */
export const eraseCredentials = async (env: Env, accountId: string, newest: number | null): Promise<void> => {
  if (newest !== null) await eraseCredential(env, accountId, newest)
  const prefix = prefixOf(accountId)
  for (
    let page = await env.VAULT.list({ prefix });
    ;
    page = await env.VAULT.list({ prefix, cursor: page.cursor })
  ) {
    await Promise.all(page.keys.map(({ name }) => env.VAULT.delete(name)))
    if (page.list_complete) return
  }
}
