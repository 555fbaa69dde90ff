/**
 * Whether a change lets a call pass that could not pass before. Each key is judged by itself: a higher limit counts although
 * the server may only read. An unclassified key counts as loosened. Pure.
 */
import { canonicalId } from '../../core/ids.ts'
import { fixesOverlap } from '../fixed.ts'
import { type Approval, answerSettings, type Limits, type ServerConfig } from '../server-settings.ts'
import { accountOf, type Grant, holds, roleOf } from './roles.ts'

/** What was set before and after; undefined: nothing. */
type Looser<Value> = (before: Value | undefined, after: Value | undefined) => boolean

const same = (before: unknown, after: unknown): boolean => JSON.stringify(before) === JSON.stringify(after)

/** A restriction that was there and is gone or changed. One that is new only narrows. */
const changedOrGone: Looser<unknown> = (before, after) => before !== undefined && !same(before, after)

/** Only these may pass; undefined: everybody. */
const listGrew: Looser<readonly string[]> = (before, after) =>
  before !== undefined && (after === undefined || after.some((one) => !before.includes(one)))

/** The same for ids, whose spelling does not count. */
const idsGrew: Looser<readonly string[]> = (before, after) =>
  listGrew(before?.map(canonicalId), after?.map(canonicalId))

/** Nobody beyond the deployment's own may pass; undefined: none. */
const listAdded: Looser<readonly string[]> = (before = [], after = []) =>
  after.some((one) => !before.includes(one))

/** The largest that may pass; undefined: any. */
const ceilingRose: Looser<number> = (before, after) =>
  before !== undefined && (after === undefined || after > before)

type Bounds = Record<string, number | undefined> | undefined

const boundsRose = (before: Bounds, after: Bounds): boolean =>
  Object.entries(before ?? {}).some(([unit, most]) => ceilingRose(most, after?.[unit]))

/** Whether any limit got higher or went away. */
export const limitsRose: Looser<Limits> = (before, after) =>
  Object.entries(before ?? {}).some(([name, bounds]) => boundsRose(bounds, after?.[name as keyof Limits]))

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

type Fixed = NonNullable<ServerConfig['fixed']>

const entriesOf = (fixed: Fixed = {}) =>
  Object.entries(fixed).flatMap(([tool, entries]) =>
    Object.entries(entries).map(([key, value]) => ({ tool, key, value })),
  )

/** An entry that is new may put another value in the place of one that was fixed already. */
const fixedElsewhere = (before: Fixed, after: Fixed): boolean =>
  entriesOf(after)
    .filter(({ tool, key }) => before[tool]?.[key] === undefined)
    .some(({ tool, key }) =>
      entriesOf(before).some(
        (held) => (held.tool === tool || held.tool === '*') && fixesOverlap(held.key, key),
      ),
    )

const fixedLooser: Looser<Fixed> = (before = {}, after = {}) =>
  entriesOf(before).some(({ tool, key, value }) => changedOrGone(value, after[tool]?.[key])) ||
  fixedElsewhere(before, after)

/** Say which tools there are: those are compared as a whole. */
const FILTER = ['methods', 'tags', 'tools', 'tool_exposure'] as const

type Judged = Exclude<keyof ServerConfig, (typeof FILTER)[number] | keyof typeof answerSettings>

const LOOSER: { [Key in Judged]-?: Looser<NonNullable<ServerConfig[Key]>> } = {
  fixed: fixedLooser,
  require_api_token_auth: (before, after) => before === true && after !== true,
  allowed_origins: listAdded,
  limits: (before, after) => limitsRose(before, after),
  approval: (before, after) => unasked(after) > unasked(before),
  approval_door: (before, after) => before !== 'confirm' && after === 'confirm',
  allowed_buyers: idsGrew,
  allowed_suppliers: idsGrew,
  first_payment: careFell,
  payees: changedOrGone,
  changed_supplier: (before, after) =>
    careFell(before?.action, after?.action) ||
    (before !== undefined && after !== undefined && after.days < before.days),
  webhook_hosts: listGrew,
  webhook_secrets: (before, after) => before === 'vault_only' && after !== 'vault_only',
  duplicate_guard: (before, after) =>
    (after?.requests ?? DUPLICATE_GUARD_DEFAULT) < (before?.requests ?? DUPLICATE_GUARD_DEFAULT),
}

/** A server as far as loosening goes: its effective configuration, the tools it shows, its end, and who works through it. */
export type Reach = {
  config: ServerConfig
  /** Names. Those that only follow what waits for a person are there whether or not something may wait. */
  tools: readonly string[]
  /** Milliseconds since the epoch; null: it never ends. */
  expires_at: number | null
  /** Id of a person or system; null: nobody is named. */
  holder: string | null
}

const isHarmless = (key: string): boolean =>
  key in answerSettings || (FILTER as readonly string[]).includes(key)

const configLooser = (before: ServerConfig, after: ServerConfig): string[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => {
    if (isHarmless(name)) return false
    const key = name as Judged
    const rule = LOOSER[key] as Looser<unknown> | undefined
    return rule ? rule(before[key], after[key]) : !same(before[key], after[key])
  })

/**
 * Names of what got looser from one state of a server to the next; empty: nothing did. Any other holder counts: who worked
 * through the server could decide on its drafts afterwards, or somebody is known where nobody was.
 */
export const loosenedKeys = (before: Reach, after: Reach): string[] => {
  const looser = configLooser(before.config, after.config)
  if (after.tools.some((name) => !before.tools.includes(name))) looser.push('tools')
  if (ceilingRose(before.expires_at ?? undefined, after.expires_at ?? undefined)) looser.push('expires_at')
  if (before.holder !== after.holder) looser.push('holder')
  return looser
}

/** Whether anything got looser. */
export const loosens = (before: Reach, after: Reach): boolean => loosenedKeys(before, after).length > 0

/** A key with what stood there and what is to stand there; null: nothing. */
export type Difference = { key: string; before: unknown; after: unknown }

/** What differs between two records, key by key. */
export const differences = (
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Difference[] =>
  [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .filter((key) => !same(before[key] ?? null, after[key] ?? null))
    .map((key) => ({ key, before: before[key] ?? null, after: after[key] ?? null }))

/** Whether grants give what another one does. */
const covered = (grants: readonly Grant[], grant: Grant): boolean =>
  holds(grants, roleOf(grant), accountOf(grant))

/** Grants that give something which was not held before. */
export const grantsBeyond = (before: readonly Grant[], after: readonly Grant[]): Grant[] =>
  after.filter((grant) => !covered(before, grant))

/** What of a change of grants only takes away: what is held before and after it. */
export const grantsKept = (before: readonly Grant[], after: readonly Grant[]): Grant[] => [
  ...new Set([
    ...before.filter((grant) => covered(after, grant)),
    ...after.filter((grant) => covered(before, grant)),
  ]),
]

/** Whether the approval that stands for servers that say nothing asks less often. */
export const approvalFell = (before: Approval, after: Approval): boolean => unasked(after) > unasked(before)

/** Whether money may leave through the URL of a server alone, without another person and without a key beside it. */
export const opensMoney = ({ config }: Pick<Reach, 'config'>): boolean =>
  config.approval !== 'always' && config.require_api_token_auth !== true
