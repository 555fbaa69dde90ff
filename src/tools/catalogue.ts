/** Every tool there is, in a fixed order. What a client sees of it is a filter over this list. */
import { resources } from '../../schemas/index.ts'
import { analyzePayables } from './composites/analyze/analyze.ts'
import { auditChanges } from './composites/audit-changes/audit-changes.ts'
import { checkReadiness } from './composites/check-readiness/check-readiness.ts'
import { findDuplicates } from './composites/find-duplicates/find-duplicates.ts'
import { matchBankLines } from './composites/match-bank-lines/match-bank-lines.ts'
import { reconcileDrawdown } from './composites/reconcile-drawdown/reconcile-drawdown.ts'
import { reconcileStatement } from './composites/reconcile-statement/reconcile-statement.ts'
import { remittanceAdvice } from './composites/remittance-advice/remittance-advice.ts'
import { fetchRecord, search } from './composites/search/search.ts'
import { traceInvoice } from './composites/trace-invoice/trace-invoice.ts'
import { toolsOf } from './derived/derive.ts'
import { prepareInvoices } from './prepare/tool.ts'
import type { Tool } from './tool.ts'
import { cancelDraft, getApproval } from './writing/companions/approval.ts'
import { resolveWrite } from './writing/companions/resolve.ts'

/**
 * Some clients take no more than the first forty of a list: tools that answer a question come first, then those that tell what
 * became of a write.
 */
export const catalogue: readonly Tool[] = [
  search,
  fetchRecord,
  traceInvoice,
  reconcileDrawdown,
  reconcileStatement,
  remittanceAdvice,
  matchBankLines,
  analyzePayables,
  findDuplicates,
  auditChanges,
  checkReadiness,
  prepareInvoices,
  resolveWrite,
  getApproval,
  cancelDraft,
  ...resources.flatMap(toolsOf),
]

const byName = new Map(catalogue.map((tool) => [tool.name, tool]))

/** @returns undefined for a name that no tool has */
export const toolNamed = (name: string): Tool | undefined => byName.get(name)
