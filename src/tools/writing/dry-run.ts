/** What a write would do, without doing it. */
import { decimalOf } from '../../core/money.ts'
import { type ApprovalReason, reasonWords, UNDOABLE } from '../../rules/approval.ts'
import type { Obstacle, Preview, SameDraft } from '../../rules/write-contract.ts'
import { jsonAnswer, type ToolAnswer, type WritePlan } from '../tool.ts'
import { draftWords, emptiedBy, obstacleWords, shownRequest, sumOf } from './answers.ts'
import { sameWarnings } from './same-draft.ts'
import type { Writes } from './writes.ts'

const isWaiting = (obstacle: Obstacle | null) =>
  obstacle?.kind === 'needs_approval' || (obstacle?.kind === 'drafted' && obstacle.draft.state === 'pending')

const isUndoable = (obstacle: Obstacle | null): boolean =>
  (obstacle?.kind === 'needs_approval' && obstacle.undoable === true) ||
  (obstacle?.kind === 'drafted' && obstacle.draft.state === 'pending' && obstacle.draft.undoable === true)

const verdictOf = (obstacle: Obstacle | null) => {
  if (obstacle === null) return 'would_be_sent'
  if (obstacle.kind === 'replay') return 'replay'
  return isWaiting(obstacle) ? 'needs_approval' : 'refused'
}

const roomShown = ({ cents, count }: Preview['room']) => ({
  ...(cents !== null && { remaining_cents: cents, remaining: decimalOf(cents) }),
  ...(count !== null && { remaining_count: count }),
})

const dry = (
  plan: WritePlan,
  verdict: string,
  warnings: readonly string[],
  room = {},
  words = '',
): ToolAnswer =>
  jsonAnswer({
    outcome: 'dry_run',
    verdict,
    would_send: shownRequest(plan),
    ...sumOf(plan),
    ...room,
    warnings: [...emptiedBy(plan).map((name) => `empties ${name}`), ...warnings],
    note: ['Nothing was submitted to Finexio and nothing was reserved.', words].filter(Boolean).join(' '),
  })

/** Why a person has to agree, or had to be asked for a draft that waits. */
const reasonsOf = (obstacle: Obstacle | null): readonly ApprovalReason[] => {
  if (obstacle?.kind === 'needs_approval') return obstacle.reasons
  return obstacle?.kind === 'drafted' && obstacle.draft.state === 'pending'
    ? (obstacle.draft.reasons ?? [])
    : []
}

const sameOf = (obstacle: Obstacle | null): readonly SameDraft[] => {
  if (obstacle?.kind === 'needs_approval') return obstacle.same ?? []
  return obstacle?.kind === 'drafted' ? (obstacle.draft.same ?? []) : []
}

/** What the real run would do now. @param words how far duplicates were looked for @param doubts rows to look at once more */
export const dryRun = (
  plan: WritePlan,
  { obstacle, room }: Preview,
  words: string,
  writes: Pick<Writes, 'sees' | 'serverId'>,
  doubts: readonly string[] = [],
): ToolAnswer => {
  const reasons = reasonsOf(obstacle).map(reasonWords)
  const warnings = obstacle && reasons.length === 0 ? [obstacleWords(obstacle, writes.sees, plan)] : reasons
  const same = sameWarnings(sameOf(obstacle), plan.facts.movements.length > 0, writes)
  const waits = obstacle?.kind === 'drafted' && reasons.length > 0 ? draftWords(obstacle.draft) : ''
  const note = [words, waits, isUndoable(obstacle) ? UNDOABLE : ''].filter(Boolean).join(' ')
  return dry(plan, verdictOf(obstacle), [...warnings, ...doubts, ...same], roomShown(room), note)
}

/** The dry run of a write that the checks before it refuse. */
export const dryRefusal = (plan: WritePlan, words: string): ToolAnswer => dry(plan, 'refused', [words])
