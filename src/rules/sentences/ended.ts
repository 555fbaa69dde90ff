/** What became of what was decided already, for who decides on it again: whether it may be made anew is the point. Pure. */
import { DRAFT_MS, type Draft, type DraftEvent } from '../drafts.ts'
import { type KnownBy, knownBy } from '../unknown.ts'
import type { SettingsState } from '../who/settings-drafts.ts'
import type { Kept, WriteState } from '../write-contract.ts'

/** `key`: its idempotency key. `decisionReason`: why, as whoever ended it said. */
type Ended = Pick<Draft, 'id' | 'state' | 'created_at'> & {
  key: string
  decidedAt: number | null
  deciderName: string | null
  decisionReason: string | null
  outcome: { state: WriteState; kept: Kept | null } | null
}

type Again = DraftEvent['kind']

const minute = (at: number): string => `${new Date(at).toISOString().slice(0, 16)}Z`

/** Who, when and why: a reason is quoted, since alone it reads like a state. */
const byWords = (how: string, at: number | null, name: string | null, reason: string | null): string =>
  [how, at !== null && `at ${minute(at)}`, name !== null && `by ${name}`, reason && `(reason: “${reason}”)`]
    .filter(Boolean)
    .join(' ')

const AGAIN: Readonly<Record<Again, string>> = {
  approve: 'This second approval sent nothing more.',
  reject: 'It cannot be rejected any more.',
  cancel: 'It cannot be withdrawn any more.',
  execute: 'Nothing more was sent.',
}

const ANEW = 'If it is still wanted, have it made anew.'
const NOT_ANEW = 'Do not have it made again.'

const lookUp = (key: string): string =>
  `Look it up first, at Finexio or among the writes whose outcome is unknown (idempotency_key ${key}), and do not have it made again before that is clear.`

/** What was found out of one that Finexio did not answer. */
const FOUND: Readonly<Record<KnownBy, Readonly<Record<'succeeded' | 'rejected', string>>>> = {
  look: {
    succeeded: 'it was found at Finexio',
    rejected: 'a look at Finexio did not find it, so it counts as not carried out',
  },
  person: {
    succeeded: 'a person concluded that it was carried out',
    rejected: 'a person concluded that it was not carried out',
  },
}

type Outcome = NonNullable<Ended['outcome']>

/** What is known of one that Finexio took in part, or may have. */
const inPart = ({ state, kept }: Outcome): string | null => {
  if (state === 'succeeded' && kept?.incomplete === true) return 'Finexio carried out a part of it'
  if (kept?.partial !== true) return null
  if (state === 'succeeded') return 'Finexio accepted it, but its answer does not confirm all of it'
  return state === 'rejected' ? 'Finexio refused the batch, of which it may have stored a part' : null
}

/** What came of an approved one, and what that means for making it again. */
const cameOf = ({ outcome, key }: Ended, again: string): string => {
  const { state, kept } = outcome ?? { state: 'claimed', kept: null }
  const part = inPart({ state, kept })
  if (part !== null) return `, and ${part}. ${again} ${lookUp(key)}`
  const by = knownBy(kept)
  if (by !== null && (state === 'succeeded' || state === 'rejected'))
    return `, and left; ${FOUND[by][state]}. ${again} ${state === 'succeeded' ? NOT_ANEW : ANEW}`
  if (state === 'succeeded') return `, and Finexio accepted it. ${again} ${NOT_ANEW}`
  if (state === 'rejected')
    return `, and Finexio refused it, so it was not carried out. ${again} Finexio's answer is on its page. ${ANEW}`
  if (state === 'not_sent') return `, and failed before it left, so it was not carried out. ${again} ${ANEW}`
  if (state === 'unknown')
    return `, and left, but no clear answer came: it may have been carried out. ${again} ${lookUp(key)}`
  return `, and is under way. ${again} Look in a minute what came of it. ${NOT_ANEW}`
}

/** @param again what somebody wanted to do with it. Whoever withdraws is a program: it learns no names of those who decide */
export const endedWords = (draft: Ended, again: Again): string => {
  const { id, state, decidedAt, decisionReason, created_at } = draft
  const name = again === 'cancel' ? null : draft.deciderName
  const by = (how: string) => `Draft ${id} ${byWords(how, decidedAt, name, decisionReason)}`
  if (state === 'executed' || state === 'approved') return by('was approved') + cameOf(draft, AGAIN[again])
  const nothing = `: it was not carried out, and nothing was sent to Finexio. ${ANEW}`
  if (state === 'expired')
    return `Draft ${id} expired, since nobody decided on it by ${minute(created_at + DRAFT_MS)}${nothing}`
  return by(`was ${state}`) + nothing
}

type EndedSettings = {
  id: string
  state: SettingsState
  decided_at: number | null
  decided_by: string | null
  decider_name: string | null
  reason: string | null
}

/** The same of a change of settings. */
export const endedSettingsWords = (draft: EndedSettings): string => {
  const { id, state, decided_at, decided_by, reason } = draft
  const name = decided_by === null ? null : (draft.decider_name ?? decided_by)
  if (state === 'agreed') {
    const how = name === null ? 'acted by itself' : 'was agreed to'
    return `Change ${id} ${byWords(how, decided_at, name, reason)}, and has taken effect. Nothing more was changed now, and it need not be asked for anew.`
  }
  const how = state === 'lapsed' || state === 'expired' ? state : `was ${state}`
  const ended = byWords(how, decided_at, name, reason)
  return `Change ${id} ${ended}: it did not take effect. Whoever still wants it asks anew.`
}
