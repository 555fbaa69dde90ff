/** What Finexio's portal does to payments, as controls of the sandbox: refund, reissue, end. */
import * as z from 'zod'
import { SECOND, timestampText } from '../tenants/micros.ts'
import { rows } from '../tenants/tables.ts'
import { announce, refreshPayment, type Scope } from './advance.ts'
import { drawdownState, fundingResult, paymentState } from './lifecycle.ts'
import { factsOf, findPayment, type PaymentRow } from './payments.ts'

const note = z.string().max(500).optional()

export const ACTIONS = {
  refund: z.strictObject({ user: note, reason: note, comment: note, ticket_number: note }),
  reissue: z.strictObject({
    user: note,
    reason: note,
    comment: note,
    ticket_number: note,
    payment_method: z.enum(['check', 'ach', 'card', 'wire']).optional(),
  }),
  outcome: z.strictObject({ outcome: z.enum(['complete', '9901', '9902', '9903', '9904']) }),
} as const

export type Action = keyof typeof ACTIONS
type Notes = z.infer<(typeof ACTIONS)['reissue']>

const takenBack = (what: 'refund' | 'reissue', notes: Notes, at: string) => ({
  [`${what}_user`]: notes.user ?? 'sandbox',
  [`${what}_timestamp`]: at,
  [`${what}_reason`]: notes.reason ?? `Asked for in the sandbox`,
  [`${what}_comment`]: notes.comment ?? null,
  [`${what}_ticket_number`]: notes.ticket_number ?? null,
  ...(what === 'reissue' ? { reissue_payment_method: notes.payment_method ?? 'ach' } : {}),
})

const amend = (scope: Scope, row: PaymentRow, what: 'refund' | 'reissue', notes: Notes): void => {
  const { db, tenant, now } = scope
  const doc = { ...JSON.parse(row.doc), ...takenBack(what, notes, timestampText(now)) }
  const refunded = what === 'refund' ? 1 : row.refunded
  db.exec(
    'UPDATE payments SET doc = ?, refunded = ?, updated = ? WHERE tenant = ? AND id = ?',
    JSON.stringify(doc),
    refunded,
    now,
    tenant.id,
    row.id,
  )
  db.exec(
    'UPDATE invoices SET refunded = ?, updated = ? WHERE tenant = ? AND payment = ?',
    refunded,
    now,
    tenant.id,
    row.id,
  )
  announce(scope, [{ payment: row.id, at: now, completed: false }])
}

const ENDED: readonly string[] = ['settled', 'failed', 'canceled']

/** The drawdown follows once all its payments have ended: like them where they ended alike. */
const followUp = (scope: Scope, drawdown: string): void => {
  const { db, tenant, now } = scope
  const payments = rows<PaymentRow>(
    db,
    'SELECT * FROM payments WHERE tenant = ? AND drawdown = ?',
    tenant.id,
    drawdown,
  )
  if (!payments.every(({ status }) => ENDED.includes(status))) return
  const results = payments.map((row) =>
    fundingResult(row.forced ? JSON.parse(row.forced).outcome : row.outcome),
  )
  const result = new Set(results).size === 1 ? results[0]! : 'received'
  const moments = { received: now, requested: now, asked: now, funded: now }
  const { status, completed } = drawdownState(moments, result, false, now)
  db.exec(
    `UPDATE drawdowns SET result = ?1, status = ?2, completed = coalesce(completed, ?3),
      created = min(coalesce(created, ?4), ?4), next = NULL WHERE tenant = ?5 AND id = ?6`,
    result,
    status,
    completed,
    Math.floor(now / SECOND) * SECOND,
    tenant.id,
    drawdown,
  )
}

const end = (scope: Scope, row: PaymentRow, outcome: string): string | null => {
  const state = paymentState(factsOf(row), scope.now)
  if (state.status !== 'pending' && state.status !== 'in-progress')
    return `This payment is ${state.status} already; only a payment under way can be given an outcome.`
  const forced = JSON.stringify({ outcome, at: scope.now })
  scope.db.exec('UPDATE payments SET forced = ? WHERE tenant = ? AND id = ?', forced, scope.tenant.id, row.id)
  const later = { ...scope, now: scope.now + 10_000 }
  announce(scope, refreshPayment(later, { ...row, forced }))
  followUp(scope, row.drawdown)
  return null
}

/** Does one of the actions; the reason where it cannot be done, else null. */
export const actOnPayment = (scope: Scope, id: string, action: Action, input: unknown): string | null => {
  const row = findPayment(scope, id)
  if (!row) return 'No payment has this id.'
  if (action === 'outcome') return end(scope, row, ACTIONS.outcome.parse(input).outcome)
  amend(scope, row, action, ACTIONS[action].parse(input))
  return null
}
