/** A draft as somebody looks at it: what was kept to be shown of it, and what Finexio has of its payees now. */
import { accountObject, draftsOf } from '../../account/account-stub.ts'
import type { StoredDraft } from '../../account/tables/drafts/drafts.ts'
import { openPage, sealPage } from '../../account/vault/drafts.ts'
import { VaultFault } from '../../account/vault/vault.ts'
import type { OpenDraft } from '../../account/writes/drafts.ts'
import type { Env } from '../../core/env.ts'
import { canonical } from '../../core/keys.ts'
import { type Asking, accountContext } from '../call/account-context.ts'
import { toolNamed } from '../catalogue.ts'
import { Refusal } from '../refusal.ts'
import { toolOf } from './approve.ts'
import { pageOf } from './draft-page.ts'
import { type Findings, readFindings, unreadFindings } from './findings.ts'
import { bodyOfDraft, type DraftBody, type DraftPage } from './writes.ts'

/** `call_backs`: who vouched for its payees, as it was shown. */
export type ShownPage = DraftPage & {
  findings?: Findings
  call_backs?: Readonly<Record<string, unknown>> | null
}

/** Null: this version would refuse what an earlier one drafted, as approving it does, with the reason. */
const plannedPage = (draft: StoredDraft, body: DraftBody): ShownPage | null => {
  try {
    return pageOf(toolOf(draft).plan(body.args, draft.created_at), body)
  } catch (fault) {
    if (fault instanceof Refusal) return null
    throw fault
  }
}

/**
 * As it was kept; of a draft that was made before such pages were, out of its arguments while it has them.
 * Null: nothing was kept, or it cannot be made.
 */
export const readPage = async (
  env: Env,
  accountId: string,
  { draft, sealed, page }: Pick<OpenDraft, 'draft' | 'sealed' | 'page'>,
): Promise<ShownPage | null> => {
  if (page) return openPage<ShownPage>(env, accountId, draft.id, page)
  if (draft.state !== 'pending') return null
  const body = await bodyOfDraft(env, accountId, draft.id, sealed)
  return body && plannedPage(draft, body)
}

/** Buyers and what is no party get no payments. */
const PAID = /^(supplier|counterpart)/

const hasPayees = ({ summary, tool }: StoredDraft): boolean =>
  summary.suppliers.length > 0 || (summary.target !== null && PAID.test(toolNamed(tool)?.resource ?? ''))

/** Whoever reloads a page within it, or is refused, does not cost Finexio another reading. */
const FRESH_MS = 60_000

const isFresh = ({ findings }: ShownPage, now: number): boolean =>
  findings?.could_not === null && Math.abs(now - Date.parse(findings.read_at)) < FRESH_MS

const read = async (
  env: Env,
  { accountId, summary, created_at }: StoredDraft,
  page: ShownPage,
  asking: Asking,
): Promise<Findings> => {
  const looked = { summary, page, askedAt: created_at }
  try {
    return await readFindings(looked, await accountContext(env, accountId, asking))
  } catch (fault) {
    if (fault instanceof Refusal) return unreadFindings(looked, fault.message, Date.now())
    if (!(fault instanceof VaultFault)) throw fault
    return unreadFindings(looked, 'The credentials of this account could not be opened.', Date.now())
  }
}

/**
 * The page of a draft that waits, with what Finexio has of its payees: that is kept too, so that afterwards it is known what was
 * shown. A reading that failed takes the place of none that did not.
 */
export const lookedInto = async (
  env: Env,
  draft: StoredDraft,
  { call_backs, ...page }: ShownPage,
  vouched: ShownPage['call_backs'],
  asking: Asking,
): Promise<ShownPage> => {
  const { id, accountId } = draft
  const stays = !hasPayees(draft) || isFresh(page, Date.now())
  const findings = stays ? page.findings : await read(env, draft, page, asking)
  const shown = { ...page, ...(findings && { findings }), call_backs: vouched ?? null }
  const isNews = !stays && (findings?.could_not === null || !page.findings)
  if (isNews || canonical(call_backs ?? null) !== canonical(shown.call_backs))
    await draftsOf(accountObject(env, accountId)).keepPage(
      id,
      await sealPage(env, accountId, id, {
        ...shown,
        ...(!isNews && page.findings && { findings: page.findings }),
      }),
    )
  return shown
}
