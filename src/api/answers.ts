/** What the management API answers, as schemas: for its description, and for the tests that hold it to them. */

import * as z from 'zod'
import { DRAFT_STATES } from '../rules/drafts.ts'
import { Approval, ServerConfigInput } from '../rules/server-settings.ts'

const id = z.uuid()
const time = z.iso.datetime()

export const AccountAnswer = z.object({
  id,
  name: z.string(),
  base_url: z.url(),
  status: z.enum(['active', 'needs_reauth']).describe('needs_reauth: Finexio refused the credentials.'),
  read_only: z.boolean(),
  audit_retention_days: z.int(),
  approval: Approval.describe('Of MCP servers that say nothing about it themselves.'),
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
  resource_url: z
    .url()
    .optional()
    .describe('Where clients sign in instead of holding a secret; only with require_api_token_auth.'),
})

export const GrantAnswer = z.object({
  id: z.string(),
  client_id: z.string(),
  client_name: z.string().describe('As the client calls itself.'),
  redirect_uri: z.string().describe('Where the client takes its answers.'),
  scopes: z.array(z.string()),
  api_token_id: id.describe('The API token that the person signed in with.'),
  api_token_name: z.string(),
  active: z.boolean().describe('False once that API token ended: the sign-in opens nothing any more.'),
  created_at: time,
  last_used_at: time.nullable().describe('When tokens were last fetched: about hourly while it is in use.'),
  expires_at: time,
})

export const RemovedGrant = z.object({ id: z.string() })

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

const total = z.string().nullable()

export const ApprovalAnswer = z.object({
  id: z.string(),
  integrated_account_id: id,
  mcp_server_id: id,
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
  caller: z.looseObject({ kind: z.enum(['url', 'api_token']) }),
  server_created_by: id,
  idempotency_key: z.string(),
  created_at: time,
  expires_at: time,
  decided_at: time.nullable(),
  decided_by: z.object({ id: z.string(), name: z.string() }).nullable(),
  decision_reason: z.string().nullable(),
  outcome: z.looseObject({ state: z.string() }).nullable(),
  would_send: z.looseObject({ request: z.string() }).optional().describe('Only of an open draft.'),
})
export const SecretAnswer = z.object({
  name: z.string(),
  allowed_hosts: z.array(z.string()),
  created_at: time,
  updated_at: time,
})
export const RemovedSecret = z.object({ name: z.string() })
export const CapabilitiesAnswer = z.object({
  integration: z.object({ id: z.string(), name: z.string(), label: z.string(), category: z.string() }),
  environment_id: z.null(),
  proxy: z.array(
    z.object({
      resource: z.string(),
      methods: z.array(
        z.object({
          method: z.string(),
          name: z.string(),
          description: z.string(),
          has_description: z.boolean(),
          has_query_schema: z.boolean(),
          has_body_schema: z.boolean(),
          has_response_schema: z.boolean(),
          api_documentation_url: z.null(),
        }),
      ),
    }),
  ),
  unified: z.array(z.never()).describe('There is no unified API.'),
  auth: z.object({
    formats: z.array(z.string()),
    fields: z.array(z.string()),
    documentation_link: z.null(),
  }),
  ai_readiness: z.object({
    proxy_methods: z.int(),
    proxy_methods_with_descriptions: z.int(),
    ai_ready_score: z.number().min(0).max(1),
  }),
  account: z.object({
    id,
    status: z.enum(['active', 'needs_reauth']),
    authentication_method: z.string(),
    is_blocked: z.boolean(),
  }),
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
  missing_scopes: z.array(z.string()).optional().describe('What the API token lacks.'),
  truto_is_remote_error: z
    .boolean()
    .optional()
    .describe('true: Finexio answered so; its words are in raw_response.'),
  raw_response: z.unknown().optional(),
})
