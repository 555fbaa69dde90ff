/** An invoice of a batch in words: by its place alone nobody who reads a refusal later knows which bill is meant. Pure. */
import { dollars } from '../../../core/money.ts'
import { quoted } from '../../../core/text.ts'
import type { WritePlan } from '../../tool.ts'

export type Batch = Pick<WritePlan, 'invoices' | 'facts'>

const centsAt = ({ facts }: Batch, index: number): number | null =>
  facts.movements.flatMap(({ invoices = [] }) => invoices).find(([position]) => position === index)?.[1] ??
  null

/** Number, amount and supplier; empty where the row is no invoice. Payees are named by id: names are text of others. */
export const invoiceWords = (batch: Batch, index: number): string => {
  const invoice = batch.invoices[index]
  if (!invoice) return ''
  const cents = centsAt(batch, index)
  const amount = cents === null ? '' : `, ${dollars(cents)}`
  return `invoice ${quoted(invoice.number)}${amount}, supplier ${invoice.supplier}`
}

/** The same behind its place in the batch. @param more what else stands in the brackets */
export const rowWords = (batch: Batch, index: number, more: readonly string[] = []): string => {
  const said = [invoiceWords(batch, index), ...more].filter(Boolean).join(', ')
  return said === '' ? `body[${index}]` : `body[${index}] (${said})`
}
