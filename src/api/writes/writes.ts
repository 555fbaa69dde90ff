/** The kill switch: `/writes` for the deployment, `/integrated-account/:account/writes` for one account. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import { throwSwitch } from '../../account/lease.ts'
import type { Account } from '../../account/tables/account.ts'
import type { Deployment, Stop } from '../../account/tables/deployment.ts'
import { existingAccount } from '../accounts/existing-account.ts'
import { isoOf, maybeText, time } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { causeOf } from '../cause.ts'
import { changedMeanwhile, unknownAccount } from '../errors.ts'
import { ReasonInput } from '../input.ts'
import { judgedAllWrites, judgedWrites } from '../loosening/writes.ts'
import { requireRole, route } from '../route.ts'

const Switch = z.strictObject({
  stopped: z.boolean(),
  reason: ReasonInput.optional().describe(
    'Why, for whoever finds writes stopped: shown on every page, and kept in the trail.',
  ),
})
type Switched = z.infer<typeof Switch>
export const Stopped = z.object({
  stopped: z.boolean(),
  stopped_by: maybeText.describe(
    'Who stopped them first; null: they go on, or a version that kept no name stopped them.',
  ),
  stopped_at: time.nullable().describe('When they did; null as above.'),
  reason: maybeText.describe('Why, as that person said; null: nothing was said.'),
})

/** @param stop null: nobody is known to have stopped them */
const switchState = (stopped: boolean, stop: Stop | null): z.infer<typeof Stopped> => {
  const known = stopped ? stop : null
  return {
    stopped,
    stopped_by: known?.by ?? null,
    stopped_at: isoOf(known?.at ?? null),
    reason: known?.reason ?? null,
  }
}

const stateOfAccount = async ({ env }: Context<App>, id: string, stopped: boolean) =>
  switchState(stopped, stopped ? await directoryObject(env).stopOf(id) : null)

const stateOfAll = async ({ env }: Context<App>) => {
  const { writes_stopped, stop } = await directoryObject(env).readDeployment()
  return switchState(writes_stopped, stop)
}

/** Who stops writes, for every page to say; null: they go on. */
const stopIn = (c: Context<App>, { stopped, reason }: Switched): Stop | null => {
  c.set('about', { ...c.get('about'), stopped, ...(reason && { why: reason }) })
  return stopped ? { by: actorIn(c).name, at: Date.now(), reason: reason || null } : null
}

const ONE = '/integrated-account/:account/writes'

export const writeRoutes = [
  route('GET', ONE, 'getAccountWrites', {
    role: ['manage', 'audit', 'approve'],
    says: 'Whether the writes of an account are stopped; by whom, when and why',
    answer: Stopped,
    handler: async ({ c, accountId }) =>
      stateOfAccount(c, accountId, (await existingAccount(c, accountId)).writes_stopped),
  }),
  route('PUT', ONE, 'stopAccountWrites', {
    role: 'audit',
    says: 'Stop all writes of an account at once; letting them go on takes admin',
    body: Switch,
    example: { stopped: true, reason: 'An agent misbehaves' },
    answer: Stopped,
    loosens: judgedWrites,
    handler: async ({ c, accountId, body, present }) => {
      if (!body.stopped) requireRole(c, 'admin', accountId)
      const stop = stopIn(c, body)
      const object = accountObject(c.env, accountId)
      const account = await object.changeAccount(
        { writes_stopped: body.stopped },
        present as Partial<Account> | null,
        causeOf(c),
      )
      if (!account) throw unknownAccount()
      if (account === 'changed_meanwhile') throw changedMeanwhile()
      c.set('about', { ...c.get('about'), target_name: account.name })
      await directoryObject(c.env).noteAccount(accountId, { stop })
      return stateOfAccount(c, accountId, account.writes_stopped)
    },
  }),
  route('GET', '/writes', 'getWrites', {
    role: 'audit',
    whole: true,
    says: 'Whether the writes of the deployment are stopped; by whom, when and why',
    answer: Stopped,
    handler: ({ c }) => stateOfAll(c),
  }),
  route('PUT', '/writes', 'stopWrites', {
    role: 'audit',
    whole: true,
    says: 'Stop all writes of the deployment at once; letting them go on takes admin',
    body: Switch,
    example: { stopped: true, reason: 'An agent misbehaves' },
    answer: Stopped,
    loosens: judgedAllWrites,
    handler: async ({ c, body, present }) => {
      if (!body.stopped) requireRole(c, 'admin', null)
      const expected = present as Partial<Deployment> | null
      if (!(await throwSwitch(c.env, stopIn(c, body), expected, causeOf(c)))) throw changedMeanwhile()
      return stateOfAll(c)
    },
  }),
]
