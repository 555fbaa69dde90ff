/** The drafts of an account, as they are read and decided on its object. Every decision is one transaction. */
import { type Decider, type DraftEvent, stepDraft } from '../rules/drafts.ts'
import { presentState } from '../rules/ledger.ts'
import type { WriteEntry } from './audit/entry.ts'
import { selectAccount } from './tables/account.ts'
import { appendAudit } from './tables/audit.ts'
import * as rows from './tables/drafts.ts'
import { selectWrite } from './tables/ledger.ts'
import { Part } from './tenant.ts'
import type { Sealed } from './vault/envelope.ts'

export type Decided =
  | { kind: 'decided'; draft: rows.StoredDraft }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string; forbidden: boolean }

/** A draft on its way to a person or back, with the arguments while they are kept. */
export type OpenDraft = { draft: rows.StoredDraft; sealed: Sealed | null }

/** A draft of an account that exists, with the state and outcome it has now; null when there is none. */
export const draftNow = (sql: SqlStorage, id: string, now: number): rows.StoredDraft | null => {
  const draft = rows.selectDraft(sql, id, selectAccount(sql)!.id, now)
  const earlier = draft?.state === 'executed' ? selectWrite(sql, draft.key) : null
  if (!draft || !earlier) return draft
  // The ledger learns of an outcome first, also that a claim went stale.
  const { state, kept } = presentState(earlier, now)
  return { ...draft, outcome: { state, kept } }
}

/** Adds a row about a draft to the trail. @param by who decided; null: nobody did */
export const recordDraft = (
  sql: SqlStorage,
  event: WriteEntry['event'],
  draft: rows.StoredDraft,
  { requestId, by }: { requestId: string; by: Decider | null },
  now: number,
): void => {
  const what = { request_id: requestId, mcp_server_id: draft.serverId, tool_name: draft.tool }
  const about = { event, idempotency_key: draft.key, outcome: null, approval_id: draft.id }
  const who = { actor_id: by?.id ?? null, actor_name: by?.name ?? null }
  appendAudit(sql, { type: 'write', ...what, ...about, ...who }, now)
}

/** `drafts()` of the account's object. */
export class Drafts extends Part {
  /** Null when there is none. */
  read(id: string): OpenDraft | null {
    return this.tenant.known((sql, now) => {
      const draft = draftNow(sql, id, now)
      return draft && { draft, sealed: rows.selectSealed(sql, id) }
    })
  }

  /** Newest first; null for an unknown account. */
  list(filter: rows.DraftFilter) {
    return this.tenant.known((sql, now) => rows.selectDrafts(sql, filter, selectAccount(sql)!.id, now))
  }

  /** @param requestId of the request that decides, for the trail */
  reject(id: string, by: Decider, reason: string | null, requestId: string): Promise<Decided> {
    return this.#end(id, { kind: 'reject', by }, reason, requestId)
  }

  /** Ends a draft that nobody may run any more: withdrawn by its caller, or overtaken by what changed at Finexio. */
  cancel(id: string, reason: string, requestId: string): Promise<Decided> {
    return this.#end(id, { kind: 'cancel' }, reason, requestId)
  }

  async #end(id: string, event: DraftEvent, reason: string | null, requestId: string): Promise<Decided> {
    const by = 'by' in event ? event.by : null
    const decided = await this.tenant.committed((sql, now) =>
      this.tenant.storage.transactionSync((): Decided => {
        const draft = draftNow(sql, id, now)
        if (!draft) return { kind: 'unknown' }
        const step = stepDraft(draft, event, now)
        if (step.kind === 'refused') return step
        rows.writeStep(sql, step.draft, { name: by?.name ?? null, reason }, now)
        recordDraft(sql, by ? 'rejected' : 'canceled', draft, { requestId, by }, now)
        return { kind: 'decided', draft: draftNow(sql, id, now)! }
      }),
    )
    return decided ?? { kind: 'unknown' }
  }

  /** Ids of drafts whose arguments are kept. */
  listSealed(): string[] {
    return this.tenant.known(rows.sealedDrafts) ?? []
  }

  /** Replaces the encrypted arguments of a draft, those that the key `from` opens, by the same ones encrypted again. */
  reseal(id: string, from: Uint8Array, sealed: Sealed): boolean {
    return this.tenant.known((sql) => rows.replaceSealed(sql, id, from, sealed)) ?? false
  }
}
