/** Verified payees on the account's object: what somebody vouched for, what was seen at Finexio since. Every decision is one transaction. */
import { canonicalId } from '../../core/ids.ts'
import {
  differing,
  type Evidence,
  type Glimpse,
  isUnpaid,
  judgePayee,
  type PayeeFound,
  type PayeeSight,
  type Shown,
  showsChange,
  type Vouched,
  vouchedOf,
} from '../../rules/payees/verified.ts'
import type { ByCall, PayeeEntry } from '../audit/entry.ts'
import type { Notifier } from '../notify/notifier.ts'
import { selectAccount } from '../tables/account.ts'
import { appendAudit } from '../tables/audit.ts'
import { lastAcceptedAt, lastPaidAt } from '../tables/ledger/movements.ts'
import { payeeChangers } from '../tables/payee-changes.ts'
import * as rows from '../tables/payees.ts'
import { Part, type Tenant } from '../tenant.ts'

export type Known = {
  rows: rows.PayeeRow[]
  acceptance: rows.Acceptance | null
}

/** Who vouches: ids under which they are or were known, and who issued the key that they do it with. */
export type Voucher = { ids: readonly string[]; issuers: readonly string[]; name: string }

type Changed = Evidence & { supplier: string; shown: Shown }

/** `version`: of the record when the payee was looked at; 0: there was none. */
type Vouching = {
  sight: PayeeSight
  version: number
  call: Omit<rows.Vouch, 'kind' | 'at' | 'by' | 'name'>
}

