/** The cards there are: which tool each one shows, and what hosts read of it. The one place that joins the two. */

export type Card = {
  /** Names its resource. */
  name: Exclude<Script, 'matching'> | 'statement' | 'bank'
  /** Names its file in `browser/cards`, where that has another name because several cards share it. */
  script?: Script
  tool: string
  title: string
  description: string
}

type Script =
  | 'payments'
  | 'reconciliation'
  | 'invoices'
  | 'timeline'
  | 'chart'
  | 'trace'
  | 'matching'
  | 'readiness'
  | 'duplicates'

/** The extension of MCP that cards belong to. */
export const UI_EXTENSION = 'io.modelcontextprotocol/ui'
export const CARD_TYPE = 'text/html;profile=mcp-app'
/** In a result's `_meta`: what a card needs besides the result. Hosts show it to no model. */
export const CARD_META = 'dev.finexio-mcp/card'

/** Hosts keep a card by its address for an hour: a change that old results cannot be shown with needs a new version. */
const VERSION = 'v1'

export const cards: readonly Card[] = [
  {
    name: 'payments',
    tool: 'list_all_finexio_payments',
    title: 'Payments',
    description: 'Payments as a table to sort, filter and add up.',
  },
  {
    name: 'reconciliation',
    tool: 'reconcile_finexio_drawdown',
    title: 'Drawdown reconciliation',
    description: 'A drawdown with its payments and invoices, what is open, and where sums differ.',
  },
  {
    name: 'invoices',
    tool: 'prepare_finexio_invoices',
    title: 'Invoice batch',
    description: 'Invoices that are ready, problems by row, and the total; nothing is submitted yet.',
  },
  {
    name: 'timeline',
    tool: 'audit_finexio_counterparty_changes',
    title: 'Changes of buyers and suppliers',
    description: 'Who changed what and when; risky changes and the payments soon after them.',
  },
  {
    name: 'chart',
    tool: 'analyze_finexio_payables',
    title: 'Figures of payables',
    description: 'Spend by month as bars, aging as a stack, anything else as a table with its total.',
  },
  {
    name: 'trace',
    tool: 'trace_finexio_invoice',
    title: 'Trace of an invoice',
    description: 'Whether an invoice was paid, step by step.',
  },
  {
    name: 'statement',
    script: 'matching',
    tool: 'reconcile_finexio_supplier_statement',
    title: 'Supplier statement',
    description: 'Each line of a statement beside what Finexio knows of it, and what is owed.',
  },
  {
    name: 'bank',
    script: 'matching',
    tool: 'match_finexio_bank_lines',
    title: 'Bank lines',
    description: 'Each line of the bank beside the drawdown, return or refund that it is.',
  },
  {
    name: 'readiness',
    tool: 'check_finexio_supplier_readiness',
    title: 'Suppliers ready to be paid',
    description: 'Which suppliers cannot be paid by their method yet, and what is missing.',
  },
  {
    name: 'duplicates',
    tool: 'find_possible_duplicate_finexio_invoices',
    title: 'Possible duplicates',
    description: 'Bills that seem to have been entered twice, each beside the earlier one.',
  },
]

/** Names its file in `browser/cards`. */
export const scriptOf = ({ name, script }: Card): Script => script ?? (name as Script)

/** Address of a card as an MCP resource. */
export const uriOf = ({ name }: Card): string => `ui://finexio/${name}/${VERSION}.html`

/** Path of a card's document among the files that are deployed beside the Worker; `npm run assets` makes them. */
export const fileOf = ({ name }: Card): string => `cards/${name}.html`

/** How a listed tool points to its card, in the standard's words and ChatGPT's; absent for tools without one. */
export const cardMetaOf = (tool: string): { _meta?: Record<string, unknown> } => {
  const card = cards.find((one) => one.tool === tool)
  if (!card) return {}
  const uri = uriOf(card)
  return {
    _meta: {
      ui: { resourceUri: uri },
      'ui/resourceUri': uri,
      'openai/outputTemplate': uri,
    },
  }
}
