/** `/approval` and `/integrated-account/:account/approval`: writes that wait for a person, and the decision about each. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, draftsOf, payeesOf } from '../../account/account-stub.ts'
import { directoryObject } from '../../account/directory-stub.ts'
import type { StoredDraft } from '../../account/tables/drafts.ts'
import { decimalOf } from '../../core/money.ts'
import { cleanText } from '../../core/text.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { UNDOABLE } from '../../rules/approval.ts'
import { DRAFT_MS, DRAFT_STATES } from '../../rules/drafts.ts'
import type { DecidedBy } from '../../rules/who/four-eyes.ts'
import { approveDraft, viewDraft } from '../../tools/writing/approve.ts'
import { isoOf, pageAnswer, paged, time, uuid } from '../answers.ts'
import { type App, actorIn } from '../auth.ts'
import { ApiError, unknownAccount, unknownDraft, waitingError } from '../errors.ts'
import { Page } from '../input.ts'
import { type Asked, route } from '../route.ts'

const total = z.string().nullable()

const ApprovalAnswer = z.object({
  id: z.string(),
  integrated_account_id: uuid,
  mcp_server_id: uuid,
  mcp_server_name: z.string(),
  tool: z.string(),
  effect: z.enum(['write', 'money']),
  state: z.enum(DRAFT_STATES),
  reasons: z.array(z.looseObject({ kind: z.string() })).describe('Why a person has to agree.'),
  summary: z.object({
    count: z.int(),
    total_cents: z.int(),
    total,
    suppliers: z.array(
      z.object({
        id: z.string(),
        name: z.string().nullable().describe('Only of an open draft, read by its id.'),
        count: z.int(),
        cents: z.int(),
        total,
        first_payment: z.boolean().nullable().describe('null: could not be found out.'),
        changed_at: time.nullable().describe('Last change of bank account or method.'),
      }),
    ),
    target: z.string().nullable().describe('Id of the record that is changed.'),
    fields: z.array(z.string()).describe('Fields that it sets on a supplier, buyer or counterparty.'),
  }),
  caller: z.looseObject({ kind: z.enum(['url', 'api_token', 'person']) }),
  hands: z
    .looseObject({ caller: z.looseObject({}).nullable() })
    .describe('Ids of those who had a hand in it and may not decide; caller null: nobody knows who called.'),
  call_reason: z.string().nullable().describe('Why, as the caller said: text of whoever called.'),
  idempotency_key: z.string(),
  created_at: time,
  expires_at: time,
  decided_at: time.nullable(),
  decided_by: z.object({ id: z.string(), name: z.string() }).nullable(),
  decision_reason: z.string().nullable(),
  one_person: z.boolean().describe('Decided in one-person mode, by somebody who had a hand in it.'),
  undoable: z.string().optional().describe('Said while settings need no second person.'),
  outcome: z.looseObject({ state: z.string() }).nullable(),
  would_send: z
    .looseObject({ request: z.string(), empties: z.array(z.string()).optional() })
    .optional()
    .describe('Only of an open draft.'),
  changes: z
    .array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() }))
    .optional()
    .describe(
      'Of an open draft that changes a supplier, buyer or counterparty: what would stand in the place of what, masked.',
    ),
  target_name: z.string().nullable().optional(),
  unsettled_payments: z
    .boolean()
    .nullable()
    .optional()
    .describe('Whether Finexio had unsettled payments to it when this was asked for; null: not known.'),
  last_paid_at: time.nullable().optional().describe('When it was last paid through this account.'),
  cannot_decide: z
    .string()
    .nullable()
    .optional()
    .describe('Why whoever asks may not decide on this open draft; null: they may.'),
  may_approve: z
    .array(z.object({ id: uuid, name: z.string() }))
    .optional()
    .describe('Of one open draft: who may approve it as things stand.'),
})

const Drafts = Page.extend({ state: z.enum(DRAFT_STATES).optional() })

const Decision = z.strictObject({
  reason: z
    .string()
    .max(500)
    .transform((text) => cleanText(text).trim())
    .optional(),
})

/** Shown of an open draft only: the request that would be sent, and names of suppliers by id. */
type DraftView = NonNullable<Awaited<ReturnType<typeof viewDraft>>>

const shownView = ({ summary: { target } }: StoredDraft, { names, ...view }: DraftView) => ({
  ...view,
  ...(view.changes && target !== null && { target_name: names.get(target) ?? null }),
})

/** @param view null: not opened, or erased @param undoable what is said while one person alone can undo the rule */
export const shownDraft = (draft: StoredDraft, view: DraftView | null, undoable: Undoable) => {
  const { summary, outcome, caller } = draft
  return {
    id: draft.id,
    integrated_account_id: draft.accountId,
    mcp_server_id: draft.serverId,
    mcp_server_name: draft.serverName,
    tool: draft.tool,
    effect: draft.effect,
    state: draft.state,
    reasons: draft.reasons,
    summary: {
      ...summary,
      total: decimalOf(summary.total_cents),
      suppliers: summary.suppliers.map((supplier) => ({
        ...supplier,
        total: decimalOf(supplier.cents),
        name: view?.names.get(supplier.id) ?? null,
      })),
    },
    caller,
    hands: draft.hands,
    call_reason: draft.callReason,
    idempotency_key: draft.key,
    created_at: isoOf(draft.created_at),
    expires_at: isoOf(draft.created_at + DRAFT_MS),
    decided_at: isoOf(draft.decidedAt),
    decided_by:
      draft.decidedBy === null ? null : { id: draft.decidedBy, name: draft.deciderName ?? draft.decidedBy },
    decision_reason: draft.decisionReason,
    one_person: draft.onePerson,
    outcome: outcome && { ...outcome.kept, state: outcome.state },
    ...(view && shownView(draft, view)),
    ...undoable,
  }
}

