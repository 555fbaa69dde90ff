/** `/integrated-account/:account/mcp/:server/grant`: the clients that people let in by signing in. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import { accountObject } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { Grant } from '../account/tables/grants.ts'
import { accountIdOf } from './accounts.ts'
import type { App } from './auth.ts'
import { ApiError } from './errors.ts'
import { isoOf, pageOf } from './input.ts'
import { serverIdOf, unknownServer } from './servers.ts'

const shown = (
  { server_id: _, created_at, last_used_at, expires_at, ...grant }: Grant,
  living: readonly string[],
) => ({
  ...grant,
  active: living.includes(grant.api_token_id),
  created_at: isoOf(created_at),
  last_used_at: isoOf(last_used_at),
  expires_at: isoOf(expires_at),
})

const list = async (c: Context<App>) => {
  const { limit, before } = pageOf(c)
  const object = accountObject(c.env, accountIdOf(c))
  const page = await object.listGrants(serverIdOf(c), limit, before)
  if (!page) throw unknownServer()
  const holders = [...new Set(page.grants.map(({ api_token_id }) => api_token_id))]
  const living = await directoryObject(c.env).livingApiTokens(holders)
  const result = page.grants.map((grant) => shown(grant, living))
  return c.json({ result, next_cursor: page.next === null ? null : String(page.next) })
}

const remove = async (c: Context<App>) => {
  const id = c.req.param('grant') ?? ''
  if (!(await accountObject(c.env, accountIdOf(c)).revokeGrant(serverIdOf(c), id)))
    throw new ApiError(404, 'This MCP server has no sign-in with this id: it may have expired or been ended.')
  return c.json({ id })
}

export const grantRoutes = new Hono<App>()
  .get('/integrated-account/:account/mcp/:server/grant', list)
  .delete('/integrated-account/:account/mcp/:server/grant/:grant', remove)
