/** Where Finexio's description contradicts itself or Finexio's own samples, so that our request stays as it is. */
import type { Seen } from './server.ts'

export type Accepted = {
  /** As the description has it: `GET /payments/{}/`; a pattern for several. */
  operation: RegExp
  at: RegExp
  rule: RegExp
  /** When it was looked at, `YYYY-MM-DD`. */
  since: string
  reason: string
}

const LOOKED_AT = '2026-11-30'

const ACCEPTED: readonly Accepted[] = [
  {
    operation: / \/webhooks\//,
    at: /^path$/,
    rule: /^server$/,
    since: LOOKED_AT,
    reason: 'One of six webhook operations names another server; FINEXIO_WEBHOOK_BASE chooses it for all.',
  },
  {
    operation: /^POST \/invoices\/batch\/$/,
    at: /^body\/\[\]\/(accounting_id|payment_group_id)$/,
    rule: /^unknown field$/,
    since: LOOKED_AT,
    reason: 'Writable on the Invoice schema, and set in the guide; the schema of the batch forgets both.',
  },
  {
    operation: /^(PUT|PATCH) \/counterparties\/\{\}\/$/,
    at: /^body\/type$/,
    rule: /^unknown field$/,
    since: LOOKED_AT,
    reason: 'The guide has PUT take the full record, its type included; the schema of creating has it.',
  },
  {
    operation: / \/counterparties\/suppliers/,
    at: /^body\/delivery_method$/,
    rule: /^type string$/,
    since: LOOKED_AT,
    reason: "Null: the field's own text says that it can be null, its type does not.",
  },
  {
    operation: / \/counterparties\/suppliers/,
    at: /^body\/remit_email$/,
    rule: /^format email$/,
    since: LOOKED_AT,
    reason: "Several addresses, or none: Finexio's own samples have both.",
  },
]

export const acceptanceOf = ({ operation, at, rule }: Seen): Accepted | null =>
  ACCEPTED.find((one) => one.operation.test(operation) && one.at.test(at) && one.rule.test(rule)) ?? null
