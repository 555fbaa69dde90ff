/** What an operator may set on an MCP server about writes: a part of its configuration. */
import * as z from 'zod'
import { MOST_CENTS } from '../../schemas/fields.ts'

const MOST_LISTED = 500
const MOST_HOSTS = 50
const MOST_GUARD_REQUESTS = 40

const sum = z.int().min(0)
const both = z
  .strictObject({ cents: sum.optional(), count: sum.optional() })
  .refine(({ cents, count }) => (cents ?? count) !== undefined, 'must name cents, count or both')

const Limits = z.strictObject({
  per_invoice: z.strictObject({ cents: sum.max(MOST_CENTS) }).optional(),
  per_call: both.optional(),
  /** Of the last 24 hours. */
  per_day: both.optional(),
  /** Of the last 30 times 24 hours. */
  per_30_days: both.optional(),
  /** Towards any one supplier in the last 24 hours. */
  per_supplier_day: both.optional(),
})
export type Limits = z.infer<typeof Limits>

export const Approval = z.union([z.enum(['none', 'always']), z.strictObject({ over_cents: sum })])
export type Approval = z.infer<typeof Approval>

const ids = z.array(z.string().min(1).max(100)).max(MOST_LISTED)
const host = z
  .string()
  .max(253)
  .regex(/^([a-z0-9-]+\.)+[a-z][a-z0-9-]*$/, 'must be a lower-case host such as hooks.example.com')

/** What happens to money for a payee that calls for care. */
const care = z.enum(['approve', 'refuse'])

/** Spread into the configuration of a server. */
export const writeSettings = {
  limits: Limits.optional(),
  /** `none`, `always`, or over so many cents. */
  approval: Approval.optional(),
  /** Whether a form answered by the client's own user may replace the approval by another person. */
  approval_door: z.enum(['dashboard', 'confirm']).optional(),
  /** Ids of the only buyers that may pay; an empty list lets none pay. */
  allowed_buyers: ids.optional(),
  /** Ids of the only suppliers that may be paid. */
  allowed_suppliers: ids.optional(),
  first_payment: care.optional(),
  /** A supplier whose bank account or method changed within so many days. */
  changed_supplier: z.strictObject({ days: z.int().min(1).max(365), action: care }).optional(),
  webhook_hosts: z.array(host).max(MOST_HOSTS).optional(),
  webhook_secrets: z.enum(['any', 'vault_only']).optional(),
  /** Requests that looking for duplicates may cost before a batch; 0: the guard is off. */
  duplicate_guard: z.strictObject({ requests: z.int().min(0).max(MOST_GUARD_REQUESTS) }).optional(),
}

/** The same as one value. */
const Settings = z.object(writeSettings)
export type WriteSettings = z.infer<typeof Settings>

/** Whether a write may have to wait for a person: what follows drafts is of no use elsewhere. */
export const mayDraft = ({ approval = 'none', first_payment, changed_supplier }: WriteSettings): boolean =>
  approval !== 'none' || first_payment === 'approve' || changed_supplier?.action === 'approve'

/** How a stored webhook secret is called, by operators over REST and by agents in `credential_ref`. */
export const SecretName = z
  .string()
  .regex(
    /^[a-z0-9][a-z0-9_-]{0,63}$/,
    'must be at most 64 lower-case letters, digits, "-" and "_", such as acme_hooks',
  )
