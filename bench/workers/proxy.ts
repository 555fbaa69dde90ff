/** The bare proxy: the product's hops without MCP. */
import { Hono } from 'hono'
import { admit, type BenchEnv, readUpstream, seed } from './tenant.ts'

export { AccountObject, DirectoryObject } from './account.ts'

type Sent = { params?: { arguments?: { id?: unknown } } }

const app = new Hono<{ Bindings: BenchEnv }>()

app.post('/seed/:token', async (c) => {
  await seed(c.env, c.req.param('token'))
  return c.body(null, 204)
})
app.post('/mcp/:token', async (c) => {
  const row = await admit(c.env, c.req.param('token'))
  if (!row) return c.notFound()
  const { params } = await c.req.json<Sent>()
  return c.json(await readUpstream(c.env, c.executionCtx, row, params?.arguments?.id))
})

export default app
