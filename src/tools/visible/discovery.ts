/**
 * Discovery mode: a short list of tools that find, describe and call the others. An executor for each effect, so that
 * reading needs no confirmation; what is called inside runs on the ordinary path.
 */
import * as z from 'zod'
import type { Effect } from '../../../schemas/define.ts'
import { nearest } from '../../core/text.ts'
import { checkArguments } from '../call/arguments.ts'
import type { Ran } from '../contract.ts'
import { inputJsonSchema } from '../json-schema.ts'
import { Refusal } from '../refusal.ts'
import { hints, type ListedTool, type Tool } from '../tool.ts'
import { searchTools } from './search.ts'

const DEFAULT_RESULTS = 8
const MOST_RESULTS = 25
const MOST_SCHEMAS = 5
const LONGEST_LINE = 160

const NOTHING_SENT = 'Nothing was sent to Finexio.'

type Entry = { name: string; title: string; says: string; input: z.ZodObject; effect: Effect }

const SEARCH = {
  name: 'search_tools',
  title: 'Search tools',
  says: 'Finds Finexio tools by what you want to do, in everyday words. Without a query: all names by resource.',
  input: z.object({
    query: z.string().max(1_000).default(''),
    limit: z.int().min(1).max(MOST_RESULTS).default(DEFAULT_RESULTS),
  }),
  effect: 'read',
} as const satisfies Entry

const SCHEMA = {
  name: 'get_tool_schema',
  title: 'Get tool schemas',
  says: 'Input schemas and descriptions of 1 to 5 tools found by search_tools.',
  input: z.object({ tool_names: z.array(z.string().max(100)).min(1).max(MOST_SCHEMAS) }),
  effect: 'read',
} as const satisfies Entry

const call = z.object({
  tool_name: z.string().max(100).describe('From search_tools.'),
  arguments: z.record(z.string(), z.unknown()).default({}).describe('As get_tool_schema tells.'),
})

const EXECUTORS: Readonly<Record<Effect, Entry>> = {
  read: {
    name: 'call_read_tool',
    title: 'Call a reading tool',
    says: 'Runs a tool that only reads.',
    input: call,
    effect: 'read',
  },
  write: {
    name: 'call_write_tool',
    title: 'Call a writing tool',
    says: 'Runs a tool that changes data but moves no money, such as webhooks and contacts.',
    input: call,
    effect: 'write',
  },
  money: {
    name: 'call_money_tool',
    title: 'Call a money tool',
    says: 'Runs a tool that pays or decides where payments go: invoices, suppliers, buyers, counterparties.',
    input: call,
    effect: 'money',
  },
}

const EFFECTS: readonly Effect[] = ['read', 'write', 'money']

const entriesFor = (tools: readonly Tool[]): Entry[] => [
  SEARCH,
  SCHEMA,
  ...EFFECTS.filter((effect) => tools.some((tool) => tool.effect === effect)).map(
    (effect) => EXECUTORS[effect],
  ),
]

const listed = ({ name, title, says, input, effect }: Entry): Omit<ListedTool, 'outputSchema'> => ({
  name,
  title,
  description: says,
  inputSchema: inputJsonSchema(input),
  annotations:
    effect === 'read' ? { ...hints.read, openWorldHint: name === 'call_read_tool' } : hints[effect],
})

/** What `tools/list` shows instead of the tools themselves. An executor is there only if it has something to run. */
export const discoveryList = (tools: readonly Tool[]) => entriesFor(tools).map(listed)

const line = (text: string) => (text.length <= LONGEST_LINE ? text : `${text.slice(0, LONGEST_LINE)}…`)

const byResource = (tools: readonly Tool[]) =>
  Object.fromEntries(
    [...Map.groupBy(tools, ({ resource }) => resource)].map(([resource, of]) => [
      resource,
      of.map(({ name }) => name),
    ]),
  )

