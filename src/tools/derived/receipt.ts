/** What a write answers: short, and only what Finexio confirmed. The record itself is read with the read tools. */

import * as z from 'zod'
import type { Row } from './request.ts'

const created = z.object({
  id: z.string().nullable(),
  invoice_number: z.string().nullable(),
  amount_cents: z.int().nullable(),
})

/** What every write answers besides its own. `dry_run`: nothing was sent. */
const shared = {
  outcome: z.enum(['succeeded', 'dry_run', 'pending_approval']),
  idempotency_key: z.string().optional(),
  replayed: z.boolean().optional(),
  note: z.string().optional(),
}

export const Receipt = z.looseObject({
  ...shared,
  id: z.string().nullable().optional(),
  not_applied: z.array(z.string()).optional().describe('Fields that Finexio answered with another value.'),
})

export const BatchReceipt = z.looseObject({
  ...shared,
  result: z.array(created).optional(),
  result_count: z.int().optional(),
  total_cents: z.int().optional(),
  total: z.string().optional(),
})

const isBlank = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)

/** Equal for our purpose: Finexio upper-cases references, drops blanks at the ends, answers numbers as text and `""` as null. */
const sameValue = (sent: unknown, answered: unknown): boolean => {
  if (isBlank(sent) && isBlank(answered)) return true
  if (Array.isArray(sent) || (typeof sent === 'object' && sent !== null)) return true
  return String(sent).trim().toLowerCase() === String(answered).trim().toLowerCase()
}

const looksMasked = (value: unknown) => typeof value === 'string' && /^[*•xX]{2,}/.test(value)

/**
 * Sent fields that came back with another value: Finexio ignores updates for which the credential lacks permission.
 * Nested values and values that Finexio masks are not compared.
 */
export const notApplied = (sent: Row, answered: Row): string[] =>
  Object.entries(sent)
    .filter(
      ([name, value]) =>
        name in answered && !looksMasked(answered[name]) && !sameValue(value, answered[name]),
    )
    .map(([name]) => name)
