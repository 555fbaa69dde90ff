/** Which trails somebody may read. */
import type { Context } from 'hono'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import { deploymentAuditOf, directoryObject } from '../../account/directory-stub.ts'
import { holds } from '../../rules/who/roles.ts'
import { type App, actorIn } from '../auth.ts'
import { invalid, unknownAccount } from '../errors.ts'
import { type Asked, requireRole } from '../route.ts'
import { DEPLOYMENT } from './query.ts'

/** Trails that one request reads: beyond that the account has to be named. */
const MOST_TRAILS = 100

export type TrailId = string
export type Caller = Pick<Asked<unknown, unknown>, 'c' | 'accounts'>

/** The trail, on the object that keeps it. */
export const auditAt = (c: Context<App>, trail: TrailId) =>
  trail === DEPLOYMENT ? deploymentAuditOf(c.env) : auditOf(accountObject(c.env, trail))

const everyTrail = async ({ c, accounts: managed }: Caller): Promise<readonly TrailId[]> => {
  if (managed) return managed
  const { accounts, next } = await directoryObject(c.env).list(MOST_TRAILS)
  if (next !== null)
    throw invalid([
      {
        path: 'integrated_account_id',
        message: `needed in a deployment of more than ${MOST_TRAILS} accounts: the id of one, or "${DEPLOYMENT}" for what belongs to none`,
      },
    ])
  const own = accounts.map(({ id }) => id)
  return holds(actorIn(c).grants, 'audit', null) ? [DEPLOYMENT, ...own] : own
}

/** @throws ApiError 403 for the deployment's trail, 404 for that of an account, where the caller may not read it */
export const checkTrail = ({ c, accounts }: Caller, trail: TrailId): void => {
  if (trail === DEPLOYMENT) requireRole(c, 'audit', null)
  else if (accounts?.includes(trail) === false) throw unknownAccount()
}

export const trailsOf = async (caller: Caller, trail: TrailId | null): Promise<readonly TrailId[]> => {
  if (trail === null) return everyTrail(caller)
  checkTrail(caller, trail)
  return [trail]
}
