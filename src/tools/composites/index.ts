/** The tools that read several things in one call and answer a question. */
import type { Tool } from '../tool.ts'
import { auditChanges } from './audit-changes.ts'
import { checkReadiness } from './check-readiness.ts'
import { findDuplicates } from './find-duplicates.ts'
import { reconcileDrawdown } from './reconcile-drawdown.ts'
import { fetchRecord, search } from './search.ts'
import { summarizeInvoices } from './summarize-invoices.ts'
import { summarizePayments } from './summarize-payments.ts'
import { traceInvoice } from './trace-invoice.ts'

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
