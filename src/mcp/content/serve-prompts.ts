/** Prompts and completion over MCP, for one request's server. */
import {
  type CompleteResult,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
} from '@modelcontextprotocol/server'
import type { Complete, ToolView } from '../../tools/contract.ts'
import { type Prompt, promptsFor, quoted } from './prompts.ts'
import { TOOL_PAGES } from './resources.ts'

const NAME_SHOWN = 64
const MOST_VALUES = 100

const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message)

const listed = ({ name, title, description, arguments: all }: Prompt) => ({
  name,
  title,
  description,
  arguments: all.map(({ from: _, ...shown }) => shown),
})

const promptOf = (view: ToolView, name: string): Prompt => {
  const prompt = promptsFor(view).find((one) => one.name === name)
  if (!prompt) throw invalid(`Unknown prompt: ${name.slice(0, NAME_SHOWN)}`)
  return prompt
}

const beginning = (values: readonly string[], typed: string): string[] =>
  values.filter((value) => value.toLowerCase().startsWith(typed.toLowerCase()))

const completed = (values: readonly string[]): CompleteResult => ({
  completion: {
    values: values.slice(0, MOST_VALUES),
    total: values.length,
    hasMore: values.length > MOST_VALUES,
  },
})

type Asked = { ref: { type: string; name?: string; uri?: string }; argument: { name: string; value: string } }

const valuesOf = async (
  view: ToolView,
  complete: Complete,
  { ref, argument }: Asked,
): Promise<readonly string[]> => {
  const { name, value } = argument
  if (ref.type === 'ref/resource')
    return ref.uri === TOOL_PAGES && name === 'name'
      ? beginning(
          view.list.tools.map((tool) => tool.name),
          value,
        )
      : []
  const { from } = promptOf(view, ref.name ?? '').arguments.find((one) => one.name === name) ?? {}
  if (from === undefined) return []
  return typeof from === 'string' ? complete(from, value) : beginning(from, value)
}

/** @param complete asks Finexio; empty whenever it cannot */
export const servePrompts = (server: Server, view: ToolView, complete: Complete): void => {
  server.setRequestHandler('prompts/list', () => ({ prompts: promptsFor(view).map(listed) }))
  server.setRequestHandler('prompts/get', ({ params }) => {
    const prompt = promptOf(view, params.name)
    const given = quoted(prompt, params.arguments ?? {})
    if (typeof given === 'string') throw invalid(given)
    const text = prompt.text(given, view.has)
    return { description: prompt.description, messages: [{ role: 'user', content: { type: 'text', text } }] }
  })
  server.setRequestHandler('completion/complete', async ({ params }) =>
    completed(await valuesOf(view, complete, params as Asked)),
  )
}
