/** The settings of an MCP server in words that people who pay bills use. Pure. */
import { dollars } from '../../../core/money.ts'
import { grouped, listed, plural } from '../../../core/words.ts'
import { momentIn } from '../../../core/zone.ts'
import type { ServerConfig } from '../../../rules/server-settings.ts'
import { METHODS, SUBJECTS } from '../../../rules/summary/words.ts'
import { CHOICES } from './choices.ts'
import { FORM_KEYS, LIMITS } from './values.ts'

export type Rule = [label: string, value: string]

/** @param unset what holds where nothing is set */
export const approvalWords = (approval: ServerConfig['approval'], unset = 'as the account says'): string => {
  if (approval === undefined) return unset
  if (approval === 'none') return 'not asked for'
  return approval === 'always' ? 'for every write' : `over ${dollars(approval.over_cents)}`
}

const CARE = { approve: 'asks for approval', refuse: 'refused' } as const
const careWords = (care: 'approve' | 'refuse' | undefined): string => (care ? CARE[care] : 'as any other')

const boundWords = ({ cents, count }: { cents?: number; count?: number } = {}): string =>
  [cents !== undefined && dollars(cents), count !== undefined && plural(count, 'invoice')]
    .filter(Boolean)
    .join(', ') || 'no limit'

/** Beyond so many only their number is said, and what was added and removed. */
const MOST_NAMED = 20

const names = (list: readonly string[]): string =>
  list.length > MOST_NAMED ? `${grouped(list.length)} named ones` : list.join(', ')

/** A name of the API with its words, where those say more. */
const withWords =
  (words: Readonly<Record<string, string>>) =>
  (code: string): string =>
    Object.hasOwn(words, code) && words[code] !== code ? `${code} (${words[code]})` : code

const GROUPS: Readonly<Record<string, string>> = { custom: 'everything else' }

/** `read only`, `read and write`; other methods by name, with their words. */
export const methodsWords = (list: readonly string[]): string => {
  if (list.length === 1 && list[0] === 'read') return 'read only'
  const words = list.map((name) => GROUPS[name] ?? withWords(METHODS)(name))
  if (words.length > MOST_NAMED) return names(words)
  return listed(words) || 'nothing'
}

/** @param all what holds where no list is set */
const only = (list: readonly string[] | undefined, all: string, none: string): string => {
  if (list === undefined) return all
  return list.length === 0 ? none : `only ${names(list)}`
}

const changedWords = (rule: ServerConfig['changed_supplier']): string =>
  rule ? `${CARE[rule.action]} for ${plural(rule.days, 'day')}` : 'as any other'

const CONFIRMATION =
  'a form that the client’s own side answers may replace the approval: it guards against slips, not against the agent, and does not count where every write waits'

const [REPLY] = CHOICES

type Words<Value> = { label: string; says(value: Value | undefined): string }

