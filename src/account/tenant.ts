/** What the parts of an account's object have in common. Lives inside the object alone. */
import { RpcTarget } from 'cloudflare:workers'
import { type Asked, changing } from './audit/changing.ts'

/** The storage of one account, and whether the account exists. */
export class Tenant {
  readonly storage: DurableObjectStorage
  /** What has to follow a commit: setting the alarm. */
  readonly afterCommit: () => Promise<void>
  /** False until an account is created, and once it is erased: a guessed id must not leave so much as a table behind. */
  exists = false

  constructor(storage: DurableObjectStorage, afterCommit: () => Promise<void>) {
    this.storage = storage
    this.afterCommit = afterCommit
  }

  get sql(): SqlStorage {
    return this.storage.sql
  }

  /** @param work is given the present moment in milliseconds since the epoch @returns null for an unknown account */
  known<Answer>(work: (sql: SqlStorage, now: number) => Answer): Answer | null {
    return this.exists ? work(this.sql, Date.now()) : null
  }

  /** Like `known`, for work that changes settings: the trail says from what to what. */
  changed<Answer>(asked: Asked, work: (sql: SqlStorage, now: number) => Answer): Answer | null {
    return this.known((sql, now) => changing(this.storage, asked, now, () => work(sql, now)))
  }

  /** Like `known`, for work that changes when the alarm is due or adds rows to the trail. */
  async committed<Answer>(commit: (sql: SqlStorage, now: number) => Answer): Promise<Answer | null> {
    if (!this.exists) return null
    const answer = commit(this.sql, Date.now())
    await this.afterCommit()
    return answer
  }

  /** Like both. */
  committedChange<Answer>(
    asked: Asked,
    work: (sql: SqlStorage, now: number) => Answer,
  ): Promise<Answer | null> {
    return this.committed((sql, now) => changing(this.storage, asked, now, () => work(sql, now)))
  }
}

/** A part of an account's object that others call. Only what its class declares can be called: `tenant` stays inside. */
export class Part extends RpcTarget {
  protected readonly tenant: Tenant

  constructor(tenant: Tenant) {
    super()
    this.tenant = tenant
  }
}

/** The methods of a part as they are called from elsewhere. */
export type Called<Part> = {
  [Key in keyof Part]: Part[Key] extends (...args: infer Args) => infer Answer
    ? (...args: Args) => Promise<Awaited<Answer>>
    : never
}
