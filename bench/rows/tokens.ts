/** What `tools/list` costs a model, in o200k tokens. Ceilings stand in `budgets.json`. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { viewOf } from '../../src/tools/visible/view.ts'

const count = (value: unknown) => encode(JSON.stringify(value)).length

const toolsOf = (config: ServerConfig) => viewOf(config).list.tools

type Tools = ReturnType<typeof toolsOf>

/** What a client that drops output schemas and annotations shows its model. */
const inputsOf = (tools: Tools) =>
  tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))

const ALL = { methods: ['read', 'write'] }

/** Tokens of each tool as it is listed, largest first. */
export const toolTokens = (): { name: string; tokens: number }[] =>
  toolsOf(ALL)
    .map((tool) => ({ name: tool.name, tokens: count(tool) }))
    .sort((a, b) => b.tokens - a.tokens)

/** Tokens of what a server with one tag and every method shows. */
export const tagTokens = (): Record<string, number> => {
  const tags = [...new Set(catalogue.flatMap((tool) => tool.tags))]
  return Object.fromEntries(tags.map((tag) => [tag, count({ tools: toolsOf({ ...ALL, tags: [tag] }) })]))
}

export const tokenFigures = () => {
  const full = toolsOf(ALL)
  const readOnly = toolsOf({ methods: ['read'] })
  const [largest] = toolTokens()
  return {
    tools: full.length,
    full: count({ tools: full }),
    full_inputs: count(inputsOf(full)),
    read_only_tools: readOnly.length,
    read_only: count({ tools: readOnly }),
    read_only_inputs: count(inputsOf(readOnly)),
    discovery: count({ tools: toolsOf({ ...ALL, tool_exposure: 'discovery' }) }),
    largest_tool: largest!.tokens,
    largest_tool_name: largest!.name,
  }
}

export type TokenFigures = ReturnType<typeof tokenFigures>
