/**
 * How a write runs: planned whole, claimed in the account's ledger, sent once, settled. Whatever ends on the way is
 * answered with the key under which the ledger knows it.
 */

import { FinexioFailure } from '../finexio/failure.ts'
import type { Finexio } from '../finexio/types.ts'
import type {
  Claim,
  ClaimRequest,
  Kept,
  Movement,
  Obstacle,
  Settlement,
  WriteState,
} from '../writes/contract.ts'
import { refusalOf } from './claim-words.ts'
import { present } from './present.ts'
import { type FindSecret, senderOf } from './stored-secret.ts'
import type { ToolAnswer, WritePlan, WriteTool } from './tool.ts'

/** The account's ledger, as one call sees it. */
export type WriteDesk = {
  serverId: string
  requestId: string
  /** Keyed digest: equal values give equal digests, and nothing else can be told from one. */
  digest(value: unknown): Promise<Uint8Array>
  claim(request: ClaimRequest): Promise<Claim>
  /** What would stand in the way; reserves nothing. */
  preview(request: ClaimRequest): Promise<Obstacle | null>
  settle(settlement: Settlement): Promise<void>
  /** The account's webhook secrets. */
  secret: FindSecret
}

export type WriteOrder = {
  args: Record<string, unknown>
  /** What the caller gave as `idempotency_key`. */
  key: string | null
  dryRun: boolean
}

/** A write that left, or tried to, and did not succeed: the failure and the key it is known by. */
export class FailedWrite extends Error {
  readonly failure: FinexioFailure
  readonly key: string
  constructor(failure: FinexioFailure, key: string) {
    super(failure.message)
    this.name = 'FailedWrite'
    this.failure = failure
    this.key = key
  }
}

type Structured = ToolAnswer['structured']

const sum = (movements: readonly Movement[]) => ({
  cents: movements.reduce((total, { cents }) => total + cents, 0),
  count: movements.reduce((total, { count }) => total + count, 0),
})

const requestFor = async (
  tool: WriteTool,
  plan: WritePlan,
  { args, key }: WriteOrder,
  desk: WriteDesk,
): Promise<ClaimRequest> => ({
  key,
  minted: crypto.randomUUID(),
  tool: tool.name,
  effect: tool.effect,
  serverId: desk.serverId,
  requestId: desk.requestId,
  fingerprint: await desk.digest([tool.name, args]),
  subjects: await Promise.all(plan.subjects.map((subject) => desk.digest(subject))),
  movements: plan.movements,
})

/** How a failure is written down. A batch refused in part is not documented: its rows may have been stored. */
const settlementOf = (key: string, { kind }: FinexioFailure, movements: readonly Movement[]): Settlement => {
  const states: Partial<Record<FinexioFailure['kind'], Exclude<WriteState, 'claimed'>>> = {
    not_sent: 'not_sent',
    outcome_unknown: 'unknown',
    no_answer: 'unknown',
    upstream_fault: 'unknown',
  }
  const state = states[kind] ?? 'rejected'
  const partial = kind === 'invalid' && sum(movements).count > 1
  return { key, state, kept: partial ? { partial } : null }
}

/** Ids and counts of a receipt: what a replay answers. */
const keptOf = ({ outcome, id, result, result_count, total_cents, total }: Structured): Kept => {
  const all = Object.entries({ outcome, id, result, result_count, total_cents, total })
  return Object.fromEntries(all.filter(([, value]) => value !== undefined)) as Kept
}

const answered = (structured: Structured): ToolAnswer => ({ structured, text: JSON.stringify(structured) })

const replayed = (key: string, kept: Kept | null): ToolAnswer =>
  answered({ ...kept, outcome: 'succeeded', idempotency_key: key, replayed: true })

/** What would be sent, with bank numbers masked and passwords left out. */
const preview = (
  tool: WriteTool,
  { request, movements }: WritePlan,
  obstacle: Obstacle | null,
): ToolAnswer => {
  const { cents, count } = sum(movements)
  const body = Array.isArray(request.body)
    ? request.body.map((row) => present(row as Structured))
    : request.body === undefined
      ? undefined
      : present(request.body as Structured)
  const warning = obstacle && refusalOf(tool.name, obstacle)
  return answered({
    outcome: 'dry_run',
    would_send: { request: `${request.verb} ${request.template}`, ...(body !== undefined && { body }) },
    ...(count > 0 && { count, total_cents: cents }),
    warnings: warning ? [warning.message] : [],
    note: 'Nothing was changed at Finexio and nothing was reserved.',
  })
}

/** Every failure is written down before it is told. A fault of ours after the request left is an unknown outcome. */
const failed = async (fault: unknown, key: string, plan: WritePlan, desk: WriteDesk): Promise<never> => {
  if (!(fault instanceof FinexioFailure)) {
    await desk.settle({ key, state: 'unknown', kept: null })
    throw fault
  }
  await desk.settle(settlementOf(key, fault, plan.movements))
  throw new FailedWrite(fault, key)
}

/**
 * Runs a write, or says what it would do.
 * @param plan of this tool for these arguments: a dry run and the real run share it
 * @param open opens the tenant's Finexio; called only for what will be sent
 * @throws Refusal when the ledger stands in the way; FailedWrite when Finexio said no or nothing
 */
export const runWrite = async (
  tool: WriteTool,
  plan: WritePlan,
  order: WriteOrder,
  desk: WriteDesk,
  open: () => Promise<Finexio>,
): Promise<ToolAnswer> => {
  const request = await requestFor(tool, plan, order, desk)
  const send = await senderOf(tool.name, plan, desk.secret)
  if (order.dryRun) {
    if (plan.before) await plan.before(await open())
    return preview(tool, plan, await desk.preview(request))
  }
  // Whatever can fail here fails before the ledger knows of it.
  const finexio = await open()
  await plan.before?.(finexio)
  const claim = await desk.claim(request)
  if (claim.kind === 'replay') return replayed(claim.earlier.key, claim.earlier.kept)
  if (claim.kind !== 'claimed') throw refusalOf(tool.name, claim)
  const { structured } = await send(finexio).catch((fault) => failed(fault, claim.key, plan, desk))
  await desk.settle({ key: claim.key, state: 'succeeded', kept: keptOf(structured) })
  return answered({ ...structured, idempotency_key: claim.key })
}
