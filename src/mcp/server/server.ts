/** The product's MCP server for one request: a prepared list of tools, one call; prompts, completion, resources and skills. */
import { type ListToolsResult, Server } from '@modelcontextprotocol/server'
import type { Env } from '../../core/env.ts'
import { cut } from '../../core/text.ts'
import { UI_EXTENSION } from '../../tools/cards.ts'
import type { Complete, Round, ToolOutcome, ToolView } from '../../tools/contract.ts'
import { INFO, instructionsFor } from '../content/instructions.ts'
import { invalid, onePage } from '../content/invalid.ts'
import { NAME_SHOWN, servePrompts } from '../content/prompts.ts'
import { serveResources } from '../content/resources.ts'
import { SKILLS_EXTENSION, serveSkills } from '../content/skills.ts'
import { asked, type Rounds, roundIn } from './rounds.ts'

// `tools/list` without serializing the same list again for every request, which would be most of its cost.

/** The empty list that the SDK answers with, as it is written in the response. */
const SLOT = '"tools":[]'
const EMPTY = 2

const encoder = new TextEncoder()
const encoded = new WeakMap<ListToolsResult, Uint8Array>()

const bytesOf = (list: ListToolsResult): Uint8Array => {
  const known = encoded.get(list)
  if (known) return known
  const bytes = encoder.encode(JSON.stringify(list.tools))
  encoded.set(list, bytes)
  return bytes
}

/** What the SDK sees of a prepared list: everything but the tools. */
const withoutTools = (list: ListToolsResult): ListToolsResult => ({ ...list, tools: [] })

/**
 * Puts the tools into a response that was made from `withoutTools(list)`.
 * Nothing that a client sends can look like the slot: inside a JSON string its quotes would be escaped.
 */
export const insertTools = async (response: Response, list: ListToolsResult): Promise<Response> => {
  const text = await response.text()
  const slot = text.indexOf(SLOT)
  if (slot < 0) throw new Error('The SDK answered a tool list without its tools member.')
  const end = slot + SLOT.length
  const tools = bytesOf(list)
  const head = encoder.encode(text.slice(0, end - EMPTY))
  const tail = encoder.encode(text.slice(end))
  const body = new Uint8Array(head.length + tools.length + tail.length)
  body.set(head)
  body.set(tools, head.length)
  body.set(tail, head.length + tools.length)
  return new Response(body, { status: response.status, headers: { 'content-type': 'application/json' } })
}

/** Runs a tool of the view; never rejects. */
export type RunTool = (name: string, args: Record<string, unknown>, round?: Round) => Promise<ToolOutcome>

/** What the HTTP response around an answer says besides it: filled while a request is answered. */
export type Answered = {
  /** What the tool that ran answered. */
  outcome?: ToolOutcome
  /** Set by a `tools/list` that answered `withoutTools(list)`. */
  list?: ListToolsResult
}

const HINT = { ttlMs: 300_000, cacheScope: 'private' } as const
const OPTIONS = {
  capabilities: {
    tools: {},
    prompts: {},
    resources: {},
    completions: {},
    extensions: { [UI_EXTENSION]: {}, [SKILLS_EXTENSION]: {} },
  },
  cacheHints: {
    'tools/list': HINT,
    'server/discover': HINT,
    'prompts/list': HINT,
    'resources/list': HINT,
    'resources/templates/list': HINT,
    'resources/read': HINT,
  },
} as const

type Running = { runTool: RunTool; complete: Complete; rounds: Rounds; assets: Env['ASSETS'] }

/** @param answered filled when a tool ran or was listed */
export const serverFor = (
  view: ToolView,
  { runTool, complete, rounds, assets }: Running,
  answered: Answered,
): Server => {
  const server = new Server(INFO, {
    ...OPTIONS,
    instructions: instructionsFor(view.has),
    requestState: { verify: rounds.verify },
  })
  servePrompts(server, view, complete)
  serveResources(server, view, assets)
  serveSkills(server, view, HINT)
  server.setRequestHandler('tools/list', ({ params }) => {
    onePage(params, 'tool list')
    answered.list = view.list
    return withoutTools(view.list)
  })
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    if (!view.has(params.name)) throw invalid(`Unknown tool: ${cut(params.name, NAME_SHOWN)}`)
    const outcome = await runTool(params.name, params.arguments ?? {}, roundIn(context))
    answered.outcome = outcome
    return outcome.ask ? asked(outcome.ask, rounds) : outcome.result
  })
  return server
}