const WORDS: { [Key in Exclude<keyof ServerConfig, 'limits'>]-?: Words<NonNullable<ServerConfig[Key]>> } = {
  methods: {
    label: 'What it may do',
    says: (list = ['read']) => methodsWords(list),
  },
  tags: { label: 'Subjects', says: (list) => only(list?.map(withWords(SUBJECTS)), 'all', 'none') },
  tools: {
    label: 'Exact tools',
    says: (list) => (list ? names(list) : 'not named: methods and subjects decide'),
  },
  tool_exposure: {
    label: 'Discovery mode',
    says: (mode) => (mode === 'discovery' ? 'on: a handful of tools that find the others' : 'off'),
  },
  require_api_token_auth: {
    label: 'Second factor',
    says: (on) => (on ? 'an API token, beside the URL' : 'none: the URL is enough'),
  },
  payees: { label: 'Payees', says: (payees) => (payees ? 'only those somebody vouched for' : 'open') },
  approval: { label: 'Approval by a person', says: (approval) => approvalWords(approval) },
  first_payment: { label: 'First payment to a supplier', says: careWords },
  changed_supplier: { label: 'Suppliers whose payment details changed', says: changedWords },
  allowed_suppliers: { label: 'Who may be paid', says: (list) => only(list, 'any supplier', 'nobody') },
  allowed_buyers: { label: 'Who may pay', says: (list) => only(list, 'any buyer', 'nobody') },
  webhook_hosts: { label: 'Where webhooks may go', says: (list) => only(list, 'any public host', 'nowhere') },
  webhook_secrets: {
    label: 'Secrets of webhooks',
    says: (which) => (which === 'vault_only' ? 'only stored ones, by name' : 'any'),
  },
  duplicate_guard: {
    label: 'Looking for duplicates',
    says: (guard) => {
      if (guard === undefined) return 'as usual'
      return guard.requests === 0 ? 'off' : `at most ${plural(guard.requests, 'request')} before a batch`
    },
  },
  approval_door: {
    label: 'Confirmation',
    says: (door) => (door === 'confirm' ? CONFIRMATION : 'does not replace the approval'),
  },
  reply: {
    label: REPLY.label,
    says: (form) => (REPLY.options.find(({ value }) => value === form) ?? REPLY.options[0]!).label,
  },
  fixed: {
    label: 'Fixed arguments',
    says: (fixed) => (fixed ? Object.keys(fixed).join(', ') || 'none' : 'none'),
  },
  text_format: { label: 'Text of lists', says: (format) => format?.toUpperCase() ?? 'as usual' },
  upstream_429: {
    label: 'When Finexio limits the rate',
    says: (how) => (how === 'http' ? 'HTTP 429' : 'said in the result'),
  },
  allowed_origins: { label: 'Web pages that may call it', says: (list = []) => names(list) || 'none more' },
}

/** All limits in one line. */
export const limitsWords = (limits: NonNullable<ServerConfig['limits']>): string =>
  LIMITS.filter(({ key }) => limits[key])
    .map(({ key, label }) => `${label.toLowerCase()} ${boundWords(limits[key])}`)
    .join('; ') || 'none'

const isKnown = (key: string): key is keyof typeof WORDS => Object.hasOwn(WORDS, key)

const labelOf = ({ label }: (typeof LIMITS)[number]) => `Limit: ${label.toLowerCase()}`

/** One setting; `undefined` is what holds where nothing is set. A key that has no words yet is shown as it is. */
const rulesFor = (key: string, config: ServerConfig): Rule[] => {
  const value = config[key as keyof ServerConfig]
  if (key === 'limits') return LIMITS.map((limit) => [labelOf(limit), boundWords(config.limits?.[limit.key])])
  if (isKnown(key)) {
    const { label, says } = WORDS[key] as Words<unknown>
    return [[label, says(value)]]
  }
  return [[key.replaceAll('_', ' '), value === undefined ? 'not set' : JSON.stringify(value)]]
}

/** Shown elsewhere on the page of a server. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'methods',
  'tags',
  'tools',
  'tool_exposure',
  'require_api_token_auth',
])

/** What is set besides the filter. */
export const rulesOf = (config: ServerConfig): Rule[] =>
  Object.keys(config)
    .filter((key) => !ELSEWHERE.has(key))
    .flatMap((key) => rulesFor(key, config))
    .filter(([, says]) => says !== 'no limit')

/** What is set and the form does not show. */
export const keptRules = (config: ServerConfig): Rule[] =>
  Object.keys(config)
    .filter((key) => !(FORM_KEYS as string[]).includes(key))
    .flatMap((key) => rulesFor(key, config))

/** One thing that a change changes. `key`: as the API names it. */
export type Difference = {
  key: string
  /** Of limits: which one. */
  part?: keyof NonNullable<ServerConfig['limits']>
  label: string
  before: string
  after: string
}

const listIn = (value: unknown): string[] => (Array.isArray(value) ? value.map(String) : [])

