/** The kill switch: `/writes` for the deployment, `/integrated-account/:account/writes` for one account. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { accountObject } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { throwSwitch } from '../account/switch.ts'
import { accountIdOf, unknownAccount } from './accounts.ts'
import { type App, requireAdmin } from './auth.ts'
import { bodyOf } from './input.ts'

export const Switch = z.strictObject({ stopped: z.boolean() })

const stopAll = async (c: Context<App>) => {
  requireAdmin(c)
  const { stopped } = await bodyOf(c, Switch)
  await throwSwitch(c.env, stopped)
  return c.json({ stopped })
}

const readAll = async (c: Context<App>) => {
  requireAdmin(c)
  return c.json({ stopped: await directoryObject(c.env).writesStopped() })
}

const stopOne = async (c: Context<App>) => {
  const id = accountIdOf(c)
  const { stopped } = await bodyOf(c, Switch)
  const account = await accountObject(c.env, id).changeAccount({ writes_stopped: stopped })
  if (!account) throw unknownAccount()
  return c.json({ stopped: account.writes_stopped })
}

const readOne = async (c: Context<App>) => {
  const account = await accountObject(c.env, accountIdOf(c)).readAccount()
  if (!account) throw unknownAccount()
  return c.json({ stopped: account.writes_stopped })
}

export const writeRoutes = new Hono<App>()
  .get('/writes', readAll)
  .put('/writes', stopAll)
  .get('/integrated-account/:account/writes', readOne)
  .put('/integrated-account/:account/writes', stopOne)
