/**
 * What an account's object has to know of the deployment before a write leaves: its kill switch, and what caller and approver
 * may do now. It may rely on an answer for `LEASE_MS`; whoever stops writes or takes a role away is answered after that time,
 * so that nothing claimed later relied on what was just lost.
 */
import type { Env } from '../core/env.ts'
import type { CallerRef } from '../rules/admission.ts'
import { holds } from '../rules/roles.ts'
import { directoryObject } from './directory-stub.ts'
import { readApiToken } from './tables/api-tokens.ts'
import { type Deployment, selectDeployment } from './tables/deployment.ts'
import { idsOf, type PersonKind, selectPerson } from './tables/people.ts'
import { heldSince } from './tables/roles-held.ts'

/** How long an account relies on an answer: writes in a row do not each ask the one directory that all accounts share. */
export const LEASE_MS = 1_000
/** Two clocks that count the same second may differ by a little. */
const MARGIN_MS = 250
const MOST_ASKED = 3
const MOST_LEASES = 500

export type Asked = {
  accountId: string
  /** Whose word a call relies on; null: the URL alone. */
  caller: CallerRef | null
  /** Id of the person who decides on a draft; null: nobody does. */
  decider: string | null
}

/** Somebody who decides, as the directory knows them. */
export type KnownDecider = {
  kind: PersonKind
  name: string
  /** Every id under which they may have been recorded. */
  ids: string[]
  /** Since when without a gap they may approve here, in milliseconds since the epoch; null: they may not. */
  approvesSince: number | null
}

export type Authority = Deployment & {
  /** Whether the caller may still call servers of this account. */
  callerMayUse: boolean
  /** Null: nobody was asked about, or there is no such person, or they are disabled. */
  decider: KnownDecider | null
}

const mayUse = (sql: SqlStorage, { accountId, caller }: Asked, now: number): boolean => {
  if (!caller) return true
  if (caller.token !== null) {
    const token = readApiToken(sql, caller.token, now)
    return token !== null && holds(token.grants, 'use', accountId)
  }
  return caller.person !== null && heldSince(sql, caller.person, 'use', accountId, now) !== null
}

const deciderOf = (sql: SqlStorage, { accountId, decider }: Asked, now: number): KnownDecider | null => {
  const person = decider === null ? null : selectPerson(sql, decider)
  if (!person || person.disabled_at !== null) return null
  const { id, kind, name } = person
  return { kind, name, ids: idsOf(sql, id), approvesSince: heldSince(sql, id, 'approve', accountId, now) }
}

/** As the directory knows it. @param now milliseconds since the epoch */
export const authorityOf = (sql: SqlStorage, asked: Asked, now: number): Authority => ({
  ...selectDeployment(sql),
  callerMayUse: mayUse(sql, asked, now),
  decider: deciderOf(sql, asked, now),
})

type Lease = { until: number; asked: Promise<Authority> }

/** As one account sees it: an answer counts from before it was asked. One that stops something is asked anew each time. */
export class AuthorityLease {
  readonly #env: Pick<Env, 'DIRECTORY'>
  readonly #leases = new Map<string, Lease>()

  constructor(env: Pick<Env, 'DIRECTORY'>) {
    this.#env = env
  }

  /**
   * @param now answers milliseconds since the epoch
   * @throws Error when each answer of the directory took longer than the lease: no write may leave on an old answer
   */
  async read(asked: Asked, now: () => number): Promise<Authority> {
    for (let times = 0; times < MOST_ASKED; times++) {
      const lease = this.#current(asked, now())
      const authority = await lease.asked
      if (authority.writes_stopped || now() < lease.until) return authority
    }
    throw new Error('The directory of the deployment could not be read in time.')
  }

  #current(asked: Asked, now: number): Lease {
    const key = JSON.stringify([asked.caller, asked.decider])
    const known = this.#leases.get(key)
    if (known && now < known.until) return known
    if (this.#leases.size >= MOST_LEASES) this.#leases.clear()
    const lease = { until: now + LEASE_MS, asked: this.#ask(asked) }
    this.#leases.set(key, lease)
    const forget = () => {
      if (this.#leases.get(key) === lease) this.#leases.delete(key)
    }
    lease.asked.then((authority) => (authority.writes_stopped || !authority.callerMayUse) && forget(), forget)
    return lease
  }

  async #ask(asked: Asked): Promise<Authority> {
    return directoryObject(this.#env).readAuthority(asked)
  }
}

/** To be waited for after something was taken away, before it is answered that it is gone. */
export const afterLease = (): Promise<void> => new Promise((done) => setTimeout(done, LEASE_MS + MARGIN_MS))

/** Once this returns from stopping, no account of the deployment lets a write go any more. */
export const throwSwitch = async (env: Pick<Env, 'DIRECTORY'>, stopped: boolean): Promise<void> => {
  await directoryObject(env).changeDeployment({ writes_stopped: stopped })
  if (stopped) await afterLease()
}
