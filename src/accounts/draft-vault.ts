/** Arguments of drafts: sealed like a credential, kept in the account's object, erased once a draft is decided. */
import type { Env } from '../env.ts'
import { openRecord, type Place, type Sealed, sealRecord } from './envelope.ts'
import { kekOf, primaryVersion } from './master-keys.ts'

/** A draft is sealed once; sealed anew under another master key it is the same draft. */
const VERSION = 1

const placeOf = (tenant: string, record: string): Place => ({
  purpose: 'write draft',
  tenant,
  record,
  version: VERSION,
})

/** @throws ConfigurationFault when the deployment has no usable master key */
export const sealDraft = async (
  env: Env,
  accountId: string,
  draftId: string,
  body: unknown,
): Promise<Sealed> => {
  const keyVersion = primaryVersion(env)
  const plain = new TextEncoder().encode(JSON.stringify(body))
  return sealRecord(await kekOf(env, keyVersion), keyVersion, placeOf(accountId, draftId), plain)
}

/** @throws EnvelopeFault when it does not open; ConfigurationFault when its master key is missing */
export const openDraft = async <Body>(
  env: Env,
  accountId: string,
  draftId: string,
  sealed: Sealed,
): Promise<Body> => {
  const place = placeOf(accountId, draftId)
  const plain = await openRecord((version) => kekOf(env, version), place, sealed)
  return JSON.parse(new TextDecoder().decode(plain)) as Body
}
