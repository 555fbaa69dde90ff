/** Whether a payee may be changed while money is under way to it: Finexio pays later, by the record as it is then. Pure. */
import { DAY_MS } from '../../core/time.ts'
import type { WriteSettings } from '../server-settings.ts'
import type { Concern } from './concerns.ts'

/** The payee whose fields a write changes. `unsettled`: whether Finexio has unsettled payments to it; null: could not be found out. */
export type PayeeChange = { payee: string; unsettled: boolean | null }

type PayeeRules = Pick<WriteSettings, 'first_payment' | 'changed_supplier'>

/** Days after a payment for which changing its payee calls for care, where no rule says how many. */
const DEFAULT_DAYS = 30

/**
 * For how many days after a payment a change of its payee waits for a person.
 * @param servers settings of all MCP servers of the account: whoever may change payees through one reaches what others paid
 * @returns null: no rule about payees is set anywhere
 */
export const careDays = (servers: readonly PayeeRules[], verified: boolean): number | null => {
  const ruled = servers.filter((rules) => (rules.first_payment ?? rules.changed_supplier) !== undefined)
  if (ruled.length === 0 && !verified) return null
  const plain = verified || ruled.some(({ changed_supplier }) => !changed_supplier)
  return Math.max(
    plain ? DEFAULT_DAYS : 0,
    ...ruled.map(({ changed_supplier }) => changed_supplier?.days ?? 0),
  )
}

/**
 * Why a change of a payee waits for a person; null: it does not.
 * @param days as `careDays` gives them
 * @param paidAt when it was last paid through this account, in milliseconds since the epoch; null: never
 */
export const underWayConcern = (
  change: PayeeChange | null,
  days: number | null,
  paidAt: number | null,
  now: number,
): Concern | null => {
  if (change === null || days === null) return null
  const lately = paidAt !== null && now - paidAt < days * DAY_MS
  if (!lately && change.unsettled === false) return null
  const known = lately || change.unsettled !== null
  return { supplier: change.payee, kind: 'money_under_way', action: 'approve', known }
}
