/** Lets act what another person agreed to, or whose time has come: the same request once more, as who asked for it. */
import { accountObject, serversOf } from '../../account/account-stub.ts'
import type { Cause } from '../../account/audit/changing.ts'
import { issuedBy } from '../../account/audit/entry.ts'
import { directoryObject, settingsOf } from '../../account/directory-stub.ts'
import type { SettingsDraft } from '../../account/tables/drafts/settings-drafts.ts'
import type { Sealed } from '../../account/vault/envelope.ts'
import { openSettings } from '../../account/vault/settings-drafts.ts'
import { hexOf } from '../../core/bytes.ts'
import type { Env } from '../../core/env.ts'
import { adminKeyDigest } from '../../identity/session.ts'
import type { Agreed, Replay } from '../auth.ts'

/** What acting needs. `origin`: under which the deployment is reached. */
export type Acting = { env: Env; origin: string; replay: Replay }

type Taken = { draft: SettingsDraft; sealed: Sealed | null }

const CHANGED = 'it is gone, or was changed since it was asked for.'

/** Who made what wakes now, and who agreed to it. */
const wakingCause = async (
  env: Env,
  { asker, action, id }: SettingsDraft,
  by: Agreed['by'],
): Promise<Cause> => ({
  request_id: crypto.randomUUID(),
  actor_id: asker.id,
  actor_name: asker.name,
  actor_kind: asker.kind,
  action,
  changed: ['asleep'],
  settings_draft_id: id,
  ...issuedBy(asker.issuers, await settingsOf(env).namesOf(asker.issuers)),
  ...(by && { agreed_by: by.id, agreed_by_name: by.name }),
  ...(by?.reason != null && { agreed_reason: by.reason }),
})

const wake = async (env: Env, draft: SettingsDraft, by: Agreed['by']): Promise<boolean> => {
  const { id, target, accounts, digest } = draft
  const cause = await wakingCause(env, draft, by)
  return target.kind === 'mcp_server'
    ? (await serversOf(accountObject(env, accounts![0]!)).wake(target.id, id, digest, cause)) === true
    : (await directoryObject(env).wakeApiToken(target.id, id, cause)) !== null
}

const replayed = async ({ env, origin, replay }: Acting, { draft, sealed }: Taken, by: Agreed['by']) => {
  if (!sealed) return 'what was asked for is not kept any more.'
  const { id, action, path, asker, digest } = draft
  const request = new Request(origin + path, {
    method: action.split(' ', 1)[0]!,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(await openSettings(env, id, sealed)),
  })
  const actor = {
    id: asker.id,
    name: asker.name,
    kind: asker.kind,
    grants: asker.grants,
    token: null,
    issuers: asker.issuers,
    issuerNames: await settingsOf(env).namesOf(asker.issuers),
  }
  const response = await replay(request, { draftId: id, digest, by, actor }, env)
  if (response.ok) return null
  const { message } = (await response.json()) as { message?: string }
  return message ?? 'it could not be done any more.'
}

const outcomeOf = async (acting: Acting, taken: Taken, by: Agreed['by']): Promise<string | null> => {
  if (!taken.draft.wakes) return replayed(acting, taken, by)
  return (await wake(acting.env, taken.draft, by)) ? null : CHANGED
}

/**
 * Lets a change act that was just taken for it.
 * @param by who agreed; null: nobody, since its time has come
 * @returns why it lapsed instead; null: it acts
 */
export const actOn = async (acting: Acting, taken: Taken, by: Agreed['by']): Promise<string | null> => {
  const fault = () => 'a fault on the side of this server kept it from acting.'
  const why = await outcomeOf(acting, taken, by).catch(fault)
  if (why !== null) await settingsOf(acting.env).failed(taken.draft.id, why)
  return why
}

/** Lets act what the admin key loosened, now that its time has come. */
export const actWhenDue = async (acting: Acting, id: string): Promise<void> => {
  const taken = await settingsOf(acting.env).takeDue(id, hexOf(await adminKeyDigest(acting.env)))
  if (taken?.kind === 'decided') await actOn(acting, taken, null)
}
