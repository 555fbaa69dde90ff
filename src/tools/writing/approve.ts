/**
 * Runs an approved draft: everything is looked up and checked again, then approval and claim are one step of the account's object,
 * and the request leaves once. What is gone or paid another way since the draft was made ends the draft;
 * what settings refuse waits on.
 */
import { accountObject, draftsOf, serversOf } from '../../account/account-stub.ts'
import { byCall } from '../../account/audit/entry.ts'
import type { StoredDraft } from '../../account/tables/drafts/drafts.ts'
import type { OpenDraft } from '../../account/writes/drafts.ts'
import type { Env } from '../../core/env.ts'
import { canonical } from '../../core/keys.ts'
import { cut } from '../../core/text.ts'
import { CALLER_ENDED } from '../../rules/drafts.ts'
import { type Changed, changedPayees } from '../../rules/payees/concerns.ts'
import { endedWords } from '../../rules/sentences/ended.ts'
import { type RefusedBy, refusedByObstacle } from '../../rules/sentences/refused-by.ts'
import { effectiveConfig, type ServerConfig } from '../../rules/server-settings.ts'
import type { DecidedBy } from '../../rules/who/four-eyes.ts'
import type { Claim, ClaimRequest } from '../../rules/write-contract.ts'
import { admissionOf } from '../call/account-context.ts'
import { checkArguments, takeOwn } from '../call/arguments.ts'
import { withDeadline } from '../call/deadline.ts'
import { checkAccount, environmentOf } from '../call/environment.ts'
import { toolNamed } from '../catalogue.ts'
import { ONE_ROUND } from '../contract.ts'
import { Refusal } from '../refusal.ts'
import type { ToolContext, WriteTool } from '../tool.ts'
import { vaulted } from '../visible/as-served.ts'
import { asServed, viewOf } from '../visible/view.ts'
import { refusalOf } from './answers.ts'
import { namesOf } from './draft-page.ts'
import { examine, suppliersOf } from './guard/examine.ts'
import type { Absent } from './guard/payees.ts'
import { shownChange } from './old-to-new.ts'
import { requestFor } from './run.ts'
import { FailedWrite, sendClaimed, type Work } from './send.ts'
import { senderOf } from './stored-secret.ts'
import { absentWords, concernedBy } from './waiting.ts'
import { bodyOfDraft, type DraftBody } from './writes.ts'

type Approving = {
  env: Env
  accountId: string
  draftId: string
  by: DecidedBy
  /** What the approver says about it. */
  reason: string | null
  requestId: string
  traceparent?: string | null
  /** When the approving request came in, in milliseconds since the epoch. */
  startedAt: number
  /** Origin under which the approving request reached this deployment. */
  origin: string
}

/** `refused`: nothing was sent; `forbidden`: this person may not. `ran`: it left, whatever Finexio said. */
type Approved =
  | { kind: 'ran' }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string; forbidden: boolean; by: RefusedBy }

const refused = (why: string, by: RefusedBy, forbidden = false): Approved => ({
  kind: 'refused',
  why,
  forbidden,
  by,
})

const changeWords = (change: Changed): string => {
  if (change.kind === 'payee_gone') return `${change.supplier} could not be read`
  if (change.kind === 'payee_unseen')
    return `${change.supplier} could not be read when the draft was made, so nobody saw its payment details: have it made anew, with at most 12 suppliers in one call`
  if (change.kind === 'payee_disabled') return `${change.supplier} is disabled`
  return `${change.supplier}: ${change.fields.join(', ')} changed`
}

export const toolOf = (draft: StoredDraft): WriteTool => {
  const tool = toolNamed(draft.tool)
  if (tool && 'plan' in tool) return tool
  throw new Refusal(`${draft.tool}: this version of the server has no such tool. Reject the draft.`)
}

