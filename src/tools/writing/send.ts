/** How a claimed write leaves: sent once, settled by what came of it, and answered with the key under which the ledger knows it. */
import { FinexioFailure } from '../../finexio/failure.ts'
import type { Finexio } from '../../finexio/types.ts'
import { totalOf } from '../../rules/limits.ts'
import type { Settlement } from '../../rules/write-contract.ts'
import type { Round } from '../contract.ts'
import {
  jsonAnswer,
  type Made,
  type ToolAnswer,
  type ToolContext,
  type WritePlan,
  type WriteTool,
} from '../tool.ts'
import { asking, keptOf, unconfirmedWords } from './answers.ts'
import type { senderOf } from './stored-secret.ts'
import type { Writes } from './writes.ts'

export type WriteOrder = {
  /** What the caller gave as `idempotency_key`. */
  key: string | null
  dryRun: boolean
  /** Why, as the caller says. */
  reason: string | null
  round: Round
}

/** A write that left, or tried to, and did not succeed: the failure and the key it is known by. */
export class FailedWrite extends Error {
  readonly failure: FinexioFailure
  readonly key: string
  /** How to find out what became of it, in a sentence; empty: it is known. */
  readonly next: string
  constructor(failure: FinexioFailure, key: string, next: string) {
    super(failure.message)
    this.name = 'FailedWrite'
    this.failure = failure
    this.key = key
    this.next = next
  }
}

/** One write under way. */
export type Work = {
  tool: WriteTool
  plan: WritePlan
  order: WriteOrder
  writes: Writes
  /** Opens the tenant's Finexio; called only when something will be sent. */
  open(): Promise<ToolContext>
}

type State = Settlement['state']

/** How a failure is written down. A batch refused in part is not documented: its rows may have been stored. */
const settlementOf = (key: string, { kind, rows }: FinexioFailure, plan: WritePlan): Settlement => {
  const states: Partial<Record<FinexioFailure['kind'], State>> = {
    not_sent: 'not_sent',
    outcome_unknown: 'unknown',
    no_answer: 'unknown',
    upstream_fault: 'unknown',
  }
  const { count } = totalOf(plan.facts.movements)
  const own = rows.map(({ index }) => index).filter((index) => index < count)
  // Where Finexio names each row as refused, no other is left that it could have stored.
  const partial = kind === 'invalid' && count > 1 && own.length < count
  const refused = own.length > 0 && { refused_rows: own }
  return { key, state: states[kind] ?? 'rejected', kept: partial ? { partial, ...refused } : null }
}

/** Every failure is written down before it is answered. A fault of ours after the request left is an unknown outcome. */
const failed = async (fault: unknown, key: string, { plan, writes }: Work): Promise<never> => {
  if (!(fault instanceof FinexioFailure)) {
    await writes.settle({ key, requestId: writes.requestId, state: 'unknown', kept: null })
    throw fault
  }
  const settlement = settlementOf(key, fault, plan)
  await writes.settle({ ...settlement, requestId: writes.requestId })
  const isKnown = settlement.state !== 'unknown' && settlement.kept?.partial !== true
  throw new FailedWrite(fault, key, isKnown ? '' : `${asking({}, writes.sees)}.`)
}

/** How the request of a write leaves, made ready before it is claimed. */
type Send = Awaited<ReturnType<typeof senderOf>>

const digested = ({ writes }: Work, made: readonly Made[]) =>
  Promise.all(made.map(async ({ subject, id }) => ({ digest: await writes.digest(subject), id })))

const sent = async (finexio: Finexio, send: Send, work: Work) => {
  const { made, ...read } = work.plan.read(await send(finexio))
  return { ...read, made: await digested(work, made) }
}

/** Sends what was claimed, once, and settles it. @throws FailedWrite when Finexio said no or nothing */
export const sendClaimed = async (
  key: string,
  finexio: Finexio,
  send: Send,
  work: Work,
): Promise<ToolAnswer> => {
  const { answer, made, unconfirmed, unapplied } = await sent(finexio, send, work).catch((fault) =>
    failed(fault, key, work),
  )
  const { structured } = answer
  const { requestId } = work.writes
  const isPartial = unconfirmed.length > 0
  const open = isPartial && { unknown_rows: unconfirmed }
  const kept = { ...keptOf(structured), ...(isPartial && { partial: true }), ...open }
  const settlement = { made, unsure: unconfirmed, unapplied, kept }
  await work.writes.settle({ key, requestId, state: 'succeeded', ...settlement })
  const note = isPartial && { note: unconfirmedWords(work.plan, unconfirmed, work.writes.sees) }
  return jsonAnswer({ ...structured, ...open, ...note, idempotency_key: key })
}
