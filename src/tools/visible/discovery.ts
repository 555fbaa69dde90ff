/**
 * Discovery mode: a short list of tools that find, describe and call the others. An executor for each effect, so that
 * reading needs no confirmation; what is called inside runs on the ordinary path.
 */
import * as z from 'zod'
import type { Effect } from '../../../schemas/define.ts'
import type { Tool } from '../tool.ts'

const DEFAULT_RESULTS = 8
const MOST_RESULTS = 25
const MOST_SCHEMAS = 5

export type Entry = { name: string; title: string; description: string; input: z.ZodObject; effect: Effect }

export const SEARCH = {
  name: 'search_tools',
  title: 'Search tools',
  description:
    'Finds Finexio tools by what you want to do, in everyday words. Without a query: all names by resource.',
  input: z.object({
    query: z.string().max(1_000).default(''),
    limit: z.int().min(1).max(MOST_RESULTS).default(DEFAULT_RESULTS),
  }),
  effect: 'read',
} as const satisfies Entry

export const SCHEMA = {
  name: 'get_tool_schema',
  title: 'Get tool schemas',
  description: 'Input schemas and descriptions of 1 to 5 tools found by search_tools.',
  input: z.object({ tool_names: z.array(z.string().max(100)).min(1).max(MOST_SCHEMAS) }),
  effect: 'read',
} as const satisfies Entry

export const call = z.object({
  tool_name: z.string().max(100).describe('From search_tools.'),
  arguments: z.record(z.string(), z.unknown()).default({}).describe('As get_tool_schema tells.'),
})

export const EXECUTORS: Readonly<Record<Effect, Entry>> = {
  read: {
    name: 'call_read_tool',
    title: 'Call a reading tool',
    description: 'Runs a tool that only reads',
    input: call,
    effect: 'read',
  },
  write: {
    name: 'call_write_tool',
    title: 'Call a writing tool',
    description: 'Runs a tool that changes data but moves no money',
    input: call,
    effect: 'write',
  },
  money: {
    name: 'call_money_tool',
    title: 'Call a money tool',
    description: 'Runs a tool that pays or decides where payments go',
    input: call,
    effect: 'money',
  },
}

/** All that discovery mode can show. */
export const ENTRIES: readonly Entry[] = [SEARCH, SCHEMA, ...Object.values(EXECUTORS)]

/** What the writes that one executor runs are about; what reads is too much to be named. */
const ofWhat = (tools: readonly Tool[]): string => {
  const resources = new Set(tools.flatMap((tool) => ('plan' in tool ? [tool.resource] : [])))
  return resources.size === 0 ? '' : `: ${[...resources].join(', ').replaceAll('_', ' ')}`
}

/** The tools of discovery mode; an executor is there only if it has something to run. */
export const entriesFor = (tools: readonly Tool[]): Entry[] => [
  SEARCH,
  SCHEMA,
  ...Object.values(EXECUTORS).flatMap((executor) => {
    const own = tools.filter(({ effect }) => effect === executor.effect)
    return own.length === 0 ? [] : [{ ...executor, description: `${executor.description}${ofWhat(own)}.` }]
  }),
]
