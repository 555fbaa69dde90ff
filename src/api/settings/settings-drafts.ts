/** `/settings-draft`: changes of settings that loosen and wait for another person, and the decision about each. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, serversOf } from '../../account/account-stub.ts'
import { settingsOf } from '../../account/directory-stub.ts'
import type { SettingsDraft } from '../../account/tables/drafts/settings-drafts.ts'
import type { Deciding } from '../../account/waiting/settings-drafts.ts'
import type { SeenSettings } from '../../account/waiting/waiting-settings.ts'
import { type ConfigChange, mergeConfig, ServerConfigInput } from '../../rules/server-settings.ts'
import { holds } from '../../rules/who/roles.ts'
import { AGREE, SETTINGS_STATES } from '../../rules/who/settings-drafts.ts'
import { summaryFor } from '../../tools/visible/summary.ts'
import { isoOf, maybeText, pageAnswer, paged, time, uuid } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { ApiError, lacksRole } from '../errors.ts'
import { DecisionInput, idOf, Page } from '../input.ts'
import { idsWithin, NamesAnswer, namesIn } from '../people/names.ts'
import { type Asked, route } from '../route.ts'
import { type Acting, actOn, actWhenDue } from './settings-acting.ts'

export const SettingsDraftAnswer = z
  .object({
    id: uuid,
    state: z.enum(SETTINGS_STATES),
    action: z.string().describe('The call that waits.'),
    target: z.object({ kind: z.string(), id: z.string(), name: z.string() }).describe('What it is about.'),
    integrated_account_ids: z.array(uuid).nullable().describe('Accounts that it reaches; null: all.'),
    loosens: z
      .array(z.object({ key: z.string(), before: z.unknown(), after: z.unknown() }))
      .describe('Keys with what stood there and what is to stand there; secrets masked.'),
    names: NamesAnswer,
    reaches: z.array(z.string()).describe('MCP servers that it changes as well.'),
    asleep: z.boolean().describe('true: what is asked for exists already, and lets nobody in so far.'),
    summary: z
      .object({
        now: z.string().describe('What the server may do now, in plain English.'),
        after: z.string(),
      })
      .optional()
      .describe('Of an MCP server: what it may do now, and once it is agreed.'),
    asked_by: z
      .object({ id: uuid, name: z.string(), kind: z.enum(['person', 'system', 'root']) })
      .describe('Who asked for it.'),
    created_at: time,
    expires_at: time,
    acts_at: time
      .nullable()
      .describe('When it acts by itself, which whoever approves can cancel; null: not.'),
    decided_at: time.nullable(),
    decided_by: z.object({ id: z.string(), name: z.string() }).nullable(),
    decision_reason: maybeText.describe('Why it was rejected, or lapsed.'),
    cannot_agree: maybeText.optional().describe('Why whoever asks may not agree; null: they may.'),
    cannot_stop: maybeText.optional().describe('Why whoever asks may not stop it; null: they may.'),
  })
  .meta({ id: 'SettingsDraft' })

const Drafts = Page.extend({ state: z.enum(SETTINGS_STATES).optional() })

const shown = (draft: SettingsDraft) => {
  const { asker, decided_by, decider_name } = draft
  return {
    id: draft.id,
    state: draft.state,
    action: draft.action,
    target: draft.target,
    integrated_account_ids: draft.accounts,
    loosens: draft.loosens,
    reaches: draft.reaches,
    asleep: draft.wakes,
    asked_by: { id: asker.id, name: asker.name, kind: asker.kind },
    created_at: isoOf(draft.created_at),
    expires_at: isoOf(draft.expires_at),
    acts_at: isoOf(draft.acts_at),
    decided_at: isoOf(draft.decided_at),
    decided_by: decided_by === null ? null : { id: decided_by, name: decider_name ?? decided_by },
    decision_reason: draft.reason,
  }
}

const unknownSettings = () =>
  new ApiError(404, 'There is no change of settings with this id that you may see.')

const READ = [...AGREE, 'audit'] as const

/** Whoever has a role for an account that is reached, or asked for it. */
const isVisible = (c: Context<App>, { accounts, asker }: SettingsDraft): boolean => {
  const { id, grants } = actorIn(c)
  const roleFor = (account: string | null) => READ.some((role) => holds(grants, role, account))
  return asker.id === id || roleFor(null) || (accounts ?? []).some(roleFor)
}

const decidingIn = (c: Context<App>): Deciding => {
  const { id, kind, name, issuers } = actorIn(c)
  return { id, kind, name, issuers: [...issuers] }
}

const actingIn = (c: Context<App>): Acting => ({
  env: c.env,
  origin: new URL(c.req.url).origin,
  replay: c.get('replay'),
})

/** Should the alarm be late, whoever looks sees what is. */
const actDue = async (c: Context<App>): Promise<void> => {
  for (const id of await settingsOf(c.env).due()) await actWhenDue(actingIn(c), id)
}

