/** Bringing a tenant's stored rows up to its clock: nothing runs in between, so everything due is done at once. */

import { BUYERS } from '../parties/families.ts'
import { findParty } from '../parties/parties.ts'
import { codeOf, digitsOf, mix } from '../tenants/chance.ts'
import { MINUTE, type Micros } from '../tenants/micros.ts'
import { firstRow, insertRow, rows } from '../tenants/tables.ts'
import { nextIds } from '../tenants/tenants.ts'
import { enqueue } from '../webhooks/outbox.ts'
import type { Call } from '../wire/call.ts'
import { drawdownState, fundingResult, outcomeOf, paymentState, runMoments, travelOf } from './lifecycle.ts'
import { factsOf, type PaymentRow, paidCents } from './payments.ts'

export type Scope = Pick<Call, 'db' | 'tenant' | 'settings' | 'now'>

/** How long an invoice waits before it is paid. */
const WAIT = MINUTE

type Waiting = {
  id: string
  buyer: string
  supplier: string
  group_id: string
  amount: number
  discount: number
  created: Micros
}

type Group = { buyer: string; supplier: string; invoices: Waiting[]; amount: number }

const groupsOf = (scope: Scope, waiting: readonly Waiting[]): Group[] => {
  const groups = Map.groupBy(waiting, (invoice) => {
    const alone = findParty(scope, invoice.supplier)?.fields.issue_one_disbursement_per_invoice === true
    return JSON.stringify([invoice.buyer, invoice.supplier, invoice.group_id, alone ? invoice.id : ''])
  })
  return [...groups.values()].map((invoices) => ({
    buyer: invoices[0]!.buyer,
    supplier: invoices[0]!.supplier,
    invoices,
    amount: invoices.reduce((sum, invoice) => sum + paidCents(invoice, scope), 0),
  }))
}

const storePayment = (scope: Scope, group: Group, id: string, drawdown: string, at: Micros): void => {
  const { db, tenant } = scope
  const supplier = findParty(scope, group.supplier)?.fields ?? {}
  const buyer = findParty(scope, group.buyer)
  const [method, delivery] = travelOf(supplier.payment_method)
  const funding = String(buyer && BUYERS.view(buyer).funding_method).startsWith('ach') ? 'ach' : 'other'
  insertRow(db, 'payments', {
    tenant: tenant.id,
    id,
    created: at,
    updated: at,
    amount: group.amount,
    buyer: group.buyer,
    supplier: group.supplier,
    method,
    delivery,
    tracking: `RC${tenant.marker}${codeOf(`${tenant.username}/${id}`, 9)}`,
    funding,
    drawdown,
    outcome: outcomeOf(group.amount),
    held: null,
    forced: null,
    status: 'pending',
    steps: 0,
    next: at,
    refunded: 0,
    doc: '{}',
  })
  db.exec(
    'UPDATE invoices SET payment = ? WHERE tenant = ? AND id IN (SELECT value FROM json_each(?))',
    id,
    tenant.id,
    JSON.stringify(group.invoices.map((invoice) => invoice.id)),
  )
}

/** One drawdown per buyer and run; payments whose funding ends otherwise get one of their own. */
const storeRun = (scope: Scope, groups: readonly Group[], at: Micros): void => {
  const { db, tenant } = scope
  const runs = Map.groupBy(groups, ({ buyer, amount }) =>
    JSON.stringify([buyer, fundingResult(outcomeOf(amount))]),
  )
  for (const run of runs.values()) {
    const [serial] = nextIds(scope, 'drawdown', 1)
    const id = `DJ${codeOf(serial!, 10)}`
    const ids = nextIds(scope, 'payment', run.length)
    run.forEach((group, place) => {
      storePayment(scope, group, ids[place]!, id, at)
    })
    const buyer = findParty(scope, run[0]!.buyer)
    const moments = runMoments(id, at)
    insertRow(db, 'drawdowns', {
      tenant: tenant.id,
      id,
      buyer: run[0]!.buyer,
      created: moments.requested,
      amount: run.reduce((sum, group) => sum + group.amount, 0),
      status: 'requested',
      result: fundingResult(outcomeOf(run[0]!.amount)),
      completed: null,
      next: moments.funded,
      last_four: String(buyer?.fields.drawdown_bank_account_number ?? '0000').slice(-4),
      trace: mix(`${id}/trace`) % 2 === 0 ? digitsOf(id, 15) : null,
    })
  }
}

