/** Arguments of drafts: sealed like a credential, kept in the account's object, erased once a draft is decided. */
import type { Env } from '../../core/env.ts'
import { accountObject, draftsOf } from '../account-stub.ts'
import { isSealedUnderPrimary, openValue, type Place, type Sealed, sealValue } from './envelope.ts'

/** Record version in the envelope of every draft: encrypting it again under another master key does not make another version. */
const VERSION = 1

const placeOf = (tenant: string, record: string): Place => ({
  purpose: 'write draft',
  tenant,
  record,
  version: VERSION,
})

/** @throws ConfigurationFault when the deployment has no usable master key */
export const sealDraft = (env: Env, accountId: string, draftId: string, body: unknown): Promise<Sealed> =>
  sealValue(env, placeOf(accountId, draftId), body)

/** @throws EnvelopeFault when it does not open; ConfigurationFault when its master key is missing */
export const openDraft = <Body>(
  env: Env,
  accountId: string,
  draftId: string,
  sealed: Sealed,
): Promise<Body> => openValue<Body>(env, placeOf(accountId, draftId), sealed)

/** Encrypts the arguments of an account's drafts again, under the primary master key. Drafts decided meanwhile have none any more. */
export const resealDrafts = async (env: Env, accountId: string): Promise<'resealed'[]> => {
  const object = accountObject(env, accountId)
  const outcomes: 'resealed'[] = []
  for (const id of await draftsOf(object).listSealed()) {
    const sealed = (await draftsOf(object).read(id))?.sealed
    if (!sealed || isSealedUnderPrimary(env, sealed)) continue
    const body = await openDraft(env, accountId, id, sealed)
    const anew = await sealDraft(env, accountId, id, body)
    if (await draftsOf(object).reseal(id, sealed.wrapped_key, anew)) outcomes.push('resealed')
  }
  return outcomes
}
