/** What a tool does, in words that people who pay bills use. Pure. */
import { oneLine } from '../../core/text.ts'

/** `past`: what was done. `plain`: after "asked to". `noun`: what waits, was approved, or is unknown. */
export type ToolWords = Readonly<Record<'past' | 'plain' | 'noun', string>>

const words = (past: string, plain: string, noun: string): ToolWords => ({ past, plain, noun })

/** Tools whose name says too little of what they do. */
const BY_NAME: Readonly<Record<string, ToolWords>> = {
  search: words('searched Finexio', 'search Finexio', 'a search'),
  fetch: words('fetched a record', 'fetch a record', 'a record'),
  trace_finexio_invoice: words('traced an invoice', 'trace an invoice', 'an invoice’s trace'),
  reconcile_finexio_drawdown: words('reconciled a drawdown', 'reconcile a drawdown', 'a reconciliation'),
  reconcile_finexio_supplier_statement: words(
    'reconciled a supplier’s statement',
    'reconcile a supplier’s statement',
    'a reconciliation',
  ),
  get_finexio_remittance_advice: words(
    'read a remittance advice',
    'read a remittance advice',
    'a remittance advice',
  ),
  match_finexio_bank_lines: words('matched bank lines', 'match bank lines', 'matches of bank lines'),
  analyze_finexio_payables: words('analyzed payables', 'analyze payables', 'an analysis of payables'),
  find_possible_duplicate_finexio_invoices: words(
    'looked for invoices that may be duplicates',
    'look for invoices that may be duplicates',
    'a look for duplicates',
  ),
  audit_finexio_counterparty_changes: words(
    'read what changed about buyers and suppliers',
    'read what changed about buyers and suppliers',
    'changes of buyers and suppliers',
  ),
  check_finexio_supplier_readiness: words(
    'checked whether suppliers can be paid',
    'check whether suppliers can be paid',
    'a check of suppliers',
  ),
  prepare_finexio_invoices: words(
    'prepared invoices from a sheet',
    'prepare invoices from a sheet',
    'prepared invoices',
  ),
  finexio_invoices_bulk_create: words(
    'submitted invoices for payment',
    'submit invoices for payment',
    'invoices for payment',
  ),
  get_single_finexio_payment_image_by_id: words(
    'looked at the image of a check',
    'look at the image of a check',
    'the image of a check',
  ),
  list_all_finexio_counterparty_history: words(
    'read the history of buyers and suppliers',
    'read the history of buyers and suppliers',
    'the history of buyers and suppliers',
  ),
  resolve_finexio_write: words(
    'looked up what became of a write',
    'look up what became of a write',
    'a look-up of a write',
  ),
  get_finexio_approval: words('looked at an approval', 'look at an approval', 'an approval'),
  cancel_finexio_draft: words('withdrew a draft', 'withdraw a draft', 'the withdrawal of a draft'),
}

const nounOf = (name: string) => name.replaceAll('_', ' ')
const one = (name: string) => `${/^[aeiou]/.test(name) ? 'an' : 'a'} ${nounOf(name)}`

const SINGULAR: Readonly<Record<string, string>> = { counterparties: 'counterparty' }
const singularOf = (plural: string) => SINGULAR[plural] ?? plural.replace(/s$/, '')

type Shape = readonly [pattern: RegExp, words: (name: string) => ToolWords]

/** Names of tools that are derived from Finexio's operations. */
const SHAPES: readonly Shape[] = [
  [
    /^list_all_finexio_(\w+)$/,
    (name) => {
      const list = `the list of ${nounOf(name)}`
      return words(`read ${list}`, `read ${list}`, list)
    },
  ],
  [
    /^get_single_finexio_(\w+)_by_id$/,
    (name) => words(`looked at ${one(name)}`, `look at ${one(name)}`, one(name)),
  ],
  [
    /^create_a_finexio_(\w+)$/,
    (name) => words(`created ${one(name)}`, `create ${one(name)}`, `a new ${nounOf(name)}`),
  ],
  [
    /^update_a_finexio_(\w+)_by_id$/,
    (name) => words(`replaced ${one(name)}`, `replace ${one(name)}`, `a replacement of ${one(name)}`),
  ],
  [
    /^finexio_(\w+)_partial_update$/,
    (plural) => {
      const what = one(singularOf(plural))
      return words(`changed ${what}`, `change ${what}`, `a change of ${what}`)
    },
  ],
  [
    /^delete_a_finexio_(\w+)_by_id$/,
    (name) => words(`deleted ${one(name)}`, `delete ${one(name)}`, `the deletion of ${one(name)}`),
  ],
]

/** The words of a tool; null for one that has none. */
export const toolWords = (name: string): ToolWords | null => {
  if (Object.hasOwn(BY_NAME, name)) return BY_NAME[name]!
  for (const [pattern, of] of SHAPES) {
    const noun = pattern.exec(name)?.[1]
    if (noun !== undefined) return of(noun)
  }
  return null
}

/** Words for a tool that a later or an earlier version had as well. */
export const wordsFor = (name: string): ToolWords => {
  const known = toolWords(name)
  if (known) return known
  const shown = name === '' ? 'a tool' : `“${oneLine(name, 60)}”`
  return words(`called ${shown}`, `call ${shown}`, `a call of ${shown}`)
}
