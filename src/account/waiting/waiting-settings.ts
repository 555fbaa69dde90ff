/** Changes of settings that wait, as they are called on the directory; and its alarm, which lets act what the admin key loosened. */
import { RpcTarget } from 'cloudflare:workers'
import type { Env } from '../../core/env.ts'
import { canonical } from '../../core/keys.ts'
import { earliest } from '../../core/time.ts'
import { mappingKept, mappingLoosens, type RoleMapping } from '../../rules/who/role-maps.ts'
import { type SettingsState, type SettingsTarget, twoQualify } from '../../rules/who/settings-drafts.ts'
import { type Cause, changing } from '../audit/changing.ts'
import type { SettingsEntry } from '../audit/own-entries.ts'
import { DEPLOYMENT } from '../audit/settings-now.ts'
import { wantsNotifications } from '../notify/deliver.ts'
import type { Outgoing } from '../push/outgoing.ts'
import { lastNumber } from '../tables/audit.ts'
import { selectDeployment, selectMappings, writeMappings } from '../tables/deployment.ts'
import * as bodies from '../tables/drafts/sealed-bodies.ts'
import * as rows from '../tables/drafts/settings-drafts.ts'
import * as ends from '../tables/drafts/settings-ends.ts'
import { namesOf } from '../tables/principals/people.ts'
import type { PageRequest } from '../tables/rows.ts'
import type { Sealed } from '../vault/envelope.ts'
import * as settings from './settings-drafts.ts'

/** A change as somebody sees it who asks whether they may decide. */
export type SeenSettings = {
  draft: rows.SettingsDraft
  /** Why who asks may not agree to it, or stop it; null: they may. */
  cannot_agree: string | null
  cannot_stop: string | null
}

type Act = (id: string) => Promise<void>

/** The objects of accounts, as far as they are told of rows. */
type Recorders = {
  idFromName(id: string): DurableObjectId
  get(id: DurableObjectId): { record(entries: SettingsEntry[]): Promise<void> }
}

const isoOf = (at: number | null) => (at === null ? null : new Date(at).toISOString())

/** `settings()` of the directory. Times are milliseconds since the epoch. */
export class WaitingSettings extends RpcTarget {
  readonly #ctx: DurableObjectState
  readonly #env: Env
  readonly #outgoing: Outgoing

  constructor(ctx: DurableObjectState, env: Env, outgoing: Outgoing) {
    super()
    this.#ctx = ctx
    this.#env = env
    this.#outgoing = outgoing
  }

