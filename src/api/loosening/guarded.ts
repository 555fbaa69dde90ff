/** Keeps what loosens until another person agrees, and lets act what was agreed to. For every route that can loosen. */
import type { Context } from 'hono'
import { shownSetting } from '../../account/audit/settings-now.ts'
import { settingsOf } from '../../account/directory-stub.ts'
import type { SettingsDraft } from '../../account/tables/drafts/settings-drafts.ts'
import { sealSettings, settingsDigest } from '../../account/vault/settings-drafts.ts'
import { hexOf } from '../../core/bytes.ts'
import { adminKeyDigest } from '../../identity/session.ts'
import type { Difference } from '../../rules/who/loosens.ts'
import type { Role } from '../../rules/who/roles.ts'
import type { SettingsTarget } from '../../rules/who/settings-drafts.ts'
import { isoOf } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { ApiError } from '../errors.ts'
import type { Judged } from './judged.ts'

type Waits = NonNullable<Judged['waits']>

/** What a handler gets beside the body. */
export type Given = { present: unknown; asleep: string | null }
type Act = (body: unknown, given: Given) => Promise<unknown>

/** Whether loosening takes a second person now; what was agreed to is compared in any case. `noted`: no, but changes wait that were asked for while it did. */
export const guardOf = async (c: Context<App>): Promise<'guarded' | 'noted' | 'none'> => {
  if (c.get('agreed') !== undefined) return 'guarded'
  return settingsOf(c.env).guard()
}

/** What changes at once ends what waits for the same keys. */
export const noted = async (
  c: Context<App>,
  judged: Judged,
  act: () => Promise<unknown>,
): Promise<unknown> => {
  const { target, touches, waits } = judged
  const answer = await act()
  const keys = [...touches, ...(waits?.loosens ?? []).map(({ key }) => key)]
  if (target.id !== '') await touch(c, target, keys)
  return answer
}

const digestFor = (c: Context<App>, target: SettingsTarget, loosens: readonly Difference[]) =>
  settingsDigest(c.env, target, loosens)

const shownDifference = ({ key, before, after }: Difference): Difference => ({
  key,
  before: shownSetting(key, before ?? null),
  after: shownSetting(key, after ?? null),
})

const touch = (c: Context<App>, target: SettingsTarget, keys: readonly string[]): Promise<void> =>
  settingsOf(c.env).touch(target, [...keys], c.get('agreed')?.draftId ?? null)

const TOO_MANY =
  'You have as many changes waiting for another person as you may: have some of them decided or withdrawn first.'

type Kept = {
  target: SettingsTarget
  waits: Waits
  digest: string
  id: string
  roles: readonly Role[]
}

const kept = async (
  c: Context<App>,
  { accounts, until = null }: Judged,
  { target, waits, digest, id, roles }: Kept,
) => {
  const { id: askerId, name, kind, grants, issuers, token } = actorIn(c)
  c.set('about', { ...c.get('about'), target_name: target.name })
  const key = kind === 'root' ? hexOf(await adminKeyDigest(c.env)) : token
  const { pathname } = new URL(c.req.url)
  const proposed = await settingsOf(c.env).propose({
    id,
    action: waits.change?.action ?? `${c.req.method} ${c.get('template')}`,
    path: waits.change?.path(target.id) ?? pathname,
    accounts: accounts && [...accounts],
    target,
    wakes: waits.body === null,
    loosens: waits.loosens.map(shownDifference),
    reaches: [...(waits.reaches ?? [])],
    digest,
    asker: { id: askerId, name, kind, issuers: [...issuers], grants: [...grants], key },
    roles: [...(waits.roles ?? roles)],
    acts_at: null,
    until,
    sealed: waits.body === null ? null : await sealSettings(c.env, id, waits.body),
  })
  if (proposed.kind === 'too_many') throw new ApiError(409, TOO_MANY)
  return proposed.draft
}

/** What whoever asked is told. */
const notice = ({ id, acts_at, loosens, expires_at }: SettingsDraft) => ({
  settings_draft_id: id,
  waits_for: acts_at === null ? 'a second person' : '24 hours',
  loosens,
  acts_at: isoOf(acts_at),
  waits_until: isoOf(expires_at),
})

type Made = { act: Act; body: unknown; status: 200 | 201 }
type Making = (
  c: Context<App>,
  judged: Judged,
  waits: Waits,
  roles: readonly Role[],
  made: Made,
) => Promise<Response>

/** Made at once without anything that loosens; the rest is a change of it, which waits. */
const madeBare: Making = async (c, judged, waits, roles, made) => {
  const answer = (await made.act(judged.now, { present: judged.present, asleep: null })) as { id: string }
  const target = { ...judged.target, id: answer.id }
  const digest = await digestFor(c, target, waits.loosens)
  const draft = await kept(c, judged, { target, waits, digest, id: crypto.randomUUID(), roles })
  return c.json({ ...answer, asleep: true, ...notice(draft) }, made.status)
}

/** Made at once, but it lets nobody in. Who made it gets the secret, as ever. */
const madeAsleep: Making = async (c, judged, waits, roles, made) => {
  const id = crypto.randomUUID()
  c.set('settingsDraft', id)
  const answer = (await made.act(made.body, { present: judged.present, asleep: id })) as { id: string }
  const target = { ...judged.target, id: answer.id }
  await touch(c, target, judged.touches)
  const digest = (await waits.state?.(answer.id)) ?? ''
  const draft = await kept(c, judged, { target, waits, digest, id, roles })
  return c.json({ ...answer, asleep: true, ...notice(draft) }, made.status)
}

/** What was agreed to acts only if it makes the very difference that was seen. */
const agreedTo = async (c: Context<App>, { target, waits, present }: Judged, { act, body }: Made) => {
  const { digest } = c.get('agreed')!
  if (!waits || (await digestFor(c, target, waits.loosens)) !== digest)
    throw new ApiError(409, 'what it changes is not any more as it was when it was asked for.')
  const answer = await act(body, { present, asleep: null })
  await touch(
    c,
    target,
    waits.loosens.map(({ key }) => key),
  )
  return answer
}

/**
 * Lets act what only narrows, and keeps the rest.
 * @param roles of the route
 * @returns what the handler answers, or a response that says what waits
 */
export const guarded = async (
  c: Context<App>,
  judged: Judged,
  roles: readonly Role[],
  made: Made,
): Promise<unknown> => {
  if (c.get('agreed')) return agreedTo(c, judged, made)
  const { target, waits, now, touches, present } = judged
  if (waits?.change) return madeBare(c, judged, waits, roles, made)
  if (waits?.body === null) return madeAsleep(c, judged, waits, roles, made)
  if (!waits || now !== null) {
    const answer = await made.act(waits ? now : made.body, { present, asleep: null })
    await touch(c, target, touches)
    if (!waits) return answer
  }
  const digest = await digestFor(c, target, waits.loosens)
  const draft = await kept(c, judged, { target, waits, digest, id: crypto.randomUUID(), roles })
  return c.json({ ...notice(draft), acted: now === null ? [] : touches }, 202)
}
