/** Writes that were stopped and go on: the one direction of the kill switch that loosens. */
import type { Context } from 'hono'
import { accountObject } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { SettingsTarget } from '../../rules/who/settings-drafts.ts'
import type { App } from '../auth.ts'
import { unknownAccount } from '../errors.ts'
import { requireRole } from '../route.ts'
import type { Judged } from './judged.ts'

type Switch = { stopped: boolean; reason?: string | undefined }
type Placed = { c: Context<App>; accountId: string; body: Switch }

const judged = (
  what: Pick<Judged, 'accounts' | 'present'> & { target: SettingsTarget },
  body: Switch,
  stopped: boolean,
): Judged<Switch> => ({
  ...what,
  // Stopping again is no change, but whoever stops means it: what waits to go on has lapsed.
  touches: ['writes_stopped'],
  now: null,
  waits:
    stopped && !body.stopped
      ? { loosens: [{ key: 'writes_stopped', before: true, after: false }], body, roles: ['admin'] }
      : null,
})

/** Of one account. */
export const judgedWrites = async ({ c, accountId, body }: Placed): Promise<Judged<Switch>> => {
  if (!body.stopped) requireRole(c, 'admin', accountId)
  const account = await accountObject(c.env, accountId).readAccount()
  if (!account) throw unknownAccount()
  const target: SettingsTarget = { kind: 'account', id: accountId, name: account.name }
  // Stopping must never wait for another call.
  const present = body.stopped ? null : { updated_at: account.updated_at }
  return judged({ target, accounts: [accountId], present }, body, account.writes_stopped)
}

/** Of the deployment. */
export const judgedAllWrites = async ({ c, body }: Pick<Placed, 'c' | 'body'>): Promise<Judged<Switch>> => {
  if (!body.stopped) requireRole(c, 'admin', null)
  const { writes_stopped } = await directoryObject(c.env).readDeployment()
  const target: SettingsTarget = { kind: 'deployment', id: 'deployment', name: 'the whole deployment' }
  const present = body.stopped ? null : { writes_stopped }
  return judged({ target, accounts: null, present }, body, writes_stopped)
}
