/** What one server shows: a filter over the catalogue. The finished list is made once per visible set. */
import type { ListToolsResult } from '@modelcontextprotocol/server'
import type { ToolView } from '../mcp/contract.ts'
import type { ServerConfig } from '../servers/config.ts'
import { visible } from '../servers/filter.ts'
import { catalogue } from './catalogue.ts'
import { type Hints, hints } from './hints.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Tool } from './tool.ts'

export type ListedTool = {
  name: string
  title: string
  description: string
  inputSchema: JsonSchema
  outputSchema: JsonSchema
  annotations: Hints
}

export type View = ToolView & { byName: ReadonlyMap<string, Tool> }

/** Visible sets kept ready. They hold no tenant's data: the key is the set itself. */
const MOST_VIEWS = 200
const views = new Map<string, View>()

const listed = ({ name, title, description, inputSchema, outputSchema, effect }: Tool): ListedTool => ({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations: hints[effect],
})

const made = (tools: readonly Tool[]): View => {
  const byName = new Map(tools.map((tool) => [tool.name, tool]))
  return { byName, has: (name) => byName.has(name), list: { tools: tools.map(listed) } as ListToolsResult }
}

/** The same predicate guards the list and the call. */
export const viewOf = (config: ServerConfig): View => {
  const tools = visible(config, catalogue)
  const key = tools.map(({ name }) => name).join(' ')
  const ready = views.get(key)
  if (ready) return ready
  if (views.size >= MOST_VIEWS) views.clear()
  const view = made(tools)
  views.set(key, view)
  return view
}
