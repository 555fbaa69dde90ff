/** What an operator sets on an MCP server. */
import * as z from 'zod'
import { id, MOST_CENTS } from '../../schemas/fields.ts'
import { isLoopback } from '../core/public-url.ts'

const MOST_LISTED = 500
const MOST_HOSTS = 50
const MOST_GUARD_REQUESTS = 40

const sum = z.int().min(0)
const both = z
  .strictObject({ cents: sum.optional(), count: sum.optional() })
  .refine(({ cents, count }) => (cents ?? count) !== undefined, 'must name cents, count or both')

export const Limits = z
  .strictObject({
    per_invoice: z.strictObject({ cents: sum.max(MOST_CENTS) }).optional(),
    per_call: both.optional(),
    per_day: both.optional(),
    per_30_days: both.optional(),
    per_supplier_day: both.optional(),
  })
  .meta({ id: 'Limits' })
export type Limits = z.infer<typeof Limits>

export const Approval = z
  .union([z.enum(['none', 'always']), z.strictObject({ over_cents: sum })])
  .meta({ id: 'ApprovalRule' })
export type Approval = z.infer<typeof Approval>

const ids = z.array(id.max(100)).max(MOST_LISTED)
const host = z
  .string()
  .max(253)
  .regex(/^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/, 'must be a lower-case host such as hooks.example.com')

/** What happens to money for a payee that calls for care. */
const care = z.enum(['approve', 'refuse'])

/** Spread into the configuration of a server. */
export const writeSettings = {
  limits: Limits.optional(),
  approval: Approval.optional(),
  approval_door: z
    .enum(['dashboard', 'confirm'])
    .optional()
    .describe(
      "confirm: a form that the client's own side answers may replace another person's approval. It guards against slips, not against the agent, and never stands beside approval always.",
    ),
  allowed_buyers: ids
    .optional()
    .describe('Ids of the only buyers that may pay; an empty list lets none pay.'),
  allowed_suppliers: ids.optional().describe('Ids of the only suppliers that may be paid.'),
  first_payment: care.optional(),
  changed_supplier: z
    .strictObject({
      days: z.int().min(1).max(365),
      action: care.describe('approve: it waits for a person; refuse: it is refused.'),
    })
    .optional()
    .describe(
      'What happens to a supplier whose payment details changed within so many days: every field that leads money somewhere, such as bank account, payment method, address, e-mail or name.',
    ),
  webhook_hosts: z
    .array(host)
    .max(MOST_HOSTS)
    .optional()
    .describe('The only hosts at which webhooks may point.'),
  webhook_secrets: z
    .enum(['any', 'vault_only'])
    .optional()
    .describe('vault_only: webhook tools take no user name or password, only credential_ref.'),
  duplicate_guard: z
    .strictObject({ requests: z.int().min(0).max(MOST_GUARD_REQUESTS) })
    .optional()
    .describe('Requests that looking for duplicates may cost before a batch; 0: it is off.'),
}

/** The settings about writes as one value. */
export type WriteSettings = z.infer<z.ZodObject<typeof writeSettings>> & {
  /** Set for the whole account: who is paid has to be vouched for. */
  payees?: 'verified'
}

/** Whether a write may have to wait for a person: what follows drafts is of no use elsewhere. */
export const mayDraft = (settings: WriteSettings): boolean => {
  const { approval = 'none', first_payment, changed_supplier, payees } = settings
  return (
    approval !== 'none' ||
    payees !== undefined ||
    first_payment === 'approve' ||
    changed_supplier?.action === 'approve'
  )
}

/** How a stored webhook secret is called, by operators over REST and by agents in `credential_ref`. */
export const SecretName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'must be at most 64 lower-case letters, digits, "-" and "_", such as acme_hooks',
  )

const MOST_ORIGINS = 20