/** @throws ApiError 404 */
const seen = async (c: Context<App>): Promise<SeenSettings> => {
  await actDue(c)
  const id = idOf(c, 'settings')
  const found = id === null ? null : await settingsOf(c.env).read(id, decidingIn(c))
  if (!found || !isVisible(c, found.draft)) throw unknownSettings()
  return found
}

const list = async ({ c, query }: Asked<z.infer<typeof Drafts>, unknown>) => {
  await actDue(c)
  const { limit, next_cursor: before = Number.MAX_SAFE_INTEGER, state = null } = query
  const { drafts, next } = await settingsOf(c.env).list({ limit, before, state })
  return paged(
    drafts.filter((draft) => isVisible(c, draft)),
    next,
    shown,
  )
}

/** What a server may do before and after a change; null: it is about none that is there. */
const summariesOf = async (c: Context<App>, { target, accounts, loosens }: SettingsDraft) => {
  const [accountId] = accounts ?? []
  if (target.kind !== 'mcp_server' || accountId === undefined) return null
  const placed = await serversOf(accountObject(c.env, accountId)).placed(target.id)
  if (!placed) return null
  const { server, account } = placed
  const after = Object.fromEntries(loosens.map((one) => [one.key, one.after]))
  const config = Object.fromEntries(Object.entries(after).filter(([key]) => key in ServerConfigInput.shape))
  const end = isoOf(server.expires_at)
  return {
    now: summaryFor(server.config, account, end),
    after: summaryFor(
      mergeConfig(server.config, config as ConfigChange),
      account,
      'expires_at' in after ? (after.expires_at as string | null) : end,
    ),
  }
}

const read = async ({ c }: Asked<unknown, unknown>) => {
  const { draft, cannot_agree, cannot_stop } = await seen(c)
  const [names, summary] = await Promise.all([
    namesIn(c, idsWithin(draft.loosens)),
    draft.state === 'pending' ? summariesOf(c, draft) : null,
  ])
  const answer = { ...shown(draft), names, ...(summary && { summary }) }
  return draft.state === 'pending' ? { ...answer, cannot_agree, cannot_stop } : answer
}

const NOT_BY_THIS_KEY =
  'Your key lacks the role manage, admin or approve for every account that the change reaches.'

/** A person may hold more than the key that they decide with. */
const reachesAll = (c: Context<App>, { accounts }: SettingsDraft): boolean =>
  (accounts ?? [null]).every((account) => AGREE.some((role) => holds(actorIn(c).grants, role, account)))

type Decides = Asked<unknown, z.infer<typeof DecisionInput>>

const decided = async ({ c, body }: Decides, how: 'agree' | 'reject') => {
  const { draft } = await seen(c)
  c.set('settingsDraft', draft.id)
  if (how === 'agree' && !reachesAll(c, draft)) throw lacksRole(AGREE, NOT_BY_THIS_KEY)
  const decision = { how, by: decidingIn(c), reason: body.reason || null }
  const outcome = await settingsOf(c.env).decide(draft.id, decision)
  if (outcome.kind === 'unknown') throw unknownSettings()
  if (outcome.kind === 'refused')
    throw new ApiError(outcome.forbidden ? 403 : 409, outcome.why).by(
      outcome.forbidden ? 'four_eyes' : 'draft_decided',
    )
  return outcome
}

const agree = async (asked: Decides) => {
  const { c } = asked
  const taken = await decided(asked, 'agree')
  const { id, name } = actorIn(c)
  const why = await actOn(actingIn(c), taken, { id, name, reason: asked.body.reason || null })
  if (why !== null) throw new ApiError(409, `This change lapsed: ${why} Whoever wants it asks anew.`)
  return shown(taken.draft)
}

const ONE = '/settings-draft/:settings'

export const settingsDraftRoutes = [
  route('GET', '/settings-draft', 'listSettingsDrafts', {
    role: READ,
    says: 'List changes of settings that wait, or waited, for another person',
    query: Drafts,
    answer: pageAnswer(SettingsDraftAnswer),
    handler: list,
  }),
  route('GET', ONE, 'getSettingsDraft', {
    role: READ,
    says: 'Show a change of settings with before and after, and whether you may agree to it',
    answer: SettingsDraftAnswer,
    handler: read,
  }),
  route('POST', `${ONE}/agree`, 'agreeToSettings', {
    role: AGREE,
    fails: [409],
    says: 'Agree to a change that somebody else asked for; it acts once, as who asked',
    body: DecisionInput,
    example: { reason: 'As discussed' },
    bodyOptional: true,
    answer: SettingsDraftAnswer,
    handler: agree,
  }),
  route('POST', `${ONE}/reject`, 'rejectSettings', {
    role: AGREE,
    fails: [409],
    says: 'Stop a change that waits: reject it, withdraw your own, or cancel what the admin key loosened',
    body: DecisionInput,
    example: { reason: 'Too wide' },
    bodyOptional: true,
    answer: SettingsDraftAnswer,
    handler: async (asked) => shown((await decided(asked, 'reject')).draft),
  }),
]
