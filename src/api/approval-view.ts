/** A draft as the management API shows it. */

import type { StoredDraft } from '../account/tables/drafts.ts'
import { decimalOf } from '../core/money.ts'
import { DRAFT_MS } from '../rules/drafts.ts'
import { isoOf } from './input.ts'

/** What only an open draft tells. */
export type DraftView = {
  would_send: Record<string, unknown>
  /** Of suppliers, by id. */
  names: ReadonlyMap<string, string>
}

/** @param view null: not opened, or erased */
export const shownDraft = (draft: StoredDraft, view: DraftView | null) => {
  const { summary, outcome, caller } = draft
  return {
    id: draft.id,
    integrated_account_id: draft.accountId,
    mcp_server_id: draft.serverId,
    mcp_server_name: draft.serverName,
    tool: draft.tool,
    effect: draft.effect,
    state: draft.state,
    reasons: draft.reasons,
    summary: {
      ...summary,
      total: decimalOf(summary.total_cents),
      suppliers: summary.suppliers.map((supplier) => ({
        ...supplier,
        total: decimalOf(supplier.cents),
        name: view?.names.get(supplier.id) ?? null,
      })),
    },
    caller,
    server_created_by: draft.serverCreatedBy,
    idempotency_key: draft.key,
    created_at: isoOf(draft.created_at),
    expires_at: isoOf(draft.created_at + DRAFT_MS),
    decided_at: isoOf(draft.decidedAt),
    decided_by:
      draft.decidedBy === null ? null : { id: draft.decidedBy, name: draft.deciderName ?? draft.decidedBy },
    decision_reason: draft.decisionReason,
    outcome: outcome && { ...outcome.kept, state: outcome.state },
    ...(view && { would_send: view.would_send }),
  }
}
