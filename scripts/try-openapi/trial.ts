/** Calls every tool that stands for one operation, in many variants, and reads what the strict server found wrong. */
import { randomUUID } from 'node:crypto'
import { resources } from '../../schemas/index.ts'
import { toolName } from '../../src/tools/derived/request.ts'
import { createAccount, createServer } from '../local/management.ts'
import { startStack } from '../local/stack.ts'
import { type Accepted, acceptanceOf } from './accepted.ts'
import { type Described, describedBy, keyOf, type Schema } from './description.ts'
import { type Seen, type StrictServer, strictServer } from './server.ts'
import { variantsOf } from './values.ts'

/** A problem with the call that showed it first, and how many did. */
export type Found = Seen & { tool: string; args: Schema; times: number }

export type Report = {
  ours: Found[]
  /** By what is accepted: how often it was met. */
  slips: Map<Accepted, number>
  calls: number
  requests: number
  /** Operations that the description has and no request reached. */
  unreached: string[]
  /** Operations of ours that the description does not have. */
  undescribed: string[]
}

type Tool = { name: string; inputSchema: Schema }
type Answer = { structuredContent?: { next_cursor?: string | null } }

const rpc = async <Result>(url: string, method: string, params: object): Promise<Result> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
  })
  const { result, error } = (await response.json()) as { result?: Result; error?: { message: string } }
  // An argument that our own schema refuses is an answer like any other.
  if (result === undefined && method !== 'tools/call') throw new Error(`${method}: ${error?.message}`)
  return result ?? ({} as Result)
}

const everyTool = async (url: string): Promise<Tool[]> => {
  const tools: Tool[] = []
  let cursor: string | undefined
  do {
    const page = await rpc<{ tools: Tool[]; nextCursor?: string }>(
      url,
      'tools/list',
      cursor ? { cursor } : {},
    )
    tools.push(...page.tools)
    cursor = page.nextCursor
  } while (cursor)
  return tools
}

/** The operations of `schemas/` by the tool that stands for each. */
const ROUTES = new Map(
  resources.flatMap((resource) =>
    Object.entries(resource.methods).map(([method, { route }]) => {
      const [verb, path] = route.split(' ') as [string, string]
      return [toolName(resource, method), keyOf(verb, path)] as const
    }),
  ),
)

type Trial = { url: string; server: StrictServer; found: Map<string, Found>; slips: Map<Accepted, number> }

const note = ({ found, slips, server }: Trial, tool: string, args: Schema) => {
  for (const seen of server.taken()) {
    const accepted = acceptanceOf(seen)
    const key = [tool, seen.operation, seen.at, seen.rule].join('\n')
    const times = (found.get(key)?.times ?? 0) + 1
    if (accepted) slips.set(accepted, (slips.get(accepted) ?? 0) + 1)
    else found.set(key, { ...(found.get(key) ?? { ...seen, tool, args }), times })
  }
}

/** With every page behind the first one, where there are more. */
const callThrough = async (trial: Trial, { name, inputSchema }: Tool, given: Schema): Promise<number> => {
  const writes = JSON.stringify(inputSchema).includes('"idempotency_key"')
  let [args, calls] = [given, 0]
  for (;;) {
    const key = writes && { idempotency_key: `try-${randomUUID()}` }
    const answer = await rpc<Answer>(trial.url, 'tools/call', { name, arguments: { ...args, ...key } })
    calls++
    note(trial, name, args)
    const next = answer.structuredContent?.next_cursor
    if (!next || args.next_cursor === next) return calls
    args = { ...args, next_cursor: next }
  }
}

/** Where the description has the list of webhooks: below the version path, or at the root of the host. */
const webhookBase = ({ operations, base }: Described): 'same' | 'root' => {
  const list = operations.find(({ verb, path }) => verb === 'GET' && path === '/webhooks/')
  return list && list.base !== base ? 'root' : 'same'
}

const isDescribed = ({ operations }: Described) => {
  const keys = new Set(operations.map(({ verb, path }) => keyOf(verb, path)))
  return (key: string) => keys.has(key)
}

/** Tools whose operation is described; those that join several as well, where everything is. */
const tried = (tools: readonly Tool[], has: (key: string) => boolean): Tool[] => {
  const whole = [...ROUTES.values()].every(has)
  return tools.filter(({ name }) => {
    const key = ROUTES.get(name)
    return key === undefined ? whole : has(key)
  })
}

const connected = async (stack: { baseUrl: string; adminApiKey: string }): Promise<string> => {
  const credentials = { username: 'try', password: 'try' }
  const { id } = await createAccount(stack, { name: 'Trial', credentials })
  const config = {
    methods: ['read', 'write', 'custom'],
    duplicate_guard: { requests: 0 },
    text_format: 'json',
  }
  return (await createServer(stack, id, { name: 'Trial', config })).url
}

/**
 * Starts a server made from the description and the product beside it, tries every tool, and stops both.
 * @param document the OpenAPI file, parsed
 * @throws Error when it is none, or when the product cannot be connected with it
 */
export const tryDescription = async (document: unknown): Promise<Report> => {
  const described = describedBy(document)
  const has = isDescribed(described)
  const server = await strictServer(described, (seen) => acceptanceOf(seen) !== null)
  try {
    const stack = await startStack({
      finexioBaseUrl: server.url,
      bindings: { FINEXIO_WEBHOOK_BASE: webhookBase(described) },
    })
    try {
      const url = await connected(stack)
      const trial: Trial = { url, server, found: new Map(), slips: new Map() }
      note(trial, 'the credential check', {})
      let calls = 0
      for (const tool of tried(await everyTool(url), has))
        for (const args of variantsOf(tool.inputSchema)) calls += await callThrough(trial, tool, args)
      return {
        ours: [...trial.found.values()],
        slips: trial.slips,
        calls,
        requests: server.requests(),
        unreached: described.operations
          .map(({ verb, path }) => keyOf(verb, path))
          .filter((key) => !server.asked.has(key)),
        undescribed: [...ROUTES.values()].filter((key) => !has(key)),
      }
    } finally {
      await stack.stop()
    }
  } finally {
    await server.stop()
  }
}
