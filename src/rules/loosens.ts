/** Whether a change lets a call pass that could not pass before. An unclassified key counts as loosened. Pure. */
import { type Approval, answerSettings, type ServerConfig } from './server-settings.ts'

/** What was set before and after; undefined: nothing. */
type Looser<Value> = (before: Value | undefined, after: Value | undefined) => boolean

const same = (before: unknown, after: unknown): boolean => JSON.stringify(before) === JSON.stringify(after)

/** Loosened when a restriction was removed or changed. A new one only narrows. */
const changedOrGone: Looser<unknown> = (before, after) => before !== undefined && !same(before, after)

/** A list of what may pass; undefined: everything. */
const listGrew: Looser<readonly string[]> = (before, after) =>
  before !== undefined && (after === undefined || after.some((one) => !before.includes(one)))

/** A list of what may pass besides the deployment's own; undefined: nothing. */
const listAdded: Looser<readonly string[]> = (before = [], after = []) =>
  after.some((one) => !before.includes(one))

/** The largest value that may pass; undefined: any. */
const ceilingRose: Looser<number> = (before, after) =>
  before !== undefined && (after === undefined || after > before)

type Bounds = Record<string, number | undefined> | undefined

const boundsRose = (before: Bounds, after: Bounds): boolean =>
  Object.entries(before ?? {}).some(([unit, most]) => ceilingRose(most, after?.[unit]))

/** Cents above which a person has to agree: 0 for always, infinite for never. */
const unasked = (approval: Approval = 'none'): number => {
  if (approval === 'none') return Number.POSITIVE_INFINITY
  return approval === 'always' ? -1 : approval.over_cents
}

const CARE = ['refuse', 'approve', undefined] as const
type Care = (typeof CARE)[number]

const careFell = (before: Care, after: Care): boolean => CARE.indexOf(after) > CARE.indexOf(before)

/** Requests that looking for duplicates may cost where a server says nothing. */
export const DUPLICATE_GUARD_DEFAULT = 40

const never = () => false

type Fixed = NonNullable<ServerConfig['fixed']>

/** A new entry for one tool may take the place of what is fixed for all tools, such as `dry_run`. */
const exceptsTool = (before: Fixed, after: Fixed): boolean =>
  before['*'] !== undefined &&
  Object.entries(after).some(
    ([tool, entries]) => tool !== '*' && Object.keys(entries).some((key) => !(key in (before[tool] ?? {}))),
  )

type Weighed = Exclude<keyof ServerConfig, keyof typeof answerSettings>

const LOOSER: { [Key in Weighed]-?: Looser<NonNullable<ServerConfig[Key]>> } = {
  // Which tools these let through is compared as a whole: see `toolsGrew`.
  methods: never,
  tags: never,
  tools: never,
  tool_exposure: never,
  fixed: (before = {}, after = {}) =>
    Object.entries(before).some(([tool, entries]) =>
      Object.entries(entries).some(([key, value]) => changedOrGone(value, after[tool]?.[key])),
    ) || exceptsTool(before, after),
  require_api_token_auth: (before, after) => before === true && after !== true,
  allowed_origins: listAdded,
  limits: (before, after) =>
    Object.entries(before ?? {}).some(([name, bounds]) =>
      boundsRose(bounds, after?.[name as keyof NonNullable<ServerConfig['limits']>]),
    ),
  approval: (before, after) => unasked(after) > unasked(before),
  approval_door: (before, after) => before !== 'confirm' && after === 'confirm',
  allowed_buyers: listGrew,
  allowed_suppliers: listGrew,
  first_payment: careFell,
  changed_supplier: (before, after) =>
    careFell(before?.action, after?.action) ||
    (before !== undefined && after !== undefined && after.days < before.days),
  webhook_hosts: listGrew,
  webhook_secrets: (before, after) => before === 'vault_only' && after !== 'vault_only',
  duplicate_guard: (before, after) =>
    (after?.requests ?? DUPLICATE_GUARD_DEFAULT) < (before?.requests ?? DUPLICATE_GUARD_DEFAULT),
}

/** A server as far as loosening goes: its effective configuration, the names of the tools it shows, and its end. */
export type Reach = {
  config: ServerConfig
  tools: readonly string[]
  /** Milliseconds since the epoch; null: it never ends. */
  expires_at: number | null
}

/** Names of what got looser from one state of a server to the next; empty: nothing did. A key that is not known counts. */
export const loosenedKeys = (before: Reach, after: Reach): string[] => {
  const keys = new Set([...Object.keys(before.config), ...Object.keys(after.config)]) as Set<
    keyof ServerConfig
  >
  const looser: string[] = [...keys].filter((key) => {
    const rule = (key in answerSettings ? never : LOOSER[key as Weighed]) as Looser<unknown> | undefined
    const [was, is] = [before.config[key], after.config[key]]
    return rule ? rule(was, is) : !same(was, is)
  })
  if (after.tools.some((name) => !before.tools.includes(name))) looser.push('tools')
  if (ceilingRose(before.expires_at ?? undefined, after.expires_at ?? undefined)) looser.push('expires_at')
  return [...new Set<string>(looser)]
}

export const loosens = (before: Reach, after: Reach): boolean => loosenedKeys(before, after).length > 0
