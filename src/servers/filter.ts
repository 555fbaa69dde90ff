/** Which tools an MCP server shows and runs. The same predicate guards the list and the call. */
import type { Effect } from '../../schemas/define.ts'
import { nearest } from '../text/nearest.ts'
import type { ServerConfig } from './config.ts'

export type Filterable = { name: string; method: string; effect: Effect; tags: readonly string[] }

const STANDARD: ReadonlySet<string> = new Set(['list', 'get', 'create', 'update', 'delete'])

const GROUPS: Readonly<Record<string, (tool: Filterable) => boolean>> = {
  read: ({ effect }) => effect === 'read',
  write: ({ effect }) => effect !== 'read',
  custom: ({ method }) => !STANDARD.has(method),
}

const matches = (entry: string, tool: Filterable): boolean =>
  Object.hasOwn(GROUPS, entry) ? GROUPS[entry]!(tool) : tool.method === entry

/**
 * Methods are a union, tags any-of, and a tool must pass both. Without `methods` only reading is allowed;
 * without `tags` every tag passes.
 */
export const allows =
  ({ methods = ['read'], tags }: ServerConfig) =>
  (tool: Filterable): boolean =>
    methods.some((entry) => matches(entry, tool)) &&
    (tags === undefined || tool.tags.some((tag) => tags.includes(tag)))

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
  const meant = MEANT[entry.toLowerCase().replace(/[\s_-]/g, '')]
  if (meant) return `use ${meant}`
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
