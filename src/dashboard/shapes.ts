/** What the management API answers, as pages read it. */
import type * as z from 'zod'
import type * as accounts from '../api/accounts/accounts.ts'
import type * as pastAccount from '../api/history/account.ts'
import type * as pastAccounts from '../api/history/accounts.ts'
import type * as pastServer from '../api/history/server.ts'
import type { VerifyAnswer } from '../api/log/verify.ts'
import type { OverviewAnswer } from '../api/overview.ts'
import type * as review from '../api/payees/review.ts'
import type * as payees from '../api/payees/routes.ts'
import type * as payee from '../api/payees/shared.ts'
import type * as tokens from '../api/people/api-tokens.ts'
import type { GrantAnswer } from '../api/people/grants.ts'
import type { PersonAnswer } from '../api/people/people.ts'
import type * as servers from '../api/servers.ts'
import type { DeploymentAnswer } from '../api/settings/deployment.ts'
import type { SettingsDraftAnswer } from '../api/settings/settings-drafts.ts'
import type * as usage from '../api/usage.ts'
import type { shownDraft, shownPage, shownSame } from '../api/writes/approval-answer.ts'
import type { UnknownWriteShown } from '../api/writes/unknown-writes.ts'
import type * as writes from '../api/writes/writes.ts'

export type Account = z.infer<typeof accounts.AccountAnswer>
export type AccountEntry = z.infer<typeof accounts.AccountEntry>
export type Server = z.infer<typeof servers.ServerAnswer>
export type NewServer = z.infer<typeof servers.NewServerAnswer>
export type ApiToken = z.infer<typeof tokens.ApiTokenAnswer>
export type NewApiToken = z.infer<typeof tokens.NewApiTokenAnswer>
export type AccountUsage = z.infer<typeof usage.AccountUsage>
export type Overview = z.infer<typeof OverviewAnswer>
export type Grant = z.infer<typeof GrantAnswer>
export type Person = z.infer<typeof PersonAnswer>
export type Deployment = z.infer<typeof DeploymentAnswer>
export type ServerUsage = z.infer<typeof usage.ServerUsage>
export type Verified = z.infer<typeof VerifyAnswer>
export type Stopped = z.infer<typeof writes.Stopped>
/** A draft that waits, or waited, for a person. */
export type Approval = ReturnType<typeof shownDraft> &
  Partial<ReturnType<typeof shownPage>> & {
    cannot_decide?: string | null
    may_approve?: { id: string; name: string }[]
    last_paid_at?: string | null
    same?: ReturnType<typeof shownSame>[]
  }
export type PayeeEntry = z.infer<typeof payee.PayeeEntry>
export type Payee = z.infer<typeof payees.PayeeAnswer>
export type ReviewRow = z.infer<typeof review.ReviewRow>
export type SettingsDraft = z.infer<typeof SettingsDraftAnswer>
export type UnknownWrite = UnknownWriteShown
export type AccountHistory = z.infer<typeof pastAccount.AccountHistory>
export type AccountsAt = z.infer<typeof pastAccounts.AccountsAt>
export type ServerHistory = z.infer<typeof pastServer.ServerHistory>
export type LogRow = Record<string, unknown> & Record<'timestamp' | 'log_type' | 'sentence', string>
export type Listed<Item> = { result: Item[]; next_cursor: string | null }
