/** `/integrated-account/:account/mcp/:server/grant`: the clients that people let in by signing in. */
import * as z from 'zod'
import { accountObject, grantsOf } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { Grant } from '../../account/tables/principals/grants.ts'
import { isoOf, pageAnswer, paged, time, uuid } from '../answers.ts'
import { ApiError, unknownServer } from '../errors.ts'
import { Page } from '../input.ts'
import { route } from '../route.ts'
import { serverIdOf } from '../server-input.ts'

export const GrantAnswer = z
  .object({
    id: z.string(),
    client_id: z.string().describe('Id of the client, as it registered.'),
    client_name: z.string().describe('As the client calls itself.'),
    redirect_uri: z.string().describe('Where the client takes its answers.'),
    scopes: z.array(z.string()).describe('What it was let in for: mcp:read, mcp:write.'),
    person_id: uuid.describe('Who signed in.'),
    person_name: z.string().describe('Their name.'),
    api_token_id: uuid
      .nullable()
      .describe("The API token that they signed in with; null: the company's identity provider."),
    active: z
      .boolean()
      .describe(
        'False once that API token ended or the person was disabled: the sign-in opens nothing any more.',
      ),
    created_at: time,
    last_used_at: time.nullable().describe('When tokens were last fetched: about hourly while it is in use.'),
    expires_at: time,
  })
  .meta({ id: 'SignIn' })

const shown = (
  { server_id: _, created_at, last_used_at, expires_at, ...grant }: Grant,
  living: readonly string[],
) => ({
  ...grant,
  active: living.includes(grant.api_token_id ?? grant.person_id),
  created_at: isoOf(created_at),
  last_used_at: isoOf(last_used_at),
  expires_at: isoOf(expires_at),
})

const ALL = '/integrated-account/:account/mcp/:server/grant'

export const grantRoutes = [
  route('GET', ALL, 'listSignIns', {
    role: ['manage', 'audit'],
    says: 'List the clients that people let in by signing in',
    query: Page,
    answer: pageAnswer(GrantAnswer),
    handler: async ({ c, accountId, query }) => {
      const object = accountObject(c.env, accountId)
      const page = await grantsOf(object).list(serverIdOf(c), query.limit, query.next_cursor)
      if (!page) throw unknownServer()
      const holders = [
        ...new Set(page.grants.map(({ api_token_id, person_id }) => api_token_id ?? person_id)),
      ]
      const living = await directoryObject(c.env).living(holders)
      return paged(page.grants, page.next, (grant) => shown(grant, living))
    },
  }),
  route('DELETE', `${ALL}/:grant`, 'endSignIn', {
    plain: ['grant'],
    role: ['manage', 'audit'],
    says: 'End a sign-in at once',
    answer: z.object({ id: z.string(), name: z.string().describe('What the client is called.') }),
    handler: async ({ c, accountId }) => {
      const id = c.req.param('grant') ?? ''
      const client = await grantsOf(accountObject(c.env, accountId)).revoke(serverIdOf(c), id)
      if (client === null)
        throw new ApiError(
          404,
          'This MCP server has no sign-in with this id: it may have expired or been ended.',
        )
      c.set('about', { target_name: client })
      return { id, name: client }
    },
  }),
]
