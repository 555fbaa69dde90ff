/** What the management API answers, as schemas: for its description, and for the tests that hold it to them. */
import * as z from 'zod'
import { ServerConfigInput } from '../servers/config.ts'

const id = z.uuid()
const time = z.iso.datetime()

export const AccountAnswer = z.object({
  id,
  name: z.string(),
  base_url: z.url(),
  status: z.enum(['active', 'needs_reauth']).describe('needs_reauth: Finexio refused the credentials.'),
  read_only: z.boolean(),
  audit_retention_days: z.int(),
  created_at: time,
  updated_at: time,
})

export const ServerAnswer = z.object({
  id,
  name: z.string(),
  config: ServerConfigInput,
  integrated_account_id: id,
  created_by: id,
  expires_at: time.nullable(),
  created_at: time,
  updated_at: time,
})

export const NewServerAnswer = ServerAnswer.extend({
  token: z.string().describe('Shown this once.'),
  url: z.url().describe('Holds the token: shown this once.'),
})

export const RotatedAnswer = NewServerAnswer.extend({ overlap_ends_at: time.nullable() })

export const ApiTokenAnswer = z.object({
  id,
  name: z.string(),
  kind: z.enum(['person', 'system']),
  scopes: z.array(z.string()),
  expires_at: time.nullable(),
  last_used_at: time.nullable().describe('To the minute.'),
  created_by: id,
  created_at: time,
})

export const NewApiTokenAnswer = ApiTokenAnswer.extend({ token: z.string().describe('Shown this once.') })

/** A page, newest first. */
export const pageAnswer = (item: z.ZodType) =>
  z.object({ result: z.array(item), next_cursor: z.string().nullable() })

export const AccountEntry = AccountAnswer.pick({ id: true, name: true, created_at: true })
export const Resealed = z.object({
  id,
  outcome: z.enum(['resealed', 'already', 'changed_meanwhile', 'failed']),
})

const count = z.int().min(0)
const amount = z.object({ cents: count, count })
const UsageDays = z.array(
  z.object({
    day: z.iso.date().describe('In UTC; the last one is today.'),
    calls: count,
    errors: count.describe('Calls that did not do what they were made for, 429s included.'),
    throttled: count,
    cents: count.describe('Money that writes moved or may have moved.'),
  }),
)
const ServerUse = z.object({ id, last_used_at: time.nullable(), calls_24h: count })

export const AccountUsage = z.object({ days: UsageDays, servers: z.array(ServerUse) })
export const ServerUsage = ServerUse.extend({
  days: UsageDays,
  spent: z.object({
    per_day: amount,
    per_30_days: amount,
    per_supplier_day: z.array(amount.extend({ supplier: z.string() })),
  }),
})

export const ToolsAnswer = z.object({
  list_tokens: count.describe('About how many tokens tools/list costs in every chat.'),
  result: z.array(
    z.looseObject({
      resource: z.string(),
      method: z.string(),
      name: z.string(),
      description: z.string(),
      effect: z.enum(['read', 'write', 'money']),
      required: z.array(z.string()),
    }),
  ),
})

export const Removed = z.object({ id })
export const Stopped = z.object({ stopped: z.boolean() })
export const Anything = z.looseObject({})

export const LogRow = z.looseObject({
  timestamp: time,
  log_type: z.enum(['mcp', 'management', 'write', 'gap']),
  seq: z.int(),
  hash: z.string().optional(),
})

export const VerifyAnswer = z.object({
  valid: z.boolean(),
  rows: z.int(),
  checkpoint: z.object({ seq: z.int(), hash: z.string(), removed: z.int() }),
  last_hash: z.string(),
  broken_at: z.int().nullable(),
  next: z.string().nullable(),
})

export const ErrorAnswer = z.looseObject({
  statusCode: z.int(),
  error: z.string(),
  message: z.string(),
  details: z.object({ failures: z.array(z.object({ path: z.string(), message: z.string() })) }).optional(),
})