/** Invoices whose waiting time is over take along all others that wait at that moment. */
const payInvoices = (scope: Scope): void => {
  const { db, tenant, now } = scope
  for (;;) {
    const waiting = rows<Waiting>(
      db,
      'SELECT * FROM invoices WHERE tenant = ? AND payment IS NULL ORDER BY created',
      tenant.id,
    )
    const at = (waiting[0]?.created ?? now) + WAIT
    if (at > now) return
    storeRun(
      scope,
      groupsOf(
        scope,
        waiting.filter(({ created }) => created <= at),
      ),
      at,
    )
  }
}

type Happened = { payment: string; at: Micros; completed: boolean }

/** Stores what became of one payment and tells which steps are new. */
export const refreshPayment = (scope: Scope, row: PaymentRow): Happened[] => {
  const { db, tenant, now } = scope
  const state = paymentState(factsOf(row), now)
  const updated = Math.max(row.updated, state.updated)
  db.exec(
    'UPDATE payments SET status = ?, updated = ?, steps = ?, next = ? WHERE tenant = ? AND id = ?',
    state.status,
    updated,
    state.steps.length,
    state.next,
    tenant.id,
    row.id,
  )
  db.exec(
    'UPDATE invoices SET status = ?, updated = ? WHERE tenant = ? AND payment = ?',
    state.invoiceStatus,
    updated,
    tenant.id,
    row.id,
  )
  return state.steps
    .slice(row.steps)
    .map((step) => ({ payment: row.id, at: step.at, completed: step.status === 'settled' }))
}

/** Puts one message per step into the outbox, oldest first. */
export const announce = (scope: Scope, happened: readonly Happened[]): void => {
  for (const { payment, at, completed } of [...happened].sort((one, other) => one.at - other.at)) {
    enqueue(scope, 'payment.changed', payment, at)
    if (completed) enqueue(scope, 'payment.completed', payment, at)
  }
}

type DueDrawdown = { id: string; result: ReturnType<typeof fundingResult>; next: Micros }

const settleDrawdowns = (scope: Scope): void => {
  const { db, tenant, now } = scope
  const due = rows<DueDrawdown>(
    db,
    'SELECT id, result, next FROM drawdowns WHERE tenant = ? AND next <= ?',
    tenant.id,
    now,
  )
  for (const { id, result, next } of due) {
    const moments = { received: next, requested: next, asked: next, funded: next }
    const { status, completed } = drawdownState(moments, result, false, now)
    db.exec(
      'UPDATE drawdowns SET status = ?, completed = ?, next = NULL WHERE tenant = ? AND id = ?',
      status,
      completed,
      tenant.id,
      id,
    )
  }
}

/** Does everything that is due at `scope.now`. */
export const catchUp = (scope: Scope): void => {
  const { db, tenant, now } = scope
  payInvoices(scope)
  settleDrawdowns(scope)
  const due = rows<PaymentRow>(db, 'SELECT * FROM payments WHERE tenant = ? AND next <= ?', tenant.id, now)
  announce(
    scope,
    due.flatMap((row) => refreshPayment(scope, row)),
  )
}

/** When something next falls due for this tenant; null when nothing does. */
export const nextDue = ({ db, tenant }: Pick<Scope, 'db' | 'tenant'>): Micros | null =>
  firstRow<{ due: Micros | null }>(
    db,
    `SELECT min(due) AS due FROM (
      SELECT min(next) AS due FROM payments WHERE tenant = ?1 AND next IS NOT NULL
      UNION ALL SELECT min(created) + ?2 FROM invoices WHERE tenant = ?1 AND payment IS NULL
      UNION ALL SELECT min(due) FROM outbox WHERE tenant = ?1)`,
    tenant.id,
    WAIT,
  )?.due ?? null
