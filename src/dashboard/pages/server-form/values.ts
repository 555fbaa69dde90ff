/** The form of an MCP server, as values: from a form to a configuration, and from a configuration back to a form. Pure. */

import type { Failure } from '../../../api/errors.ts'
import { decimalOf, readDollars } from '../../../core/money.ts'
import { DAY_MS } from '../../../core/time.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'
import type { SentForm } from '../../form-data.ts'
import type { Effects } from '../../parts/preview.tsx'

/** Keys of a configuration that the form decides; all others are left as they are. */
const KEYS = [
  'methods',
  'tags',
  'tools',
  'tool_exposure',
  'require_api_token_auth',
  'approval',
  'limits',
  'first_payment',
  'changed_supplier',
  'allowed_buyers',
  'allowed_suppliers',
  'webhook_hosts',
] as const satisfies readonly (keyof ServerConfig)[]

/** Limits of the form: field names, and where each is in the configuration. */
export const LIMITS = [
  { key: 'per_invoice', label: 'Each invoice', count: false },
  { key: 'per_call', label: 'Each call', count: true },
  { key: 'per_day', label: 'In 24 hours', count: true },
  { key: 'per_30_days', label: 'In 30 days', count: true },
  { key: 'per_supplier_day', label: 'Each supplier, in 24 hours', count: true },
] as const

export const EXPIRIES = [
  { value: '24h', label: '24 hours', days: 1 },
  { value: '7d', label: '7 days', days: 7 },
  { value: '90d', label: '90 days', days: 90 },
] as const

/** `$1,234.5` → 123450. Null for what is not an amount. */
export const centsOf = (text: string): number | null => readDollars(text.trim().replace(/^\$\s*/, ''))

/** Collects fields that cannot be read, by the path that the API would name. */
type Reader = { problems: Failure[] }

const amount = ({ problems }: Reader, form: SentForm, name: string, path: string): number | undefined => {
  const text = form.maybe(name)
  if (text === null) return undefined
  const cents = centsOf(text)
  if (cents === null) problems.push({ path, message: 'must be an amount in dollars, such as 1,500 or 99.95' })
  return cents ?? undefined
}

const whole = ({ problems }: Reader, form: SentForm, name: string, path: string): number | undefined => {
  const text = form.maybe(name)
  if (text === null) return undefined
  if (/^\d{1,9}$/.test(text)) return Number(text)
  problems.push({ path, message: 'must be a whole number' })
  return undefined
}

const withoutGaps = <Value extends object>(value: Value): Value | undefined => {
  const kept = Object.entries(value).filter(([, member]) => member !== undefined)
  return kept.length > 0 ? (Object.fromEntries(kept) as Value) : undefined
}

const limitsIn = (reader: Reader, form: SentForm): ServerConfig['limits'] =>
  withoutGaps(
    Object.fromEntries(
      LIMITS.map(({ key, count }) => {
        const at = `config.limits.${key}`
        const cents = amount(reader, form, key, `${at}.cents`)
        const most = count ? whole(reader, form, `${key}_count`, `${at}.count`) : undefined
        return [key, withoutGaps({ cents, count: most })]
      }),
    ),
  )

const approvalIn = (
  reader: Reader,
  form: SentForm,
  at = 'config.approval',
): NonNullable<ServerConfig['approval']> => {
  const chosen = form.one('approval')
  if (chosen === 'none') return 'none'
  if (chosen !== 'over') return 'always'
  const path = `${at}.over_cents`
  const over_cents = amount(reader, form, 'approval_over', path)
  if (form.maybe('approval_over') === null) reader.problems.push({ path, message: 'say over how much' })
  return { over_cents: over_cents ?? 0 }
}

/** The approval that a form asks for. @param at where the API has it, for what is wrong */
export const approvalAt = (form: SentForm, at: string) => {
  const reader: Reader = { problems: [] }
  return { approval: approvalIn(reader, form, at), problems: reader.problems }
}

const careIn = (form: SentForm, name: string): 'approve' | 'refuse' | undefined => {
  const chosen = form.one(name)
  return chosen === 'approve' || chosen === 'refuse' ? chosen : undefined
}

const changedIn = (reader: Reader, form: SentForm): ServerConfig['changed_supplier'] => {
  const action = careIn(form, 'changed_action')
  const days = whole(reader, form, 'changed_days', 'config.changed_supplier.days') ?? 30
  return action && { days, action }
}