/** What was added to and removed from lists too long to be read twice. */
const listChange = (before: unknown, after: unknown): string => {
  const [was, is] = [listIn(before), listIn(after)]
  if (was.length <= MOST_NAMED && is.length <= MOST_NAMED) return ''
  const more = is.filter((one) => !was.includes(one))
  const gone = was.filter((one) => !is.includes(one))
  return `; added: ${more.join(', ') || 'none'}; removed: ${gone.join(', ') || 'none'}`
}

const exactly = (value: unknown) => (value === undefined ? ' (not set)' : ` (${JSON.stringify(value)})`)

/** Where the words are the same, the values are not. */
const told = (words: [string, string], [was, is]: [unknown, unknown]): [before: string, after: string] => {
  const [before, after] = words
  const lists = listChange(was, is)
  if (lists !== '') return [before, after + lists]
  if (before !== after) return words
  // Whatever holds by itself and is chosen now is no other value: that one of them was not set says it all.
  return was === undefined || is === undefined
    ? [before + (was === undefined ? exactly(was) : ''), after + (is === undefined ? exactly(is) : '')]
    : [before + exactly(was), after + exactly(is)]
}

const differencesIn = (key: string, before: ServerConfig, after: ServerConfig): Difference[] => {
  const [was, is] = [rulesFor(key, before), rulesFor(key, after)]
  const pairs = was.map(([label, says], index) => [label, says, is[index]![1]] as const)
  const shown = pairs.length > 1 ? pairs.filter(([, one, other]) => one !== other) : pairs
  const values: [unknown, unknown] = [before[key as keyof ServerConfig], after[key as keyof ServerConfig]]
  return (shown.length > 0 ? shown : pairs.slice(0, 1)).map(([label, one, other]) => {
    const [before, after] = told([one, other], values)
    const part = LIMITS.find((limit) => key === 'limits' && labelOf(limit) === label)?.key
    return { key, ...(part && { part }), label, before, after }
  })
}

const ends = (at: string | null, zone: string): string => (at === null ? 'never' : momentIn(zone, at))

type Shown = { name: string; config: ServerConfig; expires_at: string | null; holder: string | null }

/** What a server leaves to its account is said with what the account says now. */
const withAccount =
  (ofAccount: ServerConfig['approval']) =>
  (row: Difference): Difference => {
    if (row.key !== 'approval' || ofAccount === undefined) return row
    const full = (words: string) =>
      words === approvalWords(undefined) ? `${words}: now ${approvalWords(ofAccount)}` : words
    return { ...row, before: full(row.before), after: full(row.after) }
  }

const row = (key: string, label: string, before: string, after: string): Difference[] =>
  before === after ? [] : [{ key, label, before, after }]

/** What the words of a server depend on besides itself. */
export type Around = {
  /** Its account's approval. */
  approval?: ServerConfig['approval']
  /** Names of people and systems by id. */
  names?: ReadonlyMap<string, string>
  /** In which times are said. */
  zone?: string
}

/** What is different between two states of a server. */
export const differencesOf = (
  before: Shown,
  after: Shown,
  { approval, names: people, zone = 'UTC' }: Around = {},
): Difference[] => {
  const keys = new Set([...Object.keys(before.config), ...Object.keys(after.config)])
  const changed = [...keys].filter(
    (key) =>
      JSON.stringify(before.config[key as keyof ServerConfig]) !==
      JSON.stringify(after.config[key as keyof ServerConfig]),
  )
  const holder = (id: string | null) => (id === null ? 'nobody is named' : (people?.get(id) ?? id))
  return [
    ...row('name', 'Name', before.name, after.name),
    ...row('holder', 'Who works through it', holder(before.holder), holder(after.holder)),
    ...changed.flatMap((key) => differencesIn(key, before.config, after.config)).map(withAccount(approval)),
    ...(before.expires_at === after.expires_at
      ? []
      : [
          {
            key: 'expires_at',
            label: 'Ends',
            before: ends(before.expires_at, zone),
            after: ends(after.expires_at, zone),
          },
        ]),
  ]
}
