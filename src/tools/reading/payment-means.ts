/** How a payment was made, in words. Pure. */
import { oneLine } from '../../core/text.ts'
import { wordOf } from '../derived/request.ts'

/** How a payment was made, as its receiver finds it: `check 000712`, `ACH trace 0910…`. */
export const meansOf = (payment: Record<string, unknown> | null): string => {
  if (payment === null) return 'payment'
  const method = wordOf(payment.payment_method)
  const number = oneLine(payment.instrument_number, 40)
  if (method === 'check' || method === 'printedcheck') return number ? `check ${number}` : 'check'
  if (method === 'ach') return number ? `ACH trace ${number}` : 'ACH'
  if (method === 'card') return number ? `card ending ${number.slice(-4)}` : 'card'
  return method === '' ? 'payment' : oneLine(method, 20)
}
