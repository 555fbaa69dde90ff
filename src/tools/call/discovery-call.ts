/** Runs one call of discovery mode: what is called inside runs on the ordinary path. */
import type * as z from 'zod'
import { cutShort, nearest } from '../../core/text.ts'
import type { Outcome } from '../../rules/outcome.ts'
import type { RefusedBy } from '../../rules/sentences/refused-by.ts'
import type { Ran, ToolOutcome } from '../contract.ts'
import { Refusal } from '../refusal.ts'
import type { Tool } from '../tool.ts'
import { type call, type Entry, EXECUTORS, entriesFor, SCHEMA, SEARCH } from '../visible/discovery.ts'
import { searchTools } from '../visible/search.ts'
import { schemasOf } from '../visible/worded.ts'
import { checkArguments } from './arguments.ts'
import { failed } from './faults.ts'
import { ruleOf } from './rule-of.ts'

/** In characters of a description. */
const LONGEST_LINE = 160

const line = (text: string) => cutShort(text, LONGEST_LINE)

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
  const sees = (name: string) => tools.some((tool) => tool.name === name)
  const result = known.map((tool) => ({
    name: tool.name,
    call_with: EXECUTORS[tool.effect].name,
    description: tool.description,
    input_schema: schemasOf(tool, sees).input,
  }))
  return { result, ...(unknown.length > 0 && { unknown: unknown.map((name) => spelled(name, tools)) }) }
}

type RanAs = Pick<Ran, 'tool' | 'resource' | 'method' | 'effect'>

const ranAs = (tool: string): RanAs => ({ tool, resource: 'tools', method: tool, effect: 'read' })

const NO_REQUEST = { requests: 0, status: null, milliseconds: 0, route: null }

/** Ended before any tool of the catalogue ran. */
const ended = (
  result: ToolOutcome['result'],
  ran: RanAs,
  outcome: Outcome,
  refusedBy?: RefusedBy,
): ToolOutcome => ({
  result,
  headers: {},
  ran: { ...ran, outcome, upstream: NO_REQUEST, reason: null, ...(refusedBy && { refusedBy }) },
})

const answered = (name: string, structured: Record<string, unknown>): ToolOutcome => {
  const content = [{ type: 'text' as const, text: JSON.stringify(structured) }]
  return ended({ content, structuredContent: structured }, ranAs(name), 'succeeded')
}

type RunInside = (tool: Tool, args: unknown) => Promise<ToolOutcome>

/** For the trail it is the tool inside that was tried, whatever became of it. */
const inside = async (
  tools: readonly Tool[],
  executor: Entry,
  raw: unknown,
  run: RunInside,
): Promise<ToolOutcome> => {
  const { tool_name, arguments: args } = checkArguments(executor.name, executor.input, raw) as z.infer<
    typeof call
  >
  const tool = tools.find(({ name }) => name === tool_name)
  if (!tool) {
    const ran = { tool: tool_name, resource: 'tools', method: executor.name, effect: executor.effect }
    return ended(failed(`${spelled(tool_name, tools)} Nothing was sent to Finexio.`), ran, 'unknown_tool')
  }
  if (tool.effect === executor.effect) return run(tool, args)
  const { name, resource, method, effect } = tool
  const { message } = new Refusal(
    `${name} is not for ${executor.name}: call it with ${EXECUTORS[effect].name}.`,
  )
  return ended(failed(message), { tool: name, resource, method, effect }, 'refused', { code: 'discovery' })
}

/**
 * Answers the tools of discovery mode. A tool called by its own name is refused with the executor that runs it.
 * @param tools what the server's filter lets through
 * @param run the ordinary path, for the tool inside
 */
export const discovered = async (
  tools: readonly Tool[],
  name: string,
  raw: unknown,
  run: RunInside,
): Promise<ToolOutcome> => {
  try {
    if (name === SEARCH.name) return answered(name, search(tools, raw))
    if (name === SCHEMA.name) return answered(name, schemas(tools, raw))
    const executor = entriesFor(tools).find((entry) => entry.name === name)
    if (executor) return await inside(tools, executor, raw, run)
    const { effect } = tools.find((tool) => tool.name === name)!
    throw new Refusal(
      `This server is in discovery mode: find tools with search_tools, then run ${name} with ${EXECUTORS[effect].name}.`,
    ).by('discovery')
  } catch (fault) {
    if (!(fault instanceof Refusal)) throw fault
    const entry = [SEARCH, SCHEMA, ...entriesFor(tools)].find((one) => one.name === name)
    const rule = entry ? ruleOf(fault, entry, raw) : fault.rule
    return ended(failed(fault.message), ranAs(name), 'refused', rule)
  }
}
