/** The drafts of an account, as they are read and decided on its object. Every decision is one transaction. */

import { canonicalId } from '../../core/ids.ts'
import { cut } from '../../core/text.ts'
import { refOf } from '../../rules/admission.ts'
import { CALLER_ENDED, type DraftEvent, type DraftStep, stepDraft } from '../../rules/drafts.ts'
import { presentState } from '../../rules/ledger.ts'
import { endedWords } from '../../rules/sentences/ended.ts'
import { type DecidedBy, type Decider, decisionProblem } from '../../rules/who/four-eyes.ts'
import type { SameDraft } from '../../rules/write-contract.ts'
import type { ByCall, IssuedBy, WriteEntry } from '../audit/entry.ts'
import { type Authority, deciderIn, settingOf, withIssuer } from '../authority.ts'
import type { AuthorityLease } from '../lease.ts'
import { selectAccount } from '../tables/account.ts'
import { appendAudit } from '../tables/audit.ts'
import { putPage } from '../tables/drafts/draft-pages.ts'
import { selectSame } from '../tables/drafts/draft-subjects.ts'
import * as rows from '../tables/drafts/drafts.ts'
import { cancelEnded } from '../tables/drafts/ended-drafts.ts'
import * as bodies from '../tables/drafts/sealed-bodies.ts'
import { selectPairs } from '../tables/ledger/sent.ts'
import { selectWritten } from '../tables/ledger/unsettled.ts'
import { aboutWrite, toldOf } from '../tables/ledger/write-facts.ts'
import { selectPayee } from '../tables/payees.ts'
import { handsIn } from '../tables/principals/server-hands.ts'
import { holderIdOf } from '../tables/servers.ts'
import { Part, type Tenant } from '../tenant.ts'
import type { Sealed } from '../vault/envelope.ts'

type DraftTable = 'draft' | 'draft_page'

export type Decided =
  | { kind: 'decided'; draft: rows.StoredDraft }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string; forbidden: boolean }

/** A draft on its way to a person or back, with the arguments while they are kept. */
export type OpenDraft = {
  draft: rows.StoredDraft
  sealed: Sealed | null
  /** What those who decide are, or were, shown; null: it was made before such pages were kept. */
  page: Sealed | null
  /** Keyed digest of the URL's token through which it was made; null: a sign-in. */
  tokenDigest: Uint8Array | null
}

/** Hands that were put into the server after the draft was made count as well. */
export const withHandsNow = (sql: SqlStorage, draft: rows.StoredDraft): rows.StoredDraft => {
  if (draft.state !== 'pending') return draft
  const { hands } = draft
  const { editors, holders } = handsIn(sql, draft.serverId, draft.created_at)
  const vouchers = draft.summary.suppliers.flatMap(
    ({ id }) => selectPayee(sql, canonicalId(id))?.vouch?.by ?? [],
  )
  const both = (own: readonly string[], now: readonly string[]) => [...new Set([...own, ...now])]
  return {
    ...draft,
    hands: {
      ...hands,
      editors: both(hands.editors, editors),
      holders: both(hands.holders, holders),
      vouchers,
    },
  }
}

/** A draft of an account that exists, with the state and outcome it has now; null when there is none. */
export const draftNow = (sql: SqlStorage, id: string, now: number): rows.StoredDraft | null => {
  const stored = rows.selectDraft(sql, id, selectAccount(sql)!.id, now)
  const draft = stored && withHandsNow(sql, stored)
  const earlier = draft?.state === 'executed' ? selectWritten(sql, draft.key) : null
  // A key that is used again is another write.
  if (!draft || earlier?.claimedAt !== draft.decidedAt) return draft
  // The ledger learns of an outcome first, also that a claim went stale.
  const { state, kept } = presentState(earlier, now)
  return { ...draft, outcome: { state, kept } }
}

/** Adds a row about a draft to the trail. @param by who decided; null: nobody did */
/** Why nobody decided, in characters. */
const MOST_WHY = 200

export const recordDraft = (
  sql: SqlStorage,
  event: WriteEntry['event'],
  draft: rows.StoredDraft,
  { call, by, why }: { call: ByCall; by: (Decider & { issuedBy?: IssuedBy }) | null; why?: string },
  now: number,
): void => {
  const what = { ...call, mcp_server_id: draft.serverId, tool_name: draft.tool }
  const about = { event, idempotency_key: draft.key, outcome: null, approval_id: draft.id }
  const who = {
    actor_id: by?.ids[0] ?? null,
    actor_name: by?.name ?? null,
    ...by?.issuedBy,
    ...(draft.onePerson && { one_person: true as const }),
    ...(why !== undefined && { why: cut(why, MOST_WHY) }),
  }
  const { total_cents, suppliers } = draft.summary
  const amounts = {
    ...aboutWrite(draft.serverName, total_cents, suppliers.length),
    ...toldOf(sql, draft.key, draft.created_at),
  }
  appendAudit(sql, { type: 'write', ...what, ...about, ...amounts, ...who }, now)
}

/** A refused step, with what became of a draft that was decided before. */
export const whyRefused = (
  step: Extract<DraftStep, { kind: 'refused' }>,
  draft: rows.StoredDraft,
  again: DraftEvent['kind'],
): typeof step => (step.forbidden ? step : { ...step, why: endedWords(draft, again) })

/** `drafts()` of the account's object. */
export class Drafts extends Part {
  readonly #lease: AuthorityLease

