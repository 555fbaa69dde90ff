/** How writes end, in ledger, draft and trail at once: what was instructed for whom, or changed about whom, is told when its outcome is known, never before. */
import { totalOf } from '../../rules/limits.ts'
import { knownBy } from '../../rules/unknown.ts'
import type { Settlement } from '../../rules/write-contract.ts'
import type { AuditEntry, ByCall, PayeeEntry, WriteEntry } from '../audit/entry.ts'
import { appendAll } from '../tables/audit.ts'
import { writeOutcome } from '../tables/drafts/drafts.ts'
import { dropChange } from '../tables/ledger/changes.ts'
import { settle, staleClaims } from '../tables/ledger/ledger.ts'
import { type Reserved, reservedBy } from '../tables/ledger/reserved.ts'
import { type Claimed, claimedUnder } from '../tables/ledger/write-facts.ts'
import { nameNewPayee } from '../tables/payee-changes.ts'
import { changeRows } from './changed.ts'

type Payment = Pick<PayeeEntry, 'event' | 'outcome'> & Omit<Reserved, 'unsure'>

/** What a claim counted and counts, without what was told of it before: what an answer had accepted already is not told twice. */
const untold = (before: readonly Reserved[], after: readonly Reserved[]) => {
  const known = before.filter(({ unsure }) => unsure === 0)
  if (known.length === before.length) return { before, after }
  const less = (one: Reserved): Reserved => {
    const told = totalOf(known.filter(({ supplier }) => supplier === one.supplier))
    return { ...one, cents: one.cents - told.cents, count: one.count - told.count }
  }
  return {
    before: before.filter(({ unsure }) => unsure === 1),
    after: after.map(less).filter(({ count }) => count > 0),
  }
}

/**
 * What a claim does not count any more was not paid. Of the rest this server knows only that Finexio accepted the instruction to pay:
 * whether money moved stands in its payment, which may fail a minute later.
 */
const paymentsOf = (
  before: readonly Reserved[],
  after: readonly Reserved[],
  state: Settlement['state'],
): Payment[] => {
  const kept = after.map(({ unsure, ...of }): Payment => {
    const isAccepted = state === 'succeeded' && unsure === 0
    return isAccepted
      ? { event: 'instructed', outcome: 'succeeded', ...of }
      : { event: 'payment_unknown', outcome: 'unknown', ...of }
  })
  const given = Map.groupBy(before, ({ supplier }) => supplier)
  const released = [...given].flatMap(([supplier, own]): Payment[] => {
    const [was, is] = [totalOf(own), totalOf(after.filter((one) => one.supplier === supplier))]
    const [cents, count] = [was.cents - is.cents, was.count - is.count]
    const outcome = state === 'not_sent' ? state : 'rejected'
    const { supplier_name } = own[0]!
    return count > 0 ? [{ event: 'not_paid', outcome, supplier, supplier_name, cents, count }] : []
  })
  return [...kept, ...released]
}

/** What a row says of the end of a batch of which not all was accepted at once: the money that was now, or else the money that was not. */
const withMoneyOf = (payments: readonly Payment[], { facts }: Claimed) => {
  const { cents: _, suppliers: __, ...whose } = facts
  const of = (event: Payment['event']) => payments.filter((payment) => payment.event === event)
  const isLost = payments.length > 0 && payments.every(({ event }) => event === 'not_paid')
  const told = of(isLost ? 'not_paid' : 'instructed')
  const [{ cents }, open] = [totalOf(told), totalOf(of('payment_unknown')).cents]
  return {
    ...whose,
    ...(isLost && { outcome: 'rejected' as const }),
    ...(cents > 0 && { cents, suppliers: new Set(told.map(({ supplier }) => supplier)).size }),
    ...(open > 0 && { unsure_cents: open }),
  }
}

/** What pays makes no payee: a batch has hundreds of records. */
const nameNewPayees = (sql: SqlStorage, { key, made = [] }: Settlement, { facts }: Claimed): void => {
  for (const { id } of facts.cents ? [] : made) if (id !== null) nameNewPayee(sql, key, id)
}

/** Who stood behind a write, for the rows about its payees. */
const behindOf = ({ person_id, person_name }: Claimed['facts']) => ({
  ...(person_id && { person_id }),
  ...(person_name && { person_name }),
})

/** Beside what every row about the end of a write says. */
type Said = Partial<Pick<WriteEntry, 'actor_id' | 'actor_name' | 'request_id'>> & Partial<ByCall>

/** What the trail says of a settled claim: how it ended, what came of its money, and of the change that it was about. */
const rowsOf = (
  { request_id, change, facts }: Claimed,
  settlement: Settlement,
  paid: readonly Payment[],
  said: Said,
): AuditEntry[] => {
  const { key, state, kept } = settlement
  const known_by = knownBy(kept)
  const known = known_by && { known_by }
  const partial = kept?.partial === true && ({ partial: true } as const)
  const about = { event: 'concluded', request_id: null, idempotency_key: key } as const
  const { traceparent } = said
  const by = {
    ...{ request_id, idempotency_key: key },
    ...(traceparent && { traceparent }),
    ...behindOf(facts),
    ...known,
  }
  const payments = paid.map(({ supplier, supplier_name, ...of }): PayeeEntry => {
    const whom = { supplier_id: supplier, ...(supplier_name !== null && { supplier_name }) }
    return { type: 'payee', ...by, ...whom, ...of }
  })
  return [
    { type: 'write', outcome: state, ...facts, ...about, ...partial, ...known, ...said },
    ...payments,
    ...(change ? changeRows(change, settlement, by) : []),
  ]
}

/**
 * Settles a claim in ledger and draft, and says in the trail what came of it and, supplier by supplier, of its money.
 * To be called in a transaction. @returns false: it was settled before, or there is none, and nothing was done
 */
export const settleClaim = (sql: SqlStorage, settlement: Settlement, said: Said, now: number): boolean => {
  const { key, state, kept, absent = [], unsure = [] } = settlement
  const claim = claimedUnder(sql, key)
  if (!claim) return false
  const { claimed_at, change } = claim
  nameNewPayees(sql, settlement, claim)
  const before = reservedBy(sql, key, claimed_at)
  if (settle(sql, settlement, now) === null) return false
  writeOutcome(sql, key, claimed_at, { state, kept })
  // Of what was accepted, what of it was; of what was not, what was asked for, which it does not count any more.
  const isCut = absent.length + unsure.length > 0
  const isOpen = before.some((one) => one.unsure === 1)
  const isAsBefore = !isCut && !isOpen && (state === 'succeeded' || state === 'unknown')
  const after = isAsBefore ? before : reservedBy(sql, key, claimed_at)
  const told = untold(before, after)
  const paid = paymentsOf(told.before, told.after, state)
  const facts = state === 'succeeded' && (isCut || isOpen) ? withMoneyOf(paid, claim) : claim.facts
  appendAll(
    sql,
    rowsOf({ ...claim, facts }, settlement, paid, said).map((entry) => ({ entry, at: now })),
  )
  if (change && state !== 'unknown') dropChange(sql, key)
  return true
}

/** Claims that nobody settled in time: whoever sent them is gone. To be called in a transaction. */
export const settleStale = (sql: SqlStorage, now: number): void => {
  for (const key of staleClaims(sql, now)) settleClaim(sql, { key, state: 'unknown', kept: null }, {}, now)
}
