/** `GET …/mcp/:server/history`: the settings of an MCP server as they were, and every change of them, from the trail alone. */
import * as z from 'zod'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import type { PastChange } from '../../account/audit/history.ts'
import type { Values } from '../../rules/history/changes.ts'
import { uuid } from '../answers.ts'
import { unknownAccount, unknownServer } from '../errors.ts'
import { Page } from '../input.ts'
import { route } from '../route.ts'
import { serverIdOf } from '../server-input.ts'
import { AtInput, ChangesPage, changesPage, momentOf, Whole, wholeness } from './answers.ts'
import { wasConnected } from './past-accounts.ts'
import { accountIn, PastServer, pastServer } from './past-server.ts'

/** Settings of an account that bound each of its servers. */
const BOUNDS: readonly string[] = ['approval', 'limits', 'payees', 'read_only', 'writes_stopped']

const bounds = (account: Values): Values =>
  Object.fromEntries(Object.entries(account).filter(([key]) => BOUNDS.includes(key)))

/** Changes of a server and, while there was one, of what bound it. @param changes newest first */
const boundIn = (changes: readonly PastChange[], id: string): PastChange[] => {
  const isOwn = ({ target }: PastChange) => target.kind === 'mcp_server' && target.id === id
  const last = changes.findIndex(isOwn)
  const first = changes.findLastIndex(isOwn)
  const from = changes[last]?.made === 'removed' ? last : 0
  return first < 0
    ? []
    : changes.slice(from, first + 1).flatMap((change) => {
        if (isOwn(change)) return [change]
        if (change.target.kind !== 'integrated_account' || change.made !== 'changed') return []
        const bound = change.changes.filter(({ key }) => BOUNDS.includes(key))
        return bound.length === 0 ? [] : [{ ...change, changes: bound }]
      })
}

export const ServerHistory = z.object({
  integrated_account_id: uuid,
  mcp_server_id: uuid,
  ...Whole,
  server: PastServer.nullable().describe('null: there was none at that moment.'),
  account: z
    .looseObject({})
    .describe(
      'Settings of its account that bound it as well: approval, limits, payees, read_only, writes_stopped.',
    ),
  ...ChangesPage,
})

export const serverHistoryRoute = route({
  id: 'getServerHistory',
  verb: 'GET',
  outlives: ({ env }, id) => wasConnected(env, id),
  path: '/integrated-account/:account/mcp/:server/history',
  role: ['manage', 'audit'],
  says: 'Show the settings of an MCP server as they were at a moment, and every change of it and of what of its account bound it, also of one that is gone',
  query: Page.extend({ at: AtInput }),
  answer: ServerHistory,
  handler: async ({ c, accountId, query }) => {
    const now = Date.now()
    const id = serverIdOf(c)
    const at = momentOf(query.at, now)
    const past = await auditOf(accountObject(c.env, accountId)).past(at, null)
    if (!past) throw unknownAccount()
    const found = past.settings.find((one) => one.kind === 'mcp_server' && one.id === id)
    const changes = boundIn(past.changes, id)
    if (!found && changes.length === 0 && at === now) throw unknownServer()
    const account = accountIn(past)
    return {
      integrated_account_id: accountId,
      mcp_server_id: id,
      ...wholeness([[past, 'this account']], at),
      server: found ? pastServer(past, found, at) : null,
      account: bounds(account),
      ...changesPage(changes, query.limit, query.next_cursor ?? 0),
    }
  },
})
