/** Checks a write against an operator's rules: allowed payees, limits, suppliers that call for care, approval, in this order. Reads only its history. */
import { DAY_MS } from '../core/time.ts'
import { type ApprovalReason, approvalReasons } from './approval.ts'
import { callBreach, type History, roomLeft, strangerOf, windowBreach } from './limits.ts'
import type { Unverified } from './payees/verified.ts'
import type { WriteSettings } from './server-settings.ts'
import type { ClaimRequest, Obstacle } from './write-contract.ts'

export type PolicyHistory = History & {
  /** Cents that went to a supplier since then without anybody's approval. */
  unapproved(since: number, supplier: string): number
  /** Those among whom a write would pay for whom nobody vouched as they are now. */
  unverified(request: Pick<ClaimRequest, 'movements' | 'vouching'>): { supplier: string; why: Unverified }[]
}

const limitsIn = ({ limits = {} }: WriteSettings, request: ClaimRequest, history: History, now: number) => {
  const { movements, largest } = request
  return callBreach(limits, movements, largest) ?? windowBreach(limits, movements, history, now)
}

/** A form answered by the client's own user counts only where `approval_door` is `confirm`; elsewhere it is dropped. */
export const withValidApproval = (settings: WriteSettings, request: ClaimRequest): ClaimRequest =>
  request.approval?.kind === 'confirmed' && settings.approval_door !== 'confirm'
    ? { ...request, approval: null }
    : request

/** Why the rules prevent a write, or null when they let it go. @param now milliseconds since the epoch */
export const policyObstacle = (
  settings: WriteSettings,
  request: ClaimRequest,
  history: PolicyHistory,
  now: number,
): Obstacle | null => {
  const stranger = strangerOf(request.movements, settings)
  if (stranger) return { kind: 'not_allowed', ...stranger }
  const breach = limitsIn(settings, request, history, now)
  if (breach) return { kind: 'limited', breach }
  const concern = request.concerns.find(({ action }) => action === 'refuse')
  if (concern) return { kind: 'payee', concern }
  const unverified = settings.payees === 'verified' ? history.unverified(request) : []
  if (withValidApproval(settings, request).approval !== null)
    return unverified.length > 0 ? { kind: 'unverified', suppliers: unverified } : null
  const unapproved = (supplier: string) => history.unapproved(now - DAY_MS, supplier)
  const reasons: ApprovalReason[] = [
    ...unverified.map((one) => ({ kind: 'unverified' as const, ...one })),
    ...approvalReasons(settings.approval ?? 'none', request, unapproved),
  ]
  return reasons.length > 0 ? { kind: 'needs_approval', reasons } : null
}

/** What the limits of a server leave. */
export const roomOf = ({ limits = {} }: WriteSettings, history: History, now: number) =>
  roomLeft(limits, history, now)
