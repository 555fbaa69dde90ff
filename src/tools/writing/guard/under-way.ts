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

const unsettledPayments = async (reading: Reading, payee: string): Promise<boolean | null> => {
  const lists = await Promise.all(OPEN.map((status) => readWhole(reading, payments, { status })))
  if (lists.some(({ rows }) => rows.some(isFor(payee)))) return true
  return lists.every((list) => isWhole(list) && list.unreadable === 0) ? false : null
}

/**
 * Whether there are unsettled payments to a payee, or new invoices that become some; null: could not be found out.
 * @throws FinexioFailure when a request fails: nothing may follow it
 */
export const unsettledTo = async (payee: string, context: ToolContext): Promise<boolean | null> => {
  const reading = newReading(context, MOST_REQUESTS)
  const paying = await unsettledPayments(reading, payee)
  const recent = paying === true ? null : await readRecent(reading, invoices, INVOICE_PAGES)
  failIfStopped(reading)
  return recent?.rows.some((row) => isOpen(row) && isFor(payee)(row)) ? true : paying
}
