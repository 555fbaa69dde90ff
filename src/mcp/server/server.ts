/** The product's MCP server for one request: a prepared list of tools, one call; prompts, completion and resources. */
import { type CallToolResult, ProtocolError, ProtocolErrorCode, Server } from '@modelcontextprotocol/server'
import { UI_EXTENSION } from '../../tools/cards.ts'
import type { Complete, Round, ToolOutcome, ToolView } from '../../tools/contract.ts'
import { INSTRUCTIONS } from '../content/instructions.ts'
import { serveResources } from '../content/resources.ts'
import { servePrompts } from '../content/serve-prompts.ts'
import type { ResponseBag } from './endpoint.ts'
import { INFO } from './info.ts'
import { withoutTools } from './prepared.ts'
import { asked, type Rounds, roundIn } from './rounds.ts'

export type RunTool = (name: string, args: Record<string, unknown>, round?: Round) => Promise<ToolOutcome>

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

const FAULT: CallToolResult = {
  isError: true,
  content: [
    {
      type: 'text',
      text: 'This tool failed inside the MCP server, not in Finexio. Nothing was retried. If the call changes data, its outcome is unknown: look it up with the matching read tool before calling again.',
    },
  ],
}

/** Runs a tool of the view; what it throws is a fault of ours, answered without detail. */
export const runSafely = async (
  runTool: RunTool,
  name: string,
  args: Record<string, unknown>,
  bag: ResponseBag,
  round?: Round,
): Promise<CallToolResult> => {
  try {
    const { result, headers, http, ask } = await runTool(name, args, round)
    bag.headers = headers
    bag.http = http
    bag.ask = ask
    return result
  } catch (error) {
    // Only the kind of error: its message could hold what Finexio or the caller sent.
    console.error({
      event: 'tool_fault',
      tool: name,
      error: error instanceof Error ? error.name : typeof error,
    })
    return FAULT
  }
}

/** `runTool` is called only for tools that the view has. */
export type Running = { runTool: RunTool; complete: Complete; rounds: Rounds }

/** @param bag receives the headers and the HTTP error of the call */
export const serverFor = (
  view: ToolView,
  { runTool, complete, rounds }: Running,
  bag: ResponseBag,
): Server => {
  const server = new Server(INFO, { ...OPTIONS, requestState: { verify: rounds.verify } })
  servePrompts(server, view, complete)
  serveResources(server, view)
  server.setRequestHandler('tools/list', ({ params }) => {
    if (params?.cursor !== undefined) throw invalid('Unknown cursor: the tool list has one page.')
    bag.list = view.list
    return withoutTools(view.list)
  })
  server.setRequestHandler('tools/call', async ({ params }, context) => {
    if (!view.has(params.name)) throw invalid(`Unknown tool: ${params.name.slice(0, NAME_SHOWN)}`)
    const result = await runSafely(runTool, params.name, params.arguments ?? {}, bag, roundIn(context))
    return bag.ask ? asked(bag.ask, rounds) : result
  })
  return server
}