type Undoable = { undoable?: string }

/** Every answer about approval says so while it is true, and nothing while it is not. */
const undoableIn = async ({ env }: Pick<Context<App>, 'env'>): Promise<Undoable> =>
  (await directoryObject(env).readDeployment()).second_person_for_settings ? {} : { undoable: UNDOABLE }

/** @throws ApiError 404 */
const draftIn = async ({
  c,
  accountId,
}: Pick<Asked<unknown, unknown>, 'c' | 'accountId'>): Promise<StoredDraft> => {
  const opened = await draftsOf(accountObject(c.env, accountId)).read(c.req.param('approval')!)
  if (!opened) throw unknownDraft()
  return opened.draft
}

const decidingIn = (c: Context<App>): DecidedBy => {
  const { id, token } = actorIn(c)
  return { person: id, token }
}

const list = async ({ c, accountId, query }: Asked<z.infer<typeof Drafts>, unknown>) => {
  const { limit, next_cursor: before = Number.MAX_SAFE_INTEGER, state = null } = query
  const [page, undoable] = await Promise.all([
    draftsOf(accountObject(c.env, accountId)).list({ state, limit, before }),
    undoableIn(c),
  ])
  if (!page) throw unknownAccount()
  return paged(page.drafts, page.next, (draft) => shownDraft(draft, null, undoable))
}

const read = async ({ c, accountId }: Asked<unknown, unknown>) => {
  const draft = await draftIn({ c, accountId })
  const [view, undoable] = await Promise.all([viewDraft(c.env, accountId, draft), undoableIn(c)])
  if (draft.state !== 'pending') return shownDraft(draft, view, undoable)
  const object = accountObject(c.env, accountId)
  const { target } = draft.summary
  const [cannot_decide, may_approve, last_paid_at] = await Promise.all([
    draftsOf(object).problem(draft.id, decidingIn(c)),
    directoryObject(c.env).whoMayApprove(draft),
    view?.changes && target !== null ? payeesOf(object).lastPaid(target) : undefined,
  ])
  return {
    ...shownDraft(draft, view, undoable),
    ...(last_paid_at !== undefined && { last_paid_at: isoOf(last_paid_at) }),
    cannot_decide,
    may_approve,
  }
}

const refusal = ({ why, forbidden }: { why: string; forbidden: boolean }) =>
  new ApiError(forbidden ? 403 : 409, why)

type Deciding = Asked<unknown, z.infer<typeof Decision>>

const approve = async ({ c, accountId, body: { reason } }: Deciding) => {
  const draft = await draftIn({ c, accountId })
  const approving = {
    env: c.env,
    accountId,
    draftId: draft.id,
    by: decidingIn(c),
    reason: reason || null,
    requestId: c.get('requestId'),
    startedAt: Date.now(),
    origin: new URL(c.req.url).origin,
  }
  const approved = await approveDraft(approving).catch((fault) => {
    throw fault instanceof FinexioFailure ? waitingError(fault) : fault
  })
  if (approved.kind === 'unknown') throw unknownDraft()
  if (approved.kind === 'refused') throw refusal(approved)
  return shownDraft(await draftIn({ c, accountId }), null, await undoableIn(c))
}

const reject = async ({ c, accountId, body: { reason } }: Deciding) => {
  const draft = await draftIn({ c, accountId })
  const object = accountObject(c.env, accountId)
  const decided = await draftsOf(object).reject(draft.id, decidingIn(c), reason || null, c.get('requestId'))
  if (decided.kind === 'unknown') throw unknownDraft()
  if (decided.kind === 'refused') throw refusal(decided)
  return shownDraft(decided.draft, null, await undoableIn(c))
}

const ONE = '/approval/:approval'

export const approvalRoutes = [
  route({
    verb: 'GET',
    path: '/integrated-account/:account/approval',
    role: ['approve', 'audit'],
    says: 'List writes that wait, or waited, for approval',
    query: Drafts,
    answer: pageAnswer(ApprovalAnswer),
    handler: list,
  }),
  route({
    verb: 'GET',
    path: ONE,
    plain: ['approval'],
    role: ['approve', 'audit'],
    says: 'Show a draft with what it would send, bank numbers masked',
    answer: ApprovalAnswer,
    handler: read,
  }),
  route({
    verb: 'POST',
    path: `${ONE}/approve`,
    plain: ['approval'],
    role: 'approve',
    says: "Approve a draft and run it once, after all checks were made anew; a person's API token with approve",
    body: Decision,
    bodyOptional: true,
    answer: ApprovalAnswer,
    handler: approve,
  }),
  route({
    verb: 'POST',
    path: `${ONE}/reject`,
    plain: ['approval'],
    role: 'approve',
    says: "Reject a draft for good; a person's API token with approve",
    body: Decision,
    bodyOptional: true,
    answer: ApprovalAnswer,
    handler: reject,
  }),
]
