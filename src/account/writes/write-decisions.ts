/** What an account's object decides about writes: ledger, rules, drafts. Every decision is one transaction. */
import { DRAFT_MS, stepDraft } from '../../rules/drafts.ts'
import { draftObstacle, presentState } from '../../rules/ledger.ts'
import { type AccountLimits, totalOf } from '../../rules/limits.ts'
import { careDays, underWayConcern } from '../../rules/payees/under-way.ts'
import { policyObstacle, roomOf, withValidApproval } from '../../rules/policy.ts'
import { effectiveConfig, type Limits, type WriteSettings } from '../../rules/server-settings.ts'
import type {
  Claim,
  ClaimRequest,
  DraftNotice,
  NewDraft,
  Obstacle,
  Preview,
  Settlement,
} from '../../rules/write-contract.ts'
import { type AboutWrite, behind, byCall, type WriteEntry } from '../audit/entry.ts'
import { type Authority, deciderIn, settingOf, withIssuer } from '../authority.ts'
import * as accounts from '../tables/account.ts'
import { appendAudit } from '../tables/audit.ts'
import { selectSame, selectSameAs } from '../tables/drafts/draft-subjects.ts'
import * as drafts from '../tables/drafts/drafts.ts'
import * as ledger from '../tables/ledger/ledger.ts'
import { accountHistory, historyOf, lastPaidAt, namesOf } from '../tables/ledger/movements.ts'
import { selectWritten, type Written } from '../tables/ledger/unsettled.ts'
import { aboutWrite, namedSuppliers, toldOf } from '../tables/ledger/write-facts.ts'
import { unvoidPayees, voidPayee } from '../tables/payees.ts'
import { selectGrant } from '../tables/principals/grants.ts'
import * as servers from '../tables/servers.ts'
import { callersOf, handsOf, isAsked } from './callers.ts'
import { keepClaimedChange, noteChangers } from './changed.ts'
import { draftNow, recordDraft, whyRefused } from './drafts.ts'
import { settleClaim } from './settled.ts'

export type Drafted = { kind: 'drafted'; draft: DraftNotice } | { kind: 'too_many' } | Obstacle

const undecidable = ({ why, forbidden }: { why: string; forbidden: boolean }): Obstacle => ({
  kind: 'undecidable',
  why,
  forbidden,
})

/** Whatever the caller of the claim looked up: an approval counts for one write, down to each argument. */
const OTHER_WRITE = { why: 'This is not the write that was drafted.', forbidden: false }

/** What a decision is based on. `known` null: the MCP server ended. */
type Basis = {
  stopped: boolean
  revision: string
  known: { server: servers.Server; settings: WriteSettings } | null
  limits: Limits
}

/** What the directory says of the moment, read under a lease before the transaction. */
export type Moment = { authority: Authority; now: number }

/** What rows and notifications say of a write: how much, to whom, and who is behind it. @param server null: it is gone */
export const aboutRequest = (
  { movements, names, letIn }: ClaimRequest,
  server: Pick<servers.Server, 'name' | 'holder'> | null,
): AboutWrite => {
  const suppliers = new Set(movements.map(({ supplier }) => supplier))
  const { name = null, holder = null } = server ?? {}
  return {
    ...aboutWrite(name, totalOf(movements).cents, suppliers.size),
    ...namedSuppliers(suppliers, names),
    ...behind(letIn.caller, { holder: holder?.id ?? null, holder_name: holder?.name ?? null }),
  }
}

/** Whatever waits for a person says whether one person alone could undo the rule that asks for it. */
const told = (obstacle: Obstacle | null, { second_person_for_settings }: Authority): Obstacle | null => {
  const undoable = !second_person_for_settings
  if (obstacle?.kind === 'drafted') return { ...obstacle, draft: { ...obstacle.draft, undoable } }
  return obstacle?.kind === 'needs_approval' ? { ...obstacle, undoable } : obstacle
}

