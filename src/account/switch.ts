/**
 * The kill switch of a deployment. An account may rely for up to `SWITCH_LEASE_MS` on an answer that it is off; whoever stops
 * writes gets an answer only after that time.
 */
import type { Env } from '../core/env.ts'
import { directoryObject } from './directory-stub.ts'

/** How long an account relies on an answer: writes in a row do not each ask the one directory that all accounts share. */
export const SWITCH_LEASE_MS = 1_000
/** Allows for clock drift between two machines. */
const MARGIN_MS = 250
const MOST_ASKED = 3

type Lease = { until: number; asked: Promise<boolean> }

/** The switch as one account reads it. Only `off` is cached, for one lease that starts before the request; `on` and failures are not. */
export class DeploymentSwitch {
  readonly #env: Pick<Env, 'DIRECTORY'>
  #lease: Lease | null = null

  constructor(env: Pick<Env, 'DIRECTORY'>) {
    this.#env = env
  }

  /**
   * @param now returns milliseconds since the epoch
   * @throws Error when each answer of the directory took longer than the lease: no write may leave on an old answer
   */
  async isStopped(now: () => number): Promise<boolean> {
    for (let times = 0; times < MOST_ASKED; times++) {
      const lease = this.#current(now())
      if (await lease.asked) return true
      if (now() < lease.until) return false
    }
    throw new Error('The kill switch of the deployment could not be read in time.')
  }

  #current(now: number): Lease {
    if (this.#lease && now < this.#lease.until) return this.#lease
    const lease = { until: now + SWITCH_LEASE_MS, asked: this.#ask() }
    this.#lease = lease
    const forget = () => {
      if (this.#lease === lease) this.#lease = null
    }
    lease.asked.then((stopped) => stopped && forget(), forget)
    return lease
  }

  async #ask(): Promise<boolean> {
    return directoryObject(this.#env).writesStopped()
  }
}

/** Turns the switch on or off. When it returns from turning it on, no account of the deployment sends writes any more. */
export const throwSwitch = async (env: Pick<Env, 'DIRECTORY'>, stopped: boolean): Promise<void> => {
  await directoryObject(env).stopWrites(stopped)
  if (stopped) await new Promise((done) => setTimeout(done, SWITCH_LEASE_MS + MARGIN_MS))
}
