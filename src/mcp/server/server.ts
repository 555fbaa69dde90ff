/** The product's MCP server for one request: a prepared list of tools, one call; prompts, completion and resources. */
import { type ListToolsResult, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server'
import { UI_EXTENSION } from '../../tools/cards.ts'
import type { Complete, Round, ToolOutcome, ToolView } from '../../tools/contract.ts'
import { INFO, INSTRUCTIONS } from '../content/instructions.ts'
import { serveResources } from '../content/resources.ts'
import { servePrompts } from '../content/serve-prompts.ts'
import { withoutTools } from './prepared.ts'
import { asked, type Rounds, roundIn } from './rounds.ts'

/** Runs a tool of the view; never rejects. */
export type RunTool = (name: string, args: Record<string, unknown>, round?: Round) => Promise<ToolOutcome>

/** What the HTTP response around an answer says besides it: filled while a request is answered. */
export type Answered = {
  /** Of the tool that ran. */
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
    extensions: { [UI_EXTENSION]: {} },
  },
  instructions: INSTRUCTIONS,
  cacheHints: {
    'tools/list': HINT,
    'server/discover': HINT,
    'prompts/list': HINT,
    'resources/list': HINT,
    'resources/templates/list': HINT,
    'resources/read': HINT,
  },
} as const

const NAME_SHOWN = 64

const invalid = (message: string) => new ProtocolError(ProtocolErrorCode.InvalidParams, message)

export type Running = { runTool: RunTool; complete: Complete; rounds: Rounds }

/** @param answered filled when a tool ran or was listed */
export const serverFor = (
  view: ToolView,
  { runTool, complete, rounds }: Running,
  answered: Answered,
): Server => {
  const server = new Server(INFO, { ...OPTIONS, requestState: { verify: rounds.verify } })
  servePrompts(server, view, complete)
  serveResources(server, view)
  server.setRequestHandler('tools/list', ({ params }) => {
    if (params?.cursor !== undefined) throw invalid('Unknown cursor: the tool list has one page.')
    answered.list = view.list
    return withoutTools(view.list)
  })
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    if (!view.has(params.name)) throw invalid(`Unknown tool: ${params.name.slice(0, NAME_SHOWN)}`)
    const outcome = await runTool(params.name, params.arguments ?? {}, roundIn(context))
    answered.outcome = outcome
    return outcome.ask ? asked(outcome.ask, rounds) : outcome.result
  })
  return server
}
