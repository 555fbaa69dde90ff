/** What one server shows: a filter over the catalogue. The finished list is made once per visible set. */
import type { ListToolsResult } from '@modelcontextprotocol/server'
import { visible } from '../../rules/filter.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { catalogue, toolNamed } from '../catalogue.ts'
import type { CallContext, ToolView } from '../contract.ts'
import type { Tool } from '../tool.ts'
import { bound, guarded, narrowedBy, vaulted, webhookRules } from './as-served.ts'
import { entriesFor } from './discovery.ts'
import { discoveryList, listedFor, wordedTool } from './worded.ts'

export type View = ToolView & {
  /** What may run, by name; in discovery mode through the executors. */
  byName: ReadonlyMap<string, Tool>
  tools: readonly Tool[]
}

/** Visible sets kept ready. They hold no tenant's data: the key is the set itself and which arguments are fixed, not to what. */
const MOST_VIEWS = 200
const views = new Map<string, View>()

const made = (tools: readonly Tool[], discovery: boolean): View => {
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  const sees = (name: string) => byName.has(name)
  const names = new Set([...byName.keys(), ...(discovery ? entriesFor(tools).map(({ name }) => name) : [])])
  let list: ListToolsResult | undefined
  return {
    byName,
    tools,
    has: (name) => names.has(name),
    // A call needs none of its schemas.
    get list() {
      list ??= {
        tools: discovery ? discoveryList(tools) : tools.map((tool) => listedFor(tool, sees)),
      } as ListToolsResult
      return list
    },
  }
}

/** The tools that a configuration lets through, as it lets them through. */
export const toolsFor = (config: ServerConfig): Tool[] => {
  const tools = narrowedBy(
    config.fixed,
    visible(config, catalogue).map((tool) => vaulted(tool, config)),
    catalogue,
  )
  const names = new Set(tools.map(({ name }) => name))
  return tools.map((tool) => wordedTool(tool, (name) => names.has(name)))
}

const keyOf = (
  { fixed, tool_exposure = 'all', webhook_secrets = 'any' }: ServerConfig,
  tools: readonly Tool[],
): string => {
  const fixes = Object.entries(fixed ?? {}).map(([name, entries]) => [name, Object.keys(entries).sort()])
  return JSON.stringify([tool_exposure, webhook_secrets, tools.map(({ name }) => name), fixes])
}

/** What a server with this configuration shows and runs; the list and each call use the same view. */
export const viewOf = (config: ServerConfig): View => {
  const passing = visible(config, catalogue)
  const key = keyOf(config, passing)
  const ready = views.get(key)
  if (ready) return ready
  if (views.size >= MOST_VIEWS) views.clear()
  const view = made(toolsFor(config), config.tool_exposure === 'discovery')
  views.set(key, view)
  return view
}

/**
 * A tool as its server runs it: its webhook destination judged, the operator's values put in. The same for a call and for
 * an approved draft.
 * @param tool as its server shows it
 */
export const asServed = (
  tool: Tool,
  config: ServerConfig,
  { env, origin }: Pick<CallContext, 'env' | 'origin'>,
): Tool => {
  const judged =
    'plan' in tool && tool.resource === 'webhooks' ? guarded(tool, webhookRules(env, config, origin)) : tool
  return config.fixed ? bound(judged, toolNamed(tool.name)!, config) : judged
}
