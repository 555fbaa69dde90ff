/**
 * How a write runs: planned whole, looked into, claimed in the account's ledger, sent once, settled. Whatever ends on the way is
 * answered with the key under which the ledger knows it. A dry run takes the same steps up to the claim.
 */

import { hexOf } from '../../core/bytes.ts'
import { plural } from '../../core/words.ts'
import { reasonWords } from '../../rules/approval.ts'
import type { ClaimRequest, Obstacle } from '../../rules/write-contract.ts'
import { Refusal } from '../refusal.ts'
import { jsonAnswer, type ToolAnswer, type ToolContext } from '../tool.ts'
import { pending, refusalOf, replayed } from './answers.ts'
import { namesIn } from './draft-page.ts'
import { dryRefusal, dryRun } from './dry-run.ts'
import { doubtsIn, type Examined, examine, isExamined, UNEXAMINED, wantsInvoices } from './guard/examine.ts'
import { unsettledAmong } from './guard/under-way.ts'
import { shownChange } from './old-to-new.ts'
import { sameWarnings } from './same-draft.ts'
import { sendClaimed, type Work, type WriteOrder } from './send.ts'
import { senderOf } from './stored-secret.ts'
import { concernedBy, drafted, hopelessOf, isConfirmed, questionOf } from './waiting.ts'

/** The key of an earlier round goes on. It is not the caller's: an equal write that ran meanwhile is still an obstacle. */
const mintedFor = ({ round }: WriteOrder, fingerprint: Uint8Array): string =>
  round.state?.fingerprint === hexOf(fingerprint) ? round.state.key : crypto.randomUUID()

/** A claim before anything was looked up. */
export const requestFor = async ({ tool, plan, order, writes }: Work): Promise<ClaimRequest> => {
  const fingerprint = await writes.digest([tool.name, plan.args])
  const digests = (all: readonly unknown[]) => Promise.all(all.map((one) => writes.digest(one)))
  const subjects = await digests(plan.subjects)
  return {
    key: order.key,
    minted: mintedFor(order, fingerprint),
    tool: tool.name,
    effect: tool.effect,
    serverId: writes.serverId,
    requestId: writes.requestId,
    ...(writes.traceparent && { traceparent: writes.traceparent }),
    letIn: writes.letIn,
    fingerprint,
    subjects,
    equals: plan.request.verb === 'POST' ? [...subjects, ...(await digests(plan.twins))] : [],
    target: plan.target,
    ...plan.facts,
    changes: shownChange(plan, null),
    concerns: [],
    unchecked: [],
    guard: null,
    vouching: [],
    approval: null,
  }
}

/** Answers a repeat with the earlier outcome or the pending draft; refuses on every other obstacle. */
const metBy = ({ tool, plan, writes }: Work, obstacle: Obstacle): ToolAnswer => {
  if (obstacle.kind === 'replay') return replayed(obstacle.earlier.key, obstacle.earlier.kept)
  if (obstacle.kind === 'drafted' && obstacle.draft.state === 'pending')
    return pending(plan, obstacle.draft, obstacle.draft.reasons ?? [], writes)
  throw refusalOf(tool.name, obstacle, writes.sees, plan)
}

/** What the looks before a write may still do away with. */
const mayPass = (obstacle: Obstacle | null): boolean =>
  obstacle?.kind === 'needs_approval' ||
  (obstacle?.kind === 'in_ledger' &&
    obstacle.rows.every(({ state }) => state === 'succeeded' || state === 'rejected'))

/** Asks the account whether the write could be claimed at all, before requests are spent on checks. */
const peek = async (work: Work, request: ClaimRequest): Promise<Obstacle | null> => {
  const { obstacle } = await work.writes.preview(request)
  return mayPass(obstacle) ? null : obstacle
}

/** Whether the account's rules turn on what only Finexio knows: whether money is under way to a payee. */
const isUnderWayUnknown = (obstacle: Extract<Obstacle, { kind: 'needs_approval' }> | null): boolean =>
  obstacle?.reasons.some((reason) => reason.kind === 'money_under_way' && !reason.known) ?? false

type Looked = { examined: Examined; context: ToolContext | null } | { met: Obstacle } | { refused: Refusal }

/** An invoice found as a duplicate may come from the very write that is being repeated: the ledger decides. */
const duplicated = async (work: Work, request: ClaimRequest, fault: unknown): Promise<Looked> => {
  if (!(fault instanceof Refusal)) throw fault
  const met = await peek(work, request)
  return met ? { met } : { refused: fault }
}