/** What a supplier is called, for its row: a later name does not change what was. */
const named = ({ name }: { name?: string }) => (name ? { supplier_name: name } : {})

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

  /** @param changed only those that changed since somebody vouched */
  list(limit: number, after: string, changed: boolean): rows.PayeeRow[] | null {
    return this.tenant.known((sql) => rows.selectPayees(sql, limit, after, changed))
  }

  #record(entry: Omit<PayeeEntry, 'type'>, now: number): void {
    appendAudit(this.tenant.sql, { type: 'payee', ...entry }, now)
  }

  /** A change at Finexio of what somebody vouched for. Only what is known to be settled raises no alarm. */
  #void(seen: Changed, vouched: Vouched, call: ByCall, now: number): void {
    const { sql } = this.tenant
    const { supplier: supplier_id, shown, fields = [], unsettled = null } = seen
    const unpaid = isUnpaid(lastPaidAt(sql, supplier_id), unsettled, now)
    rows.voidPayee(sql, supplier_id, { at: now, key: null, unpaid }, now)
    const changed = [...new Set([...differing(vouched.shown, shown), ...fields.map(({ field }) => field)])]
    this.#record({ event: 'changed', ...call, supplier_id, ...named(seen), changed, fields, unpaid }, now)
    const data = { integrated_account_id: selectAccount(sql)!.id, supplier_id, ...named(seen) }
    if (unpaid !== false) this.#notifier.send({ type: 'payee.changed', data }, now)
  }

  #judge(sight: PayeeSight, call: ByCall, now: number): PayeeFound {
    const { sql } = this.tenant
    const { supplier, name } = sight
    const found = { supplier, ...(name && { name }) }
    const row = rows.selectPayee(sql, supplier)
    const acceptance = rows.selectAcceptance(sql)
    const record = row && { vouched: row.vouched, voided: row.voided !== null }
    const verdict = judgePayee(record, acceptance?.at ?? null, sight)
    if (verdict.kind === 'unverified') {
      if (verdict.why === 'changed' && row?.voided === null && row.vouched)
        this.#void({ ...sight, shown: sight.state?.shown ?? {} }, row.vouched, call, now)
      return { ...found, why: verdict.why }
    }
    if (verdict.by === 'vouched') rows.refreshVouched(sql, supplier, verdict.vouched)
    else {
      rows.putVouch(sql, supplier, { kind: 'accepted', ...acceptance! }, verdict.vouched, now)
      const who = { actor_id: acceptance!.by[0]!, actor_name: acceptance!.name }
      this.#record({ event: 'accepted', ...call, supplier_id: supplier, ...named(sight), ...who }, now)
    }
    return { ...found, version: rows.selectPayee(sql, supplier)!.version }
  }

  /** Keeps what was seen at Finexio: a change voids what was vouched for, for good. */
  async observe(sights: readonly PayeeSight[], call: ByCall): Promise<PayeeFound[]> {
    const found = await this.tenant.committed((_, now) =>
      this.tenant.storage.transactionSync(() => sights.map((sight) => this.#judge(sight, call, now))),
    )
    return found ?? []
  }

  /**
   * As `observe`, of payees that stand on a page which was read for something else: it can void, and never verify. A page that
   * was read before somebody vouched says nothing of what they saw.
   */
  async notice(glimpses: readonly Glimpse[], call: ByCall): Promise<void> {
    await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync(() => {
        for (const seen of glimpses) {
          const row = rows.selectPayee(sql, seen.supplier)
          if (!row?.vouched || row.voided || row.vouch!.at >= seen.at) continue
          if (showsChange(row.vouched, seen)) this.#void(seen, row.vouched, call, now)
        }
      }),
    )
  }

  /** How many changed while an invoice was, or may be, unpaid, and wait for a call-back. */
  alarmed(): number | null {
    return this.tenant.known((sql) => rows.countAlarmed(sql))
  }

  /** Why what was looked at does not count any more; null: it does. */
  #unlooked({ sight: { supplier, state }, version }: Vouching): string | null {
    if (!state) return `${supplier}: its record or its history could not be read.`
    return (rows.selectPayee(this.tenant.sql, supplier)?.version ?? 0) === version
      ? null
      : `${supplier}: it changed, or somebody else vouched for it, while this was looked at. Look again.`
  }

  #putCallBack({ sight, call }: Vouching, by: Voucher, asked: ByCall, now: number): void {
    const { supplier, since, fields = [] } = sight
    const own = [...by.ids, ...by.issuers]
    const vouch = { kind: 'called_back' as const, at: now, by: own, name: by.name, ...call }
    rows.putVouch(this.tenant.sql, supplier, vouch, vouchedOf(sight.state!, since), now)
    const { called_at, ...said } = call
    const entry = { event: 'called_back' as const, ...asked, supplier_id: supplier, ...named(sight), fields }
    const who = { actor_id: by.ids[0]!, actor_name: by.name }
    const when = called_at === undefined ? {} : { called_at: new Date(called_at).toISOString() }
    this.#record({ ...entry, ...who, ...said, ...when }, now)
  }

  /**
   * Records a call-back for several payees, all or none.
   * @returns why not; null: done
   */
  async vouch(vouches: readonly Vouching[], by: Voucher, call: ByCall): Promise<string | null> {
    const done = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): string | null => {
        const changers = payeeChangers(
          sql,
          vouches.map(({ sight }) => sight.supplier),
          now,
        )
        if (changers.some((id) => by.ids.includes(id) || by.issuers.includes(id))) return CHANGED_IT
        // All or none: nothing is written before each was found good.
        const problem = vouches.map((one) => this.#unlooked(one)).find((why) => why !== null)
        if (problem) return problem
        for (const one of vouches) this.#putCallBack(one, by, call, now)
        return null
      }),
    )
    return done
  }

  /** Accepts the present for all payees that were paid before and did not change lately: once. @returns why not; null: done */
  async acceptPresent(by: Voucher, call: ByCall): Promise<string | null> {
    const done = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): string | null => {
        const { payees, payees_set_by } = selectAccount(sql)!
        if (payees !== 'verified') return 'Payees of this account are open: there is nothing to accept.'
        if (rows.selectAcceptance(sql))
          return 'The present was accepted before: this is done once. Call back.'
        const own = [...by.ids, ...by.issuers]
        if (payees_set_by === null || payees_set_by.split(' ').some((id) => own.includes(id)))
          return 'Who turned verified payees on does not accept the present: a second person has to.'
        rows.putAcceptance(sql, { at: now, by: own, name: by.name })
        const who = { actor_id: by.ids[0]!, actor_name: by.name }
        this.#record({ event: 'present_accepted', ...call, supplier_id: null, ...who }, now)
        return null
      }),
    )
    return done
  }

  /** When Finexio last accepted a payment to a payee through this account; null: never, as far as is known. */
  lastPaid(payee: string): number | null {
    return this.tenant.known((sql) => lastAcceptedAt(sql, canonicalId(payee)))
  }
}
