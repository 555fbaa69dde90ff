/** Which rule of ours refused a call: a code for programs, words for people, figures where there are some. Pure. */

import { dollars } from '../../core/money.ts'
import { oneLine } from '../../core/text.ts'
import { grouped, plural } from '../../core/words.ts'
import type { Breach } from '../limits.ts'
import type { Concern } from '../payees/concerns.ts'
import type { Obstacle } from '../write-contract.ts'

const WINDOWS: Readonly<Record<Breach['limit'], string>> = {
  per_invoice: 'limit per invoice',
  per_call: 'limit per call',
  per_day: 'daily limit',
  per_30_days: 'limit of 30 days',
  per_supplier_day: 'daily limit per supplier',
}

const PLAIN = {
  own_limit: 'the number of calls that this deployment allows an account in a while',
  own_requests: 'the number of requests to Finexio that this deployment allows an account in a while',
  trail_share: 'the room in the trail that one MCP server may fill',
  needs_api_token: 'the API token or sign-in that the MCP server asks for besides its URL',
  holder_disabled: 'the end or disabling of whoever works through the MCP server',
  server_ended: 'the end of the MCP server or its URL',
  server_asleep: 'the agreement of another person, for which the URL of the MCP server waits',
  caller_ended: 'the end of the caller’s right to call',
  account_gone: 'the end of the account',
  settings_changed: 'a change of settings at that moment',
  kill_switch_account: 'the stop of all writes of the account',
  kill_switch_deployment: 'the stop of all writes of the deployment',
  read_only_account: 'the account, which is read-only',
  needs_reauth: 'credentials that Finexio refused earlier',
  allowed_buyers: 'the list of buyers that the MCP server may pay for',
  allowed_suppliers: 'the list of suppliers that the MCP server may pay',
  first_payment: 'the rule for first payments to a supplier',
  changed_supplier: 'the rule for suppliers whose payment details changed lately',
  money_under_way: 'the rule for suppliers with money under way',
  unverified_payee: 'the rule that payees are verified',
  needs_approval: 'the approval that it takes',
  four_eyes: 'the rule that another person decides',
  needs_role: 'the role that it takes',
  needs_person: 'the rule that it takes a person',
  settled_before: 'what became of the write, which is known or is another one',
  draft_decided: 'the draft, which was decided or is another one',
  too_many_drafts: 'the number of drafts that may wait',
  user_declined: 'the user of the client, who declined',
  key_reused: 'its key, which belongs to another write',
  repeat: 'an equal write that was made before, or is under way',
  outcome_unknown: 'an equal write of which nobody knows what became of it',
  unknown_record: 'a record that Finexio does not have',
  supplier_disabled: 'the state of a supplier, which Finexio has disabled',
  duplicate_invoice: 'invoices that are there already, or may be',
  webhook_host: 'the rules on where webhooks may go',
  webhook_secret: 'the rules on stored webhook secrets',
  discovery: 'the way in which the MCP server has its tools called',
  not_shown: 'what the MCP server shows, which is not enough for it',
  unread: 'an answer of Finexio that could not be read whole',
  not_possible: 'what was given, which does not fit',
} as const satisfies Record<string, string>

type LimitCode = `${Breach['source']}.${Breach['limit']}`
export type RefusalCode = keyof typeof PLAIN | LimitCode

const LIMITS: readonly (readonly [LimitCode, string])[] = (
  ['server_limit', 'account_limit'] as const
).flatMap((source) =>
  Object.entries(WINDOWS).map(
    ([limit, words]) =>
      [
        `${source}.${limit}` as LimitCode,
        `the ${words} of ${source === 'server_limit' ? 'the MCP server' : 'the account'}`,
      ] as const,
  ),
)

const WORDS: Readonly<Record<string, string>> = { ...PLAIN, ...Object.fromEntries(LIMITS) }

/** Every code, for filters and documents. */
export const REFUSAL_CODES = Object.keys(WORDS)

/** Of a limit: what it allows, what was asked for and left, in cents or a count. `id`: whom the rule is about, or which role it takes. `why`: as of `whyRefused`. */
export type RefusalFacts = {
  unit?: Breach['unit'] | 'bytes' | 'seconds'
  value?: number
  asked?: number
  left?: number
  id?: string
  why?: string
}

export type RefusedBy = { code: RefusalCode; facts?: RefusalFacts }

