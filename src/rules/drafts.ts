/** What may become of a draft, and who may decide (docs/decisions/09). Pure; times in milliseconds since the epoch. */
import { DAY_MS } from '../core/time.ts'
import type { Caller } from './admission.ts'
import { accountsOf, type Scope } from './scopes.ts'

/** How long a draft waits for a decision and, once approved, for its execution. */
export const DRAFT_MS = 3 * DAY_MS

export const DRAFT_STATES = ['pending', 'approved', 'executed', 'rejected', 'expired', 'canceled'] as const
export type DraftState = (typeof DRAFT_STATES)[number]

export type Draft = {
  id: string
  accountId: string
  state: DraftState
  created_at: number
  /** Who called the tool. */
  caller: Caller
  /** Who created the MCP server through which it was called: the id of an API token. */
  serverCreatedBy: string
  /** Id of the API token that approved or rejected it. */
  decidedBy: string | null
}

/** Who wants to decide. */
export type Decider = {
  id: string
  name: string
  kind: 'admin_key' | 'person' | 'system'
  scopes: readonly Scope[]
}

export type DraftEvent =
  | { kind: 'approve' | 'reject'; by: Decider }
  /** Withdrawn through the server that made it. */
  | { kind: 'cancel' }
  /** About to be sent. A draft takes this step once, and cannot be stopped after it. */
  | { kind: 'execute' }

/** `forbidden`: this person may not; else the draft is not in a state for it. */
export type DraftStep = { kind: 'moved'; draft: Draft } | { kind: 'refused'; why: string; forbidden: boolean }

/** A draft past its time is expired, whether or not the alarm has said so yet. */
export const presentDraft = <Any extends Pick<Draft, 'state' | 'created_at'>>(
  draft: Any,
  now: number,
): Any =>
  (draft.state === 'pending' || draft.state === 'approved') && now - draft.created_at >= DRAFT_MS
    ? { ...draft, state: 'expired' }
    : draft

/** Why somebody may not decide on a draft; null: they may. Rejecting takes the same person as approving. */
export const deciderProblem = (draft: Draft, { id, kind, scopes }: Decider): string | null => {
  const accounts = accountsOf(scopes)
  if (kind !== 'person') return "Only a person's API token may decide on a draft."
  if (!scopes.includes('approve')) return 'This API token lacks the scope approve.'
  if (accounts && !accounts.includes(draft.accountId)) return 'This API token is confined to other accounts.'
  if (id === draft.serverCreatedBy) return 'Who created the MCP server may not decide on its drafts.'
  if (draft.caller.kind === 'api_token' && id === draft.caller.id)
    return 'Who made a draft may not decide on it.'
  return null
}

const NEXT: Readonly<Record<DraftEvent['kind'], { from: readonly DraftState[]; to: DraftState }>> = {
  approve: { from: ['pending'], to: 'approved' },
  reject: { from: ['pending'], to: 'rejected' },
  cancel: { from: ['pending', 'approved'], to: 'canceled' },
  execute: { from: ['approved'], to: 'executed' },
}

/** One step of a draft. Every step out of a final state is refused, so that nothing is decided twice. */
export const stepDraft = (stored: Draft, event: DraftEvent, now: number): DraftStep => {
  const draft = presentDraft(stored, now)
  const { from, to } = NEXT[event.kind]
  if (!from.includes(draft.state))
    return {
      kind: 'refused',
      why: `Draft ${draft.id} is ${draft.state}: it cannot be ${to} any more.`,
      forbidden: false,
    }
  if (!('by' in event)) return { kind: 'moved', draft: { ...draft, state: to } }
  const problem = deciderProblem(draft, event.by)
  return problem
    ? { kind: 'refused', why: problem, forbidden: true }
    : { kind: 'moved', draft: { ...draft, state: to, decidedBy: event.by.id } }
}
