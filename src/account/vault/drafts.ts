/** Arguments of drafts: sealed like a credential, kept in the account's object, erased once a draft is decided. */
import type { Env } from '../../core/env.ts'
import { accountObject, draftsOf } from '../account-stub.ts'
import { keyVersionOf, openRecord, type Place, type Sealed, sealRecord } from './envelope.ts'
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

/** Seals what drafts of an account hold under the primary master key. One decided meanwhile needs none any more. */
export const resealDrafts = async (env: Env, accountId: string): Promise<'resealed'[]> => {
  const object = accountObject(env, accountId)
  const outcomes: 'resealed'[] = []
  for (const id of await draftsOf(object).listSealed()) {
    const sealed = (await draftsOf(object).read(id))?.sealed
    if (!sealed || keyVersionOf(sealed.wrapped_key) === primaryVersion(env)) continue
    const body = await openDraft(env, accountId, id, sealed)
    const anew = await sealDraft(env, accountId, id, body)
    if (await draftsOf(object).reseal(id, sealed.wrapped_key, anew)) outcomes.push('resealed')
  }
  return outcomes
}
