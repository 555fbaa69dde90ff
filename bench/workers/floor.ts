/** The floor: Hono parses a POST and answers a small JSON. */
import { Hono } from 'hono'

export { AccountObject, DirectoryObject } from './account.ts'

const app = new Hono()

app.post('/seed/:token', (c) => c.body(null, 204))
app.post('/mcp/:token', async (c) => {
  const { id } = await c.req.json<{ id: unknown }>()
  return c.json({ id, ok: true })
})

export default app
