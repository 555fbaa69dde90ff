/** `…/usage` of an account and of one MCP server: calls, errors, 429s and money by day, last use, what limits have counted. */
import * as z from 'zod'
import { accountObject, usageOf } from '../account/account-stub.ts'
import { MOST_DAYS } from '../account/tables/ledger/movements.ts'
import type { ServerUse } from '../account/tables/usage.ts'
import type { UsageDay } from '../account/usage.ts'
import { DAY_MS } from '../core/time.ts'
import { count, isoOf, time, uuid } from './answers.ts'
import { unknownAccount, unknownServer } from './errors.ts'
import { route } from './route.ts'
import { serverIdOf } from './server-input.ts'

const amount = z.object({ cents: count, count })
const UsageDays = z.array(
  z.object({
    day: z.iso.date().describe('In UTC; the last one is today.'),
    calls: count.describe('Calls of tools.'),
    errors: count.describe(
      'Calls that did not do what they were made for, 429s included; waiting for a person is none.',
    ),
    throttled: count.describe('Calls that Finexio answered with 429.'),
    refused: count.describe('Errors that were refused here, unknown tools included: nothing was sent.'),
    cents: count.describe('Money that writes moved or may have moved; none of what failed.'),
    unsettled_cents: count.describe(
      'Of cents: of writes that are under way, or of which nobody knows what became.',
    ),
  }),
)
const Use = z.object({
  id: uuid,
  last_used_at: time.nullable(),
  calls_24h: count.describe('By whole hours.'),
})

export const AccountUsage = z.object({
  days: UsageDays.describe('By day, oldest first.'),
  servers: z.array(Use).describe('Last use of each.'),
})
export const ServerUsage = Use.extend({
  days: UsageDays.describe('By day, oldest first.'),
  spent: z
    .object({
      per_day: amount,
      per_30_days: amount,
      per_supplier_day: z.array(amount.extend({ supplier: z.string().describe('Id of the supplier.') })),
    })
    .describe('What the limits have counted so far.'),
})

const UsageQuery = z.object({
  days: z
    .string()
    .regex(/^([1-9]|[12]\d|3[01])$/, `must be a whole number from 1 to ${MOST_DAYS}`)
    .default('14')
    .transform(Number)
    .describe('Days back, from 1 to 31.'),
})

const shownDay = ({ day, ...figures }: UsageDay) => ({ day: isoOf(day * DAY_MS).slice(0, 10), ...figures })
const shownUse = ({ last_used_at, ...use }: ServerUse) => ({ ...use, last_used_at: isoOf(last_used_at) })

const ACCOUNT = '/integrated-account/:account'

export const usageRoutes = [
  route('GET', `${ACCOUNT}/usage`, 'getAccountUsage', {
    role: ['manage', 'audit'],
    says: 'Calls, errors, 429s and money by day, and the last use of each of the 100 newest MCP servers',
    query: UsageQuery,
    answer: AccountUsage,
    handler: async ({ c, accountId, query }) => {
      const usage = await usageOf(accountObject(c.env, accountId)).ofAccount(query.days)
      if (!usage) throw unknownAccount()
      return { days: usage.days.map(shownDay), servers: usage.servers.map(shownUse) }
    },
  }),
  route('GET', `${ACCOUNT}/mcp/:server/usage`, 'getServerUsage', {
    role: ['manage', 'audit'],
    says: 'The same of one MCP server, and what its limits have counted',
    query: UsageQuery,
    answer: ServerUsage,
    handler: async ({ c, accountId, query }) => {
      const usage = await usageOf(accountObject(c.env, accountId)).ofServer(serverIdOf(c), query.days)
      if (!usage) throw unknownServer()
      return { ...shownUse(usage.use), days: usage.days.map(shownDay), spent: usage.spent }
    },
  }),
]
