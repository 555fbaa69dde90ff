/**
 * Arguments of drafts: sealed like a credential, kept in the account's object, erased once a draft is decided. And their pages: what
 * those who decide are shown, masked, kept as long as the draft.
 */
import type { Env } from '../../core/env.ts'
import { accountObject, draftsOf } from '../account-stub.ts'
import { isSealedUnderPrimary, openValue, type Place, type Sealed, sealValue } from './envelope.ts'

/** Record version in the envelope of every draft: encrypting it again under another master key does not make another version. */
const VERSION = 1

const placeFor =
  (purpose: string) =>
  (tenant: string, record: string): Place => ({ purpose, tenant, record, version: VERSION })

/** What is kept of a draft, by the table that keeps it. */
const PLACES = { draft: placeFor('write draft'), draft_page: placeFor('draft page') } as const
type Kept = keyof typeof PLACES

/** @throws ConfigurationFault when the deployment has no usable master key */
const sealIn = (env: Env, kept: Kept, accountId: string, draftId: string, value: unknown): Promise<Sealed> =>
  sealValue(env, PLACES[kept](accountId, draftId), value)

/** @throws EnvelopeFault when it does not open; ConfigurationFault when its master key is missing */
const openIn = <Value>(
  env: Env,
  kept: Kept,
  accountId: string,
  draftId: string,
  sealed: Sealed,
): Promise<Value> => openValue<Value>(env, PLACES[kept](accountId, draftId), sealed)

/** @throws ConfigurationFault when the deployment has no usable master key */
export const sealDraft = (env: Env, accountId: string, draftId: string, body: unknown): Promise<Sealed> =>
  sealIn(env, 'draft', accountId, draftId, body)

/** @throws EnvelopeFault when it does not open; ConfigurationFault when its master key is missing */
export const openDraft = <Body>(
  env: Env,
  accountId: string,
  draftId: string,
  sealed: Sealed,
): Promise<Body> => openIn<Body>(env, 'draft', accountId, draftId, sealed)

/** @throws ConfigurationFault when the deployment has no usable master key */
export const sealPage = (env: Env, accountId: string, draftId: string, page: unknown): Promise<Sealed> =>
  sealIn(env, 'draft_page', accountId, draftId, page)

/** @throws EnvelopeFault when it does not open; ConfigurationFault when its master key is missing */
export const openPage = <Page>(env: Env, accountId: string, draftId: string, sealed: Sealed): Promise<Page> =>
  openIn<Page>(env, 'draft_page', accountId, draftId, sealed)

/**
 * What is told of the page of each draft, in their order; null where none is kept or it does not open. The account is asked as often as it
 * takes, and of no page more is held than what is told: a hundred full ones are more than an answer, or a Worker, holds.
 * @param failed gets why one does not open
 */
export const readPages = async <Page, Told>(
  { env, accountId, ids }: { env: Env; accountId: string; ids: readonly string[] },
  tell: (page: Page, id: string) => Told,
  failed: (error: unknown) => void,
): Promise<(Told | null)[]> => {
  const told: (Told | null)[] = []
  while (told.length < ids.length) {
    const left = ids.slice(told.length)
    const pages = await draftsOf(accountObject(env, accountId)).pages(left)
    const opening = pages.map(async (page, at) => {
      const id = left[at]!
      return page && tell(await openPage<Page>(env, accountId, id, page), id)
    })
    for (const one of await Promise.allSettled(opening)) {
      if (one.status === 'rejected') failed(one.reason)
      told.push(one.status === 'fulfilled' ? one.value : null)
    }
  }
  return told
}

const resealKept = async (env: Env, accountId: string, kept: Kept): Promise<'resealed'[]> => {
  const object = accountObject(env, accountId)
  const outcomes: 'resealed'[] = []
  for (const id of await draftsOf(object).listSealed(kept)) {
    const opened = await draftsOf(object).read(id)
    const sealed = kept === 'draft' ? opened?.sealed : opened?.page
    if (!sealed || isSealedUnderPrimary(env, sealed)) continue
    const value = await openIn(env, kept, accountId, id, sealed)
    const anew = await sealIn(env, kept, accountId, id, value)
    if (await draftsOf(object).reseal(kept, id, sealed.wrapped_key, anew)) outcomes.push('resealed')
  }
  return outcomes
}

/** Encrypts what is kept of an account's drafts again, under the primary master key. Drafts decided meanwhile have no arguments any more. */
export const resealDrafts = async (env: Env, accountId: string): Promise<'resealed'[]> => [
  ...(await resealKept(env, accountId, 'draft')),
  ...(await resealKept(env, accountId, 'draft_page')),
]