const look = async (work: Work, request: ClaimRequest): Promise<Looked> => {
  const { tool, plan, writes } = work
  const { changes } = request
  const unexamined = { examined: { ...UNEXAMINED, doubts: doubtsIn(plan) }, context: null }
  if (!isExamined(plan, writes.settings) && !changes) return unexamined
  const { obstacle } = await writes.preview(request)
  const isPassed = obstacle === null || obstacle.kind === 'needs_approval'
  if (!isPassed && !(wantsInvoices(plan, writes.settings) && mayPass(obstacle))) return { met: obstacle }
  const asks = changes !== null && obstacle?.kind === 'needs_approval' && isUnderWayUnknown(obstacle)
  if (!isExamined(plan, writes.settings) && !asks) return unexamined
  const context = await work.open()
  try {
    const examined = await examine(tool.name, plan, context)
    if (!asks) return { examined, context }
    const unsettled = (await unsettledAmong([changes.payee], context)).get(changes.payee) ?? null
    return { examined: { ...examined, changes: { ...changes, unsettled } }, context }
  } catch (fault) {
    return duplicated(work, request, fault)
  }
}

const withFindings = (request: ClaimRequest, examined: Examined): ClaimRequest => {
  const { concerns, unchecked, guard, vouching, changes } = examined
  const names = namesIn(examined)
  return { ...request, concerns, unchecked, guard, vouching, names, changes: changes ?? request.changes }
}

const asksUser = ({ writes, order }: Work): boolean =>
  writes.settings.approval_door === 'confirm' && order.round.canAsk

/** Making a draft reads the parties it concerns. Where that fails no draft is made, so a dry run tries it too. */
const rehearsed = async (
  work: Work,
  request: ClaimRequest,
  examined: Examined,
  context: ToolContext | null,
): Promise<ToolAnswer> => {
  const { tool, plan, writes } = work
  const preview = await writes.preview(request)
  if (preview.obstacle?.kind === 'needs_approval' && !asksUser(work)) {
    const concerned = await concernedBy(tool, plan, examined, context ?? (await work.open()))
    const refused = hopelessOf(tool, plan, concerned)
    if (refused) return dryRefusal(plan, refused.message)
  }
  return dryRun(plan, preview, examined.words, writes, examined.doubts)
}

const askedOrDrafted = async (
  work: Work,
  request: ClaimRequest,
  examined: Examined,
  context: ToolContext,
  { reasons, same = [] }: Extract<Obstacle, { kind: 'needs_approval' }>,
): Promise<ToolAnswer> => {
  const { tool, plan, order, writes } = work
  // Whoever has to be called back is not called by a form.
  if (asksUser(work) && reasons.every(({ kind }) => kind !== 'unverified')) {
    const key = request.key ?? request.minted
    const waiting = sameWarnings(same, plan.facts.movements.length > 0, writes)
    const ask = questionOf(tool, plan, key, hexOf(request.fingerprint), [
      ...reasons.map(reasonWords),
      ...waiting,
    ])
    return { structured: { outcome: 'input_required', idempotency_key: key }, text: ask.message, ask }
  }
  const concerned = await concernedBy(tool, plan, examined, context)
  const hopeless = hopelessOf(tool, plan, concerned)
  if (hopeless) throw hopeless
  const why = { reasons, reason: order.reason }
  return drafted(tool, plan, request, why, concerned, writes)
}

const withNote = (given: ToolAnswer, { words, unchecked, doubts }: Examined): ToolAnswer => {
  const warned = [given.structured.note, ...doubts].filter(Boolean).join('. ')
  const answer = doubts.length > 0 ? jsonAnswer({ ...given.structured, note: `${warned}.` }) : given
  if (unchecked.length === 0) return answer
  const note = [
    answer.structured.note,
    `${plural(unchecked.length, 'row')} could not be checked for duplicates. ${words}`,
  ]
  return jsonAnswer({ ...answer.structured, unchecked_rows: unchecked, note: note.filter(Boolean).join(' ') })
}

/**
 * Runs a write, or says what it would do.
 * @throws Refusal when there is an obstacle; FailedWrite when Finexio said no or nothing; FinexioFailure when it
 *   could not be looked into, and nothing was submitted
 */
export const runWrite = async (work: Work): Promise<ToolAnswer> => {
  const { tool, plan, order, writes } = work
  const base = await requestFor(work)
  const send = await senderOf(tool.name, plan, writes.secret)
  const looked = await look(work, base)
  if ('met' in looked)
    return order.dryRun ? dryRun(plan, await writes.preview(base), '', writes) : metBy(work, looked.met)
  if ('refused' in looked) {
    if (order.dryRun) return dryRefusal(plan, looked.refused.message)
    throw looked.refused
  }
  const { examined } = looked
  const asked = { tool: tool.name, key: order.key, fingerprint: hexOf(base.fingerprint) }
  const approval = isConfirmed(plan, order.round, asked) ? ({ kind: 'confirmed' } as const) : null
  const request = { ...withFindings(base, examined), approval }
  if (order.dryRun) return rehearsed(work, request, examined, looked.context)
  // Opening the credential can fail, so it comes before the claim is in the ledger.
  const context = looked.context ?? (await work.open())
  const claim = await writes.claim(request)
  if (claim.kind === 'needs_approval')
    return askedOrDrafted(work, request, examined, context, {
      ...claim,
      reasons: [...claim.reasons, ...examined.doubts.map((words) => ({ kind: 'alike', words }) as const)],
    })
  if (claim.kind !== 'claimed') return metBy(work, claim)
  return withNote(await sendClaimed(claim.key, context.finexio, send, work), examined)
}