const unlessEmpty = (entries: string[]) => (entries.length > 0 ? entries : undefined)

const listIn = (form: SentForm, name: string) => unlessEmpty(form.list(name))

/** What decides which tools there are. */
export const filterIn = (form: SentForm): ServerConfig => ({
  methods: unlessEmpty(form.all('methods')),
  tags: unlessEmpty(form.all('tags')),
  tools: listIn(form, 'tools'),
  ...(form.one('tool_exposure') === 'discovery' && { tool_exposure: 'discovery' }),
})

const moneyRules = (reader: Reader, form: SentForm): ServerConfig => ({
  limits: limitsIn(reader, form),
  first_payment: careIn(form, 'first_payment'),
  changed_supplier: changedIn(reader, form),
  allowed_buyers: listIn(form, 'allowed_buyers'),
  allowed_suppliers: listIn(form, 'allowed_suppliers'),
})

/** @param effects of the tools that the filter lets through: rules for writes are of no use where nothing writes */
export const configIn = (form: SentForm, effects: Effects): { config: ServerConfig; problems: Failure[] } => {
  const reader: Reader = { problems: [] }
  const writes = effects.write + effects.money > 0
  const config: ServerConfig = {
    ...filterIn(form),
    ...(form.one('second_factor') === '1' && { require_api_token_auth: true }),
    ...(writes && { approval: approvalIn(reader, form), webhook_hosts: listIn(form, 'webhook_hosts') }),
    ...(effects.money > 0 && moneyRules(reader, form)),
  }
  return { config: withoutGaps(config) ?? {}, problems: reader.problems }
}

/** The form's configuration as a change: keys that the form leaves empty are removed. */
export const changeOf = (config: ServerConfig) =>
  Object.fromEntries(KEYS.map((key) => [key, config[key] ?? null]))

/** When the server ends; undefined leaves it as it is. @param now milliseconds since the epoch */
export const expiryIn = (form: SentForm, now: number): string | null | undefined => {
  const chosen = form.one('expires')
  if (chosen === 'never') return null
  if (chosen === 'date') return form.one('expires_date') ? `${form.one('expires_date')}T23:59:59Z` : 'no date'
  const preset = EXPIRIES.find(({ value }) => value === chosen)
  return preset && new Date(now + preset.days * DAY_MS).toISOString()
}

const amounts = (limits: ServerConfig['limits']): [string, string][] =>
  LIMITS.flatMap(({ key }) => {
    const { cents, count } = (limits?.[key] ?? {}) as { cents?: number; count?: number }
    const fields: [string, string | null][] = [
      [key, cents === undefined ? null : decimalOf(cents)],
      [`${key}_count`, count === undefined ? null : String(count)],
    ]
    return fields.filter((field): field is [string, string] => field[1] !== null)
  })

const approvalFields = (approval: ServerConfig['approval']): [string, string][] => {
  if (typeof approval !== 'object') return [['approval', approval ?? 'none']]
  return [
    ['approval', 'over'],
    ['approval_over', decimalOf(approval.over_cents) ?? ''],
  ]
}

const many = (name: string, values: readonly string[] = []) =>
  values.map((value): [string, string] => [name, value])
const lines = (name: string, values: readonly string[] = []): [string, string][] =>
  values.length > 0 ? [[name, values.join('\n')]] : []

/** The form of a server that there is. */
export const fieldsOf = (name: string, config: ServerConfig): URLSearchParams => {
  const { changed_supplier, first_payment, tool_exposure } = config
  return new URLSearchParams([
    ['name', name],
    ['expires', 'keep'],
    ...many('methods', config.methods ?? (config.tools ? [] : ['read'])),
    ...many('tags', config.tags),
    ...lines('tools', config.tools),
    ...(tool_exposure === 'discovery' ? [['tool_exposure', 'discovery']] : []),
    ...(config.require_api_token_auth ? [['second_factor', '1']] : []),
    ...approvalFields(config.approval),
    ...amounts(config.limits),
    ...(first_payment ? [['first_payment', first_payment]] : []),
    ...(changed_supplier
      ? [
          ['changed_action', changed_supplier.action],
          ['changed_days', String(changed_supplier.days)],
        ]
      : []),
    ...lines('allowed_buyers', config.allowed_buyers),
    ...lines('allowed_suppliers', config.allowed_suppliers),
    ...lines('webhook_hosts', config.webhook_hosts),
  ])
}