  constructor(tenant: Tenant, lease: AuthorityLease) {
    super(tenant)
    this.#lease = lease
  }

  /** Who decides on whose draft, and under which settings, as the directory says it now. */
  #asked(draftId: string, decider: DecidedBy): Promise<Authority> {
    const { id } = this.tenant.known(selectAccount)!
    const draft = this.tenant.known((sql, now) => draftNow(sql, draftId, now))
    const holder = draft && this.tenant.known((sql) => holderIdOf(sql, draft.serverId))
    return this.#lease.read(
      { accountId: id, caller: draft && refOf(draft.caller), decider, holder },
      Date.now,
    )
  }

  /** Why somebody may not decide on a draft; null: they may, or there is no such draft. */
  async problem(id: string, by: DecidedBy): Promise<string | null> {
    if (!this.tenant.known(selectAccount)) return null
    const authority = await this.#asked(id, by)
    const draft = this.tenant.known((sql, now) => withIssuer(draftNow(sql, id, now), authority))
    if (!draft) return null
    return (
      decisionProblem(draft.hands, draft.created_at, deciderIn(authority, by), settingOf(authority)) ??
      (authority.callerMayUse ? null : CALLER_ENDED)
    )
  }

  /** Null when there is none. */
  read(id: string): OpenDraft | null {
    return this.tenant.known((sql, now) => {
      // The alarm may be late: what has ended by its time offers nobody a decision.
      cancelEnded(sql, now)
      const draft = draftNow(sql, id, now)
      return (
        draft && {
          draft,
          sealed: bodies.selectSealed(sql, 'draft', id),
          page: bodies.selectSealed(sql, 'draft_page', id),
          tokenDigest: rows.tokenDigestOf(sql, id),
        }
      )
    })
  }

  /** Others that wait and would make a record that this one makes too. */
  same(id: string): SameDraft[] {
    return this.tenant.known((sql, now) => selectSame(sql, id, now)) ?? []
  }

  /** Newest first; null for an unknown account. */
  list(filter: rows.DraftFilter) {
    return this.tenant.known((sql, now) => {
      cancelEnded(sql, now)
      return rows.selectDrafts(sql, filter, selectAccount(sql)!.id, now)
    })
  }

  /**
   * What waits of one server; null for an unknown account.
   * @param paid also answers whom it paid lately, so that one who asks what waits needs no second question where nothing was sent
   */
  waitingOf(serverId: string, paid: { supplier: string | null; most: number } | null) {
    return this.tenant.known((sql, now) => ({
      drafts: rows.selectWaitingOf(sql, serverId, now),
      pairs: paid === null ? [] : selectPairs(sql, serverId, paid),
    }))
  }

  /** Pages of the first of these drafts, as many as one answer holds; null in the place of one that is not kept. */
  pages(ids: readonly string[]): (Sealed | null)[] {
    return this.tenant.known((sql) => bodies.selectPages(sql, ids)) ?? ids.map(() => null)
  }

  /** Keeps what was shown of a draft that waits: once it is decided, its page stays as it was. */
  keepPage(id: string, page: Sealed): void {
    this.tenant.known((sql, now) => {
      if (draftNow(sql, id, now)?.state === 'pending') putPage(sql, id, page)
    })
  }

  /** @param call that decides, for the trail */
  async reject(id: string, by: DecidedBy, reason: string | null, call: ByCall): Promise<Decided> {
    if (!this.tenant.known(selectAccount)) return { kind: 'unknown' }
    const authority = await this.#asked(id, by)
    const event = { by: deciderIn(authority, by), setting: settingOf(authority) }
    return this.#end(id, { kind: 'reject', ...event }, reason, call, authority)
  }

  /** Ends a draft that nobody may run any more: withdrawn by its caller, or overtaken by what changed at Finexio. */
  cancel(id: string, reason: string, call: ByCall): Promise<Decided> {
    return this.#end(id, { kind: 'cancel' }, reason, call)
  }

  /** @param authority by which somebody decides; null: nobody does */
  async #end(
    id: string,
    event: DraftEvent,
    reason: string | null,
    call: ByCall,
    authority: Authority | null = null,
  ): Promise<Decided> {
    const by = 'by' in event ? event.by : null
    const decided = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): Decided => {
        const stored = draftNow(sql, id, now)
        const draft = authority ? withIssuer(stored, authority) : stored
        if (!draft) return { kind: 'unknown' }
        const step = stepDraft(draft, event, now)
        if (step.kind === 'refused') return whyRefused(step, draft, event.kind)
        rows.writeStep(sql, step.draft, { name: by?.name ?? null, reason }, now)
        const ended = { call, by, ...(!by && reason !== null && { why: reason }) }
        recordDraft(sql, by ? 'rejected' : 'canceled', { ...draft, ...step.draft }, ended, now)
        return { kind: 'decided', draft: draftNow(sql, id, now)! }
      }),
    )
    return decided ?? { kind: 'unknown' }
  }

  /** Ids of drafts whose arguments, or whose pages, are kept. */
  listSealed(table: DraftTable): string[] {
    return this.tenant.known((sql) => bodies.sealedIds(sql, table)) ?? []
  }

  /** Replaces what was sealed of a draft, that which the key `from` opens, by the same sealed again. */
  reseal(table: DraftTable, id: string, from: Uint8Array, sealed: Sealed): boolean {
    return this.tenant.known((sql) => bodies.replaceSealed(sql, table, id, from, sealed)) ?? false
  }
}
