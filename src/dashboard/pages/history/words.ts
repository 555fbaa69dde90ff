/** What was, and what changed, in words that a compliance person uses. Pure. */
import type { ServerConfig } from '../../../rules/server-settings.ts'
import type { AccountHistory, ServerHistory } from '../../shapes.ts'
import { approvalWords, limitsWords, rulesOf } from '../server-form/words.ts'
import { type Around, type Told, toldOf } from '../settings-words.ts'

export type PastServer = KnownHistory['servers'][number]
export type PastChange = ServerHistory['changes'][number]

const WHAT: Readonly<Record<string, string>> = {
  integrated_account: 'Account',
  mcp_server: 'MCP server',
  secret: 'Webhook secret',
  person: 'Person or system',
  api_token: 'API token',
  deployment: 'Whole deployment',
}

const MADE = { created: 'made', changed: 'changed', removed: 'deleted' } as const

/** Of what, and what became of it: `MCP server “Pay bills” was changed`. */
export const titleOf = ({ target, made, changes }: PastChange, { names }: Around): string => {
  const holder = changes.find(({ key }) => key === 'holder')
  const id = target.kind === 'api_token' ? (holder?.after ?? holder?.before) : undefined
  const name = target.name ?? (typeof id === 'string' ? names?.[id] : undefined)
  const of = target.kind === 'api_token' && name ? ` of ${name}` : name ? ` “${name}”` : ''
  const stopped = changes.find(({ key }) => key === 'writes_stopped')
  if (stopped && changes.length === 1 && made === 'changed')
    return `${WHAT[target.kind] ?? target.kind}${of}: writes were ${stopped.after === true ? 'stopped' : 'resumed'}`
  return `${WHAT[target.kind] ?? target.kind}${of} was ${MADE[made]}`
}

type Holder = { id: string; name: string } | null

/** Each key with what stood there and what stands there; of what was made, what is set. */
export const toldIn = ({ target, made, changes: all }: PastChange, around: Around): Told[] => {
  // The title says whose token it is, also of somebody of whom nothing else is left.
  const said = (key: string) =>
    key === 'name' || (target.kind === 'api_token' && target.name && key === 'holder')
  const changes = made === 'created' ? all.filter(({ key, after }) => !said(key) && after !== false) : all
  if (target.kind !== 'mcp_server') return toldOf({ target, loosens: changes }, around)
  const holders = changes.find(({ key }) => key === 'holder')
  const sides = [holders?.before, holders?.after].map((one) => (one ?? null) as Holder)
  const names = Object.fromEntries(sides.flatMap((one) => (one ? [[one.id, one.name]] : [])))
  const loosens = changes.map(({ key, before, after }) =>
    key === 'holder'
      ? { key, before: sides[0]?.id ?? null, after: sides[1]?.id ?? null }
      : { key, before, after },
  )
  return toldOf({ target, loosens }, { ...around, names })
}

const DOES = {
  read: 'look things up',
  write: 'change records that no money follows',
  money: 'move money, or change who is paid and how',
} as const

/** What a server could do, most dangerous first. */
export const couldDo = ({ effects, tools }: { effects: PastServer['effects']; tools?: unknown }): string =>
  effects.length === 0
    ? 'nothing'
    : effects
        .toReversed()
        .map((effect) => DOES[effect])
        .join('; ') + (tools === undefined ? '' : ' (named tools only)')

const limitsIn = (config: ServerConfig) => (config.limits ? limitsWords(config.limits) : 'none of its own')

type OfAccount = Readonly<Record<string, unknown>> | null

/** Limits over all servers of the account; empty where there are none. */
export const sharedLimits = (account: OfAccount): string =>
  account?.limits ? `all MCP servers together: ${limitsWords(account.limits as never)}` : ''

export const ownLimits = ({ config }: PastServer): string => limitsIn(config as ServerConfig)

/** Under which limits, the account's beside its own. */
export const underLimits = (server: PastServer, account: OfAccount): string =>
  [ownLimits(server), sharedLimits(account)].filter(Boolean).join('; ')

/** What a server could do in a few words, for rows below each other. */
export const couldBriefly = ({ effects }: Pick<PastServer, 'effects'>): string => {
  if (effects.includes('money')) return 'read, change records, move money'
  if (effects.includes('write')) return 'read, change records'
  return effects.length === 0 ? 'nothing' : 'read only'
}

