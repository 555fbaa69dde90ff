/** What an account's object knows and decides about writes: ledger, rules, drafts. Every decision is one transaction. */

import { type Decider, DRAFT_MS, stepDraft } from '../rules/drafts.ts'
import { draftObstacle, presentState } from '../rules/ledger.ts'
import { heard, policyObstacle, roomOf } from '../rules/policy.ts'
import { effectiveConfig } from '../rules/server.ts'
import type {
  Claim,
  ClaimRequest,
  DraftNotice,
  Earlier,
  NewDraft,
  Obstacle,
  Preview,
  Settlement,
} from '../rules/write.ts'
import type { WriteSettings } from '../rules/write-settings.ts'
import type { AuditEntry, WriteEntry } from './audit/entry.ts'
import * as accounts from './tables/account.ts'
import { appendAudit } from './tables/audit.ts'
import * as drafts from './tables/drafts.ts'
import * as ledger from './tables/ledger.ts'
import { historyOf } from './tables/movements.ts'
import * as servers from './tables/servers.ts'

export type Drafted = { kind: 'drafted'; draft: DraftNotice } | { kind: 'too_many' } | Obstacle
export type Decided =
  | { kind: 'decided'; draft: drafts.StoredDraft }
  | { kind: 'unknown' }
  | { kind: 'refused'; why: string; forbidden: boolean }

/** A draft on its way to a person or back, with the arguments while they are kept. */
export type OpenDraft = {
  draft: drafts.StoredDraft
  sealed: { wrapped_key: Uint8Array; ciphertext: Uint8Array } | null
}

type Fate = Omit<WriteEntry, 'type' | 'request_id' | 'mcp_server_id' | 'tool_name'> &
  Partial<Pick<WriteEntry, 'request_id' | 'mcp_server_id' | 'tool_name'>>

const entryOf = (fate: Fate): AuditEntry => ({
  type: 'write',
  request_id: null,
  mcp_server_id: null,
  tool_name: null,
  ...fate,
})

const ofRequest = ({ requestId, serverId, tool }: ClaimRequest) => ({
  request_id: requestId,
  mcp_server_id: serverId,
  tool_name: tool,
})

const undecidable = ({ why, forbidden }: { why: string; forbidden: boolean }): Obstacle => ({
  kind: 'undecidable',
  why,
  forbidden,
})

/** Whatever the caller of the claim looked up: an approval counts for one write, down to each argument. */
const OTHER_WRITE = { why: 'This is not the write that was drafted.', forbidden: false }

/** `known` null: the MCP server ended. */
type Grounds = { stopped: boolean; known: { server: servers.Server; settings: WriteSettings } | null }

/** Of an account that exists; what has to follow a commit (sealing the trail, arming the alarm) is the object's to do. */
export class WriteBook {
  readonly #storage: DurableObjectStorage

  constructor(storage: DurableObjectStorage) {
    this.#storage = storage
  }

