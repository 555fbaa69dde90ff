/** The stock shape: `McpServer` with `registerTool` for the same tools, behind `createMcpHandler` with its defaults. */
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { Hono } from 'hono'
import { INFO, INSTRUCTIONS } from '../../src/mcp/content/instructions.ts'
import { hints } from '../../src/tools/tool.ts'
import { toolsFor } from '../../src/tools/visible/view.ts'
import type { Row } from './account.ts'
import { admit, type BenchEnv, readUpstream, seed } from './tenant.ts'

export { AccountObject, DirectoryObject } from './account.ts'

type Tenant = { env: BenchEnv; ctx: Pick<ExecutionContext, 'waitUntil'>; row: Row }

const structured = (body: Record<string, unknown>) =>
  Array.isArray(body.results)
    ? {
        result: body.results,
        next_cursor: body.next,
        result_count: body.results.length,
        total_count: body.count,
        has_more: body.next !== null,
        is_partial_response: false,
      }
    : body

const serverFor = ({ env, ctx, row }: Tenant): McpServer => {
  const server = new McpServer(INFO, { instructions: INSTRUCTIONS })
  for (const { name, title, description, effect, input, output } of toolsFor({
    methods: ['read', 'write'],
  })) {
    const annotations = hints[effect]
    const shown = { title, description, annotations, inputSchema: input, outputSchema: output }
    server.registerTool(name, shown, async (args) => {
      const answer = structured(await readUpstream(env, ctx, row, args.id))
      return { content: [{ type: 'text', text: JSON.stringify(answer) }], structuredContent: answer }
    })
  }
  return server
}

const handler = createMcpHandler(({ authInfo }) => serverFor(authInfo!.extra!.tenant as Tenant))

const app = new Hono<{ Bindings: BenchEnv }>()

app.post('/seed/:token', async (c) => {
  await seed(c.env, c.req.param('token'))
  return c.body(null, 204)
})
app.post('/mcp/:token', async (c) => {
  const row = await admit(c.env, c.req.param('token'))
  if (!row) return c.notFound()
  const extra = { tenant: { env: c.env, ctx: c.executionCtx, row } satisfies Tenant }
  return handler.fetch(c.req.raw, { authInfo: { token: '', clientId: '', scopes: [], extra } })
})

export default app
