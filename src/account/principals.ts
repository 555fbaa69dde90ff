/** Changes of people, systems and their API tokens, as the directory makes them: with since when a role is held, and with a row of the trail. */
import type { Target } from '../rules/history/changes.ts'
import { accountOf, type Grant } from '../rules/who/roles.ts'
import { type Cause, changing } from './audit/changing.ts'
import * as listed from './tables/listed-accounts.ts'
import * as tokens from './tables/principals/api-tokens.ts'
import * as people from './tables/principals/people.ts'
import * as sessions from './tables/principals/sessions.ts'

/** Most API tokens, and most people, of one deployment; stops a script that creates them in a loop. */
const MOST = 10_000

const person = (id: string): Target => ({ kind: 'person', id })
const token = (id: string): Target => ({ kind: 'api_token', id })

/** Changes of who may do what. `cause`: who does it, for the trail. Times are milliseconds since the epoch. */
export class Principals {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  get #sql() {
    return this.#storage.sql
  }

  /** One change of what somebody holds, with since when they hold it. */
  #ofPerson<Result>(
    id: string,
    { cause, more = [] }: { cause: Cause | null; more?: readonly Target[] },
    change: (now: number) => Result,
  ): Result {
    const now = Date.now()
    return changing(this.#storage, { cause, targets: [person(id), ...more] }, now, () => {
      const result = change(now)
      tokens.rolesChanged(this.#sql, id, now)
      return result
    })
  }

  #ofToken<Result>(id: string, cause: Cause | null, change: (now: number) => Result): Result {
    const now = Date.now()
    return changing(this.#storage, { cause, targets: [token(id)] }, now, () => change(now))
  }

  /** Null when there are as many as there can be. */
  create(one: people.NewPerson, cause: Cause | null): people.Person | null | 'identity_taken' {
    if (people.countPeople(this.#sql) >= MOST) return null
    const { id, issuer, subject } = one
    if (issuer !== null && people.personOfIdentity(this.#sql, issuer, subject!)) return 'identity_taken'
    return this.#ofPerson(id, { cause }, (now) => people.insertPerson(this.#sql, one, now))
  }

  /** Who is disabled, or gets another identity, signs in anew. Null for an unknown id. */
  change(
    id: string,
    change: people.PersonChange,
    cause: Cause | null,
  ): people.Person | null | 'identity_taken' {
    const before = people.selectPerson(this.#sql, id)
    if (!before) return null
    const { issuer, subject } = { ...before, ...change }
    const other = issuer === null ? null : people.personOfIdentity(this.#sql, issuer, subject!)
    if (other && other.id !== id) return 'identity_taken'
    return this.#ofPerson(id, { cause }, (now) => {
      sessions.endOutlived(this.#sql, before, change)
      return people.changePerson(this.#sql, id, change, now)
    })
  }

  /** Ends their API tokens and sessions too. Returns false for an unknown id. */
  remove(id: string, cause: Cause | null): boolean {
    const more = tokens.tokensOf(this.#sql, id).map(token)
    return this.#ofPerson(id, { cause, more }, (now) => {
      tokens.removeTokensOf(this.#sql, id, now)
      return people.removePerson(this.#sql, id)
    })
  }

  createToken(one: tokens.NewApiToken, cause: Cause | null): tokens.ApiToken | null {
    return this.#ofToken(one.id, cause, (now) => {
      tokens.removeExpiredApiTokens(this.#sql, now)
      if (tokens.countApiTokens(this.#sql) >= MOST) return null
      return tokens.insertApiToken(this.#sql, one, now)
    })
  }

  /** Lets a token act from now on. Null unless it sleeps for this change of settings. */
  wakeToken(id: string, draftId: string, cause: Cause | null): tokens.ApiToken | null {
    return this.#ofToken(id, cause, (now) => tokens.wakeApiToken(this.#sql, id, draftId, now))
  }

  /** Returns false when there is no such token. */
  revokeToken(id: string, cause: Cause | null): boolean {
    return this.#ofToken(id, cause, (now) => tokens.removeApiToken(this.#sql, id, now) !== null)
  }

  /** Removes an account from the list, and its grants from people and API tokens. Returns false when it was not listed. */
  removeAccount(accountId: string, cause: Cause | null): boolean {
    const now = Date.now()
    const reaches = (grants: readonly Grant[]) => grants.some((grant) => accountOf(grant) === accountId)
    const targets: Target[] = [
      { kind: 'integrated_account', id: accountId },
      ...people.peopleWith(this.#sql, accountId).map(({ id }) => person(id)),
      ...tokens
        .everyGrant(this.#sql)
        .filter(({ grants }) => reaches(grants))
        .map(({ id }) => token(id)),
    ]
    return changing(this.#storage, { cause, targets }, now, () => {
      tokens.forgetAccount(this.#sql, accountId, now)
      const account = listed.listedName(this.#sql, accountId)
      if (account) listed.putEndedAccount(this.#sql, { id: accountId, name: account.name, ended_at: now })
      return listed.removeListedAccount(this.#sql, accountId)
    })
  }

  /** Adds an account to the list, or renames the one that is there. */
  putAccount(account: listed.ListedAccount, cause: Cause | null): void {
    const targets: Target[] = [{ kind: 'integrated_account', id: account.id }]
    changing(this.#storage, { cause, targets }, Date.now(), () => listed.putListedAccount(this.#sql, account))
  }
}
