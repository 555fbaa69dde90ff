/** A breached limit in words: which one, its value, what is left, when it resets, and what to do. */
import { decimalOf } from '../core/money.ts'
import type { Breach } from './limits.ts'

const said = (unit: Breach['unit'], amount: number): string =>
  unit === 'cents' ? `$${decimalOf(amount)}` : `${amount} invoice${amount === 1 ? '' : 's'}`

const wayOut = ({ limit, resets_at }: Breach): string => {
  if (resets_at !== null)
    return `It fits from ${new Date(resets_at).toISOString()} on, if nothing else is sent before.`
  return limit === 'per_call'
    ? 'Send fewer or smaller invoices in one call, or ask the operator to raise the limit.'
    : 'It can never fit: ask the operator to raise the limit.'
}

/** One line for the caller. The supplier is named by its id alone: names are text of others. */
export const breachWords = (breach: Breach): string => {
  const { limit, unit, value, asked, left, supplier } = breach
  const whose = supplier === null ? '' : ` for supplier ${supplier}`
  return `server_limit: limit ${limit} of this MCP server is ${said(unit, value)}${whose}, ${said(unit, left)} left, and this call asks for ${said(unit, asked)}. ${wayOut(breach)}`
}
