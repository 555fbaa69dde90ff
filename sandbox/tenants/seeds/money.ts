/** Seeded payments, their invoices and their drawdowns, as rows. */

import {
  drawdownState,
  fundingResult,
  type Outcome,
  outcomeOf,
  type PaymentFacts,
  type PaymentState,
  paymentState,
  runMoments,
  travelOf,
} from '../../payments/lifecycle.ts'
import { between, codeOf, digitsOf, mix } from '../chance.ts'
import { DAY, dateText, HOUR, MINUTE, type Micros, SECOND, timestampText } from '../micros.ts'
import { NOTES } from './names.ts'
import { DEMO, type Owner, seedId } from './parties.ts'
import { drawdownCode, type PaymentSketch, type Run, STOPS_AFTER } from './runs.ts'

export type Row = Record<string, unknown>
export type MoneyRows = { payments: Row[]; invoices: Row[]; drawdowns: Row[] }

/** Fraction of a second at which a run's payments are made. */
const TICK = 575_000
const TIERS = [
  [4_500, 120_000],
  [18_000, 260_000],
  [120_000, 900_000],
  [900_000, 4_000_000],
] as const

const tracked = (owner: Owner, key: string) => `RC${owner.marker}${codeOf(`${owner.username}/${key}`, 9)}`

type Bill = { key: string; amount: number; discount: number }

const net = (bills: readonly Bill[]) => bills.reduce((sum, bill) => sum + bill.amount - bill.discount, 0)

/** Raises the last bill until the payment's last four digits bring about the wanted outcome. */
const billsOf = (sketch: PaymentSketch): Bill[] => {
  const bills = Array.from({ length: sketch.invoices }, (_, at) => {
    const key = `${sketch.key}/${at}`
    const [low, high] = TIERS[between(`${key}/tier`, 0, TIERS.length - 1)]!
    const amount = between(`${key}/amount`, low, high)
    return { key, amount, discount: mix(`${key}/discount`) % 13 === 0 ? Math.floor(amount / 50) : 0 }
  })
  const last = bills.at(-1)!
  if (sketch.outcome !== 'complete')
    last.amount += (Number(sketch.outcome) - (net(bills) % 10_000) + 10_000) % 10_000
  else if (outcomeOf(net(bills)) !== 'complete') last.amount += 137
  return bills
}

const reissueFields = (at: string): Row => ({
  reissue_user: 'ap.desk',
  reissue_timestamp: at,
  reissue_reason: 'Lost in mail',
  reissue_comment: 'Supplier asked for another way to be paid',
  reissue_ticket_number: 'TCK-2002',
  reissue_payment_method: 'ach',
})

const refundFields = (at: string): Row => ({
  refund_user: 'ap.desk',
  refund_timestamp: at,
  refund_reason: 'Duplicate payment',
  refund_comment: 'Money returned to the buyer',
  refund_ticket_number: 'TCK-1001',
})

const aftermath = (sketch: PaymentSketch, state: PaymentState): { doc: Row; updated: Micros } => {
  const happens = (sketch.refunded || sketch.reissued) && state.next === null
  const updated = happens ? state.updated + 2 * HOUR : state.updated
  const at = timestampText(updated)
  return {
    updated,
    doc: {
      ...(happens && sketch.refunded ? refundFields(at) : {}),
      ...(happens && sketch.reissued ? reissueFields(at) : {}),
    },
  }
}

const newInvoiceDoc = (run: Run, bill: Bill): Row => {
  const dated = run.at - between(`${bill.key}/dated`, 1, 24) * DAY
  const line = between(`${bill.key}/line`, 1, 40)
  return {
    invoice_date: dateText(dated),
    invoice_due_date: dateText(dated + 30 * DAY),
    note: NOTES[mix(`${bill.key}/note`) % NOTES.length],
    metadata: { po: `PO-${digitsOf(bill.key, 5)}`, line },
    reconciliation_id: line % 3 === 0 ? `REC-${digitsOf(`${bill.key}/rec`, 5)}` : null,
    accounting_id: line % 5 === 0 ? `GL-${digitsOf(`${bill.key}/gl`, 4)}` : null,
    account_number: line % 7 === 0 ? `0000${digitsOf(`${bill.key}/acct`, 6)}` : null,
  }
}

/** By the key of their bill: tenants of one day have the same, and to write them costs a tenth of a new tenant. */
const docs = new Map<string, { at: Micros; doc: string }>()

const invoiceDoc = (run: Run, bill: Bill): string => {
  const known = docs.get(bill.key)
  if (known?.at === run.at) return known.doc
  const doc = JSON.stringify(newInvoiceDoc(run, bill))
  docs.set(bill.key, { at: run.at, doc })
  return doc
}

