/** Who may decide on a draft: a second person, who was not involved in making it. Pure. */
import type { Holder } from '../admission.ts'

/** A person, a system, or `root`, the holder of the deployment's admin key. */
export type PrincipalKind = Holder['kind'] | 'root'

/** The id of `root`, which is no person: what it made or issued binds nobody. */
export const ROOT_ID = '00000000-0000-0000-0000-000000000000'

/** Who decides, and by which API token; null: they signed in at the company's identity provider. */
export type DecidedBy = { person: string; token: string | null }

/** Who was involved in a draft before the decision: ids of people and systems. */
export type Hands = {
  /** Who called, as far as it is known: the holder of the key that was brought, else the holder of the server, with its name. */
  caller: (Holder & { name?: string }) | null
  /** Whether the caller proved who they are, by a key or by signing in; absent: nobody knows. */
  keyed?: boolean
  /** Who issued the key of the caller, or the key that it was issued with: they have seen it. */
  callerIssuers: readonly string[]
  /** Who works through the server. */
  holders: readonly string[]
  /** Who created, rotated or last changed the server. */
  editors: readonly string[]
  /** Who changed, through this product, a payee that the draft is about. */
  payeeChangers: readonly string[]
  /** Who vouched by a call-back for those whom the draft would pay; absent: nobody. */
  vouchers?: readonly string[]
}

/** Who wants to decide, as the directory knows them at that moment. */
export type Decider = {
  kind: PrincipalKind
  /** The present id first, then those under which they were recorded earlier. */
  ids: readonly string[]
  /** Who issued the key that they decide with, and so on: they have seen it, so it may be them. Empty: a sign-in, or the admin key issued it. */
  issuers: readonly string[]
  name: string
  /** Since when without a gap they hold `approve` for the account, in milliseconds since the epoch; null: they do not. */
  approvesSince: number | null
}

export type Setting = {
  /** Whether loosening settings takes a second person. */
  secondPersonForSettings: boolean
  /** The only person in one-person mode, who decides on what systems drafted; null: there are more. */
  onePerson: string | null
}

const HANDS: readonly [whose: (hands: Hands) => readonly (string | null | undefined)[], why: string][] = [
  [({ caller }) => [caller?.id], 'Who made a draft may not decide on it.'],
  [({ holders }) => holders, 'Who works through this MCP server may not decide on its drafts.'],
  [
    ({ editors }) => editors,
    'Who created, rotated or last changed the MCP server may not decide on its drafts.',
  ],
  [
    ({ callerIssuers }) => callerIssuers,
    "Who issued the caller's API token may not decide on what was drafted with it.",
  ],
  [({ payeeChangers }) => payeeChangers, 'Who changed this payee may not decide on the draft about it.'],
  [({ vouchers = [] }) => vouchers, 'Who vouched for a supplier does not decide on what is paid to it.'],
]

const BY_ISSUER =
  'Here it is whoever issued your API token, who counts as its holder too: decide with one that somebody else issued.'

/** In one-person mode the owner set everything up, but may decide on what a system drafted. */
const isOnePerson = (hands: Hands, { ids }: Decider, { onePerson }: Setting): boolean =>
  onePerson !== null &&
  ids.includes(onePerson) &&
  hands.caller?.kind === 'system' &&
  // Who knows the bare URL of a server could be anybody, its owner included.
  hands.keyed === true &&
  !hands.holders.some((id) => ids.includes(id))

const handOf = (hands: Hands, { ids, issuers }: Decider): string | null => {
  const found = (own: readonly string[]) =>
    HANDS.find(([whose]) => whose(hands).some((id) => id != null && own.includes(id)))?.[1] ?? null
  const why = found([...ids, ...issuers])
  return why !== null && found(ids) === null ? `${why} ${BY_ISSUER}` : why
}

/** Whether somebody decides on what they had a hand in, as the only person there is: such a decision is marked. */
export const decidesAsOnePerson = (hands: Hands, decider: Decider, setting: Setting): boolean =>
  isOnePerson(hands, decider, setting) && handOf(hands, decider) !== null

/**
 * Why somebody may not decide on a draft; null: they may. A draft of whom nobody knows can be rejected, if not approved.
 * @param draftedAt milliseconds since the epoch
 */
export const decisionProblem = (
  hands: Hands,
  draftedAt: number,
  decider: Decider,
  setting: Setting,
  verdict: 'approve' | 'reject' = 'approve',
): string | null => {
  const { kind, approvesSince } = decider
  if (kind !== 'person') return 'Only a person may decide on a draft.'
  if (approvesSince === null) return 'This needs the role approve for the account.'
  if (approvesSince >= draftedAt)
    return 'The role approve must be older than the draft. Somebody who held it before has to decide, or the draft is made anew.'
  if (verdict === 'approve' && hands.caller === null && setting.secondPersonForSettings)
    return 'Nobody knows who called: this MCP server has no holder and was called by its URL alone. It cannot be approved while settings need a second person. Name a holder of the server, then the draft is made anew.'
  if (isOnePerson(hands, decider, setting)) return null
  return handOf(hands, decider)
}
