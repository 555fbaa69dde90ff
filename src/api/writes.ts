/** The kill switch: `/writes` for the deployment, `/integrated-account/:account/writes` for one account. */
import * as z from 'zod'
import { accountObject } from '../account/account-stub.ts'
import { directoryObject } from '../account/directory-stub.ts'
import { throwSwitch } from '../account/switch.ts'
import { existingAccount } from './accounts.ts'
import { unknownAccount } from './errors.ts'
import { route } from './route.ts'

const Switch = z.strictObject({ stopped: z.boolean() })
export const Stopped = z.object({ stopped: z.boolean() })

const ONE = '/integrated-account/:account/writes'

export const writeRoutes = [
  route({
    verb: 'GET',
    path: ONE,
    role: 'manage',
    says: 'Whether the writes of an account are stopped',
    answer: Stopped,
    handler: async ({ c, accountId }) => ({
      stopped: (await existingAccount(c.env, accountId)).writes_stopped,
    }),
  }),
  route({
    verb: 'PUT',
    path: ONE,
    role: 'manage',
    says: 'Stop all writes of an account at once, or let them go on',
    body: Switch,
    answer: Stopped,
    handler: async ({ c, accountId, body }) => {
      const account = await accountObject(c.env, accountId).changeAccount({ writes_stopped: body.stopped })
      if (!account) throw unknownAccount()
      return { stopped: account.writes_stopped }
    },
  }),
  route({
    verb: 'GET',
    path: '/writes',
    role: 'admin',
    says: 'Whether the writes of the deployment are stopped',
    answer: Stopped,
    handler: async ({ c }) => ({ stopped: await directoryObject(c.env).writesStopped() }),
  }),
  route({
    verb: 'PUT',
    path: '/writes',
    role: 'admin',
    says: 'Stop all writes of the deployment at once, or let them go on',
    body: Switch,
    answer: Stopped,
    handler: async ({ c, body }) => {
      await throwSwitch(c.env, body.stopped)
      return { stopped: body.stopped }
    },
  }),
]
