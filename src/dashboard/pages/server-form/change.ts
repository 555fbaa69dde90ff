/** What the form of an MCP server asks for: a configuration for a new one, or what was changed of one that there is. Pure. */
import type { Failure } from '../../../api/errors.ts'
import { DAY_MS } from '../../../core/time.ts'
import { dayIn, dayRange } from '../../../core/zone.ts'
import type { ConfigChange, ServerConfig } from '../../../rules/server-settings.ts'
import { formOf, notWhole, type SentForm } from '../../form-data.ts'
import { type Filled, isUntouched } from '../../parts/fields.ts'
import type { Effects } from '../../parts/server/preview.tsx'
import type { Server } from '../../shapes.ts'
import { TEMPLATES } from './templates.tsx'
import { FORM_KEYS, type FormKey, type Reader, settingOf } from './values.ts'

/** A server as far as its form goes. */
export type Stored = Pick<Server, 'name' | 'config' | 'expires_at'> & {
  /** Id of a person or system. */
  holder: string | null
}

/** As the API takes it: absent keys stay, null removes a key of `config`. */
export type Change = {
  name?: string
  config?: ConfigChange
  expires_at?: string | null
  holder?: string | null
}

export const EXPIRIES = [
  { value: '24h', label: '24 hours', days: 1 },
  { value: '7d', label: '7 days', days: 7 },
  { value: '90d', label: '90 days', days: 90 },
] as const

export const NEW_EXPIRIES = [...EXPIRIES.map(({ value }) => value), 'date', 'never'] as const
type NewExpiry = (typeof NEW_EXPIRIES)[number]

/** When a form is read: milliseconds since the epoch, and the zone in which its days are meant. */
type Read = { now: number; zone: string }

/** The last second of a day; a text that is no time for what is no day. */
const endOf = (zone: string, day: string): string => {
  const range = dayRange(zone, day)
  return range ? new Date(Date.parse(range.before) - 1000).toISOString() : 'no date'
}

/**
 * When something new ends; null: never.
 * @param offered what the form offers
 * @throws Refused 400 for anything else
 */
export const expiryIn = (
  form: SentForm,
  offered: readonly NewExpiry[],
  { now, zone }: Read,
): string | null => {
  const chosen = form.offered('expires', offered)
  if (chosen === 'never') return null
  if (chosen === 'date') return endOf(zone, form.one('expires_date'))
  const { days } = EXPIRIES.find(({ value }) => value === chosen)!
  return new Date(now + days * DAY_MS).toISOString()
}

/** What is wrong with the end that was chosen, beside its field: before anything is shown as if it could be made. */
export const endProblems = (expires_at: string | null): Failure[] =>
  expires_at !== null && Number.isNaN(Date.parse(expires_at))
    ? [{ path: 'expires_at', message: 'name the last day' }]
    : []

const fieldsFor = (config: ServerConfig): [FormKey, Filled[]][] =>
  FORM_KEYS.map((key) => [key, settingOf(key).fill(config[key])])

/** The settings that the form shows. */
export const shownOf = (config: ServerConfig): ServerConfig =>
  Object.fromEntries(Object.entries(config).filter(([key]) => FORM_KEYS.includes(key as FormKey)))

const endFields = (end: string | null | undefined, zone: string): Filled[] => {
  if (end === undefined) return [['expires', 'keep']]
  if (end === null) return [['expires', 'never']]
  return [
    ['expires', 'date'],
    ['expires_date', dayIn(zone, Date.parse(end))],
  ]
}

const formWith = ({ name, holder, config }: Omit<Stored, 'expires_at'>, end: readonly Filled[]): SentForm =>
  formOf(
    new URLSearchParams(
      [
        ['name', name] as const,
        ['holder', holder ?? ''] as const,
        ...end,
        ...fieldsFor(config).flatMap(([, filled]) => filled),
      ].map(([field, value]) => [field, value]),
    ),
  )

/** The form of a server that there is. @param end another end than it has; undefined: that stays */
export const fieldsOf = (stored: Omit<Stored, 'expires_at'>, zone: string, end?: string | null): SentForm =>
  formWith(stored, endFields(end, zone))

/** A text that was cut out of a form must not count as emptied. @throws Refused 400 */
const needsWhole = (form: SentForm): void => {
  const missing = [
    ...fieldsFor({}).flatMap(([, filled]) => filled.map(([name]) => name)),
    'name',
    'holder',
  ].filter((name) => !form.has(name))
  if (missing.length > 0) throw notWhole(missing)
}

