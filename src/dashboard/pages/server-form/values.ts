/** The settings of an MCP server as fields of a form: which there are, how they are filled and how they are read. Pure. */
import type { Failure } from '../../../api/errors.ts'
import { dollars, readDollars } from '../../../core/money.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'
import { toolPreview } from '../../../tools/visible/preview.ts'
import type { SentForm } from '../../form-data.ts'
import { type Filled, isUntouched } from '../../parts/fields.ts'
import { CHOICES } from './choices.ts'

/** Limits of the form: field names, and where each is in the configuration. */
export const LIMITS = [
  { key: 'per_invoice', label: 'Each invoice', count: false },
  { key: 'per_call', label: 'Each call', count: true },
  { key: 'per_day', label: 'In 24 hours', count: true },
  { key: 'per_30_days', label: 'In 30 days', count: true },
  { key: 'per_supplier_day', label: 'Each supplier, in 24 hours', count: true },
] as const

/** Groups of methods. */
const GROUPS = ['read', 'write', 'custom'] as const
const isGroup = (name: string) => (GROUPS as readonly string[]).includes(name)
/** Methods and tags of the catalogue. */
export const METHODS = toolPreview.methods.filter((name) => !isGroup(name)).sort()
export const TAGS = toolPreview.tags

/** `$1,234.5` → 123450. Null for what is not an amount. */
export const centsOf = (text: string): number | null => readDollars(text.trim().replace(/^\$\s*/, ''))

/** A form that is being read. `problems`: fields that cannot be, by the path that the API would name. */
export type Reader = { form: SentForm; problems: Failure[] }

const problem = ({ problems }: Reader, path: string, message: string): undefined => {
  problems.push({ path, message })
}

const amount = (reader: Reader, name: string, path: string): number | undefined => {
  const text = reader.form.maybe(name)
  if (text === null) return undefined
  return centsOf(text) ?? problem(reader, path, 'must be an amount in dollars, such as 1,500 or 99.95')
}

const whole = (reader: Reader, name: string, path: string): number | undefined => {
  const text = reader.form.maybe(name)
  if (text === null) return undefined
  return /^\d{1,9}$/.test(text) ? Number(text) : problem(reader, path, 'must be a whole number')
}

const many = (name: string, values: readonly string[] = []): Filled[] => [
  [name, ''],
  ...values.map((value): Filled => [name, value]),
]
const onOff = (name: string, on: boolean): Filled[] => [[name, '0'], ...(on ? [[name, '1'] as const] : [])]

/** One setting. `read` gets what is stored, so that what a form cannot say is kept; undefined: not set. */
export type Setting<Value> = {
  fill(value: Value | undefined): Filled[]
  read(reader: Reader, stored: Value | undefined): Value | undefined
}

const group = (
  name: string,
  known: readonly string[],
  without: readonly string[],
): Setting<readonly string[]> => ({
  fill: (value = without) => many(name, value),
  read: ({ form }, stored = []) => form.chosen(name, [...known, ...stored]),
})

const toggle = <Value>(name: string, on: Value): Setting<Value> => ({
  fill: (value) => onOff(name, value === on),
  read: ({ form }) => (form.isOn(name) ? on : undefined),
})

/** Entries, one a line or between commas; a stored one that holds such a sign stays whole. */
const entriesOf = (text: string, stored: readonly string[]): string[] =>
  text.split(/\r?\n/).flatMap((line) => {
    const entry = line.trim()
    return stored.includes(entry) ? [entry] : entry.split(/[\s,]+/).filter(Boolean)
  })

/** Who may: anybody (not set), nobody (an empty list) or those named. */
const WHO = ['any', 'none', 'only'] as const

const whoOf = (list: readonly string[] | undefined) => {
  if (list === undefined) return 'any'
  return list.length === 0 ? 'none' : 'only'
}

/** @param key also the name of the field with the list; `<key>_who` says which of the three */
const listed = (key: 'allowed_buyers' | 'allowed_suppliers' | 'webhook_hosts'): Setting<string[]> => ({
  fill: (list) => [
    [`${key}_who`, whoOf(list)],
    [key, (list ?? []).join('\n')],
  ],
  read: (reader, stored = []) => {
    const { form } = reader
    const who = form.offered(`${key}_who`, WHO)
    const entries = entriesOf(form.one(key), stored)
    const path = `config.${key}`
    if (who === 'only' && entries.length === 0)
      return problem(reader, path, 'name at least one, or choose that nobody may')
    if (who !== 'only' && !isUntouched(form, [[key, stored.join('\n')]]) && entries.length > 0)
      return problem(reader, path, 'names some, but “only these” is not chosen: choose it, or empty the list')
    return who === 'any' ? undefined : who === 'none' ? [] : entries
  },
})

const tags: Setting<readonly string[]> = {
  fill: (value) => [['tags_who', value === undefined ? 'any' : 'only'], ...many('tags', value)],
  read: (reader, stored = []) => {
    const chosen = reader.form.chosen('tags', [...TAGS, ...stored])
    if (reader.form.offered('tags_who', ['any', 'only']) === 'only') return chosen
    if (chosen.some((tag) => !stored.includes(tag)))
      problem(reader, 'config.tags', 'some are ticked, but “only these” is not chosen')
    return undefined
  },
}

const tools: Setting<readonly string[]> = {
  fill: (value = []) => [['tools', value.join('\n')]],
  read: ({ form }, stored = []) => {
    const names = entriesOf(form.one('tools'), stored)
    return names.length > 0 ? names : undefined
  },
}

