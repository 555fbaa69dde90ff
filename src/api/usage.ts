/** `…/usage` of an account and of one MCP server: calls, errors, 429s and money by day, last use, what limits have counted. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { accountObject } from '../account/account-stub.ts'
import { MOST_DAYS, type ServerUse, type UsageDay } from '../account/tables/usage.ts'
import { DAY_MS } from '../core/time.ts'
import { accountIdOf, unknownAccount } from './accounts.ts'
import type { App } from './auth.ts'
import { ApiError, invalidInput } from './errors.ts'
import { idOf, isoOf } from './input.ts'

export const UsageQuery = z.object({
  days: z
    .string()
    .regex(/^([1-9]|[12]\d|3[01])$/, `must be a whole number from 1 to ${MOST_DAYS}`)
    .default('14')
    .transform(Number),
})

const daysOf = (c: Context<App>): number => {
  const asked = UsageQuery.safeParse(c.req.query())
  if (!asked.success) throw invalidInput(asked.error)
  return asked.data.days
}

const shownDay = ({ day, ...figures }: UsageDay) => ({ day: isoOf(day * DAY_MS).slice(0, 10), ...figures })
const shownUse = ({ last_used_at, ...use }: ServerUse) => ({ ...use, last_used_at: isoOf(last_used_at) })

const ofAccount = async (c: Context<App>) => {
  const usage = await accountObject(c.env, accountIdOf(c)).usage(daysOf(c))
  if (!usage) throw unknownAccount()
  return c.json({ days: usage.days.map(shownDay), servers: usage.servers.map(shownUse) })
}

const ofServer = async (c: Context<App>) => {
  const account = accountIdOf(c)
  const id = idOf(c, 'server')
  const usage = id === null ? null : await accountObject(c.env, account).serverUsage(id, daysOf(c))
  if (!usage) throw new ApiError(404, 'This account has no MCP server with this id.')
  return c.json({ ...shownUse(usage.use), days: usage.days.map(shownDay), spent: usage.spent })
}

export const usageRoutes = new Hono<App>()
  .get('/integrated-account/:account/usage', ofAccount)
  .get('/integrated-account/:account/mcp/:server/usage', ofServer)
