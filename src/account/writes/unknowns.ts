/** Writes of which nobody knows what became of them, as people look at them and settle them. Every decision is one transaction. */
import { presentState } from '../../rules/ledger.ts'
import { totalOf } from '../../rules/limits.ts'
import { type LastLook, settleProblem } from '../../rules/unknown.ts'
import type { DecidedBy } from '../../rules/who/four-eyes.ts'
import type { Kept, Settlement } from '../../rules/write-contract.ts'
import type { ByCall } from '../audit/entry.ts'
import type { Authority } from '../authority.ts'
import { deciderIn } from '../authority.ts'
import type { AuthorityLease } from '../lease.ts'
import { selectAccount } from '../tables/account.ts'
import { type OpenPayment, openPayments } from '../tables/ledger/movements.ts'
import { unsureIn } from '../tables/ledger/reserved.ts'
import * as unsettled from '../tables/ledger/unsettled.ts'
import { handsIn } from '../tables/principals/server-hands.ts'
import { selectServer } from '../tables/servers.ts'
import { Part, type Tenant } from '../tenant.ts'
import { settleClaim } from './settled.ts'

/** A write with the money that is reserved for it, and for whom. */
export type UnknownWrite = Omit<unsettled.Written, 'subjects' | 'records' | 'sentCents'> & {
  cents: number
  count: number
  payments: OpenPayment[]
  /** What its MCP server is called; null: it is gone. */
  serverName: string | null
}

type Settled =
  | { kind: 'settled' }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string; forbidden: boolean }

const OTHER_CLAIM =
  'Another write left under this key since you looked. Nothing was settled. Look at it again, and at Finexio.'

/** Why a write is not settled by what somebody found out; null: it may be. @param claimedAt when what they looked for had left */
const notSettled = (written: unsettled.Written, claimedAt: number | null): string | null => {
  if (claimedAt !== null && claimedAt !== written.claimedAt) return OTHER_CLAIM
  return unsettled.isOpen(written) ? null : `This write is ${written.state}: there is nothing to settle.`
}

/** What somebody found out settles what nobody knew. Of a write that was accepted in part, the part that was accepted stays so. */
const byHand = (
  sql: SqlStorage,
  { key, state, kept, claimedAt, subjects }: unsettled.Written,
  wasDone: boolean,
  said: Kept,
): Settlement => {
  const open = unsureIn(sql, key, claimedAt)
  if (state !== 'succeeded' || (!wasDone && open.length === subjects.length))
    return { key, state: wasDone ? 'succeeded' : 'rejected', kept: said }
  const { partial: _, unknown_rows: __, ...known } = kept ?? {}
  if (wasDone) return { key, state, kept: { ...known, ...said } }
  const notThere = { incomplete: true, not_there: open.join(', ') }
  return { key, state, kept: { ...known, ...said, ...notThere }, absent: open }
}

/** `unknowns()` of the account's object. */
export class Unknowns extends Part {
  readonly #lease: AuthorityLease

  constructor(tenant: Tenant, lease: AuthorityLease) {
    super(tenant)
    this.#lease = lease
  }

  /** Keeps what a look showed of a write that it did not settle. */
  noteLook(
    written: Pick<unsettled.Written, 'key' | 'requestId'>,
    look: LastLook,
    absentSince: number | null,
  ): void {
    this.tenant.known((sql) => unsettled.noteLook(sql, written, look, absentSince))
  }

  /** Newest first; null for an unknown account. */
  list(page: { limit: number; offset: number }): { writes: UnknownWrite[]; next: number | null } | null {
    return this.tenant.known((sql, now) => {
      const { writes, next } = unsettled.selectUnsettled(sql, page, now)
      return { writes: writes.map((written) => this.#shown(sql, written, now)), next }
    })
  }

  /** One write, also after it was settled; null when there is none. */
  read(key: string): UnknownWrite | null {
    return this.tenant.known((sql, now) => {
      const written = unsettled.selectWritten(sql, key)
      return written && this.#shown(sql, written, now)
    })
  }

  #shown(sql: SqlStorage, stored: unsettled.Written, now: number): UnknownWrite {
    const { subjects: _, records: __, sentCents: ___, ...written } = stored
    const payments = openPayments(sql, written.key, written.claimedAt)
    const serverName = selectServer(sql, written.serverId, now)?.name ?? null
    return { ...written, ...presentState(written, now), ...totalOf(payments), payments, serverName }
  }

  #asked(by: DecidedBy): Promise<Authority> {
    const { id } = this.tenant.known(selectAccount)!
    return this.#lease.read({ accountId: id, caller: null, decider: by }, Date.now)
  }

  /** Who may have called, as it was kept, and whoever had a hand in the server since. */
  #callers(sql: SqlStorage, { serverId, claimedAt, calledBy }: unsettled.Written): string[] {
    const { editors, holders, urlSeen } = handsIn(sql, serverId, claimedAt)
    return calledBy ?? [...editors, ...holders, ...urlSeen]
  }

  /** Why somebody may not settle a write; null: they may, or there is none. */
  async problem(key: string, by: DecidedBy): Promise<string | null> {
    if (!this.tenant.known(selectAccount)) return null
    const authority = await this.#asked(by)
    return this.tenant.known((sql) => {
      const written = unsettled.selectWritten(sql, key)
      return written && settleProblem(this.#callers(sql, written), deciderIn(authority, by))
    })
  }

  /**
   * @param found whether it was carried out, as this person found out; and when what they looked for had left, where they say so
   * @param reason how they know
   * @param call that settles, for the trail
   */
  async settle(
    key: string,
    found: { wasDone: boolean; claimedAt: number | null },
    by: DecidedBy,
    reason: string,
    call: ByCall,
  ): Promise<Settled> {
    if (!this.tenant.known(selectAccount)) return { kind: 'unknown' }
    const authority = await this.#asked(by)
    const settled = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): Settled => {
        const stored = unsettled.selectWritten(sql, key)
        if (!stored) return { kind: 'unknown' }
        const written = { ...stored, ...presentState(stored, now) }
        const decider = deciderIn(authority, by)
        const problem = settleProblem(this.#callers(sql, written), decider)
        if (problem) return { kind: 'refused', why: problem, forbidden: true }
        const why = notSettled(written, found.claimedAt)
        if (why) return { kind: 'refused', why, forbidden: false }
        const who = { actor_id: decider.ids[0] ?? null, actor_name: decider.name }
        const settlement = byHand(sql, written, found.wasDone, {
          settled_by: decider.name,
          settled_because: reason,
        })
        settleClaim(sql, settlement, { ...call, ...who }, now)
        return { kind: 'settled' }
      }),
    )
    return settled ?? { kind: 'unknown' }
  }
}
