/** What `tools/list` costs a model, in o200k tokens. */
import { encode } from 'gpt-tokenizer/encoding/o200k_base'
import { viewOf } from '../src/tools/view.ts'

const count = (value: unknown) => encode(JSON.stringify(value)).length

const toolsOf = (methods: string[]) => viewOf({ methods }).list.tools

type Tools = ReturnType<typeof toolsOf>

/** What a client that drops output schemas and annotations shows its model. */
const inputsOf = (tools: Tools) =>
  tools.map(({ name, description, inputSchema }) => ({ name, description, inputSchema }))

export const tokenFigures = () => {
  const full = toolsOf(['read', 'write'])
  const readOnly = toolsOf(['read'])
  const sizes = full.map((tool) => ({ name: tool.name, tokens: count(tool) }))
  return {
    tools: full.length,
    full: count({ tools: full }),
    full_inputs: count(inputsOf(full)),
    read_only_tools: readOnly.length,
    read_only: count({ tools: readOnly }),
    read_only_inputs: count(inputsOf(readOnly)),
    largest_tool: Math.max(...sizes.map(({ tokens }) => tokens)),
    largest_tool_name: sizes.sort((a, b) => b.tokens - a.tokens)[0]!.name,
  }
}

export type TokenFigures = ReturnType<typeof tokenFigures>
