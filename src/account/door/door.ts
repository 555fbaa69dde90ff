/** Who is let in to the MCP servers of an account, and the row of a call that is not. */
import type { Admission, AskedCall, Caller, Verdict } from '../../rules/admission.ts'
import type { RefusedBy } from '../../rules/sentences/refused-by.ts'
import type { CallEntry } from '../audit/entry.ts'
import type { Shares } from '../audit/share.ts'
import type { AuthorityLease } from '../lease.ts'
import { closedServer, closedWithAccount } from '../tables/ended-tokens.ts'
import type { Tenant } from '../tenant.ts'
import { admit, admitSignedIn, type SignedIn } from './admit.ts'
import { type Called, notLetIn, ruleOf } from './not-let-in.ts'
import type { Limits, OwnLimits, Refused } from './own-limits.ts'

type Parts = {
  tenant: Tenant
  lease: AuthorityLease
  limits: OwnLimits
  shares: Shares
  /** Tells the operator that an account's own limit is used up. */
  limitReached(accountId: string, own: Refused['own'], now: number): void
  /** Adds a row, after the answer, as every row of a call. */
  record(entry: CallEntry): void
}

type Find = (sql: SqlStorage, now: number) => Admission | null

export class Door {
  readonly #parts: Parts

  constructor(parts: Parts) {
    this.#parts = parts
  }

  async admit(
    digest: Uint8Array,
    limits: Limits | null,
    caller: Caller,
    asked: AskedCall | null,
  ): Promise<Verdict> {
    const verdict = await this.#admitted(limits, (sql, now) => admit(sql, digest, caller, now), asked)
    if (verdict.kind !== 'unknown' || !asked) return verdict
    const { exists, sql } = this.#parts.tenant
    const closed = exists ? closedServer(sql, digest, Date.now()) : closedWithAccount(sql, digest)
    if (closed) this.#note({ server: closed.server, caller }, asked, { code: closed.code })
    return verdict
  }

  admitSignedIn(
    serverId: string,
    limits: Limits | null,
    signedIn: SignedIn | null,
    asked: AskedCall | null,
  ): Promise<Verdict> {
    return this.#admitted(limits, (sql, now) => admitSignedIn(sql, serverId, signedIn, now), asked)
  }

  #note(called: Called, asked: AskedCall | null, by: RefusedBy | null): void {
    if (asked && by) this.#parts.record(notLetIn(called, asked, by))
  }

  /** A URL lets nobody in while whoever works through its server is disabled, and once they were removed. */
  async #admitted(limits: Limits | null, find: Find, asked: AskedCall | null): Promise<Verdict> {
    const { tenant, lease } = this.#parts
    const found = tenant.known(find)
    const holder = found?.server.holder
    if (!holder) return this.#verdict(found, limits, asked)
    const wanted = { accountId: found.account.id, caller: null, decider: null, holder }
    const { callerMayUse } = await lease.read(wanted, Date.now)
    if (!callerMayUse) this.#note(found, asked, { code: 'holder_disabled' })
    // What ended while the directory was asked has ended.
    return this.#verdict(callerMayUse ? tenant.known(find) : null, limits, asked)
  }

  #verdict(admission: Admission | null, limits: Limits | null, asked: AskedCall | null): Verdict {
    if (!admission) return { kind: 'unknown' }
    const verdict = this.#judged(admission, limits)
    // Whoever calls a URL that holds no secret without signing in may be anybody.
    if (verdict.kind === 'limited' || admission.digest !== null) this.#note(admission, asked, ruleOf(verdict))
    return verdict
  }

  #judged(admission: Admission, limits: Limits | null): Verdict {
    const { limits: own, shares, limitReached } = this.#parts
    const { require_api_token_auth, allowed_origins = [] } = admission.server.config
    if (require_api_token_auth && admission.caller.kind === 'url')
      return { kind: 'unauthorized', allowed_origins }
    const now = Date.now()
    const full = limits && shares.wait(admission.server.id, now)
    if (full) return { kind: 'limited', counted: 'bytes', ...full, remaining: 0, allowed_origins }
    const taken = limits ? own.take(limits, now) : {}
    if (!('refused' in taken)) return { kind: 'admitted', admission: { ...admission, ...taken } }
    const { limit, reset, counted } = taken.refused
    limitReached(admission.account.id, taken.refused.own, now)
    return { kind: 'limited', counted, limit, remaining: 0, reset, allowed_origins }
  }
}