const search = (tools: readonly Tool[], raw: unknown) => {
  const { query, limit } = checkArguments(SEARCH.name, SEARCH.input, raw) as { query: string; limit: number }
  const found = searchTools(tools, query)
  if (found.length === 0)
    return {
      result: [],
      result_count: 0,
      tools_by_resource: byResource(tools),
      ...(query && { note: 'Nothing fits these words: here is everything.' }),
    }
  const result = found.slice(0, limit).map(({ name, effect, description }) => ({
    name,
    call_with: EXECUTORS[effect].name,
    description: line(description),
  }))
  return { result, result_count: found.length }
}

const spelled = (name: string, tools: readonly Tool[]): string => {
  const near = nearest(
    name,
    tools.map((tool) => tool.name),
  )
  return `Unknown tool: ${name}${near ? `; did you mean ${near}?` : '. Use search_tools to find one.'}`
}

const schemas = (tools: readonly Tool[], raw: unknown) => {
  const { tool_names } = checkArguments(SCHEMA.name, SCHEMA.input, raw) as { tool_names: string[] }
  const known = tool_names.flatMap((name) => tools.find((tool) => tool.name === name) ?? [])
  const unknown = tool_names.filter((name) => !known.some((tool) => tool.name === name))
  if (known.length === 0) throw new Refusal(unknown.map((name) => spelled(name, tools)).join(' '), '')
  const result = known.map(({ name, effect, description, inputSchema }) => ({
    name,
    call_with: EXECUTORS[effect].name,
    description,
    input_schema: inputSchema,
  }))
  return { result, ...(unknown.length > 0 && { unknown: unknown.map((name) => spelled(name, tools)) }) }
}

type RanAs = Pick<Ran, 'tool' | 'resource' | 'method' | 'effect'>

/** What a call in discovery mode comes down to: an answer, a tool to run with these arguments, or a tool that is not run. */
export type Discovered =
  | { kind: 'answer'; structured: Record<string, unknown>; ran: RanAs }
  | { kind: 'run'; tool: Tool; args: unknown }
  | { kind: 'refused'; message: string; ran: RanAs; outcome: 'unknown_tool' | 'refused' }

const ranAs = (tool: string) => ({ tool, resource: 'tools', method: tool, effect: 'read' }) as const

/** For the trail it is the tool inside that was tried, whatever became of it. */
const inner = (tools: readonly Tool[], executor: Entry, raw: unknown): Discovered => {
  const { tool_name, arguments: args } = checkArguments(executor.name, executor.input, raw) as z.infer<
    typeof call
  >
  const tool = tools.find(({ name }) => name === tool_name)
  if (!tool) {
    const ran = { tool: tool_name, resource: 'tools', method: executor.name, effect: executor.effect }
    const message = `${spelled(tool_name, tools)} ${NOTHING_SENT}`
    return { kind: 'refused', message, ran, outcome: 'unknown_tool' }
  }
  if (tool.effect === executor.effect) return { kind: 'run', tool, args }
  const { name, resource, method, effect } = tool
  return {
    kind: 'refused',
    message: `${name} is not for ${executor.name}: call it with ${EXECUTORS[effect].name}. ${NOTHING_SENT}`,
    ran: { tool: name, resource, method, effect },
    outcome: 'refused',
  }
}

/**
 * @param tools what the server's filter lets through
 * @throws Refusal for wrong arguments, unknown tools, the wrong executor, and tools called by their own name
 */
export const discover = (tools: readonly Tool[], name: string, raw: unknown): Discovered => {
  if (name === SEARCH.name) return { kind: 'answer', structured: search(tools, raw), ran: ranAs(name) }
  if (name === SCHEMA.name) return { kind: 'answer', structured: schemas(tools, raw), ran: ranAs(name) }
  const executor = entriesFor(tools).find((entry) => entry.name === name)
  if (executor) return inner(tools, executor, raw)
  const tool = tools.find((candidate) => candidate.name === name)!
  throw new Refusal(
    `This server is in discovery mode: find tools with search_tools, then run ${name} with ${EXECUTORS[tool.effect].name}.`,
  )
}
