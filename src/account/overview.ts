/** What of an account needs a person now, in one round trip: a page that looks at many accounts asks each of them once. */
import { DAY_MS } from '../core/time.ts'
import { DRAFT_MS } from '../rules/drafts.ts'
import { type LimitUsed, nearlyUsed } from '../rules/limits-used.ts'
import type { Limits } from '../rules/server-settings.ts'
import { type DecidedBy, decisionProblem } from '../rules/who/four-eyes.ts'
import { type Authority, deciderIn, settingOf } from './authority.ts'
import type { AuthorityLease } from './lease.ts'
import { type Account, selectAccount } from './tables/account.ts'
import { type StoredDraft, selectDrafts } from './tables/drafts/drafts.ts'
import { selectSealed } from './tables/drafts/sealed-bodies.ts'
import { spentOf } from './tables/ledger/movements.ts'
import { countUnsettled } from './tables/ledger/unsettled.ts'
import { countAlarmed } from './tables/payees.ts'
import { countRows } from './tables/rows.ts'
import { type Ending, endingServers, limitedServers } from './tables/servers.ts'
import { Part, type Tenant } from './tenant.ts'
import type { Sealed } from './vault/envelope.ts'
import { withHandsNow } from './writes/drafts.ts'

/** How far ahead the end of a URL is said. */
const SOON_MS = 14 * DAY_MS
/** Waiting drafts that are looked at for whether somebody may decide on them: as many as one server may have. */
const MOST_LOOKED_AT = 100
const MOST_SHOWN = 5

/** `mine`: as things stand whoever asks may decide on it; null: nobody asked. `page`: what is kept to be shown of it; null: nothing. */
type Waiting = { draft: StoredDraft; mine: boolean | null; page: Sealed | null }

/** A limit of a server, or of all together: then `id` and `name` are null. */
type Used = LimitUsed & { id: string | null; name: string | null }

export type AccountOverview = {
  account: Account
  /** Those that whoever asks may decide on first, then the oldest. */
  approvals: { count: number; mine: number; first: Waiting[] }
  unknown: number
  payeesChanged: number
  ending: Ending[]
  limits: Used[]
}

const limitsUsed = (sql: SqlStorage, account: Limits, now: number): Used[] => {
  const used = (id: string | null, name: string | null, limits: Limits): Used[] =>
    Object.keys(limits).length === 0
      ? []
      : nearlyUsed(limits, spentOf(sql, id, now)).map((one) => ({ ...one, id, name }))
  return [
    ...used(null, null, account),
    ...limitedServers(sql, now).flatMap(({ id, name, limits }) => used(id, name, limits)),
  ]
}

const waitingIn = (
  sql: SqlStorage,
  accountId: string,
  by: { decider: DecidedBy; authority: Authority } | null,
  now: number,
): AccountOverview['approvals'] => {
  const page = { state: 'pending', limit: MOST_LOOKED_AT, before: Number.MAX_SAFE_INTEGER } as const
  const mineOf = (draft: StoredDraft) =>
    by &&
    decisionProblem(
      withHandsNow(sql, draft).hands,
      draft.created_at,
      deciderIn(by.authority, by.decider),
      settingOf(by.authority),
    ) === null
  const waiting = selectDrafts(sql, page, accountId, now).drafts.map((draft) => ({
    draft,
    mine: mineOf(draft),
  }))
  const first = waiting.toSorted(
    (a, b) => Number(b.mine) - Number(a.mine) || a.draft.created_at - b.draft.created_at,
  )
  return {
    count: countRows(sql, "draft WHERE state = 'pending' AND created_at > ?", now - DRAFT_MS),
    mine: waiting.filter(({ mine }) => mine).length,
    first: first
      .slice(0, MOST_SHOWN)
      .map((one) => ({ ...one, page: selectSealed(sql, 'draft_page', one.draft.id) })),
  }
}

/** `overview()` of the account's object. */
export class Overview extends Part {
  readonly #lease: AuthorityLease

  constructor(tenant: Tenant, lease: AuthorityLease) {
    super(tenant)
    this.#lease = lease
  }

  /** Null for an unknown account. @param decider who asks, where they may approve */
  async read(decider: DecidedBy | null): Promise<AccountOverview | null> {
    const account = this.tenant.known(selectAccount)
    if (!account) return null
    const asked = { accountId: account.id, caller: null, decider }
    const by = decider && { decider, authority: await this.#lease.read(asked, Date.now) }
    return this.tenant.known((sql, now) => ({
      account,
      approvals: waitingIn(sql, account.id, by, now),
      unknown: countUnsettled(sql, now),
      payeesChanged: account.payees === 'open' ? 0 : countAlarmed(sql),
      ending: endingServers(sql, now, now + SOON_MS),
      limits: limitsUsed(sql, account.limits, now),
    }))
  }
}
