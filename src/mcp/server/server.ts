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
import { HINT, withoutTools } from './tool-list.ts'

/** Runs a tool of the view; never rejects. */
export type RunTool = (name: string, args: Record<string, unknown>, round?: Round) => Promise<ToolOutcome>

/** What the HTTP response around an answer says besides it: filled while a request is answered. */
export type Answered = {
  /** What the tool that ran answered. */
  outcome?: ToolOutcome
  /** Set by a `tools/list` that answered `withoutTools(list)`. */
  list?: ListToolsResult
}

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
