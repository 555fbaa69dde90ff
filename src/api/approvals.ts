/** `/approval` and `/integrated-account/:account/approval`: writes that wait for a person, and the decision about each. */
import type { Context } from 'hono'
import { Hono } from 'hono/tiny'
import * as z from 'zod'
import { accountObject } from '../account/account-stub.ts'
import type { StoredDraft } from '../account/tables/drafts.ts'
import type { Env } from '../core/env.ts'
import { cleanText } from '../core/text.ts'
import { FinexioFailure } from '../finexio/failure.ts'
import { accountOfDraft } from '../rules/draft-id.ts'
import { mayAct, mayManage } from '../rules/scopes.ts'
import type { Approved, Approving } from '../tools/writing/approve.ts'
import { unknownAccount } from './accounts.ts'
import { type DraftView, shownDraft } from './approval-view.ts'
import { type App, actorIn } from './auth.ts'
import { ApiError, invalidInput, waitingError } from './errors.ts'
import { bodyOf, idOf, Page } from './input.ts'

const STATES = ['pending', 'approved', 'executed', 'rejected', 'expired', 'canceled'] as const

export const Drafts = Page.extend({ state: z.enum(STATES).optional() })

export const Decision = z.strictObject({
  reason: z
    .string()
    .max(500)
    .transform((text) => cleanText(text).trim())
    .optional(),
})

/** What the API asks of the tools layer about drafts. */
export type DraftDesk = {
  /** The request of a draft, masked, and the names of suppliers; null once it was decided. */
  view(env: Env, accountId: string, draft: StoredDraft): Promise<DraftView | null>
  /** @throws FinexioFailure when Finexio could not be asked: the draft waits on */
  approve(approving: Approving): Promise<Approved>
}

const unknownDraft = () => new ApiError(404, 'There is no draft with this id, or it was decided long ago.')

/** Those who manage an account may look, and those who may decide. */
const mayLook = (c: Context<App>, accountId: string): boolean => {
  const { scopes } = actorIn(c)
  return mayManage(scopes, accountId) || mayAct(scopes, 'approve', accountId)
}

/** @throws ApiError 404, also for what the caller may not see */
const draftIn = async (c: Context<App>): Promise<{ accountId: string; draft: StoredDraft }> => {
  const id = c.req.param('approval') ?? ''
  const accountId = accountOfDraft(id)
  if (accountId === null || !mayLook(c, accountId)) throw unknownDraft()
  const opened = await accountObject(c.env, accountId).readDraft(id)
  if (!opened) throw unknownDraft()
  return { accountId, draft: opened.draft }
}

const list = async (c: Context<App>) => {
  const accountId = idOf(c, 'account')
  if (accountId === null || !mayLook(c, accountId)) throw unknownAccount()
  const parsed = Drafts.safeParse(c.req.query())
  if (!parsed.success) throw invalidInput(parsed.error)
  const { limit, next_cursor: before = Number.MAX_SAFE_INTEGER, state = null } = parsed.data
  const page = await accountObject(c.env, accountId).listDrafts({ state, limit, before })
  if (!page) throw unknownAccount()
  const result = page.drafts.map((draft) => shownDraft(draft, null))
  return c.json({ result, next_cursor: page.next === null ? null : String(page.next) })
}

const read = (desk: DraftDesk) => async (c: Context<App>) => {
  const { accountId, draft } = await draftIn(c)
  return c.json(shownDraft(draft, await desk.view(c.env, accountId, draft)))
}

const refusal = ({ why, forbidden }: { why: string; forbidden: boolean }) =>
  new ApiError(forbidden ? 403 : 409, why)

const approve = (desk: DraftDesk) => async (c: Context<App>) => {
  const { accountId, draft } = await draftIn(c)
  const { reason } = await bodyOf(c, Decision, {})
  const approving = {
    env: c.env,
    accountId,
    draftId: draft.id,
    by: actorIn(c),
    reason: reason || null,
    requestId: c.get('requestId'),
    origin: new URL(c.req.url).origin,
  }
  const approved = await desk.approve(approving).catch((fault) => {
    throw fault instanceof FinexioFailure ? waitingError(fault) : fault
  })
  if (approved.kind === 'unknown') throw unknownDraft()
  if (approved.kind === 'refused') throw refusal(approved)
  return c.json(shownDraft((await draftIn(c)).draft, null))
}

const reject = async (c: Context<App>) => {
  const { accountId, draft } = await draftIn(c)
  const { reason } = await bodyOf(c, Decision, {})
  const object = accountObject(c.env, accountId)
  const decided = await object.rejectDraft(draft.id, actorIn(c), reason || null, c.get('requestId'))
  if (decided.kind === 'unknown') throw unknownDraft()
  if (decided.kind === 'refused') throw refusal(decided)
  return c.json(shownDraft(decided.draft, null))
}

export const approvalRoutes = (desk: DraftDesk) =>
  new Hono<App>()
    .get('/integrated-account/:account/approval', list)
    .get('/approval/:approval', read(desk))
    .post('/approval/:approval/approve', approve(desk))
    .post('/approval/:approval/reject', reject)