/** A draft may not do what its caller may not do any more: filter, fixed arguments and the rules on secrets are checked again. */
const toolNow = (draft: StoredDraft, { args }: DraftBody, config: ServerConfig, approving: Approving) => {
  const whole = toolOf(draft)
  if (!viewOf(config).byName.has(whole.name))
    throw new Refusal(`${whole.name}: the MCP server of this draft does not show this tool any more.`).by(
      'not_shown',
    )
  const tool = vaulted(whole, config)
  // What was fixed when it was drafted is among its arguments.
  checkArguments(whole.name, tool.input, args)
  return asServed(tool, config, approving) as WriteTool
}

type Ready = { work: Work; context: ToolContext; body: DraftBody; draft: StoredDraft }

/** A single write neither needs what is known about the order of this account's lists, nor adds to it. */
const readyFor = async ({ draft, sealed, tokenDigest }: OpenDraft, approving: Approving): Promise<Ready> => {
  const { env, accountId } = approving
  const body = await bodyOfDraft(env, accountId, draft.id, sealed)
  const found = await serversOf(accountObject(env, accountId)).read(draft.serverId)
  if (!body || !found) throw new Refusal('The MCP server of this draft has ended, or the draft was decided.')
  const account = await admissionOf(env, accountId)
  const server = { ...found, config: effectiveConfig(found.config, account) }
  const tool = toolNow(draft, body, server.config, approving)
  checkAccount(account, tool.effect)
  const revision = `${account.revision}.${server.revision}`
  const admission = { account, server, orders: {}, caller: draft.caller, digest: tokenDigest, revision }
  const environment = environmentOf(
    { ...approving, admission },
    () => true,
    () => {},
  )
  const deadline = { startedAt: approving.startedAt, writes: true, now: environment.now }
  const finexio = withDeadline(await environment.openFinexio(), deadline)
  const context = { ...environment, finexio }
  const own = takeOwn(tool, body.args)
  if (own.dryRun)
    throw new Refusal(
      `${tool.name}: the MCP server of this draft only rehearses now (its dry_run is fixed). Reject the draft.`,
    )
  const plan = tool.plan(own.args, Date.now())
  if (canonical(plan.args) !== canonical(body.args))
    throw new Refusal(
      `${tool.name}: the MCP server of this draft fixes other arguments now. Reject the draft, and have it made anew.`,
    )
  const order = { key: draft.key, dryRun: false, reason: null, round: ONE_ROUND }
  const writes = environment.writes()
  return { work: { tool, plan, order, writes, open: async () => context }, context, body, draft }
}

type Ended = { ended: string; by: RefusedBy }

const endedBy = (absent: readonly Absent[], changes: readonly Changed[]): Ended | null => {
  const [first] = absent
  if (first)
    return {
      ended: absentWords(absent, 'no longer exists'),
      by: { code: 'unknown_record', facts: { id: first.id } },
    }
  if (changes.length === 0) return null
  const code = changes.every(({ kind }) => kind === 'payee_unseen') ? 'unread' : 'changed_supplier'
  return {
    ended: `not as it was when the draft was made: ${changes.map(changeWords).join('; ')}`,
    by: { code },
  }
}

/** Words of what changed since the draft was made, null when all is as its approver saw it; and names as they are now. */
const changeSince = async (
  { work, context, body }: Ready,
  paid: ReadonlySet<string>,
): Promise<{ change: Ended | null; names: Record<string, string> }> => {
  const { tool, plan } = work
  const { payees, absent } = await concernedBy(tool, plan, { payees: null, paid }, context)
  const changes = changedPayees(body.payees, payees, suppliersOf(plan))
  return { change: endedBy(absent, changes), names: namesOf(payees) }
}

type Checked =
  | { examined: Pick<ClaimRequest, 'concerns' | 'unchecked' | 'guard' | 'vouching' | 'names'> }
  | Ended

/** Looks up again everything that the draft was judged by. */
const checked = async (ready: Ready): Promise<Checked> => {
  const { tool, plan } = ready.work
  try {
    const examined = await examine(tool.name, plan, ready.context)
    const { change, names } = await changeSince(ready, examined.paid)
    const { concerns, unchecked, guard, vouching } = examined
    return change === null ? { examined: { concerns, unchecked, guard, vouching, names } } : change
  } catch (fault) {
    if (fault instanceof Refusal) return { ended: fault.message, by: fault.rule }
    throw fault
  }
}