/** An origin as browsers send it; http only on loopback, which counts in local development alone. */
const isWebOrigin = (text: string): boolean => {
  const url = URL.parse(text)
  // A wildcard would match no page, which its operator would not expect.
  if (url?.origin !== text || text.includes('*')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

const word = z.string().min(1).max(64)

const MOST_FIXED = 100

const atMost = (most: number) =>
  [(record: object) => Object.keys(record).length <= most, `at most ${most} entries`] as const

const scalar = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])
/** A nested value is fixed member by member, by JSON pointer. */
const FixedValue = z.union([scalar, z.array(scalar).max(500)])

const FixedArguments = z
  .record(word, z.record(z.string().min(1).max(200), FixedValue).refine(...atMost(MOST_FIXED)))
  .refine(...atMost(MOST_FIXED))

/** How a server answers. None of these lets anything pass, so that changing one never loosens. */
export const answerSettings = {
  text_format: z
    .enum(['csv', 'json'])
    .optional()
    .describe('Text form of lists; structured content is the same either way.'),
  upstream_429: z
    .enum(['result', 'http'])
    .optional()
    .describe('How a 429 of Finexio reaches the client: inside a tool result, or as HTTP 429.'),
  reply: z
    .enum(['auto', 'json', 'sse'])
    .optional()
    .describe(
      'Form of answers: json, sse (a finished event stream of one message), or auto: sse for ChatGPT (User-Agent openai-mcp…), json for all others.',
    ),
}

/** Keys that are not known are refused: a misspelt restriction must not be lost in silence. */
export const ServerConfigInput = z
  .strictObject({
    methods: z
      .array(word)
      .max(100)
      .optional()
      .describe('read, write, custom, or exact method names; a union. Left out: read.'),
    tags: z.array(word).max(100).optional().describe('Only tools with one of these tags, beside methods.'),
    tools: z
      .array(word)
      .min(1)
      .max(100)
      .optional()
      .describe('Exact tool names; with them methods and tags have no say.'),
    fixed: FixedArguments.optional().describe(
      'Arguments that are fixed, by tool (or *) and argument (or JSON pointer): they vanish from the schema and cannot be given.',
    ),
    tool_exposure: z
      .enum(['all', 'discovery'])
      .optional()
      .describe('discovery: instead of the tools a few that find, describe and call them.'),
    require_api_token_auth: z
      .boolean()
      .optional()
      .describe('true: every request must bring an API token with the role use beside the URL.'),
    ...answerSettings,
    allowed_origins: z
      .array(z.string().max(300).refine(isWebOrigin, 'must be an origin such as https://tools.example.com'))
      .max(MOST_ORIGINS)
      .optional()
      .describe('Web pages that may call this server besides those that the deployment allows.'),
    ...writeSettings,
  })
  .meta({ id: 'ServerConfig' })

export type ServerConfig = z.infer<typeof ServerConfigInput> & Pick<WriteSettings, 'payees'>

const nullable = Object.fromEntries(
  Object.entries(ServerConfigInput.shape).map(([key, type]) => [key, type.nullable()]),
)

/** A change of a configuration: null removes a key. */
export const ConfigChangeInput = z.strictObject(nullable) as unknown as z.ZodType<ConfigChange>
export type ConfigChange = { [Key in keyof ServerConfig]: ServerConfig[Key] | null }

/** A configuration after a change: absent keys stay, null removes. */
export const mergeConfig = (config: ServerConfig, change: ConfigChange = {}): ServerConfig =>
  Object.fromEntries(Object.entries({ ...config, ...change }).filter(([, value]) => value !== null))

/** Whether every write was to wait for another person while the agent's own side could answer in their place. */
export const isUndercut = ({ approval, approval_door }: WriteSettings): boolean =>
  approval === 'always' && approval_door === 'confirm'

/**
 * A configuration as it applies, with what it leaves to the account filled in. A form beside `always`, as version 0.1.0 stored it and
 * a later default of the account brings it about, does not count.
 */
export const effectiveConfig = (
  config: ServerConfig,
  { approval, payees = 'open' }: { approval: Approval; payees?: 'open' | 'verified' },
): ServerConfig => {
  const own = payees === 'open' ? config : { ...config, payees }
  const filled = config.approval !== undefined || approval === 'none' ? own : { ...own, approval }
  return isUndercut(filled) ? { ...filled, approval_door: 'dashboard' } : filled
}