  get #sql() {
    return this.#ctx.storage.sql
  }

  #decided<Result>(work: (now: number) => Result): Result {
    const before = lastNumber(this.#sql)
    const result = this.#ctx.storage.transactionSync(() => work(Date.now()))
    for (const entry of ends.endsSince(this.#sql, before)) this.#ctx.waitUntil(this.#tellAccounts(entry))
    return result
  }

  /** What ended without a decision is in the trails of the accounts that it would have reached, too. */
  async #tellAccounts(entry: SettingsEntry): Promise<void> {
    // Their class imports this one.
    const accounts = this.#env.ACCOUNTS as unknown as Recorders
    for (const id of entry.reached ?? [])
      await accounts
        .get(accounts.idFromName(id))
        .record([entry])
        .catch((error) => {
          console.error({ event: 'audit_fault', error: error instanceof Error ? error.name : typeof error })
        })
  }

  #changed<Result>(cause: Cause | null, work: () => Result): Result {
    return changing(this.#ctx.storage, { cause, targets: [DEPLOYMENT] }, Date.now(), work)
  }

  async propose(draft: rows.NewSettingsDraft): Promise<settings.Proposed> {
    const proposed = this.#decided((now) => settings.propose(this.#sql, draft, now))
    if (proposed.kind === 'waits' && proposed.isNew) this.#announce(proposed.draft)
    await this.arm()
    return proposed
  }

  /** Everybody who approves is told at once, since whatever the admin key loosens acts unless one of them cancels it. */
  #announce({ id, accounts, asker, action, target, loosens, acts_at, expires_at }: rows.SettingsDraft): void {
    if (!wantsNotifications(this.#env)) return
    const now = Date.now()
    const data = {
      settings_draft_id: id,
      integrated_account_ids: accounts,
      asked_by: { id: asker.id, name: asker.name, kind: asker.kind },
      action,
      target,
      loosens: loosens.map(({ key }) => key),
      acts_at: isoOf(acts_at),
      expires_at: new Date(expires_at).toISOString(),
      approvers: settings.approversFor(this.#sql, accounts, now),
    }
    this.#outgoing.notifier.send({ type: 'settings.pending', data }, now)
  }

  /** Null when there is none. @param by who looks at it */
  read(id: string, by: settings.Deciding): SeenSettings | null {
    const now = Date.now()
    const draft = rows.selectSettingsDraft(this.#sql, id, now)
    if (!draft) return null
    return {
      draft,
      cannot_agree: settings.problemFor(this.#sql, draft, by, now),
      cannot_stop: settings.stopProblemFor(this.#sql, draft, by, now),
    }
  }

  /** Newest first. @param page `state` null: any */
  list(page: PageRequest & { state: SettingsState | null }) {
    return rows.selectSettingsDrafts(this.#sql, page, Date.now())
  }

  decide(id: string, decision: Parameters<typeof settings.decide>[2]): settings.SettingsDecided {
    return this.#decided((now) => settings.decide(this.#sql, id, decision, now))
  }

  /** Says of a change that was agreed to that it could not act. */
  failed(id: string, reason: string): void {
    this.#decided((now) => ends.lapseSettings(this.#sql, id, reason, now))
  }

  /** Ends what waits for keys that have just changed. @param keys null: all @param except what changed them */
  touch(
    target: Pick<SettingsTarget, 'kind' | 'id'>,
    keys: readonly string[] | null,
    except: string | null,
  ): void {
    this.#decided((now) => settings.touch(this.#sql, target, keys, except, now))
  }

  /** Ids of what the admin key loosened and whose time has come. */
  due(): string[] {
    return rows.dueSettings(this.#sql, Date.now())
  }

  /** Takes one of them for acting; null: it is not to act now. @param adminKey digest of the admin key as it is now */
  takeDue(id: string, adminKey: string): settings.SettingsDecided | null {
    return this.#decided((now) => settings.takeDue(this.#sql, id, adminKey, now))
  }

  /** Names of people, in the same order; the id of who was removed. */
  namesOf(ids: string[]): string[] {
    return namesOf(this.#sql, ids)
  }

  /** Ids of changes whose bodies are kept. */
  listSealed(): string[] {
    return bodies.sealedIds(this.#sql, 'settings_draft')
  }

  readSealed(id: string): Sealed | null {
    return bodies.selectSealed(this.#sql, 'settings_draft', id)
  }

  /** Replaces the encrypted body of a change, the one that the key `from` opens, by the same one encrypted again. */
  reseal(id: string, from: Uint8Array, sealed: Sealed): boolean {
    return bodies.replaceSealed(this.#sql, 'settings_draft', id, from, sealed)
  }

  /** The mapping of OIDC_ROLES that counts; undefined: it was never looked at. */
  mapping(): RoleMapping | null | undefined {
    return selectMappings(this.#sql).counts
  }

  /**
   * Looks at OIDC_ROLES as it is now: what it takes away is gone at once, and all of it counts unless a second person is needed.
   * @param cause for the trail
   * `changed`: it was not seen so before; `waits`: what it adds does not count yet.
   */
  seeMapping(
    present: RoleMapping | null,
    cause: Cause | null = null,
  ): { counts: RoleMapping | null; changed: boolean; waits: boolean } {
    return this.#changed(cause, () => {
      const { counts: before, seen } = selectMappings(this.#sql)
      const guarded = selectDeployment(this.#sql).second_person_for_settings && before !== undefined
      const counts = guarded ? mappingKept(before, present) : present
      const changed = canonical(seen ?? null) !== canonical(present) || seen === undefined
      if (changed || canonical(before ?? null) !== canonical(counts))
        writeMappings(this.#sql, { counts, seen: present })
      return { counts, changed, waits: guarded && mappingLoosens(before, present) }
    })
  }

  /** Lets OIDC_ROLES count as it is now. */
  acceptMapping(present: RoleMapping | null, cause: Cause | null = null): void {
    this.#changed(cause, () => writeMappings(this.#sql, { counts: present, seen: present }))
  }

  /** Whether loosening takes a second person; `noted`: no, but something waits that was asked for while it did. */
  guard(): 'guarded' | 'noted' | 'none' {
    if (selectDeployment(this.#sql).second_person_for_settings) return 'guarded'
    return rows.hasPending(this.#sql, Date.now()) ? 'noted' : 'none'
  }

  /** Whether two people hold keys of which neither has seen the other's. */
  twoQualify(): boolean {
    return twoQualify(settings.agreeingKeys(this.#sql, Date.now()))
  }

  /** Sets the alarm to when there is something to do, or removes it. */
  async arm(): Promise<void> {
    const { storage } = this.#ctx
    const now = Date.now()
    const next = earliest([
      this.#outgoing.next(now),
      rows.nextSettings(this.#sql, now),
      ends.nextSettingsEnd(this.#sql),
    ])
    if (next === null) await storage.deleteAlarm()
    else if ((await storage.getAlarm()) !== next) await storage.setAlarm(next)
  }

  /** What the directory's alarm does. @param act lets one change act */
  async ring(act: Act): Promise<void> {
    const now = Date.now()
    this.#decided(() => ends.tidySettings(this.#sql, now))
    await this.#outgoing.run(now)
    for (const id of this.due()) await act(id)
    await this.arm()
  }
}
