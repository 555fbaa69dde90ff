/** Finexio's API as declarations: every resource, in the order in which tools are listed. */
import { buyers } from './buyers.ts'
import { buyerContacts, supplierContacts } from './contacts.ts'
import { counterparties } from './counterparties.ts'
import { counterpartyHistory } from './counterparty-history.ts'
import type { Resource } from './define.ts'
import { drawdownPayments } from './drawdown-payments.ts'
import { drawdowns } from './drawdowns.ts'
import { invoices } from './invoices.ts'
import { paymentImages } from './payment-images.ts'
import { payments } from './payments.ts'
import { suppliers } from './suppliers.ts'
import { webhooks } from './webhooks.ts'

export const resources: readonly Resource[] = [
  drawdowns,
  drawdownPayments,
  payments,
  paymentImages,
  invoices,
  counterparties,
  counterpartyHistory,
  suppliers,
  supplierContacts,
  buyers,
  buyerContacts,
  webhooks,
]

export { REQUIRED } from './bodies.ts'
export { InvoiceBody, invoiceDateProblem, MOST_INVOICES } from './invoices.ts'