type Answer<Value> = { value: Value; problems: Failure[] }

/** Of a setting that is equal, nothing is sent, however it is written. */
const isEqual = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b)

/** The form of a new one. */
export const newFields = (): SentForm =>
  formWith({ name: '', holder: null, config: TEMPLATES[0].config }, [['expires', '90d']])

/** A form with the settings of a configuration in place of its own; name, holder and end stay. */
export const refilled = (form: SentForm, config: ServerConfig): SentForm =>
  formWith({ name: form.one('name'), holder: form.maybe('holder'), config }, [
    ['expires', form.one('expires')],
    ['expires_date', form.one('expires_date')],
  ])

/** Every field of a form as it was sent, for another page to send once more. @throws Refused 400 for one that is not whole */
export const sentFields = (form: SentForm): Filled[] => {
  needsWhole(form)
  const names = [
    'name',
    'holder',
    'expires',
    'expires_date',
    ...fieldsFor({}).flatMap(([, filled]) => filled.map(([name]) => name)),
  ]
  return [...new Set(names)].flatMap((name) => form.sent(name).map((value): Filled => [name, value]))
}

const configChangeIn = (reader: Reader, config: ServerConfig): ConfigChange =>
  Object.fromEntries(
    fieldsFor(config).flatMap(([key, filled]) => {
      const own: Reader = { form: reader.form, problems: [] }
      // Read even when untouched: what is not offered is refused, whatever it comes to.
      const read = settingOf(key).read(own, config[key])
      if (isUntouched(reader.form, filled)) return []
      reader.problems.push(...own.problems)
      return isEqual(read, config[key]) ? [] : [[key, read ?? null]]
    }),
  )

/**
 * What was changed in the form of a server.
 * @param stored what the form was filled with
 * @throws Refused 400 for a form that is not whole, or says what it does not offer
 */
export const changeIn = (form: SentForm, stored: Stored, when: Read): Answer<Change> => {
  needsWhole(form)
  const reader: Reader = { form, problems: [] }
  const config = configChangeIn(reader, stored.config)
  const [name, holder] = [form.one('name'), form.maybe('holder')]
  const keeps = form.offered('expires', ['keep', ...NEW_EXPIRIES]) === 'keep'
  const expires_at = keeps ? stored.expires_at : expiryIn(form, NEW_EXPIRIES, when)
  const change = {
    ...(name !== stored.name.trim() && { name }),
    ...(holder !== stored.holder && { holder }),
    ...(Object.keys(config).length > 0 && { config }),
    ...(expires_at !== stored.expires_at && { expires_at }),
  }
  return { value: change, problems: [...reader.problems, ...endProblems(expires_at)] }
}

/** Of what decides which tools there are. */
const FILTER = ['methods', 'tags', 'tools', 'tool_exposure'] as const satisfies readonly FormKey[]
const ON_WRITES: ReadonlySet<FormKey> = new Set(['approval', 'webhook_hosts'])
const FOR_ALL: ReadonlySet<FormKey> = new Set([...FILTER, 'require_api_token_auth', 'reply'])

const readKeys = (reader: Reader, keys: readonly FormKey[]): ServerConfig =>
  Object.fromEntries(
    keys.flatMap((key) => {
      const value = settingOf(key).read(reader, undefined)
      return value === undefined ? [] : [[key, value]]
    }),
  )

/** What decides which tools there are. @throws Refused 400 */
export const filterIn = (form: SentForm): ServerConfig => readKeys({ form, problems: [] }, FILTER)

/**
 * The configuration of a new server.
 * @param effects of the tools that the filter lets through: rules for writes are of no use where nothing writes
 * @throws Refused 400 for a form that is not whole, or says what it does not offer
 */
export const configIn = (form: SentForm, effects: Effects): Answer<ServerConfig> => {
  needsWhole(form)
  const reader: Reader = { form, problems: [] }
  const writes = effects.write + effects.money > 0
  const isOfUse = (key: FormKey) => FOR_ALL.has(key) || (ON_WRITES.has(key) ? writes : effects.money > 0)
  return { value: readKeys(reader, FORM_KEYS.filter(isOfUse)), problems: reader.problems }
}
