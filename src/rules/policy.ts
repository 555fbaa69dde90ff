/** Checks a write against an operator's rules: allowed payees, limits, suppliers that call for care, approval, in this order. Reads only its history. */
import { DAY_MS } from '../core/time.ts'
import { type ApprovalReason, approvalReasons } from './approval.ts'
import {
  type AccountLimits,
  callBreach,
  type History,
  ofAccount,
  roomLeft,
  strangerOf,
  windowBreach,
} from './limits.ts'
import type { Unverified } from './payees/verified.ts'
import type { Limits, WriteSettings } from './server-settings.ts'
import type { ClaimRequest, Obstacle } from './write-contract.ts'

export type PolicyHistory = History & {
  /** Cents that went to a supplier since then without anybody's approval, through any server of the account. */
  unapproved(since: number, supplier: string): number
  /** Those among whom a write would pay for whom nobody vouched as they are now. */
  unverified(request: Pick<ClaimRequest, 'movements' | 'vouching'>): { supplier: string; why: Unverified }[]
}

const breachIn = (limits: Limits, { movements, largest }: ClaimRequest, history: History, now: number) =>
  callBreach(limits, movements, largest) ?? windowBreach(limits, movements, history, now)

/** A form answered by the client's own user counts only where `approval_door` is `confirm`; elsewhere it is dropped. */
export const withValidApproval = (settings: WriteSettings, request: ClaimRequest): ClaimRequest =>
  request.approval?.kind === 'confirmed' && settings.approval_door !== 'confirm'
    ? { ...request, approval: null }
    : request

/**
 * Why the rules prevent a write, or null when they let it go.
 * @param now milliseconds since the epoch @param account its own limits; null: it has none
 */
export const policyObstacle = (
  settings: WriteSettings,
  request: ClaimRequest,
  history: PolicyHistory,
  now: number,
  account: AccountLimits | null = null,
): Obstacle | null => {
  const stranger = strangerOf(request.movements, settings)
  if (stranger) return { kind: 'not_allowed', ...stranger }
  const breach =
    breachIn(settings.limits ?? {}, request, history, now) ??
    (account && ofAccount(breachIn(account.limits, request, account.history, now)))
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

const least = (one: number | null, other: number | null): number | null =>
  one === null || other === null ? (one ?? other) : Math.min(one, other)

/** What the limits of a server and of its account leave. */
export const roomOf = (
  { limits = {} }: WriteSettings,
  history: History,
  now: number,
  account: AccountLimits | null = null,
) => {
  const own = roomLeft(limits, history, now)
  const all = account ? roomLeft(account.limits, account.history, now) : own
  return { cents: least(own.cents, all.cents), count: least(own.count, all.count) }
}
