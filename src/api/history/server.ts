/** `GET …/mcp/:server/history`: the settings of an MCP server as they were, and every change of them, from the trail alone. */
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import { uuid } from '../answers.ts'
import { unknownAccount, unknownServer } from '../errors.ts'
import { Page } from '../input.ts'
import { route } from '../route.ts'
import { serverIdOf } from '../server-input.ts'
import { AtInput, ChangesPage, changesPage, momentOf, Whole, wholeness } from './answers.ts'
import { PastServer, pastServer } from './past-server.ts'

export const ServerHistory = z.object({
  integrated_account_id: uuid,
  mcp_server_id: uuid,
  ...Whole,
  server: PastServer.nullable().describe('null: there was none at that moment.'),
  ...ChangesPage,
})

export const serverHistoryRoute = route({
  id: 'getServerHistory',
  verb: 'GET',
  path: '/integrated-account/:account/mcp/:server/history',
  role: ['manage', 'audit'],
  says: 'Show the settings of an MCP server as they were at a moment, and every change up to it, also of one that is gone',
  query: Page.extend({ at: AtInput }),
  answer: ServerHistory,
  handler: async ({ c, accountId, query }) => {
    const now = Date.now()
    const id = serverIdOf(c)
    const at = momentOf(query.at, now)
    const past = await auditOf(accountObject(c.env, accountId)).past(at, { kind: 'mcp_server', id })
    if (!past) throw unknownAccount()
    const found = past.settings.find((one) => one.kind === 'mcp_server' && one.id === id)
    if (!found && past.changes.length === 0 && at === now) throw unknownServer()
    return {
      integrated_account_id: accountId,
      mcp_server_id: id,
      ...wholeness([[past, 'this account']], at),
      server: found ? pastServer(past, found, at) : null,
      ...changesPage(past.changes, query.limit, query.next_cursor ?? 0),
    }
  },
})
