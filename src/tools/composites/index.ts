/** The tools that read several things in one call and answer a question. */
import type { Tool } from '../tool.ts'
import { auditChanges } from './audit-changes/audit-changes.ts'
import { checkReadiness } from './check-readiness/check-readiness.ts'
import { findDuplicates } from './find-duplicates/find-duplicates.ts'
import { reconcileDrawdown } from './reconcile-drawdown/reconcile-drawdown.ts'
import { fetchRecord, search } from './search/search.ts'
import { summarizeInvoices } from './summarize-invoices/summarize-invoices.ts'
import { summarizePayments } from './summarize-payments/summarize-payments.ts'
import { traceInvoice } from './trace-invoice/trace-invoice.ts'

export const composites: readonly Tool[] = [
  traceInvoice,
  reconcileDrawdown,
  summarizePayments,
  summarizeInvoices,
  findDuplicates,
  auditChanges,
  checkReadiness,
  search,
  fetchRecord,
]
