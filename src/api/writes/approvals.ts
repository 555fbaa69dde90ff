/** `/approval` and `/integrated-account/:account/approval`: writes that wait for a person, and the decision about each. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, draftsOf, payeesOf } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { DraftFilter, StoredDraft } from '../../account/tables/drafts/drafts.ts'
import { readPages } from '../../account/vault/drafts.ts'
import type { OpenDraft } from '../../account/writes/drafts.ts'
import { canonicalId } from '../../core/ids.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { UNDOABLE } from '../../rules/approval.ts'
import { DRAFT_STATES } from '../../rules/drafts.ts'
import type { RefusedBy } from '../../rules/sentences/refused-by.ts'
import type { DecidedBy } from '../../rules/who/four-eyes.ts'
import { approveDraft } from '../../tools/writing/approve.ts'
import { lookedInto, readPage, type ShownPage } from '../../tools/writing/shown-draft.ts'
import { isoOf, pageAnswer, paged } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { askingIn, byRequest } from '../cause.ts'
import { ApiError, unknownAccount, unknownDraft, waitingError } from '../errors.ts'
import { DecisionInput, Page } from '../input.ts'
import { csvCutLine, streamed } from '../log/stream.ts'
import { shownPayee } from '../payees/shared.ts'
import { type Asked, route } from '../route.ts'
import {
  ApprovalAnswer,
  type CallBacks,
  shownDraft,
  shownPage,
  shownSame,
  type Undoable,
} from './approval-answer.ts'
import { HEAD, lineOf } from './approval-export.ts'

const Drafts = Page.extend({ state: z.enum(DRAFT_STATES).optional() })

const Exported = Drafts.omit({ limit: true })

/** Opened and written at once. */
const ROWS_AT_ONCE = 100

/** Every answer about approval says so while it is true, and nothing while it is not. */
const undoableIn = async ({ env }: Pick<Context<App>, 'env'>): Promise<Undoable> =>
  (await directoryObject(env).readDeployment()).second_person_for_settings ? {} : { undoable: UNDOABLE }

/** @throws ApiError 404 */
const draftIn = async ({
  c,
  accountId,
}: Pick<Asked<unknown, unknown>, 'c' | 'accountId'>): Promise<OpenDraft> => {
  const opened = await draftsOf(accountObject(c.env, accountId)).read(c.req.param('approval')!)
  if (!opened) throw unknownDraft()
  c.set('decidedOn', opened.draft.id)
  return opened
}

const decidingIn = (c: Context<App>): DecidedBy => {
  const { id, token } = actorIn(c)
  return { person: id, token }
}

type Listing = Pick<Asked<unknown, unknown>, 'c' | 'accountId'>

/** Drafts with the names in them; a page that does not open leaves ids. @throws ApiError 404 */
const pageOf = async ({ c: { env }, accountId }: Listing, filter: DraftFilter, undoable: Undoable) => {
  const found = await draftsOf(accountObject(env, accountId)).list(filter)
  if (!found) throw unknownAccount()
  const { drafts, next } = found
  const byId = new Map(drafts.map((draft) => [draft.id, draft]))
  const shown = await readPages(
    { env, accountId, ids: [...byId.keys()] },
    (page: ShownPage, id) => shownDraft(byId.get(id)!, page, undoable),
    () => {},
  )
  return { drafts: drafts.map((draft, at) => shown[at] ?? shownDraft(draft, null, undoable)), next }
}

const list = async (asked: Asked<z.infer<typeof Drafts>, unknown>) => {
  const { limit, next_cursor: before = Number.MAX_SAFE_INTEGER, state = null } = asked.query
  const { drafts, next } = await pageOf(asked, { state, limit, before }, await undoableIn(asked.c))
  return paged(drafts, next, (draft) => draft)
}

const exported = (asked: Asked<z.infer<typeof Exported>, unknown>) => {
  const { state = null, next_cursor: from = null } = asked.query
  const part = async (before: number | null) => {
    const filter = { state, limit: ROWS_AT_ONCE, before: before ?? Number.MAX_SAFE_INTEGER }
    const { drafts, next } = await pageOf(asked, filter, {})
    const lines = drafts.map(lineOf).join('')
    return { lines, rows: drafts.length, next }
  }
  const body = streamed<number>(HEAD, part, { from, cutLine: csvCutLine })
  return asked.c.body(body, 200, {
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': 'attachment; filename="finexio-mcp-approvals.csv"',
  })
}

/** Where payees have to be verified: who vouched for those whom it pays or changes. */
const callBacksOf = async (
  { c, accountId }: Listing,
  { summary }: StoredDraft,
): Promise<CallBacks | null> => {
  const object = accountObject(c.env, accountId)
  if ((await object.readAccount())?.payees !== 'verified') return null
  const { suppliers, target } = summary
  const ids = suppliers.length > 0 ? suppliers.map(({ id }) => id) : target === null ? [] : [target]
  const rows = (await payeesOf(object).known(ids.map(canonicalId)))?.rows ?? []
  const rowOf = (id: string) => rows.find(({ supplier }) => supplier === canonicalId(id)) ?? null
  return Object.fromEntries(ids.map((id) => [id, shownPayee(id, rowOf(id))]))
}

