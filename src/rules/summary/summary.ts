/**
 * What an MCP server may do, in sentences for whoever pays bills: made from its settings as they apply, and never safer than the rules
 * that decide a call (`policy.ts`). Every setting that decides something is said by one of the sentences. Pure.
 */
import { dollars } from '../../core/money.ts'
import { listed, plural } from '../../core/words.ts'
import { momentIn } from '../../core/zone.ts'
import type { Limits, ServerConfig } from '../server-settings.ts'
import { type Around, isNobody, type Reach, writes } from './reach.ts'
import { waiting } from './waiting.ts'
import { subjectsIn } from './words.ts'

const reading = ({ reads }: Reach): string => {
  if (reads === 'all') return 'Reads everything.'
  return reads.length === 0 ? 'Reads nothing.' : `Reads ${listed(subjectsIn(reads))}.`
}

const LIMIT_WORDS: { [Key in keyof Limits]-?: string } = {
  per_invoice: 'for each invoice',
  per_call: 'in one call',
  per_day: 'within 24 hours',
  per_30_days: 'within 30 days',
  per_supplier_day: 'to one supplier within 24 hours',
}

/** Each limit that is set, such as `$5,000.00 for each invoice`. */
const limitWords = (limits: Limits = {}): string[] =>
  (Object.keys(LIMIT_WORDS) as (keyof Limits)[]).flatMap((key) => {
    const bound: { cents?: number; count?: number } = limits[key] ?? {}
    const amounts = [
      ...(bound.cents === undefined ? [] : [dollars(bound.cents)]),
      ...(bound.count === undefined ? [] : [plural(bound.count, 'invoice')]),
    ]
    return amounts.length === 0 ? [] : [`${amounts.join(' and ')} ${LIMIT_WORDS[key]}`]
  })

/** Lists longer than this are counted: the sentence is read at a glance, and the settings beside it name each. */
const MOST_NAMED = 3

const named = (ids: readonly string[], one: string, many: string): string => {
  if (ids.length > MOST_NAMED) return `${plural(ids.length, `named ${one}`)}`
  return `the ${ids.length === 1 ? one : many} ${listed(ids)}`
}

const parties = ({ allowed_buyers: buyers, allowed_suppliers: suppliers, payees }: ServerConfig): string =>
  [
    suppliers && `to ${named(suppliers, 'supplier', 'suppliers')}`,
    payees === 'verified' && 'to verified suppliers',
    buyers && `for ${named(buyers, 'buyer', 'buyers')}`,
  ]
    .filter(Boolean)
    .map((words) => ` ${words}`)
    .join(',')

const paying = (config: ServerConfig, { pays, account }: Around): string[] => {
  if (!pays) return []
  if (isNobody(config)) return ['Submits no invoice, as nobody is named who may pay or be paid.']
  const limits = limitWords(config.limits)
  const shared = limitWords(account.limits)
  const most = limits.length > 0 ? ` up to ${listed(limits)}` : ' of any amount and number'
  return [
    `May submit invoices${most}${parties(config)}.`,
    ...(shared.length > 0 ? [`All MCP servers of the account together: up to ${listed(shared)}.`] : []),
  ]
}

const refusing = ({ first_payment, changed_supplier }: ServerConfig, { pays }: Around): string[] => {
  const refused = [
    ...(first_payment === 'refuse' ? ['a first payment to a supplier'] : []),
    ...(changed_supplier?.action === 'refuse'
      ? [
          `a payment to a supplier whose payment details changed within ${plural(changed_supplier.days, 'day')}`,
        ]
      : []),
  ]
  return pays && refused.length > 0 ? [`Refused: ${refused.join('; ')}.`] : []
}

const changing = (_: ServerConfig, { parties }: Around): string[] => {
  const groups = Map.groupBy(parties, ([, verbs]) => listed(verbs))
  const said = [...groups].map(([verbs, own]) => `${verbs} ${listed(subjectsIn(own.map(([name]) => name)))}`)
  return said.length > 0 ? [`May ${said.join('; ')}.`] : []
}

const hooking = ({ webhook_hosts, webhook_secrets }: ServerConfig, { webhooks }: Around): string[] => {
  if (webhooks.length === 0) return []
  const to =
    webhook_hosts === undefined
      ? 'at any public host'
      : webhook_hosts.length === 0
        ? 'at no host'
        : `only at ${listed(webhook_hosts)}`
  const secrets = webhook_secrets === 'vault_only' ? ', with stored secrets alone' : ''
  return [`May ${listed(webhooks)} webhooks, ${to}${secrets}.`]
}

const duplicates = ({ duplicate_guard }: ServerConfig, { pays }: Around): string[] => {
  if (!pays || duplicate_guard === undefined) return []
  const { requests } = duplicate_guard
  return [
    requests === 0
      ? 'Does not ask Finexio for duplicates before it submits.'
      : `Asks Finexio for duplicates with at most ${plural(requests, 'request')} before it submits.`,
  ]
}

const MOST_FIXED = 6

const fixing = ({ fixed = {} }: ServerConfig): string[] => {
  const entries = Object.entries(fixed).flatMap(([tool, values]) =>
    Object.keys(values).map((key) =>
      tool === '*' ? `${key} of every tool that takes it` : `${key} of ${tool}`,
    ),
  )
  if (entries.length === 0) return []
  const more = entries.length - MOST_FIXED
  const shown = more > 0 ? [...entries.slice(0, MOST_FIXED), `${more} more`] : entries
  return [`Fixed, so that no caller chooses: ${listed(shown)}.`]
}

const calling = ({ require_api_token_auth, allowed_origins = [] }: ServerConfig): string[] => [
  ...(require_api_token_auth
    ? ['Its URL alone opens nothing: an API token or a sign-in comes with it.']
    : []),
  ...(allowed_origins.length > 0 ? [`Web pages of ${listed(allowed_origins)} may call it.`] : []),
]

const stopped = (_: ServerConfig, { account }: Around): string[] =>
  account.read_only ? ['Its account only reads at present: every write is refused.'] : []

const ending = ({ expires_at, zone }: Around): string => {
  if (expires_at === null) return 'Never ends.'
  return Number.isNaN(Date.parse(expires_at))
    ? 'No last day is named yet.'
    : `Ends ${momentIn(zone, expires_at)}.`
}

/** In the order in which they are read. */
const ORDER = [paying, refusing, changing, hooking, waiting, duplicates, fixing, stopped]

/**
 * What a server may do, as sentences.
 * @param config as it applies, with what it leaves to the account filled in
 */
export const sentencesOf = (config: ServerConfig, around: Around): string[] => {
  const acting = writes(around)
    ? ORDER.flatMap((says) => says(config, around))
    : ['Changes nothing.', ...fixing(config)]
  return [reading(around), ...acting, ...calling(config), ending(around)]
}
