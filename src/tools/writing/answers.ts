/** What a write answers, besides the receipt for what Finexio did. */

import { decimalOf } from '../../core/money.ts'
import { type ApprovalReason, reasonWords } from '../../rules/approval.ts'
import { totalOf } from '../../rules/limits.ts'
import type { DraftNotice, Kept, Obstacle, Preview } from '../../rules/write-contract.ts'
import { present } from '../present/present.ts'
import type { ToolAnswer, WritePlan } from '../tool.ts'
import { obstacleWords, type Sees } from './words.ts'

type Structured = ToolAnswer['structured']

export const answered = (structured: Structured): ToolAnswer => ({
  structured,
  text: JSON.stringify(structured),
})

/** Ids and counts of a receipt: what a replay answers. */
export const keptOf = ({ outcome, id, result, result_count, total_cents, total }: Structured): Kept => {
  const all = Object.entries({ outcome, id, result, result_count, total_cents, total })
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Kept
}

export const replayed = (key: string, kept: Kept | null): ToolAnswer =>
  answered({ ...kept, outcome: 'succeeded', idempotency_key: key, replayed: true })

/** Count and sum of what a write would pay; nothing where it pays nobody. */
const sumOf = ({ facts }: WritePlan) => {
  const { cents, count } = totalOf(facts.movements)
  return count > 0 ? { count, total_cents: cents, total: decimalOf(cents) } : {}
}

/** A request as a person may see it: bank numbers masked, passwords left out. */
export const shownRequest = ({ request }: WritePlan) => {
  const { verb, template, path, body } = request
  const named = template.includes('{') ? { path } : {}
  const shown = Array.isArray(body)
    ? body.map((row) => present(row as Structured))
    : body === undefined
      ? undefined
      : present(body as Structured)
  return { request: `${verb} ${template}`, ...named, ...(shown !== undefined && { body: shown }) }
}

const isWaiting = (obstacle: Obstacle | null) =>
  obstacle?.kind === 'needs_approval' || (obstacle?.kind === 'drafted' && obstacle.draft.state === 'pending')

const verdictOf = (obstacle: Obstacle | null) => {
  if (obstacle === null) return 'would_be_sent'
  if (obstacle.kind === 'replay') return 'replay'
  return isWaiting(obstacle) ? 'needs_approval' : 'refused'
}

const roomShown = ({ cents, count }: Preview['room']) => ({
  ...(cents !== null && { remaining_cents: cents, remaining: decimalOf(cents) }),
  ...(count !== null && { remaining_count: count }),
})

/** What the real run would do now. @param words how far duplicates were looked for */
export const dryRun = (
  plan: WritePlan,
  { obstacle, room }: Preview,
  words: string,
  sees: Sees,
): ToolAnswer => {
  const reasons = obstacle?.kind === 'needs_approval' ? obstacle.reasons.map(reasonWords) : []
  const warnings = obstacle && reasons.length === 0 ? [obstacleWords(obstacle, sees)] : reasons
  return answered({
    outcome: 'dry_run',
    verdict: verdictOf(obstacle),
    would_send: shownRequest(plan),
    ...sumOf(plan),
    ...roomShown(room),
    warnings,
    note: ['Nothing was submitted to Finexio and nothing was reserved.', words].filter(Boolean).join(' '),
  })
}

/** The same where the look before it found what forbids it. */
export const dryRefusal = (plan: WritePlan, words: string): ToolAnswer =>
  answered({
    outcome: 'dry_run',
    verdict: 'refused',
    would_send: shownRequest(plan),
    ...sumOf(plan),
    warnings: [words],
    note: 'Nothing was submitted to Finexio and nothing was reserved.',
  })

const FOLLOW = 'get_finexio_approval'

/** A write that waits for a person. @param url where that person looks at it */
export const pending = (
  plan: WritePlan,
  { id, key, expires_at }: DraftNotice,
  reasons: readonly ApprovalReason[],
  url: string,
  sees: Sees,
): ToolAnswer =>
  answered({
    outcome: 'pending_approval',
    approval_id: id,
    approval_url: url,
    expires_at: new Date(expires_at).toISOString(),
    ...(reasons.length > 0 && { reasons: reasons.map(reasonWords) }),
    ...sumOf(plan),
    idempotency_key: key,
    note: `Not sent to Finexio: another person has to approve it at approval_url. Do not repeat the call; ${sees(FOLLOW) ? `ask ${FOLLOW}` : 'approval_url shows'} what became of it.`,
  })
