/** Which trails somebody may read. */
import type { Context } from 'hono'
import { accountObject, auditOf } from '../../account/account-stub.ts'
import { deploymentAuditOf } from '../../account/directory-stub.ts'
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

/** A chain by its id. `name`: of its account, null where it is not known. `ended`: its account was disconnected. */
export type Chain = { id: TrailId; name: string | null; ended: boolean }
/** `more`: chains of disconnected accounts that one request has no room for. */
type Chains = { chains: readonly Chain[]; more: boolean }

const DEPLOYMENT_CHAIN: Chain = { id: DEPLOYMENT, name: 'The deployment', ended: false }

/** @throws ApiError 400 where there are more than one request reads */
const everyChain = async ({ c, accounts: managed }: Caller): Promise<Chains> => {
  const { accounts, ended, next, more } = await deploymentAuditOf(c.env).trails(MOST_TRAILS)
  const known = [
    ...accounts.map(({ id, name }): Chain => ({ id, name, ended: false })),
    ...ended.map(({ id, name }): Chain => ({ id, name, ended: true })),
  ]
  if (managed)
    return {
      chains: managed.map((id) => known.find((one) => one.id === id) ?? { id, name: null, ended: false }),
      more: false,
    }
  if (next !== null)
    throw invalid([
      {
        path: 'integrated_account_id',
        message: `needed in a deployment of more than ${MOST_TRAILS} accounts: the id of one, or "${DEPLOYMENT}" for what belongs to none`,
      },
    ])
  return { chains: holds(actorIn(c).grants, 'audit', null) ? [DEPLOYMENT_CHAIN, ...known] : known, more }
}

/** @throws ApiError 403 for the deployment's trail, 404 for that of an account, where the caller may not read it */
const checkTrail = ({ c, accounts }: Caller, trail: TrailId): void => {
  if (trail === DEPLOYMENT) requireRole(c, 'audit', null)
  else if (accounts?.includes(trail) === false) throw unknownAccount()
}

/** The chain that is named, or every one that the caller may read, those of disconnected accounts included. */
export const chainsOf = async (caller: Caller, trail: TrailId | null): Promise<Chains> => {
  if (trail === null) return everyChain(caller)
  checkTrail(caller, trail)
  if (trail === DEPLOYMENT) return { chains: [DEPLOYMENT_CHAIN], more: false }
  const { accounts, ended } = await deploymentAuditOf(caller.c.env).trails(MOST_TRAILS)
  const name = [...accounts, ...ended].find(({ id }) => id === trail)?.name ?? null
  return { chains: [{ id: trail, name, ended: ended.some(({ id }) => id === trail) }], more: false }
}

/** The same, by id: names are not looked up. */
export const trailsOf = async (caller: Caller, trail: TrailId | null): Promise<readonly TrailId[]> => {
  if (trail === null) return caller.accounts ?? (await everyChain(caller)).chains.map(({ id }) => id)
  checkTrail(caller, trail)
  return [trail]
}