/** As people write it, and `centsOf` reads it. */
const amountText = (cents: number): string => dollars(cents).replace('$', '')

/** Choices about approval: of an account without, of a server with leaving it to the account. */
export const APPROVALS = ['always', 'over', 'none'] as const
type Approval = NonNullable<ServerConfig['approval']>

/** An approval as two fields; not set: what the account says. */
export const approvalFields = (value: Approval | undefined): Filled[] => [
  ['approval', typeof value === 'object' ? 'over' : (value ?? 'account')],
  ['approval_over', typeof value === 'object' ? amountText(value.over_cents) : ''],
]

/** @param at where the API has it, for what is wrong; @param chosen what the form says */
export const approvalIn = (reader: Reader, at: string, chosen: (typeof APPROVALS)[number]): Approval => {
  if (chosen !== 'over') return chosen
  const path = `${at}.over_cents`
  if (reader.form.maybe('approval_over') === null) problem(reader, path, 'say over how much')
  return { over_cents: amount(reader, 'approval_over', path) ?? 0 }
}

const approval: Setting<Approval> = {
  fill: approvalFields,
  read: (reader) => {
    const chosen = reader.form.offered('approval', ['account', ...APPROVALS])
    return chosen === 'account' ? undefined : approvalIn(reader, 'config.approval', chosen)
  },
}

type Limits = NonNullable<ServerConfig['limits']>
type Bound = { cents?: number; count?: number } | undefined

type Limit = (typeof LIMITS)[number]

const centsField = ({ key }: Limit, bound: Bound): Filled => [
  key,
  bound?.cents === undefined ? '' : amountText(bound.cents),
]
const countField = ({ key }: Limit, bound: Bound): Filled => [`${key}_count`, String(bound?.count ?? '')]

const limitFields = (limit: Limit, bound: Bound): Filled[] => [
  centsField(limit, bound),
  ...(limit.count ? [countField(limit, bound)] : []),
]

const withoutGaps = <Value extends object>(value: Value): Value | undefined => {
  const kept = Object.entries(value).filter(([, member]) => member !== undefined)
  return kept.length > 0 ? (Object.fromEntries(kept) as Value) : undefined
}

/** A bound that is larger than fields take is kept while nobody touches it. */
const limitIn = (reader: Reader, limit: Limit, stored: Bound): Bound => {
  const isKept = (field: Filled) => isUntouched(reader.form, [field])
  const at = `config.limits.${limit.key}`
  const cents = isKept(centsField(limit, stored)) ? stored?.cents : amount(reader, limit.key, `${at}.cents`)
  const keepsCount = !limit.count || isKept(countField(limit, stored))
  const count = keepsCount ? stored?.count : whole(reader, `${limit.key}_count`, `${at}.count`)
  return withoutGaps({ ...stored, cents, count })
}

export const limits: Setting<Limits> = {
  fill: (value = {}) => LIMITS.flatMap((limit) => limitFields(limit, value[limit.key])),
  read: (reader, stored = {}) =>
    withoutGaps({
      ...stored,
      ...Object.fromEntries(LIMITS.map((limit) => [limit.key, limitIn(reader, limit, stored[limit.key])])),
    }),
}

/** What happens to money for a payee that calls for care; the first: what happens to any other. */
const CARE = ['', 'approve', 'refuse'] as const

const firstPayment: Setting<'approve' | 'refuse'> = {
  fill: (value = undefined) => [['first_payment', value ?? '']],
  read: ({ form }) => form.offered('first_payment', CARE) || undefined,
}

/** Days that are suggested where nothing is set. */
const CHANGED_DAYS = 30

const changedSupplier: Setting<NonNullable<ServerConfig['changed_supplier']>> = {
  fill: (value) => [
    ['changed_action', value?.action ?? ''],
    ['changed_days', String(value?.days ?? CHANGED_DAYS)],
  ],
  read: (reader) => {
    const action = reader.form.offered('changed_action', CARE)
    const path = 'config.changed_supplier.days'
    const days = whole(reader, 'changed_days', path)
    if (action === '') return undefined
    return { days: days ?? problem(reader, path, 'say within how many days') ?? CHANGED_DAYS, action }
  },
}

/** A choice among words, the first of which holds where nothing is set. */
const among = <Of extends string>(key: string, options: readonly { value: Of }[]): Setting<Of> => ({
  fill: (value) => [[key, value ?? options[0]!.value]],
  read: ({ form }) => {
    const chosen = form.offered(
      key,
      options.map(({ value }) => value),
    )
    return chosen === options[0]!.value ? undefined : chosen
  },
})

const [REPLY] = CHOICES

/** What the form decides; all other settings are left as they are. */
export const SETTINGS = {
  methods: group('methods', [...GROUPS, ...METHODS], ['read']),
  tags,
  tools,
  tool_exposure: toggle('tool_exposure', 'discovery'),
  require_api_token_auth: toggle('second_factor', true),
  reply: among(REPLY.key, REPLY.options),
  approval,
  limits,
  first_payment: firstPayment,
  changed_supplier: changedSupplier,
  allowed_buyers: listed('allowed_buyers'),
  allowed_suppliers: listed('allowed_suppliers'),
  webhook_hosts: listed('webhook_hosts'),
} as const

export type FormKey = keyof typeof SETTINGS
export const FORM_KEYS = Object.keys(SETTINGS) as FormKey[]

/** The same, of whatever type their values are. */
export const settingOf = (key: FormKey) => SETTINGS[key] as unknown as Setting<unknown>