const CONCERNS: Readonly<Record<Concern['kind'], RefusalCode>> = {
  first_payment: 'first_payment',
  changed: 'changed_supplier',
  money_under_way: 'money_under_way',
}

const about = (code: RefusalCode, id: string | null | undefined): RefusedBy =>
  id === null || id === undefined ? { code } : { code, facts: { id } }

const ofBreach = ({ source, limit, unit, value, asked, left, supplier }: Breach): RefusedBy => ({
  code: `${source}.${limit}`,
  facts: { unit, value, asked, left, ...(supplier !== null && { id: supplier }) },
})

const BY_KIND: {
  [Kind in Obstacle['kind']]: (obstacle: Extract<Obstacle, { kind: Kind }>) => RefusedBy
} = {
  replay: ({ earlier }) => about('repeat', earlier.key),
  in_flight: ({ earlier }) => about('repeat', earlier.key),
  unknown: ({ earlier }) => about('outcome_unknown', earlier.key),
  key_reused: ({ earlier }) => about('key_reused', earlier.key),
  possible_repeat: ({ earlier }) =>
    about(earlier.state === 'unknown' ? 'outcome_unknown' : 'repeat', earlier.key),
  drafted: ({ draft }) => about('draft_decided', draft.id),
  in_ledger: ({ rows }) => about('duplicate_invoice', rows[0]?.key),
  not_allowed: ({ role, id }) => about(role === 'buyer' ? 'allowed_buyers' : 'allowed_suppliers', id),
  limited: ({ breach }) => ofBreach(breach),
  payee: ({ concern }) => about(CONCERNS[concern.kind], concern.supplier),
  unverified: ({ suppliers }) => about('unverified_payee', suppliers[0]?.supplier),
  needs_approval: () => ({ code: 'needs_approval' }),
  undecidable: ({ forbidden }) => ({ code: forbidden ? 'four_eyes' : 'draft_decided' }),
  stopped: ({ all }) => ({ code: all ? 'kill_switch_deployment' : 'kill_switch_account' }),
  unknown_server: () => ({ code: 'server_ended' }),
  unknown_account: () => ({ code: 'account_gone' }),
  changed: () => ({ code: 'settings_changed' }),
  not_let_in: () => ({ code: 'caller_ended' }),
}

/** The rule behind what prevents a write. */
export const refusedByObstacle = (obstacle: Obstacle): RefusedBy =>
  (BY_KIND[obstacle.kind] as (obstacle: Obstacle) => RefusedBy)(obstacle)

const UNITS: Readonly<Record<string, (value: number) => string>> = {
  cents: dollars,
  count: (value) => plural(value, 'invoice'),
  bytes: (value) => `${grouped(value)} bytes`,
}

const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null

const figures = ({ unit, value, asked, left }: Readonly<Record<string, unknown>>): string => {
  const words = UNITS[String(unit)] ?? grouped
  const said = [
    [value, ''],
    [left, ' left'],
    [asked, ' asked for'],
  ] as const
  const parts = said.flatMap(([amount, end]) => {
    const known = numberOf(amount)
    return known === null ? [] : [words(known) + end]
  })
  return parts.length === 0 ? '' : ` (${parts.join(', ')})`
}

/** More than `whyRefused` keeps. */
const LONGEST_WHY = 250

/** Why, as `whyRefused` had it; empty where a row does not say it. @param facts as stored */
export const whyIn = (facts: unknown): string => {
  const { why } = (typeof facts === 'object' && facts !== null ? facts : {}) as Record<string, unknown>
  return typeof why === 'string' ? oneLine(why, LONGEST_WHY) : ''
}

/** The same in brackets. */
export const whyWords = (facts: unknown): string => {
  const why = whyIn(facts)
  return why && ` (${why})`
}

/**
 * What refused it, after "by": `the daily limit of the MCP server ($5,000.00, $200.00 left, $900.00 asked for)`. Null where a row
 * names no rule, as rows before 0.2.0, or one of a later version.
 * @param code as stored @param facts as stored
 */
export const refusalWords = (code: unknown, facts: unknown): string | null => {
  if (typeof code !== 'string' || !Object.hasOwn(WORDS, code)) return null
  const known = (typeof facts === 'object' && facts !== null ? facts : {}) as Record<string, unknown>
  const id = typeof known.id === 'string' && known.id !== '' ? `: ${oneLine(known.id, 60)}` : ''
  return `${WORDS[code]}${figures(known)}${id}${whyWords(facts)}`
}
