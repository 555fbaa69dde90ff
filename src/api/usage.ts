/** `…/usage` of an account and of one MCP server: calls, errors, 429s and money by day, last use, what limits have counted. */
import * as z from 'zod'
import { accountObject, usageOf } from '../account/account-stub.ts'
import type { ServerUse } from '../account/tables/audit.ts'
import { MOST_DAYS } from '../account/tables/movements.ts'
import type { UsageDay } from '../account/usage.ts'
import { DAY_MS } from '../core/time.ts'
import { AccountUsage, ServerUsage } from './answers.ts'
import { ApiError, unknownAccount } from './errors.ts'
import { idOf, isoOf } from './input.ts'
import { route } from './route.ts'

const UsageQuery = z.object({
  days: z
    .string()
    .regex(/^([1-9]|[12]\d|3[01])$/, `must be a whole number from 1 to ${MOST_DAYS}`)
    .default('14')
    .transform(Number),
})

const shownDay = ({ day, ...figures }: UsageDay) => ({ day: isoOf(day * DAY_MS).slice(0, 10), ...figures })
const shownUse = ({ last_used_at, ...use }: ServerUse) => ({ ...use, last_used_at: isoOf(last_used_at) })

const ACCOUNT = '/integrated-account/:account'

export const usageRoutes = [
  route({
    verb: 'GET',
    path: `${ACCOUNT}/usage`,
    role: 'manage',
    says: 'Calls, errors, 429s and money by day, and the last use of each of the 100 newest MCP servers',
    query: UsageQuery,
    answer: AccountUsage,
    handler: async ({ c, accountId, query }) => {
      const usage = await usageOf(accountObject(c.env, accountId)).ofAccount(query.days)
      if (!usage) throw unknownAccount()
      return { days: usage.days.map(shownDay), servers: usage.servers.map(shownUse) }
    },
  }),
  route({
    verb: 'GET',
    path: `${ACCOUNT}/mcp/:server/usage`,
    role: 'manage',
    says: 'The same of one MCP server, and what its limits have counted',
    query: UsageQuery,
    answer: ServerUsage,
    handler: async ({ c, accountId, query }) => {
      const id = idOf(c, 'server')
      const usage =
        id === null ? null : await usageOf(accountObject(c.env, accountId)).ofServer(id, query.days)
      if (!usage) throw new ApiError(404, 'This account has no MCP server with this id.')
      return { ...shownUse(usage.use), days: usage.days.map(shownDay), spent: usage.spent }
    },
  }),
]
