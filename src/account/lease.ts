/**
 * How long an account may rely on what the directory said. Whoever stops writes or takes a role away is answered after that
 * time, so that nothing claimed later relied on what was just lost.
 */
import type { Env } from '../core/env.ts'
import type { Cause } from './audit/changing.ts'
import type { Asked, Authority } from './authority.ts'
import { directoryObject } from './directory-stub.ts'
import type { Deployment, Stop } from './tables/deployment.ts'

/** How long an account relies on an answer: writes in a row do not each ask the one directory that all accounts share. */
export const LEASE_MS = 1_000
/** Allows for clock drift between two machines. */
const MARGIN_MS = 250
const MOST_ASKED = 3
const MOST_LEASES = 500

type Lease = { until: number; asked: Promise<Authority> }

/** The directory's answer as one account caches it, from before the request on. An answer that stops something is not cached. */
export class AuthorityLease {
  readonly #env: Pick<Env, 'DIRECTORY'>
  readonly #leases = new Map<string, Lease>()

  constructor(env: Pick<Env, 'DIRECTORY'>) {
    this.#env = env
  }

  /**
   * @param now returns milliseconds since the epoch
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
    const key = JSON.stringify([asked.caller, asked.decider, asked.holder])
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

/** Await this after taking a right away and before answering that it is gone: no account relies on the old answer then. */
export const afterLease = (): Promise<void> => new Promise((done) => setTimeout(done, LEASE_MS + MARGIN_MS))

/** Await this after somebody came or came back: one-person mode ends with that. */
export const afterOnePerson = async (env: Pick<Env, 'DIRECTORY'>): Promise<void> => {
  if ((await directoryObject(env).readDeployment()).one_person !== null) await afterLease()
}

/**
 * Turns the kill switch on or off. When it returns from turning it on, no account of the deployment sends writes any more.
 * @param stop who stops them; null: they go on
 * @param expected what the change was judged by; null: it acts whatever there is
 * @param cause who does it, for the trail
 * @returns false where that has changed
 */
export const throwSwitch = async (
  env: Pick<Env, 'DIRECTORY'>,
  stop: Stop | null,
  expected: Partial<Deployment> | null,
  cause: Cause,
): Promise<boolean> => {
  const changed = await directoryObject(env).changeDeployment(
    { writes_stopped: stop !== null, stop },
    expected,
    cause,
  )
  if (stop) await afterLease()
  return changed !== 'changed_meanwhile'
}