  get #sql() {
    return this.#storage.sql
  }

  #tell(fate: Fate, now: number): void {
    appendAudit(this.#sql, entryOf(fate), now)
  }

  /** What one decision goes by, read once. */
  #groundsFor({ serverId }: ClaimRequest, now: number): Grounds {
    const account = accounts.selectAccount(this.#sql)!
    const server = servers.selectServer(this.#sql, serverId, now)
    const known = server && { server, settings: effectiveConfig(server.config, account) }
    return { stopped: account.writes_stopped, known }
  }

  /** The same decision for a claim, its preview and a draft. */
  #obstacle(request: ClaimRequest, { stopped, known }: Grounds, now: number): Obstacle | null {
    if (stopped) return { kind: 'stopped' }
    if (!known) return { kind: 'unknown_server' }
    const repeat =
      ledger.obstacle(this.#sql, request, now) ??
      draftObstacle(drafts.selectEqualDraft(this.#sql, request), request, now)
    if (repeat) return repeat
    const held = ledger.heldSubjects(this.#sql, request)
    if (held.length > 0) return { kind: 'in_ledger', rows: held }
    return policyObstacle(known.settings, request, historyOf(this.#sql, request.serverId), now)
  }

  preview(request: ClaimRequest, now: number): Preview {
    const grounds = this.#groundsFor(request, now)
    const room = grounds.known
      ? roomOf(grounds.known.settings, historyOf(this.#sql, request.serverId), now)
      : { cents: null, count: null }
    return { obstacle: this.#obstacle(request, grounds, now), room }
  }

  /** Commits that a write is about to leave, or says what stands in its way. */
  claim(request: ClaimRequest, now: number): Claim {
    return this.#storage.transactionSync(() => {
      const grounds = this.#groundsFor(request, now)
      const obstacle = this.#obstacle(request, grounds, now) ?? this.#execute(request, now)
      if (obstacle) return obstacle
      const key = ledger.insertClaim(this.#sql, heard(grounds.known!.settings, request), now)
      this.#tell({ event: 'claimed', ...ofRequest(request), idempotency_key: key, outcome: null }, now)
      return { kind: 'claimed', key }
    })
  }

  /** Takes the draft that a claim runs under: approved and begun in one step, so that it runs once. */
  #execute(request: ClaimRequest, now: number): Obstacle | null {
    const { approval, requestId } = request
    if (approval?.kind !== 'approved') return null
    const { draftId, by, reason } = approval
    const draft = this.#draft(draftId, now)
    if (!draft) return undecidable({ why: 'There is no such draft.', forbidden: false })
    if (!drafts.isDrafted(this.#sql, draftId, request)) return undecidable(OTHER_WRITE)
    const approved = stepDraft(draft, { kind: 'approve', by }, now)
    if (approved.kind === 'refused') return undecidable(approved)
    const executed = stepDraft(approved.draft, { kind: 'execute' }, now)
    if (executed.kind === 'refused') return undecidable(executed)
    drafts.writeStep(this.#sql, executed.draft, { name: by.name, reason }, now)
    drafts.writeOutcome(this.#sql, draft.key, { state: 'claimed', kept: null })
    this.#tellDraft('approved', draft, requestId, by, now)
    return null
  }

  #tellDraft(
    event: WriteEntry['event'],
    draft: drafts.StoredDraft,
    request_id: string | null,
    by: Decider | null,
    now: number,
  ): void {
    const who = { actor_id: by?.id ?? null, actor_name: by?.name ?? null }
    const what = { mcp_server_id: draft.serverId, tool_name: draft.tool, idempotency_key: draft.key }
    this.#tell({ event, request_id, ...what, outcome: null, approval_id: draft.id, ...who }, now)
  }

  settle(settlement: Settlement, now: number): void {
    this.#storage.transactionSync(() => {
      const { key, state, kept } = settlement
      ledger.settle(this.#sql, settlement, now)
      drafts.writeOutcome(this.#sql, key, { state, kept })
      this.#tell({ event: 'settled', idempotency_key: key, outcome: state }, now)
    })
  }

  /** The write under a key, with the state it has now; null when there is none. */
  read(key: string, now: number): Earlier | null {
    const earlier = ledger.selectWrite(this.#sql, key)
    return earlier && presentState(earlier, now)
  }

  /** The same with what it was to make. */
  readWritten(key: string, now: number): ledger.Written | null {
    const written = ledger.selectWritten(this.#sql, key)
    return written && { ...written, ...presentState(written, now) }
  }

  /** Keeps a write for a person to decide, after all rules but approval were asked once more. */
  draft(draft: NewDraft, now: number): Drafted {
    return this.#storage.transactionSync(() => {
      const { id, request } = draft
      const grounds = this.#groundsFor(request, now)
      const obstacle = this.#obstacle(request, grounds, now)
      if (obstacle && obstacle.kind !== 'needs_approval') return obstacle
      if (drafts.countPending(this.#sql, now) >= drafts.MOST_PENDING) return { kind: 'too_many' }
      const key = request.key ?? request.minted
      drafts.insertDraft(this.#sql, draft, grounds.known!.server, now)
      this.#tell(
        {
          event: 'drafted',
          ...ofRequest(request),
          idempotency_key: key,
          outcome: 'pending',
          approval_id: id,
        },
        now,
      )
      return { kind: 'drafted', draft: { id, key, state: 'pending', expires_at: now + DRAFT_MS } }
    })
  }

  #draft(id: string, now: number): drafts.StoredDraft | null {
    const accountId = accounts.selectAccount(this.#sql)!.id
    const draft = drafts.selectDraft(this.#sql, id, accountId, now)
    const earlier = draft?.state === 'executed' ? this.read(draft.key, now) : null
    // The ledger learns of an outcome first, also that a claim went stale.
    return draft && earlier ? { ...draft, outcome: { state: earlier.state, kept: earlier.kept } } : draft
  }

  readDraft(id: string, now: number): OpenDraft | null {
    const draft = this.#draft(id, now)
    return draft && { draft, sealed: drafts.selectSealed(this.#sql, id) }
  }

  listDrafts(filter: drafts.DraftFilter, now: number) {
    return drafts.selectDrafts(this.#sql, filter, accounts.selectAccount(this.#sql)!.id, now)
  }

  reject(id: string, by: Decider, reason: string | null, requestId: string, now: number): Decided {
    return this.#storage.transactionSync(() => {
      const draft = this.#draft(id, now)
      if (!draft) return { kind: 'unknown' }
      const step = stepDraft(draft, { kind: 'reject', by }, now)
      if (step.kind === 'refused') return step
      drafts.writeStep(this.#sql, step.draft, { name: by.name, reason }, now)
      this.#tellDraft('rejected', draft, requestId, by, now)
      return { kind: 'decided', draft: this.#draft(id, now)! }
    })
  }

  /** Ends a draft that nobody may run any more: withdrawn by its caller, or overtaken by what changed at Finexio. */
  cancel(id: string, reason: string, requestId: string, now: number): Decided {
    return this.#storage.transactionSync(() => {
      const draft = this.#draft(id, now)
      if (!draft) return { kind: 'unknown' }
      const step = stepDraft(draft, { kind: 'cancel' }, now)
      if (step.kind === 'refused') return step
      drafts.writeStep(this.#sql, step.draft, { name: null, reason }, now)
      this.#tellDraft('canceled', draft, requestId, null, now)
      return { kind: 'decided', draft: this.#draft(id, now)! }
    })
  }

  sealedDrafts(): string[] {
    return drafts.sealedDrafts(this.#sql)
  }

  replaceSealed(id: string, from: Uint8Array, sealed: NonNullable<OpenDraft['sealed']>): boolean {
    return drafts.replaceSealed(this.#sql, id, from, sealed)
  }

  serverEnded(serverId: string, now: number): void {
    drafts.cancelOfServer(this.#sql, serverId, now)
  }

  tidy(now: number): void {
    ledger.tidyLedger(this.#sql, now)
    drafts.tidyDrafts(this.#sql, now)
  }

  /** When `tidy` has something to do next, in milliseconds since the epoch. */
  next(): (number | null)[] {
    return [ledger.nextTidying(this.#sql), drafts.nextDraftTidying(this.#sql)]
  }
}
