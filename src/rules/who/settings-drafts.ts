/** Changes of settings that loosen and wait: for another person, or, where the admin key asked, for 24 hours. Pure. */
import { DAY_MS } from '../../core/time.ts'
import type { PrincipalKind } from './four-eyes.ts'
import type { Role } from './roles.ts'

/** How long a change waits for another person. */
export const SETTINGS_DRAFT_MS = 3 * DAY_MS
/** After so long what the admin key loosened acts. */
const ROOT_MS = DAY_MS
/** After so long it acts although nobody is left who could have canceled it: else a company would be locked out. */
export const ROOT_ALONE_MS = 7 * DAY_MS

export const SETTINGS_STATES = ['pending', 'agreed', 'rejected', 'lapsed', 'expired', 'canceled'] as const
export type SettingsState = (typeof SETTINGS_STATES)[number]

/** Who may agree, for every account that a change reaches. */
export const AGREE: readonly Role[] = ['manage', 'admin', 'approve']

/** What is changed: the API's name of it, and how people call it. */
export type SettingsTarget = {
  kind: 'mcp_server' | 'account' | 'secret' | 'person' | 'api_token' | 'deployment'
  id: string
  name: string
}

/** Who asked, by the key that they asked with. */
export type Asker = {
  kind: PrincipalKind
  /** Every id under which they may have been recorded. */
  ids: readonly string[]
  /** Who issued the key, or the key that it was issued with: they have seen it. Empty: nobody did. */
  issuers: readonly string[]
}

/** Who wants to decide, by the key that they decide with. */
export type SettingsDecider = Asker & {
  /** Since when they hold a role for every account that is reached; null: they do not. */
  agreesSince: number | null
  /** Whether they hold one for any of them. */
  holdsAny: boolean
  /** Whether they hold `approve` for any of them. */
  approvesAny: boolean
}

const ISSUED =
  'Who issued an API token has seen it, so that the two count as one where one issued the token of the other, or somebody else issued both. Use a token that nobody behind the other issued, or sign in with the company.'

const handsOf = ({ ids, issuers }: Asker): readonly string[] => [...ids, ...issuers]

/** Whether one human being may have both keys: one of the two has seen the other's, or a third has seen both. */
const sharesKey = (one: Asker, other: Asker): boolean =>
  handsOf(one).some((id) => handsOf(other).includes(id))

const isSame = (one: Asker, other: Asker): boolean => one.ids.some((id) => other.ids.includes(id))

/**
 * Why somebody may not agree to a change; null: they may.
 * @param askedAt milliseconds since the epoch
 */
export const agreementProblem = (asker: Asker, by: SettingsDecider, askedAt: number): string | null => {
  if (by.kind !== 'person') return 'Only a person may agree to a change of settings.'
  if (asker.kind === 'root')
    return 'What the admin key loosens acts by itself when its time has come, and nobody can make it act earlier. Whoever approves can cancel it. To have it sooner, a person asks for the same, and another agrees.'
  if (isSame(asker, by)) return 'Who asked for a change may not agree to it.'
  if (sharesKey(asker, by)) return ISSUED
  if (by.agreesSince === null)
    return 'This needs the role manage, admin or approve for every account that the change reaches.'
  return by.agreesSince >= askedAt ? 'Your role must be older than the change that was asked for.' : null
}

/** Why somebody may not stop a change; null: they may. Whoever asked may withdraw it. */
export const rejectionProblem = (asker: Asker, by: SettingsDecider): string | null => {
  if (isSame(asker, by)) return null
  if (by.kind !== 'person') return 'Only a person, or whoever asked, may stop a change of settings.'
  if (asker.kind === 'root')
    return by.approvesAny ? null : 'This needs the role approve for an account that the change reaches.'
  return by.holdsAny
    ? null
    : 'This needs the role manage, admin or approve for an account that the change reaches.'
}

/** A key with which somebody could ask or agree. */
export type AgreeingKey = { person: string; issuers: readonly string[] }

const handsOfKey = ({ person, issuers }: AgreeingKey): readonly string[] => [person, ...issuers]

/** Whether two persons hold keys that nobody has both seen: else turning the rule on would lock everybody out. */
export const twoQualify = (keys: readonly AgreeingKey[]): boolean =>
  keys.some((one) => keys.some((other) => !handsOfKey(one).some((id) => handsOfKey(other).includes(id))))

type Timed = { state: SettingsState; expires_at: number }

/** What nobody decided in time is expired. */
export const presentSettings = <Any extends Timed>(draft: Any, now: number): Any =>
  draft.state === 'pending' && now >= draft.expires_at ? { ...draft, state: 'expired' } : draft

/** When the admin key's change may act. @param watched whether somebody is there who could cancel it */
export const rootActsAt = (askedAt: number, watched: boolean): number =>
  askedAt + (watched ? ROOT_MS : ROOT_ALONE_MS)