export const approvalIn = ({ approval }: PastServer): string =>
  approvalWords(approval as never, 'not asked for')

/** Who could call through a server. */
export const callers = (
  { needs_api_token, holder }: PastServer,
  { may }: Pick<KnownHistory, 'may'>,
): string => {
  const made = holder ? `; made for ${holder.name}` : ''
  if (!needs_api_token) return `whoever had its URL${made}`
  return `${(may.use ?? []).join(', ') || 'nobody'}, with an API token or a sign-in beside the URL${made}`
}

const STATES = {
  in_force: 'in force',
  asleep: 'asleep',
  ended: 'ended',
  revoked: 'revoked since',
  disconnected: 'ended with its account',
} as const

/** As its change says it. */
const WAITS = {
  'a second person': 'asleep: a second person had not agreed',
  '24 hours':
    'asleep: the admin key asked, so it acts by itself after 24 hours (7 days where nobody could cancel it)',
} as const

/** Whether one person could let more through, in a sentence. */
export const decidesIn = ({ who_decides }: KnownHistory): string =>
  who_decides.second_person_for_settings
    ? 'Letting more through needed a second person. What the admin key asked for acted by itself after 24 hours (7 days where nobody could cancel it).'
    : 'One person could let more through alone, and so could whoever holds the admin key.'

/** @param shown a moment in words; absent: as it is */
export const stateIn = (
  { state, waits_for, from, until }: PastServer,
  shown: (moment: string) => string = (moment) => moment,
): string =>
  [
    waits_for ? WAITS[waits_for] : STATES[state],
    from && `from ${shown(from)}`,
    until && `until ${shown(until)}`,
  ]
    .filter(Boolean)
    .join(', ')

/** What the trails keep of a moment. */
export type KnownHistory = AccountHistory & {
  [key in 'servers' | 'people' | 'may' | 'who_decides']: NonNullable<AccountHistory[key]>
}

/** Whether anything is known of the moment: what no row tells is not said as a fact. */
export const isKnown = (history: AccountHistory): history is KnownHistory =>
  history.servers !== null && history.people !== null

/** Whether a moment comes before everything that the trails keep. */
export const isBefore = ({ kept_since, at }: Pick<AccountHistory, 'kept_since' | 'at'>): boolean =>
  kept_since === null || at < kept_since

/** Rules besides limits and approval. */
export const otherRules = ({ config }: PastServer) => {
  const { limits: _, approval: __, ...rest } = config as ServerConfig
  return rulesOf(rest)
}

const ROLES = {
  use: 'call its servers',
  approve: 'approve what waits',
  manage: 'manage its servers',
  audit: 'read everything',
  admin: 'administer it',
} as const

type PastPerson = KnownHistory['people'][number]

/** Who it was, and what kind of principal. */
export const personIn = ({
  name,
  kind,
}: Pick<PastPerson, 'name' | 'kind'>): { name: string; kind: string } =>
  kind === 'root' ? { name: 'The admin key', kind: 'whoever holds it' } : { name, kind }

/** Of the admin key: since when it acted, as far as the trail tells. @param shown a moment in words */
export const actedIn = (
  { first_acted_at }: Pick<PastPerson, 'first_acted_at'>,
  shown: (moment: string) => string = (moment) => moment,
): string =>
  first_acted_at === undefined
    ? ''
    : first_acted_at === null
      ? 'no act of it is kept'
      : `first act kept: ${shown(first_acted_at)}`

export const roleWords = (role: keyof typeof ROLES): string => ROLES[role]

const THROUGH = {
  api_token: 'API token',
  company_sign_in: 'company sign-in',
  company_groups: 'the company’s groups',
  admin_key: 'the key itself',
} as const

export const throughWords = (through: keyof typeof THROUGH): string => THROUGH[through]

/** Whether money could leave an account at all, in one sentence. */
export const switchesIn = ({ account, writes_stopped }: KnownHistory): string => {
  if (writes_stopped.deployment) return 'All writes of the deployment were stopped.'
  if (writes_stopped.account) return 'All writes of this account were stopped.'
  return account?.read_only === true
    ? 'The account was read-only: no write left.'
    : 'Writes were not stopped.'
}