/** Decides for an account that exists. What must follow a commit (hashing the trail's rows, setting the alarm) its object does. */
export class WriteDecisions {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  get #sql() {
    return this.#storage.sql
  }

  /** Read once for each decision. */
  #basisOf({ serverId }: ClaimRequest, now: number): Basis {
    const account = accounts.selectAccount(this.#sql)!
    const server = servers.selectServer(this.#sql, serverId, now)
    const known = server && { server, settings: effectiveConfig(server.config, account) }
    const revision = `${account.revision}.${server?.revision}`
    return { stopped: account.writes_stopped, revision, known, limits: account.limits }
  }

  /** Whether a call would still be let in, under the settings by which it was judged. */
  #notLetIn({ serverId, letIn }: ClaimRequest, { revision, known }: Basis, moment: Moment): Obstacle | null {
    const { digest, caller } = letIn
    if (digest && !servers.isTokenOf(this.#sql, serverId, digest, moment.now))
      return { kind: 'unknown_server' }
    const grant = caller.kind === 'url' ? undefined : caller.oauth
    const signedIn = !grant || selectGrant(this.#sql, serverId, grant.grant_id, moment.now)
    const lacksKey = caller.kind === 'url' && known !== null && isAsked(known.server)
    if (!signedIn || lacksKey || !moment.authority.callerMayUse) return { kind: 'not_let_in' }
    return letIn.revision === revision ? null : { kind: 'changed' }
  }

  /** What prevents a write; null: nothing. Claims, previews and drafts all ask this. */
  #obstacle(request: ClaimRequest, basis: Basis, moment: Moment): Obstacle | null {
    return told(this.#withSame(this.#prevented(request, basis, moment), request, moment), moment.authority)
  }

  /** Whatever waits for a person names what waits for the same already, made or not. */
  #withSame(obstacle: Obstacle | null, { equals }: ClaimRequest, { now }: Moment): Obstacle | null {
    if (obstacle?.kind === 'needs_approval')
      return { ...obstacle, same: selectSameAs(this.#sql, equals, now) }
    if (obstacle?.kind !== 'drafted' || obstacle.draft.state !== 'pending') return obstacle
    const { draft } = obstacle
    return { ...obstacle, draft: { ...draft, same: selectSame(this.#sql, draft.id, now) } }
  }

  #prevented(request: ClaimRequest, basis: Basis, moment: Moment): Obstacle | null {
    const { stopped, known } = basis
    const { authority, now } = moment
    if (stopped || authority.writes_stopped) return { kind: 'stopped', all: !stopped }
    if (!known) return { kind: 'unknown_server' }
    const refused = this.#notLetIn(request, basis, moment)
    if (refused) return refused
    const repeat =
      ledger.obstacle(this.#sql, request, now) ??
      draftObstacle(drafts.selectEqualDraft(this.#sql, request, now), request, now)
    if (repeat) return repeat
    const met = ledger.recordsInLedger(this.#sql, request, now)
    if (met) return met
    const history = historyOf(this.#sql, request.serverId)
    const careful = this.#withMoneyUnderWay(request, now)
    return policyObstacle(known.settings, careful, history, now, this.#accountLimits(basis))
  }

  /** Rules about payees of any server count: what one may change, others have paid. */
  #withMoneyUnderWay(request: ClaimRequest, now: number): ClaimRequest {
    const { changes, concerns } = request
    if (changes === null) return request
    const days = careDays(
      servers.payeeRulesOf(this.#sql),
      accounts.selectAccount(this.#sql)!.payees === 'verified',
    )
    const concern = underWayConcern(changes, days, lastPaidAt(this.#sql, changes.payee), now)
    return concern ? { ...request, concerns: [...concerns, concern] } : request
  }

  #accountLimits({ limits }: Basis): AccountLimits {
    return { limits, history: accountHistory(this.#sql) }
  }

  preview(request: ClaimRequest, moment: Moment): Preview {
    const { now } = moment
    const basis = this.#basisOf(request, now)
    const room = basis.known
      ? roomOf(basis.known.settings, historyOf(this.#sql, request.serverId), now, this.#accountLimits(basis))
      : { cents: null, count: null }
    return { obstacle: this.#obstacle(request, basis, moment), room }
  }

  /** Commits that a write is about to leave, or says what prevents it. */
  claim(given: ClaimRequest, moment: Moment): Claim {
    const { now } = moment
    return this.#storage.transactionSync(() => {
      const request = { ...given, names: namesOf(this.#sql, given) }
      const basis = this.#basisOf(request, now)
      const obstacle = this.#obstacle(request, basis, moment) ?? this.#execute(request, moment)
      if (obstacle) return obstacle
      const people = callersOf(this.#sql, request, basis.known!.server, now)
      const key = ledger.insertClaim(
        this.#sql,
        withValidApproval(basis.known!.settings, request),
        now,
        people,
      )
      noteChangers(this.#sql, request, key, people, now)
      const about = this.#aboutClaim(request, basis, now)
      this.#record('claimed', request, key, { outcome: null, ...about }, now)
      keepClaimedChange(this.#sql, request, key, now)
      if (request.changes) voidPayee(this.#sql, request.changes.payee, { at: now, key }, now)
      return { kind: 'claimed', key }
    })
  }

  /** Who drafted a write stands behind it still, whoever holds the server when it is approved. */
  #aboutClaim(request: ClaimRequest, basis: Basis, now: number): AboutWrite {
    const { approval } = request
    const draft = approval?.kind === 'approved' ? draftNow(this.#sql, approval.draftId, now) : null
    return {
      ...aboutRequest(request, basis.known?.server ?? null),
      ...(draft && toldOf(this.#sql, draft.key, draft.created_at)),
    }
  }

  /** Takes the draft that a claim runs under: approved and begun in one step, so that it runs once. */
  #execute(request: ClaimRequest, { authority, now }: Moment): Obstacle | null {
    const { approval, requestId, traceparent } = request
    if (approval?.kind !== 'approved') return null
    const { draftId, reason } = approval
    const draft = withIssuer(draftNow(this.#sql, draftId, now), authority)
    if (!draft) return undecidable({ why: 'There is no such draft.', forbidden: false })
    if (!drafts.isDrafted(this.#sql, draftId, request)) return undecidable(OTHER_WRITE)
    const by = deciderIn(authority, approval.by)
    const approved = stepDraft(draft, { kind: 'approve', by, setting: settingOf(authority) }, now)
    if (approved.kind === 'refused') return undecidable(whyRefused(approved, draft, 'approve'))
    const executed = stepDraft(approved.draft, { kind: 'execute' }, now)
    if (executed.kind === 'refused') return undecidable(executed)
    drafts.writeStep(this.#sql, executed.draft, { name: by.name, reason }, now)
    drafts.writeOutcome(this.#sql, draft.key, now, { state: 'claimed', kept: null })
    recordDraft(
      this.#sql,
      'approved',
      { ...draft, ...executed.draft },
      { call: byCall(requestId, traceparent), by },
      now,
    )
    return null
  }

  #record(
    event: WriteEntry['event'],
    {
      requestId,
      serverId,
      tool,
      traceparent,
    }: Pick<ClaimRequest, 'requestId' | 'serverId' | 'tool' | 'traceparent'>,
    idempotency_key: string,
    rest: Pick<WriteEntry, 'outcome' | 'approval_id'> & AboutWrite,
    now: number,
  ): void {
    const what = { ...byCall(requestId, traceparent), mcp_server_id: serverId, tool_name: tool }
    appendAudit(this.#sql, { type: 'write', ...what, event, idempotency_key, ...rest }, now)
  }

  settle(settlement: Settlement, now: number): void {
    this.#storage.transactionSync(() => {
      const { key, state, traceparent } = settlement
      // It comes again where the answer to the first one was lost.
      const isSettled = settleClaim(this.#sql, settlement, traceparent ? { traceparent } : {}, now)
      if (isSettled && (state === 'rejected' || state === 'not_sent')) unvoidPayees(this.#sql, key)
    })
  }

  /** The write under a key, with the state it has now and what it was to make; null when there is none. */
  readWritten(key: string, now: number): Written | null {
    const written = selectWritten(this.#sql, key)
    return written && { ...written, ...presentState(written, now) }
  }

  /** Keeps a write for a person to decide, after all rules but approval were asked once more. */
  draft(draft: NewDraft, moment: Moment): Drafted {
    const { now } = moment
    return this.#storage.transactionSync(() => {
      const { id, request } = draft
      const basis = this.#basisOf(request, now)
      const obstacle = this.#obstacle(request, basis, moment)
      if (obstacle && obstacle.kind !== 'needs_approval') return obstacle
      if (drafts.tooManyPending(this.#sql, request.serverId, now)) return { kind: 'too_many' }
      const key = request.key ?? request.minted
      const { server } = basis.known!
      drafts.insertDraft(this.#sql, draft, server, handsOf(this.#sql, draft, server, now), now)
      const about = { outcome: 'pending', approval_id: id, ...aboutRequest(request, server) }
      this.#record('drafted', request, key, about, now)
      const undoable = !moment.authority.second_person_for_settings
      const same = selectSame(this.#sql, id, now)
      return {
        kind: 'drafted',
        draft: { id, key, state: 'pending', expires_at: now + DRAFT_MS, undoable, same },
      }
    })
  }
}
