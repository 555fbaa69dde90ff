/** What the management API answers, as pages read it. */
import type * as z from 'zod'
import type * as answers from '../api/answers.ts'

export type Account = z.infer<typeof answers.AccountAnswer>
export type AccountEntry = z.infer<typeof answers.AccountEntry>
export type Server = z.infer<typeof answers.ServerAnswer>
export type NewServer = z.infer<typeof answers.NewServerAnswer>
export type ApiToken = z.infer<typeof answers.ApiTokenAnswer>
export type NewApiToken = z.infer<typeof answers.NewApiTokenAnswer>
export type AccountUsage = z.infer<typeof answers.AccountUsage>
export type Grant = z.infer<typeof answers.GrantAnswer>
export type ServerUsage = z.infer<typeof answers.ServerUsage>
export type Verified = z.infer<typeof answers.VerifyAnswer>
export type Stopped = z.infer<typeof answers.Stopped>
export type LogRow = Record<string, unknown> & { timestamp: string; log_type: string }
export type Listed<Item> = { result: Item[]; next_cursor: string | null }
