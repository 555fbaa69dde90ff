/**
 * Arguments that the operator fixed. A key is an argument's name or a JSON pointer into one (RFC 6901); a step that meets
 * a list goes into each of its rows, so that `/body/receiving_counterparty_id` fixes the supplier of every invoice.
 */
import { isObject, type JsonObject } from '../core/json.ts'
import type { ServerConfig } from './server-settings.ts'

export type Fixed = NonNullable<ServerConfig['fixed']>
export type FixedValue = Fixed[string][string]
/** `entry`: which entry of the configuration it comes from. */
export type Fix = { path: readonly string[]; value: FixedValue; entry: string }

/** `a~1b` means `a/b`, `~0` means `~` (RFC 6901, section 3). */
const unescaped = (step: string) => step.replaceAll('~1', '/').replaceAll('~0', '~')

/** The steps to an argument. @param key its name, or a JSON pointer (RFC 6901) */
export const pathOf = (key: string): string[] =>
  key.startsWith('/') ? key.slice(1).split('/').map(unescaped) : [key]

const BUYER = ['buyer_id', 'originating_counterparty_id', '/body/originating_counterparty_id']
const SUPPLIER = ['supplier_id', 'receiving_counterparty_id', '/body/receiving_counterparty_id']

/** One buyer or supplier under the names by which tools know it. */
const PARTIES: readonly { keys: readonly string[]; resource: string }[] = [
  { keys: BUYER, resource: 'buyers' },
  { keys: SUPPLIER, resource: 'suppliers' },
]

const sameAs = (path: readonly string[]): string => JSON.stringify(path)

/** However it is spelled: `supplier_id` and `/supplier_id` are one argument. */
const partyOf = (key: string) =>
  PARTIES.find(({ keys }) => keys.some((one) => sameAs(pathOf(one)) === sameAs(pathOf(key))))

const NAMES_PARTY = /^(?:buyer|supplier)(?:_|$)/

/**
 * Why an argument cannot be fixed for all tools; null: it can. Few tools take a buyer or supplier by name or reference, and one of
 * them only for rows that name none: fixed like that it would look as if no other could be reached.
 * @param key its name, or a JSON pointer
 */
export const unconfining = (key: string): string | null => {
  const [step = ''] = pathOf(key)
  const [party] = NAMES_PARTY.test(step) && !partyOf(key) ? step.split('_') : []
  return party === undefined
    ? null
    : `${key} for all tools would leave those that reach any ${party}: fix ${party}_id, which hides them, or ${key} of one tool by its name`
}

const isId = (path: readonly string[]): boolean => sameAs(path) === sameAs(['id'])

/** Whether two entries reach the same argument, or one of them what the other is part of. */
export const fixesOverlap = (one: string, other: string): boolean => {
  const [first, second] = [partyOf(one), partyOf(other)]
  // The id of a supplier's own tools is its supplier.
  const [a, b] = [pathOf(one), pathOf(other)]
  if (isId(a) || isId(b)) return (isId(a) && isId(b)) || (first ?? second) !== undefined
  if (first && first === second) return true
  return a.slice(0, b.length).every((step, index) => step === b[index])
}

/** Keys of one entry that fix the same argument under two spellings: which value counts would be chance. */
export const fixedTwice = (name: string, entries: Fixed[string]): string[][] => {
  const meant = (key: string) => (name === '*' && partyOf(key)?.resource) || sameAs(pathOf(key))
  return [...Map.groupBy(Object.keys(entries), meant).values()].filter(({ length }) => length > 1)
}

const ownEntries = (fixed: Fixed, name: string): Fixed[string] =>
  (Object.hasOwn(fixed, name) && fixed[name]) || {}

const entryOf = (name: string, key: string) => `${name} ${key}`

/** Entries that apply to a tool which is hidden because a fixed buyer or supplier cannot be enforced on it. */
export const entriesOfHidden = (fixed: Fixed, name: string): string[] => [
  ...Object.keys(fixed['*'] ?? {}).filter(partyOf),
  ...Object.keys(ownEntries(fixed, name)).map((key) => entryOf(name, key)),
]

/** What fixing needs to know of a tool. */
export type Fixable = {
  name: string
  resource: string
  /** Whether the tool takes an argument at this path. */
  takes(path: readonly string[]): boolean
}

/** Keys under which a tool takes what `key` fixes for all tools. */
const spellings = (key: string, tool: Fixable): string[] => {
  const party = partyOf(key)
  if (!party) return [key]
  return tool.resource === party.resource ? [...party.keys, 'id'] : [...party.keys]
}

const taken = (key: string, tool: Fixable): string | undefined =>
  spellings(key, tool).find((spelling) => tool.takes(pathOf(spelling)))

/**
 * What is fixed for one tool.
 * @returns null when a buyer or supplier is fixed for all tools and this one could reach others: it has to be hidden
 */
export const fixesFor = (fixed: Fixed | undefined, tool: Fixable): Fix[] | null => {
  const fixes = new Map<string, Fix>()
  for (const [key, value] of Object.entries(fixed?.['*'] ?? {})) {
    const spelling = taken(key, tool)
    if (spelling !== undefined)
      fixes.set(sameAs(pathOf(spelling)), { path: pathOf(spelling), value, entry: key })
    else if (partyOf(key)) return null
  }
  for (const [key, value] of Object.entries(fixed ? ownEntries(fixed, tool.name) : {}))
    fixes.set(sameAs(pathOf(key)), { path: pathOf(key), value, entry: entryOf(tool.name, key) })
  return [...fixes.values()]
}

const put = (value: unknown, [step, ...rest]: readonly string[], fixed: FixedValue): unknown => {
  if (step === undefined) return fixed
  if (Array.isArray(value)) return value.map((row) => put(row, [step, ...rest], fixed))
  const before = isObject(value) ? value : {}
  // Nothing that was left out is added: only what a caller sent gets its fixed members.
  if (rest.length > 0 && before[step] === undefined) return before
  return { ...before, [step]: put(before[step], rest, fixed) }
}

/** The arguments of a call with what is fixed put in. */
export const withFixes = (args: JsonObject, fixes: readonly Fix[]): JsonObject =>
  fixes.reduce<JsonObject>((at, { path, value }) => put(at, path, value) as JsonObject, args)
