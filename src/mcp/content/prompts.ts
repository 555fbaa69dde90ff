/** Prompts that people choose from a menu, and the completion of their arguments, for one request's server. */
import type { CompleteResult, Server } from '@modelcontextprotocol/server'
import { cleanText, cut } from '../../core/text.ts'
import type { Complete, ToolView } from '../../tools/contract.ts'
import { invalid, onePage } from './invalid.ts'
import { TOOL_PAGES } from './resources.ts'
import { type Workflow, workflowsFor } from './workflows.ts'

const LONGEST_VALUE = 500

type Given = Readonly<Record<string, string>>

/** Arguments as quoted text, or one sentence that says which is missing, unknown or too long. */
export const quoted = (prompt: Workflow, given: Given): Given | string => {
  const names = prompt.arguments.map(({ name }) => name)
  const unknown = Object.keys(given).find((name) => !names.includes(name))
  if (unknown !== undefined)
    return `Unknown argument ${JSON.stringify(cut(unknown, 60))}: ${prompt.name} takes ${names.join(', ')}.`
  const missing = prompt.arguments.find(({ name, required }) => required && !given[name]?.trim())
  if (missing) return `Argument ${missing.name} of ${prompt.name} is required: ${missing.description}`
  const long = names.find((name) => (given[name]?.length ?? 0) > LONGEST_VALUE)
  if (long !== undefined)
    return `Argument ${long} of ${prompt.name} is longer than ${LONGEST_VALUE} characters: shorten it.`
  const odd = prompt.arguments.find(
    ({ name, form }) => given[name]?.trim() && form?.test(given[name].trim()) === false,
  )
  if (odd) return `Argument ${odd.name} of ${prompt.name} must be ${odd.form?.words}.`
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) =>
      value.trim() === '' ? [] : [[name, JSON.stringify(cleanText(value.trim()))]],
    ),
  )
}

/** Characters of an unknown name that an answer repeats. */
export const NAME_SHOWN = 64
const MOST_VALUES = 100

const listed = ({ name, title, description, arguments: all }: Workflow) => ({
  name,
  title,
  description,
  arguments: all.map(({ from: _, form: __, ...shown }) => shown),
})

const promptOf = (view: ToolView, name: string): Workflow => {
  const prompt = workflowsFor(view).find((one) => one.name === name)
  if (!prompt) throw invalid(`Unknown prompt: ${cut(name, NAME_SHOWN)}`)
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
  server.setRequestHandler('prompts/list', ({ params }) => {
    onePage(params, 'prompt list')
    return { prompts: workflowsFor(view).map(listed) }
  })
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