const decided = (draft: StoredDraft): Approved =>
  refused(endedWords(draft, 'approve'), { code: 'draft_decided', facts: { id: draft.id } })

/** Of two who approve at once the later one learns what came of it, not what its own look at Finexio met. Null: it waits. */
const decidedAlready = async ({ env, accountId, draftId }: Approving): Promise<Approved | null> => {
  const opened = await draftsOf(accountObject(env, accountId)).read(draftId)
  return opened && opened.draft.state !== 'pending' ? decided(opened.draft) : null
}

const end = async (why: string, by: RefusedBy, approving: Approving): Promise<Approved> => {
  const { env, accountId, draftId, requestId, traceparent } = approving
  const call = byCall(requestId, traceparent)
  const ended = await draftsOf(accountObject(env, accountId)).cancel(draftId, cut(why, 500), call)
  if (ended.kind === 'refused') return (await decidedAlready(approving)) ?? refused(ended.why, by)
  return refused(
    `${why}${why.endsWith('.') ? '' : '.'} The draft was ended; nothing was sent to Finexio.`,
    by,
  )
}

/** What a claim may refuse, in words for who decides: those of the tool are for who called. */
const FOR_DECIDER: Readonly<Partial<Record<Claim['kind'], string>>> = {
  unknown_server:
    'The URL by which this was asked for was rotated, or its MCP server ended. Nothing was sent. Reject the draft, and have it made anew by a URL that works.',
  not_let_in:
    'Whoever asked for this may not call this MCP server any more. Nothing was sent. Reject the draft, or let them call again.',
  changed:
    'The settings of this MCP server or its account were changed at this moment. Nothing was sent. Look at the draft again, then decide.',
}

const run = async (ready: Ready, approving: Approving): Promise<Approved> => {
  const found = await checked(ready)
  if ('ended' in found) return end(found.ended, found.by, approving)
  const { draftId, by, reason } = approving
  const approval = { kind: 'approved', draftId, by, reason } as const
  const changes = shownChange(ready.work.plan, ready.body.before ?? null)
  const request = { ...(await requestFor(ready.work)), ...found.examined, changes, approval }
  const { writes } = ready.work
  const send = await senderOf(ready.draft.tool, ready.work.plan, writes.secret)
  const claim = await writes.claim(request)
  const late = claim.kind === 'claimed' ? null : await decidedAlready(approving)
  if (late) return late
  if (claim.kind === 'undecidable') return refused(claim.why, refusedByObstacle(claim), claim.forbidden)
  if (claim.kind !== 'claimed') {
    const { plan } = ready.work
    const words = FOR_DECIDER[claim.kind] ?? refusalOf(ready.draft.tool, claim, writes.sees, plan).message
    return refused(words, refusedByObstacle(claim))
  }
  await sendClaimed(claim.key, ready.context.finexio, send, ready.work).catch((fault) => {
    // What Finexio said is the outcome of the draft, and is in the ledger.
    if (!(fault instanceof FailedWrite)) throw fault
  })
  return { kind: 'ran' }
}

/**
 * @throws FinexioFailure when Finexio could not be asked: the draft waits on
 */
export const approveDraft = async (approving: Approving): Promise<Approved> => {
  const { env, accountId, draftId, by } = approving
  const opened = await draftsOf(accountObject(env, accountId)).read(draftId)
  if (!opened) return { kind: 'unknown' }
  // Whether it may be made anew matters more than who may decide on what nobody can decide on any more.
  if (opened.draft.state !== 'pending') return decided(opened.draft)
  const problem = await draftsOf(accountObject(env, accountId)).problem(draftId, by)
  if (problem)
    return refused(problem, { code: problem === CALLER_ENDED ? 'caller_ended' : 'four_eyes' }, true)
  try {
    return await run(await readyFor(opened, approving), approving)
  } catch (fault) {
    if (fault instanceof Refusal)
      return (await decidedAlready(approving)) ?? refused(fault.message, fault.rule)
    throw fault
  }
}
