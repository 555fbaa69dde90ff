/** What Finexio has not yet paid to a payee that is to be changed. */
import { invoices } from '../../../../schemas/invoices.ts'
import { payments } from '../../../../schemas/payments.ts'
import { canonicalId } from '../../../core/ids.ts'
import type { Row } from '../../derived/request.ts'
import { isWhole, readRecent, readWhole } from '../../reading/read-list.ts'
import { failIfStopped, newReading, type Reading } from '../../reading/reading.ts'
import type { ToolContext } from '../../tool.ts'

const MOST_REQUESTS = 12
/** Invoices that were handed in lately may have no payment yet. */
const INVOICE_PAGES = 3
const OPEN = ['pending', 'in-progress'] as const

const isFor =
  (payee: string) =>
  ({ receiving_counterparty_id }: Row): boolean =>
    canonicalId(String(receiving_counterparty_id ?? '')) === payee

const isOpen = ({ status }: Row): boolean => OPEN.some((open) => open === status)

/** Of each payee, by its id. */
type Unsettled = ReadonlyMap<string, boolean | null>

const unsettledPayments = async (reading: Reading, payees: readonly string[]): Promise<Unsettled> => {
  const lists = await Promise.all(OPEN.map((status) => readWhole(reading, payments, { status })))
  const rows = lists.flatMap((list) => list.rows)
  const otherwise = lists.every((list) => isWhole(list) && list.unreadable === 0) ? false : null
  return new Map(payees.map((payee) => [payee, rows.some(isFor(payee)) ? true : otherwise]))
}

/**
 * Whether there are unsettled payments to payees, or new invoices that become some; null: could not be found out.
 * @param payees canonical ids
 * @throws FinexioFailure when a request fails: nothing may follow it
 */
export const unsettledAmong = async (payees: readonly string[], context: ToolContext): Promise<Unsettled> => {
  const reading = newReading(context, MOST_REQUESTS)
  const paying = await unsettledPayments(reading, payees)
  const all = [...paying.values()].every((one) => one === true)
  const recent = all ? null : await readRecent(reading, invoices, INVOICE_PAGES)
  failIfStopped(reading)
  const open = recent?.rows.filter(isOpen) ?? []
  return new Map([...paying].map(([payee, one]) => [payee, open.some(isFor(payee)) ? true : one]))
}
