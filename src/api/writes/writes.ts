/** The kill switch: `/writes` for the deployment, `/integrated-account/:account/writes` for one account. */
import * as z from 'zod'
import { accountObject } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import { throwSwitch } from '../../account/lease.ts'
import type { Account } from '../../account/tables/account.ts'
import type { Deployment } from '../../account/tables/deployment.ts'
import { causeOf } from '../cause.ts'
import { changedMeanwhile, unknownAccount } from '../errors.ts'
import { existingAccount } from '../existing-account.ts'
import { judgedAllWrites, judgedWrites } from '../loosening/writes.ts'
import { requireRole, route } from '../route.ts'

const Switch = z.strictObject({ stopped: z.boolean() })
export const Stopped = z.object({ stopped: z.boolean() })

const ONE = '/integrated-account/:account/writes'

export const writeRoutes = [
  route({
    verb: 'GET',
    path: ONE,
    role: ['manage', 'audit', 'approve'],
    says: 'Whether the writes of an account are stopped',
    answer: Stopped,
    handler: async ({ c, accountId }) => ({
      stopped: (await existingAccount(c, accountId)).writes_stopped,
    }),
  }),
  route({
    verb: 'PUT',
    path: ONE,
    role: 'audit',
    says: 'Stop all writes of an account at once; letting them go on takes admin',
    body: Switch,
    answer: Stopped,
    loosens: judgedWrites,
    handler: async ({ c, accountId, body, present }) => {
      if (!body.stopped) requireRole(c, 'admin', accountId)
      const object = accountObject(c.env, accountId)
      const account = await object.changeAccount(
        { writes_stopped: body.stopped },
        present as Partial<Account> | null,
        causeOf(c),
      )
      if (!account) throw unknownAccount()
      if (account === 'changed_meanwhile') throw changedMeanwhile()
      return { stopped: account.writes_stopped }
    },
  }),
  route({
    verb: 'GET',
    path: '/writes',
    role: 'audit',
    whole: true,
    says: 'Whether the writes of the deployment are stopped',
    answer: Stopped,
    handler: async ({ c }) => ({ stopped: (await directoryObject(c.env).readDeployment()).writes_stopped }),
  }),
  route({
    verb: 'PUT',
    path: '/writes',
    role: 'audit',
    whole: true,
    says: 'Stop all writes of the deployment at once; letting them go on takes admin',
    body: Switch,
    answer: Stopped,
    loosens: judgedAllWrites,
    handler: async ({ c, body, present }) => {
      if (!body.stopped) requireRole(c, 'admin', null)
      const expected = present as Partial<Deployment> | null
      if (!(await throwSwitch(c.env, body.stopped, expected, causeOf(c)))) throw changedMeanwhile()
      return { stopped: body.stopped }
    },
  }),
]