const invoiceRow = (owner: Owner, run: Run, sketch: PaymentSketch, bill: Bill, number: number): Row => {
  const suffix = owner.username === DEMO ? '' : `-${owner.marker}`
  return {
    id: seedId(owner, `invoice/${bill.key}`),
    number: `INV-${10_000 + number}${suffix}`,
    buyer: run.buyer.id,
    supplier: sketch.supplier.id,
    amount: bill.amount,
    discount: bill.discount,
    created: run.at - MINUTE - between(`${bill.key}/sent`, 1, 9) * SECOND + 104_233,
    group_id: '',
    doc: invoiceDoc(run, bill),
  }
}

/** A funding run splits where funding ends differently. */
const drawdownKey = (run: Run, outcome: Outcome) => {
  const result = fundingResult(outcome)
  return result === 'received' ? run.key : `${run.key}/${result}`
}

type Made = { payment: Row; invoices: Row[]; drawdown: string; amount: number }

const factsOf = (run: Run, sketch: PaymentSketch, id: string, drawdown: string): PaymentFacts => ({
  id,
  created: run.at + TICK,
  method: travelOf(sketch.supplier.fields.payment_method)[0],
  funding: String(run.buyer.fields.funding_method).startsWith('ach') ? 'ach' : 'other',
  run: drawdown,
  outcome: sketch.outcome,
  stopsAfter: sketch.stopsAfter,
  forced: null,
})

/** One payment and its invoices. `number` is that of its first invoice. */
const paymentRows = (owner: Owner, run: Run, sketch: PaymentSketch, number: number, now: Micros): Made => {
  const drawdown = run.drawdown ?? drawdownCode(owner, drawdownKey(run, sketch.outcome))
  const id = sketch.id ?? seedId(owner, `payment/${sketch.key}`)
  const facts = factsOf(run, sketch, id, drawdown)
  const state = paymentState(facts, now)
  const { doc, updated } = aftermath(sketch, state)
  const shared = { updated, refunded: 'refund_user' in doc ? 1 : 0 }
  const bills = billsOf(sketch)
  const payment = {
    ...shared,
    id,
    created: facts.created,
    amount: net(bills),
    buyer: run.buyer.id,
    supplier: sketch.supplier.id,
    method: facts.method,
    delivery: travelOf(sketch.supplier.fields.payment_method)[1],
    tracking: tracked(owner, sketch.key),
    funding: facts.funding,
    drawdown,
    outcome: facts.outcome,
    held: facts.stopsAfter,
    forced: null,
    status: state.status,
    steps: state.steps.length,
    next: state.next,
    doc,
  }
  const invoices = bills.map((bill, at) => ({
    ...invoiceRow(owner, run, sketch, bill, number + at),
    ...shared,
    status: state.invoiceStatus,
    payment: id,
  }))
  return { payment, invoices, drawdown, amount: payment.amount }
}

/** `pending` seeds have no drawdown to see yet; funds of `requested` ones never arrive. */
const drawdownRow = (
  owner: Owner,
  run: Run,
  sketch: PaymentSketch,
  made: readonly Made[],
  now: Micros,
): Row => {
  const id = made[0]!.drawdown
  const moments = runMoments(id, run.at + TICK)
  const result = fundingResult(sketch.outcome)
  const stays = sketch.stopsAfter === STOPS_AFTER.unreceived || sketch.stopsAfter === STOPS_AFTER.unfunded
  return {
    id,
    buyer: run.buyer.id,
    created: sketch.stopsAfter === STOPS_AFTER.unreceived ? null : moments.requested,
    amount: made.reduce((sum, { amount }) => sum + amount, 0),
    ...drawdownState(moments, result, stays, now),
    result,
    last_four: String(run.buyer.fields.drawdown_bank_account_number).slice(-4),
    trace: mix(`${id}/trace`) % 2 === 0 ? digitsOf(`${owner.username}/${id}`, 15) : null,
  }
}

/** All money rows of the runs, as they stand at `now`. */
export const moneyRows = (owner: Owner, runs: readonly Run[], now: Micros): MoneyRows => {
  const rows: MoneyRows = { payments: [], invoices: [], drawdowns: [] }
  for (const run of runs) {
    const made = run.payments.map((sketch) => {
      const one = paymentRows(owner, run, sketch, rows.invoices.length + 1, now)
      rows.payments.push(one.payment)
      rows.invoices.push(...one.invoices)
      return { ...one, sketch }
    })
    for (const together of Map.groupBy(made, ({ drawdown }) => drawdown).values())
      rows.drawdowns.push(drawdownRow(owner, run, together[0]!.sketch, together, now))
  }
  return rows
}
