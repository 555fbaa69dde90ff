/** Verified payees on the account's object: what somebody vouched for, what was seen at Finexio since. Every decision is one transaction. */
import { canonicalId } from '../core/ids.ts'
import { DAY_MS } from '../core/time.ts'
import {
  differing,
  judgePayee,
  type PayeeFound,
  type PayeeSight,
  type Vouched,
  vouchedOf,
} from '../rules/payees/verified.ts'
import type { PayeeEntry } from './audit/entry.ts'
import type { Notifier } from './notify/notifier.ts'
import { selectAccount } from './tables/account.ts'
import { appendAudit } from './tables/audit.ts'
import { lastPaidAt } from './tables/movements.ts'
import { payeeChangers } from './tables/payee-changes.ts'
import * as rows from './tables/payees.ts'
import { Part, type Tenant } from './tenant.ts'

/** As long as an invoice may be unpaid: longer than Finexio takes. */
const UNPAID_MS = 45 * DAY_MS

export type Known = {
  rows: rows.PayeeRow[]
  acceptance: rows.Acceptance | null
}

/** Who vouches: ids under which they are or were known, and who issued the key that they do it with. */
export type Voucher = { ids: readonly string[]; issuers: readonly string[]; name: string }

const CHANGED_IT = 'Who changed this supplier does not vouch for it.'

/** `payees()` of the account's object. */
export class Payees extends Part {
  readonly #notifier: Notifier

  constructor(tenant: Tenant, notifier: Notifier) {
    super(tenant)
    this.#notifier = notifier
  }

  /** What is known of these payees without asking Finexio. @param suppliers canonical ids */
  known(suppliers: readonly string[]): Known | null {
    return this.tenant.known((sql) => ({
      rows: suppliers.map((id) => rows.selectPayee(sql, id)).filter((row) => row !== null),
      acceptance: rows.selectAcceptance(sql),
    }))
  }

  list(limit: number, after: string): rows.PayeeRow[] | null {
    return this.tenant.known((sql) => rows.selectPayees(sql, limit, after))
  }

  #record(entry: Omit<PayeeEntry, 'type'>, now: number): void {
    appendAudit(this.tenant.sql, { type: 'payee', ...entry }, now)
  }

  /** A change at Finexio of what somebody vouched for. */
  #void({ supplier, state }: PayeeSight, vouched: Vouched, request_id: string, now: number): void {
    const { sql } = this.tenant
    const paidAt = lastPaidAt(sql, supplier)
    const unpaid = paidAt !== null && now - paidAt < UNPAID_MS
    rows.voidPayee(sql, supplier, { at: now, key: null }, now)
    const changed = state ? differing(vouched.shown, state.shown) : []
    this.#record({ event: 'changed', request_id, supplier_id: supplier, changed, unpaid }, now)
    const data = { integrated_account_id: selectAccount(sql)!.id, supplier_id: supplier }
    if (unpaid) this.#notifier.send({ type: 'payee.changed', data }, now)
  }

  #judge(sight: PayeeSight, requestId: string, now: number): PayeeFound {
    const { sql } = this.tenant
    const { supplier } = sight
    const row = rows.selectPayee(sql, supplier)
    const acceptance = rows.selectAcceptance(sql)
    const record = row && { vouched: row.vouched, voided: row.voided !== null }
    const verdict = judgePayee(record, acceptance?.at ?? null, sight)
    if (verdict.kind === 'unverified') {
      if (verdict.why === 'changed' && row?.voided === null && row.vouched)
        this.#void(sight, row.vouched, requestId, now)
      return { supplier, why: verdict.why }
    }
    if (verdict.by === 'vouched') rows.refreshVouched(sql, supplier, verdict.vouched)
    else {
      rows.putVouch(sql, supplier, { kind: 'accepted', ...acceptance! }, verdict.vouched, now)
      const who = { actor_id: acceptance!.by[0]!, actor_name: acceptance!.name }
      this.#record({ event: 'accepted', request_id: requestId, supplier_id: supplier, ...who }, now)
    }
    return { supplier, version: rows.selectPayee(sql, supplier)!.version }
  }

  /** Keeps what was seen at Finexio: a change voids what was vouched for, for good. */
  async observe(sights: readonly PayeeSight[], requestId: string): Promise<PayeeFound[]> {
    const found = await this.tenant.committed((_, now) =>
      this.tenant.storage.transactionSync(() => sights.map((sight) => this.#judge(sight, requestId, now))),
    )
    return found ?? []
  }

  /**
   * Records a call-back for several payees, all or none.
   * @returns why not; null: done
   */
  async vouch(
    vouches: readonly { sight: PayeeSight; call: Omit<rows.Vouch, 'kind' | 'at' | 'by' | 'name'> }[],
    by: Voucher,
    requestId: string,
  ): Promise<string | null> {
    const done = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): string | null => {
        const changers = payeeChangers(
          sql,
          vouches.map(({ sight }) => sight.supplier),
          now,
        )
        if (changers.some((id) => by.ids.includes(id) || by.issuers.includes(id))) return CHANGED_IT
        for (const { sight, call } of vouches) {
          const { supplier, state, since } = sight
          if (!state) return `${supplier}: its record or its history could not be read.`
          const vouch = { kind: 'called_back' as const, at: now, by: by.ids, name: by.name, ...call }
          rows.putVouch(sql, supplier, vouch, vouchedOf(state, since), now)
          const { called_at, ...said } = call
          const entry = { event: 'called_back' as const, request_id: requestId, supplier_id: supplier }
          const who = { actor_id: by.ids[0]!, actor_name: by.name }
          const when = called_at === undefined ? {} : { called_at: new Date(called_at).toISOString() }
          this.#record({ ...entry, ...who, ...said, ...when }, now)
        }
        return null
      }),
    )
    return done
  }

  /** Accepts the present for all payees that were paid before and did not change lately: once. @returns why not; null: done */
  async acceptPresent(by: Voucher, requestId: string): Promise<string | null> {
    const done = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): string | null => {
        const { payees, payees_set_by } = selectAccount(sql)!
        if (payees !== 'verified') return 'Payees of this account are open: there is nothing to accept.'
        if (rows.selectAcceptance(sql))
          return 'The present was accepted before: this is done once. Call back.'
        const own = [...by.ids, ...by.issuers]
        if (payees_set_by === null || own.includes(payees_set_by))
          return 'Who turned verified payees on does not accept the present: a second person has to.'
        rows.putAcceptance(sql, { at: now, by: by.ids, name: by.name })
        const who = { actor_id: by.ids[0]!, actor_name: by.name }
        this.#record({ event: 'present_accepted', request_id: requestId, supplier_id: null, ...who }, now)
        return null
      }),
    )
    return done
  }

  /** When a payee was last paid through this account; null: never, as far as is known. */
  lastPaid(payee: string): number | null {
    return this.tenant.known((sql) => lastPaidAt(sql, canonicalId(payee)))
  }
}
