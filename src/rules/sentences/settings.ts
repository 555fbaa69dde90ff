/** What a change of settings changed, in a few words: out of the values before and after, masked as the row keeps them. Pure. */

import { isObject, type JsonObject } from '../../core/json.ts'
import { dollars } from '../../core/money.ts'
import { oneLine } from '../../core/text.ts'
import { grouped } from '../../core/words.ts'
import { listIn, type Row } from './row.ts'

/** One key that changed; members of an object each for themselves: `limits.per_day.cents`. */
type Leaf = { key: string; before: unknown; after: unknown }

const MOST_TOLD = 4

const LABELS: Readonly<Record<string, string>> = {
  'limits.per_invoice.cents': 'the limit per invoice',
  'limits.per_call.cents': 'the limit per call',
  'limits.per_call.count': 'the number of invoices per call',
  'limits.per_day.cents': 'the daily limit',
  'limits.per_day.count': 'the daily number of invoices',
  'limits.per_30_days.cents': 'the limit of 30 days',
  'limits.per_30_days.count': 'the number of invoices in 30 days',
  'limits.per_supplier_day.cents': 'the daily limit per supplier',
  'limits.per_supplier_day.count': 'the daily number of invoices per supplier',
  approval: 'approval by a person',
  'approval.over_cents': 'the amount above which a person approves',
  methods: 'what it may do',
  tags: 'the subjects',
  tools: 'the tools',
  fixed: 'the fixed arguments',
  require_api_token_auth: 'the second factor',
  allowed_suppliers: 'who may be paid',
  allowed_buyers: 'who may pay',
  first_payment: 'the rule for first payments',
  payees: 'the rule for payees',
  webhook_hosts: 'where webhooks may go',
  holder: 'who works through it',
  expires_at: 'when it ends',
  name: 'the name',
  read_only: 'read only',
  writes_stopped: 'the stop of writes',
  grants: 'the roles',
  disabled: 'disabled',
  audit_retention_days: 'for how many days the trail is kept',
  audit_max_mb: 'how large the trail may grow',
  credentials: 'the credentials',
  second_person_for_settings: 'the second person for settings',
  one_person: 'one-person mode',
  oidc_roles: 'the roles by the company’s groups',
}

/** Without what a form or an answer wraps settings in. */
const keyOf = (key: string): string => key.replace(/^config\./, '')

const labelOf = (key: string): string => LABELS[key] ?? key.replaceAll(/[._]/g, ' ')

const leaves = (key: string, before: unknown, after: unknown): Leaf[] => {
  // Read part by part, a map of groups says nothing.
  if (key === 'oidc_roles' || (!isObject(before) && !isObject(after)))
    return [{ key: keyOf(key), before, after }]
  const [was, is] = [isObject(before) ? before : {}, isObject(after) ? after : {}]
  const inner = [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) =>
    leaves(`${key}.${name}`, was[name], is[name]),
  )
  const bare = [before, after].some((one) => !isObject(one) && one !== undefined && one !== null)
  return bare ? [{ key: keyOf(key), before, after }] : inner
}

const same = (one: unknown, other: unknown) => JSON.stringify(one) === JSON.stringify(other)

const changesIn = ({ changes }: Row): Leaf[] =>
  (Array.isArray(changes) ? changes : [])
    .filter(isObject)
    .flatMap(({ key, before, after }) => leaves(String(key), before, after))
    .filter(({ before, after }) => !same(before ?? null, after ?? null))

/** `$20,000`, `$0.50`. */
const whole = (cents: number): string => dollars(cents).replace(/\.00$/, '')

/** `groups “Clerks”: approve`, of the claim that names the groups. */
const groupWords = (claim: unknown, map: Readonly<Record<string, unknown>>): string =>
  Object.keys(map)
    .slice(0, MOST_TOLD)
    .map((group) => `${oneLine(claim, 60)} “${oneLine(group, 60)}”: ${listIn(map, group) || 'none'}`)
    .join('; ') + (Object.keys(map).length > MOST_TOLD ? ' …' : '')

const objectWords = (value: JsonObject): string => {
  if ('left_out_bytes' in value) return 'a longer one'
  if (isObject(value.map)) return groupWords(value.claim, value.map) || 'none'
  return typeof value.over_cents === 'number'
    ? `over ${whole(value.over_cents)}`
    : oneLine(JSON.stringify(value), 60)
}

const valueWords = (key: string, value: unknown): string => {
  if (value === null || value === undefined) return 'none'
  if (typeof value === 'number') return key.endsWith('cents') ? whole(value) : grouped(value)
  if (typeof value === 'boolean') return value ? 'on' : 'off'
  if (Array.isArray(value)) return listIn({ value }, 'value') || 'nobody and nothing'
  return isObject(value) ? objectWords(value) : oneLine(value, 60)
}

const fromTo = ({ key, before, after }: Leaf): string =>
  `from ${valueWords(key, before)} to ${valueWords(key, after)}`

const moved = ({ before, after }: Leaf): string => {
  if (typeof before === 'number' && typeof after === 'number') return after < before ? 'lowered' : 'raised'
  return 'changed'
}

/** Whether a row says that writes were stopped; null: it does not say. */
export const stoppedIn = (row: Row): boolean | null => {
  const { after } = changesIn(row).find(({ key }) => key === 'writes_stopped') ?? { after: row.stopped }
  return typeof after === 'boolean' ? after : null
}

/**
 * The change as what follows who made it. Null where no row says before and after.
 * @param what whose settings they are, such as `Month-end agent`; empty: of the deployment
 */
export const changeWords = (row: Row, what: string): string | null => {
  const changes = changesIn(row)
  const [only, ...more] = changes
  if (!only) return null
  const of = what === '' ? '' : ` of ${what}`
  if (more.length === 0) return `${moved(only)} ${labelOf(only.key)}${of} ${fromTo(only)}`
  const told = changes.slice(0, MOST_TOLD).map((one) => `${labelOf(one.key)} ${fromTo(one)}`)
  const rest = changes.length - told.length
  return `changed ${what || 'settings'}: ${told.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`
}
