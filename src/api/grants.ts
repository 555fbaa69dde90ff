/** `/integrated-account/:account/mcp/:server/grant`: the clients that people let in by signing in. */
import { accountObject, grantsOf } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import type { Grant } from '../account/tables/grants.ts'
import { GrantAnswer, pageAnswer, RemovedGrant } from './answers.ts'
import { ApiError, unknownServer } from './errors.ts'
import { isoOf, Page, paged } from './input.ts'
import { route } from './route.ts'
import { serverIdOf } from './servers.ts'

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

const ALL = '/integrated-account/:account/mcp/:server/grant'

export const grantRoutes = [
  route({
    verb: 'GET',
    path: ALL,
    role: 'manage',
    says: 'List the clients that people let in by signing in',
    query: Page,
    answer: pageAnswer(GrantAnswer),
    handler: async ({ c, accountId, query }) => {
      const object = accountObject(c.env, accountId)
      const page = await grantsOf(object).list(serverIdOf(c), query.limit, query.next_cursor)
      if (!page) throw unknownServer()
      const holders = [...new Set(page.grants.map(({ api_token_id }) => api_token_id))]
      const living = await directoryObject(c.env).livingApiTokens(holders)
      return paged(
        page.grants.map((grant) => shown(grant, living)),
        page.next,
      )
    },
  }),
  route({
    verb: 'DELETE',
    path: `${ALL}/:grant`,
    role: 'manage',
    says: 'End a sign-in at once',
    answer: RemovedGrant,
    handler: async ({ c, accountId }) => {
      const id = c.req.param('grant') ?? ''
      if (!(await grantsOf(accountObject(c.env, accountId)).revoke(serverIdOf(c), id)))
        throw new ApiError(
          404,
          'This MCP server has no sign-in with this id: it may have expired or been ended.',
        )
      return { id }
    },
  }),
]
