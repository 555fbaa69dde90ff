/** Whether a write may leave, given the ledger and the drafts. Pure; times in milliseconds since the epoch. */
import { DAY_MS } from '../core/time.ts'
import type { ApprovalReason } from './approval.ts'
import { DRAFT_MS, type DraftState, presentDraft } from './drafts.ts'
import type { ClaimRequest, DraftNotice, Earlier, Obstacle } from './write-contract.ts'

/** A write that was claimed this long ago and never settled may have happened: its outcome is unknown (docs/decisions/07). */
export const CLAIM_MS = 60_000
/** A keyless write equal to one done within this time is more likely a repeat than a second order. */
export const REPEAT_MS = 10 * 60_000
/** How long the key of a settled write is remembered. One that nobody settled is kept until somebody does. */
export const KEPT_MS = 7 * DAY_MS

/**
 * A claim that went stale counts as unknown, whether or not the alarm has said so yet. One that is far in the future is as stale:
 * the clock was set back, and nobody waits until time has caught up.
 */
export const presentState = (earlier: Earlier, now: number): Earlier =>
  earlier.state === 'claimed' && Math.abs(now - earlier.at) >= CLAIM_MS
    ? { ...earlier, state: 'unknown' }
    : earlier

type Go = { kind: 'go' }

/** Nothing was executed under these: the key is free again. */
const isFree = ({ state }: Earlier): boolean => state === 'rejected' || state === 'not_sent'

const bySameKey = (earlier: Earlier, same: boolean): Obstacle | Go => {
  if (!same) return { kind: 'key_reused', earlier }
  if (earlier.state === 'succeeded') return { kind: 'replay', earlier }
  if (earlier.state === 'claimed') return { kind: 'in_flight', earlier }
  return isFree(earlier) ? { kind: 'go' } : { kind: 'unknown', earlier }
}

const isRecent = ({ state, at }: Earlier, now: number): boolean =>
  state === 'claimed' || state === 'unknown' || (state === 'succeeded' && now - at < REPEAT_MS)

/**
 * @param byKey the write under the caller's key, and whether its arguments are the same; null when there is none
 * @param equal a write with the same tool and arguments, an unsettled one before the latest. A key of the caller's own
 *   overrides one that is under way or done, never one of which nobody knows what became of it
 */
export const decide = (
  {
    byKey,
    equal,
    keyless,
  }: { byKey: (Earlier & { same: boolean }) | null; equal: Earlier | null; keyless: boolean },
  now: number,
): Obstacle | Go => {
  if (byKey) {
    const { same, ...earlier } = byKey
    const own = bySameKey(presentState(earlier, now), same)
    if (own.kind !== 'go') return own
  }
  const before = equal && presentState(equal, now)
  if (!before) return { kind: 'go' }
  const holds = before.state === 'unknown' || (keyless && isRecent(before, now))
  return holds ? { kind: 'possible_repeat', earlier: before } : { kind: 'go' }
}

/** A draft under the key of a call or equal to it. `same`: its tool and arguments are those of the call. */
export type EqualDraft = {
  id: string
  key: string
  tool: string
  state: DraftState
  created_at: number
  reasons: readonly ApprovalReason[]
  same: boolean
  elsewhere?: boolean
}

const noticeOf = ({ id, key, state, created_at, reasons, elsewhere }: EqualDraft): DraftNotice => ({
  id,
  key,
  state,
  expires_at: created_at + DRAFT_MS,
  ...(elsewhere ? { elsewhere } : { reasons }),
})

/** No draft is made twice, and none is decided on by calling again. The call that an approval lets through is exempt. */
export const draftObstacle = (
  equal: EqualDraft | null,
  { key, approval }: Pick<ClaimRequest, 'key' | 'approval'>,
  now: number,
): Obstacle | null => {
  if (!equal || approval?.kind === 'approved') return null
  const draft = presentDraft(equal, now)
  // An executed one is in the ledger, which was asked before. An expired equal one does not bind a call without a key.
  if (draft.state === 'executed' || (key === null && draft.state !== 'pending')) return null
  if (!draft.same) return { kind: 'key_reused', earlier: { key: draft.key, tool: draft.tool } }
  return { kind: 'drafted', draft: noticeOf(draft) }
}
