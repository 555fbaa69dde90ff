/** What may become of a draft, and who may decide (docs/decisions/09). Pure; times in milliseconds since the epoch. */
import { DAY_MS } from '../core/time.ts'
import type { Caller } from './admission.ts'
import {
  type Decider,
  decidesAsOnePerson,
  decisionProblem,
  type Hands,
  type Setting,
} from './who/four-eyes.ts'

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
  /** Whose hands were in it when it was made. */
  hands: Hands
  /** Id of the person who approved or rejected it. */
  decidedBy: string | null
  /** Whether the only person of a company of one decided, on what they had a hand in. */
  onePerson: boolean
}

export type DraftEvent =
  | { kind: 'approve' | 'reject'; by: Decider; setting: Setting }
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
  const problem = decisionProblem(draft.hands, draft.created_at, event.by, event.setting, event.kind)
  return problem
    ? { kind: 'refused', why: problem, forbidden: true }
    : {
        kind: 'moved',
        draft: {
          ...draft,
          state: to,
          decidedBy: event.by.ids[0]!,
          onePerson: decidesAsOnePerson(draft.hands, event.by, event.setting),
        },
      }
}

/** Why a draft of somebody who may not call any more is not approved. */
export const CALLER_ENDED =
  'Its caller may not call any more: their key ended, they lost the role use, or who works through the MCP server is disabled. It can be rejected.'
