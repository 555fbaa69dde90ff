/** Whether a write may run at once or has to wait for another person. Pure. */
import type { Effect } from '../../schemas/define.ts'
import type { Approval } from './config.ts'
import type { Movement } from './contract.ts'
import { totalOf } from './limits.ts'

/** Fields that decide where money goes: setting one redirects the next honest payment. */
export const PAYEE_FIELDS: ReadonlySet<string> = new Set([
  ...['bank_account_number', 'bank_routing_number', 'payment_method', 'delivery_method'],
  ...['drawdown_bank_account_number', 'drawdown_bank_routing_number', 'funding_method'],
  ...['refund_bank_account_number', 'refund_bank_routing_number', 'remit_data'],
  ...['remit_email', 'care_of', 'remit_address_1', 'remit_address_2', 'remit_city', 'remit_state'],
  ...['remit_zipcode', 'remit_country', 'address_1', 'address_2', 'city', 'state', 'zipcode', 'country'],
])

/** A write, as far as approval looks at it. */
export type Approvable = {
  effect: Effect
  movements: readonly Movement[]
  /** Names of the fields that it sets on a supplier, buyer or counterparty. */
  fields: readonly string[]
}

/** Why a person has to agree. `over` names the supplier whose day is meant; null: the call by itself. */
export type ApprovalReason =
  | { kind: 'always' }
  | { kind: 'payee_fields'; fields: string[] }
  | { kind: 'over'; supplier: string | null; cents: number; over_cents: number }

const sumsBySupplier = (movements: readonly Movement[]): [string, number][] =>
  [...Map.groupBy(movements, ({ supplier }) => supplier)].map(([supplier, own]) => [
    supplier,
    totalOf(own).cents,
  ])

/**
 * Why a write needs approval; empty: it needs none.
 * @param unapproved cents that went to a supplier through this server in the last day without anybody's approval:
 *   an amount split among calls is judged as one
 */
export const approvalReasons = (
  approval: Approval,
  { effect, movements, fields }: Approvable,
  unapproved: (supplier: string) => number,
): ApprovalReason[] => {
  if (effect === 'read' || approval === 'none') return []
  if (approval === 'always') return [{ kind: 'always' }]
  const { over_cents } = approval
  const redirecting = fields.filter((field) => PAYEE_FIELDS.has(field))
  const sums: [string | null, number][] = [
    [null, totalOf(movements).cents],
    ...sumsBySupplier(movements).map(([supplier, cents]): [string, number] => [
      supplier,
      cents + unapproved(supplier),
    ]),
  ]
  return [
    ...(redirecting.length > 0 ? [{ kind: 'payee_fields', fields: redirecting } as const] : []),
    ...sums
      .filter(([, cents]) => cents > over_cents)
      .map(([supplier, cents]) => ({ kind: 'over', supplier, cents, over_cents }) as const),
  ]
}
