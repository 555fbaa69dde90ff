/** `GET …/mcp/:server/history`: the settings of an MCP server as they were, and every change of them, from the trail alone. */
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import { deploymentAuditOf } from '../../account/directory-stub.ts'
import { bindingChanges, rulesInForce } from '../../rules/history/imposed.ts'
import { uuid } from '../answers.ts'
import { unknownAccount, unknownServer } from '../errors.ts'
import { Page } from '../input.ts'
import { route } from '../route.ts'
import { serverIdOf } from '../server-input.ts'
import { AtInput, ChangesPage, changesPage, momentOf, readUpTo, source, Whole, wholeness } from './answers.ts'
import { deploymentIn } from './deployment.ts'
import { accountIn, configOf, PastServer, pastServer } from './past-server.ts'

export const ServerHistory = z.object({
  integrated_account_id: uuid,
  mcp_server_id: uuid,
  ...Whole,
  server: PastServer.nullable().describe(
    'null: there was none at that moment, or it is before what is kept.',
  ),
  rules: z
    .array(
      z.object({
        key: z.string().describe('Which rule: limits, approval, payees, read_only, writes_stopped.'),
        value: z.unknown().describe('What it said.'),
        source,
      }),
    )
    .describe(
      'What bound it at that moment, and whose rule it was. Limits of server and account both count.',
    ),
  ...ChangesPage,
})

export const serverHistoryRoute = route(
  'GET',
  '/integrated-account/:account/mcp/:server/history',
  'getServerHistory',
  {
    role: ['manage', 'audit'],
    ended: true,
    says: 'Show the settings of an MCP server as they were at a moment, and every change up to it, also of one that is gone',
    query: Page.extend({ at: AtInput }),
    answer: ServerHistory,
    handler: async ({ c, accountId, query }) => {
      const now = Date.now()
      const id = serverIdOf(c)
      const at = momentOf(query.at, now)
      const upTo = readUpTo(at, now)
      const [past, deployment] = await Promise.all([
        auditOf(accountObject(c.env, accountId)).past(upTo, null),
        deploymentAuditOf(c.env).past(upTo),
      ])
      if (!past) throw unknownAccount()
      const found = past.settings.find((one) => one.kind === 'mcp_server' && one.id === id)
      const changes = bindingChanges(id, past.changes, deployment.changes)
      const known = changes.some(({ source }) => source === 'server')
      if (!found && !known && at === now) throw unknownServer()
      const stopped = deploymentIn(deployment, upTo)?.stopped ?? false
      return {
        integrated_account_id: accountId,
        mcp_server_id: id,
        ...wholeness(at, deployment, past),
        server: found ? pastServer(past, found, at, stopped) : null,
        rules: found ? rulesInForce(configOf(found), accountIn(past), stopped) : [],
        ...changesPage(found || known ? changes : [], query.limit, query.next_cursor ?? 0),
      }
    },
  },
)
