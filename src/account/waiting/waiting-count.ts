/** Tells the directory how many drafts of an account wait, so that a page can say so without asking every account. */
import type { Env } from '../../core/env.ts'
import { directoryObject } from '../directory-stub.ts'
import { selectAccount } from '../tables/account.ts'
import { countPending } from '../tables/drafts/drafts.ts'
import type { Tenant } from '../tenant.ts'

export class WaitingCount {
  readonly #env: Env
  readonly #tenant: Tenant
  /** Null: not since this object started, or it may not have arrived. */
  #told: number | null = null

  constructor(env: Env, tenant: Tenant) {
    this.#env = env
    this.#tenant = tenant
  }

  /** Says it where it is another than before. It is said again with the next change, should it be lost. */
  async tell(): Promise<void> {
    const count = this.#tenant.known(countPending)
    if (count === null || count === this.#told) return
    this.#told = count
    const { id } = this.#tenant.known(selectAccount)!
    await directoryObject(this.#env)
      .noteWaiting(id, count)
      .catch(() => {
        this.#told = null
      })
  }
}
