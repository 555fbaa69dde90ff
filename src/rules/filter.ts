/** Which tools an MCP server shows and runs (docs/decisions/04). The same predicate guards the list and the call. */
import type { Effect } from '../../schemas/define.ts'
import { nearest } from '../core/text.ts'
import type { ServerConfig } from './server-settings.ts'

export type Filterable = {
  name: string
  method: string
  effect: Effect
  tags: readonly string[]
  /** For a composite: the tools whose reads it makes. It is hidden unless all of them are visible. */
  needs?: readonly string[]
  /** For a composite that can work with less: it is hidden unless at least one of these is visible. */
  covers?: readonly string[]
  /** For a tool that looks after writes, and calls none of these: as `covers`, and one of either is enough. */
  follows?: readonly string[]
  /** For a tool that is useful under some settings only: whether it is shown under these. */
  when?(config: ServerConfig): boolean
}

const STANDARD: ReadonlySet<string> = new Set(['list', 'get', 'create', 'update', 'delete'])

const GROUPS: Readonly<Record<string, (tool: Filterable) => boolean>> = {
  read: ({ effect }) => effect === 'read',
  write: ({ effect }) => effect !== 'read',
  custom: ({ method }) => !STANDARD.has(method),
}

const matches = (entry: string, tool: Filterable): boolean =>
  Object.hasOwn(GROUPS, entry) ? GROUPS[entry]!(tool) : tool.method === entry

const isComposite = ({ needs, covers, follows }: Filterable): boolean =>
  (needs ?? covers ?? follows) !== undefined

/** A composite carries no tag of its own: those of the tools it needs decide. */
const allows =
  (config: ServerConfig) =>
  (tool: Filterable): boolean => {
    const { methods = ['read'], tags } = config
    return (
      methods.some((entry) => matches(entry, tool)) &&
      (tags === undefined || isComposite(tool) || tool.tags.some((tag) => tags.includes(tag))) &&
      (tool.when?.(config) ?? true)
    )
  }

/** Runs for every tool on every call, so it copies nothing. */
const hasNeeded =
  (names: ReadonlySet<string>) =>
  ({ needs, covers, follows }: Filterable): boolean => {
    const isThere = (name: string) => names.has(name)
    if (needs?.every(isThere) === false) return false
    return (covers ?? follows) === undefined || !!(covers?.some(isThere) || follows?.some(isThere))
  }

/**
 * The tools of a catalogue that a configuration lets through. Methods are a union, tags any-of, and a tool must pass
 * both. Without `methods` only reading is allowed; without `tags` every tag passes. `tools` names the tools itself:
 * then methods and tags are not used.
 */
export const visible = <Tool extends Filterable>(
  config: ServerConfig,
  catalogue: readonly Tool[],
): Tool[] => {
  if (config.tools) {
    const named = new Set(config.tools)
    return catalogue.filter(({ name }) => named.has(name))
  }
  const passing = catalogue.filter(allows(config))
  return passing.filter(hasNeeded(new Set(passing.map(({ name }) => name))))
}

/** What people write when they mean a group. */
const MEANT: Readonly<Record<string, string>> = {
  readonly: '"read"',
  reads: '"read"',
  writeonly: '"write"',
  writes: '"write"',
  readwrite: '"read", "write"',
  all: '"read", "write"',
  '*': '"read", "write"',
  any: '"read", "write"',
  post: '"create"',
  put: '"update"',
  patch: '"partial_update"',
}

const adviceFor = (entry: string, known: readonly string[]): string => {
  const word = entry.toLowerCase().replace(/[\s_-]/g, '')
  if (Object.hasOwn(MEANT, word)) return `use ${MEANT[word]}`
  const near = nearest(entry, known)
  return near ? `did you mean "${near}"?` : `known are ${known.join(', ')}`
}

/**
 * What is wrong with a list of methods, one sentence per entry; empty when all is well.
 * @param known method names of the catalogue; the groups are always known
 */
export const methodProblems = (methods: readonly string[], known: Iterable<string>): string[] => {
  const names = [...new Set([...Object.keys(GROUPS), ...known])]
  return methods
    .filter((entry) => !names.includes(entry))
    .map((entry) => `${JSON.stringify(entry)} is no method: ${adviceFor(entry, names)}`)
}