/** All of an open draft that turns on what is now. */
const openParts = async (asked: Listing, draft: StoredDraft) => {
  const { c, accountId } = asked
  const object = accountObject(c.env, accountId)
  const { target, suppliers } = draft.summary
  const [cannot_decide, may_approve, same, paid] = await Promise.all([
    draftsOf(object).problem(draft.id, decidingIn(c)),
    directoryObject(c.env).whoMayApprove(draft),
    draftsOf(object).same(draft.id),
    target !== null && suppliers.length === 0 ? payeesOf(object).lastPaid(target) : undefined,
  ])
  return {
    ...(paid !== undefined && { last_paid_at: isoOf(paid) }),
    cannot_decide,
    may_approve,
    same: same.map(shownSame),
  }
}

const read = async (asked: Asked<unknown, unknown>) => {
  const { c, accountId } = asked
  const opened = await draftIn(asked)
  const { draft } = opened
  const [kept, undoable] = await Promise.all([readPage(c.env, accountId, opened), undoableIn(c)])
  if (draft.state !== 'pending') return { ...shownDraft(draft, kept, undoable), ...(kept && shownPage(kept)) }
  const vouched = await callBacksOf(asked, draft)
  const [page, parts] = await Promise.all([
    kept && lookedInto(c.env, draft, kept, vouched, askingIn(c)),
    openParts(asked, draft),
  ])
  return { ...shownDraft(draft, page, undoable), ...(page && shownPage(page)), ...parts }
}

const refusal = ({ why, forbidden, by }: { why: string; forbidden: boolean; by?: RefusedBy }) =>
  new ApiError(forbidden ? 403 : 409, why).by(
    by?.code ?? (forbidden ? 'four_eyes' : 'draft_decided'),
    by?.facts,
  )

type Deciding = Asked<unknown, z.infer<typeof DecisionInput>>

/** Once it is decided, with the names that it was shown with: what was done stands, whether or not its page opens. */
const decidedAnswer = async (
  { c, accountId }: Listing,
  draft: StoredDraft,
  kept: Pick<OpenDraft, 'page'>,
): Promise<object> => {
  const [page, undoable] = await Promise.all([
    readPage(c.env, accountId, { draft, sealed: null, ...kept }).catch(() => null),
    undoableIn(c),
  ])
  return shownDraft(draft, page, undoable)
}

const approve = async ({ c, accountId, body: { reason } }: Deciding) => {
  const { draft } = await draftIn({ c, accountId })
  const approving = {
    env: c.env,
    accountId,
    draftId: draft.id,
    by: decidingIn(c),
    reason: reason || null,
    ...askingIn(c),
    startedAt: Date.now(),
  }
  const approved = await approveDraft(approving).catch((fault) => {
    throw fault instanceof FinexioFailure ? waitingError(fault) : fault
  })
  if (approved.kind === 'unknown') throw unknownDraft()
  if (approved.kind === 'refused') throw refusal(approved)
  const opened = await draftIn({ c, accountId })
  return decidedAnswer({ c, accountId }, opened.draft, opened)
}

const reject = async ({ c, accountId, body: { reason } }: Deciding) => {
  const { draft, page } = await draftIn({ c, accountId })
  const object = accountObject(c.env, accountId)
  const decided = await draftsOf(object).reject(draft.id, decidingIn(c), reason || null, byRequest(c))
  if (decided.kind === 'unknown') throw unknownDraft()
  if (decided.kind === 'refused') throw refusal(decided)
  return decidedAnswer({ c, accountId }, decided.draft, { page })
}

const ONE = '/approval/:approval'

export const approvalRoutes = [
  route('GET', '/integrated-account/:account/approval', 'listApprovals', {
    role: ['approve', 'audit'],
    says: 'List writes that wait, or waited, for approval',
    query: Drafts,
    answer: pageAnswer(ApprovalAnswer),
    handler: list,
  }),
  route('GET', '/integrated-account/:account/approval/export', 'exportApprovals', {
    role: ['approve', 'audit'],
    says: 'Export drafts as CSV: who asked, what for, who decided, why, and what came of it',
    query: Exported,
    answer: z.string(),
    media: ['text/csv'],
    handler: exported,
  }),
  route('GET', ONE, 'getApproval', {
    plain: ['approval'],
    role: ['approve', 'audit'],
    says: 'Show a draft with all that a decision needs, bank numbers masked; once it is decided, as it was shown',
    answer: ApprovalAnswer,
    handler: read,
  }),
  route('POST', `${ONE}/approve`, 'approveWrite', {
    plain: ['approval'],
    role: 'approve',
    fails: [409, 429, 502, 504],
    says: "Approve a draft and run it once, after all checks were made anew; a person's API token with approve",
    body: DecisionInput,
    example: { reason: 'Agrees with the purchase order' },
    bodyOptional: true,
    answer: ApprovalAnswer,
    handler: approve,
  }),
  route('POST', `${ONE}/reject`, 'rejectWrite', {
    plain: ['approval'],
    role: 'approve',
    fails: [409],
    says: "Reject a draft for good; a person's API token with approve",
    body: DecisionInput,
    example: { reason: 'Paid last week' },
    bodyOptional: true,
    answer: ApprovalAnswer,
    handler: reject,
  }),
]
