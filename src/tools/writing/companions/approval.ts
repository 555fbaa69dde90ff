/** `get_finexio_approval` and `cancel_finexio_draft`: a write that waits for a person, as its caller sees it. */
import * as z from 'zod'
import { reference } from '../../../../schemas/fields.ts'
import type { StoredDraft } from '../../../account/tables/drafts/drafts.ts'
import { decimalOf } from '../../../core/money.ts'
import { reasonWords, UNDOABLE } from '../../../rules/approval.ts'
import { DRAFT_MS } from '../../../rules/drafts.ts'
import { mayDraft } from '../../../rules/server-settings.ts'
import type { WriteState } from '../../../rules/write-contract.ts'
import { Refusal } from '../../refusal.ts'
import { defineTool, type ToolAnswer, type ToolContext } from '../../tool.ts'
import { WRITES } from './look.ts'

const input = z.object({ approval_id: reference(100).describe('Of the write.') })

const output = z.looseObject({ state: z.string() })

const NEXT: Readonly<Record<StoredDraft['state'], string>> = {
  pending: 'Nothing was sent to Finexio yet. A person decides; ask again later, do not repeat the write.',
  approved: 'Approved; it is being sent.',
  executed: 'Approved and sent.',
  rejected: 'Rejected: nothing was sent to Finexio, and this draft cannot run any more.',
  expired:
    'Nobody decided in time: nothing was sent to Finexio. Repeat the write with a new idempotency_key if it is still wanted.',
  canceled:
    'Ended, as decision_reason says: nothing was sent to Finexio, and this draft cannot run any more.',
}

const RESOLVE = 'resolve_finexio_write'
const unsure = (sees: ToolContext['sees']): string =>
  `It was sent, and its outcome is unknown: ${sees(RESOLVE) ? `ask ${RESOLVE} with the idempotency_key` : 'a person finds out in the dashboard'}.`

/** Of what was approved, where more came of it than that it was sent. */
const CAME: Readonly<Partial<Record<WriteState, string>>> = {
  claimed: NEXT.approved,
  rejected:
    'Approved and sent, and not carried out. Repeat the write with a new idempotency_key if it is still wanted.',
  not_sent:
    'Approved, and failed before it was sent: nothing reached Finexio. Repeat the write with a new idempotency_key if it is still wanted.',
}

const noteOf = ({ state, outcome }: StoredDraft, undoable: boolean, sees: ToolContext['sees']): string => {
  const isInPart = outcome?.state === 'rejected' && outcome.kept?.partial === true
  if (state === 'executed' && (outcome?.state === 'unknown' || isInPart)) return unsure(sees)
  const came = state === 'executed' && outcome ? CAME[outcome.state] : undefined
  if (came !== undefined) return came
  return undoable ? `${NEXT[state]} ${UNDOABLE}` : NEXT[state]
}

const iso = (at: number) => new Date(at).toISOString()

/** @param undoable whether it still waits for an approval that one person alone could turn off */
const answerOf = (draft: StoredDraft, sees: ToolContext['sees'], undoable = false): ToolAnswer => {
  const { id, state, tool, key, summary, reasons, created_at, decidedAt, decisionReason, outcome } = draft
  const structured = {
    approval_id: id,
    state,
    ...(outcome && { ...outcome.kept, outcome: outcome.state }),
    tool,
    idempotency_key: key,
    ...(summary.count > 0 && {
      count: summary.count,
      total_cents: summary.total_cents,
      total: decimalOf(summary.total_cents),
    }),
    reasons: reasons.map(reasonWords),
    created_at: iso(created_at),
    expires_at: iso(created_at + DRAFT_MS),
    ...(decidedAt !== null && { decided_at: iso(decidedAt) }),
    ...(decisionReason !== null && { decision_reason: decisionReason }),
    note: noteOf(draft, undoable, sees),
  }
  return { structured, text: JSON.stringify(structured) }
}

export const getApproval = defineTool({
  name: 'get_finexio_approval',
  title: 'Get an approval',
  resource: 'writes',
  method: 'get_approval',
  effect: 'read',
  follows: WRITES,
  when: mayDraft,
  description: 'Whether a write with outcome pending_approval was approved, and what came of it.',
  input,
  output,
  run: async ({ approval_id }, { writes, sees }) => {
    const draft = await writes().readDraft(approval_id)
    if (draft) return answerOf(draft, sees, draft.state === 'pending' && (await writes().isUndoable()))
    throw new Refusal(
      'approval_id: this MCP server has no such draft, or it was decided more than 30 days ago.',
    )
  },
})

export const cancelDraft = defineTool({
  name: 'cancel_finexio_draft',
  title: 'Withdraw a draft',
  resource: 'writes',
  method: 'cancel_draft',
  effect: 'write',
  follows: WRITES,
  when: mayDraft,
  description: 'Withdraws a write with outcome pending_approval: it can then never run.',
  input,
  output,
  run: async ({ approval_id }, { writes, sees }) => {
    const canceled = await writes().cancelDraft(approval_id)
    if (typeof canceled !== 'string') return answerOf(canceled, sees)
    throw new Refusal(`cancel_finexio_draft: ${canceled}`)
  },
})
