/** The cards there are: which tool each one shows, and what hosts read of it. The one place that joins the two. */

export type Card = {
  /** Names its file in `browser/cards` and its resource. */
  name: 'payments' | 'reconciliation' | 'invoices' | 'timeline'
  tool: string
  title: string
  description: string
  /** Shown while the tool runs and once it is done; at most 64 characters. */
  invoking: string
  invoked: string
}

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
    invoking: 'Reading payments',
    invoked: 'Payments',
  },
  {
    name: 'reconciliation',
    tool: 'reconcile_finexio_drawdown',
    title: 'Drawdown reconciliation',
    description: 'A drawdown with its payments and invoices, what is open, and where sums differ.',
    invoking: 'Reconciling',
    invoked: 'Drawdown',
  },
  {
    name: 'invoices',
    tool: 'prepare_finexio_invoices',
    title: 'Invoice batch',
    description: 'Invoices that are ready, problems by row, and the total; nothing is submitted yet.',
    invoking: 'Checking invoices',
    invoked: 'Invoices',
  },
  {
    name: 'timeline',
    tool: 'audit_finexio_counterparty_changes',
    title: 'Changes of buyers and suppliers',
    description: 'Who changed what and when; risky changes and the payments soon after them.',
    invoking: 'Reading changes',
    invoked: 'Changes',
  },
]

/** Address of a card as an MCP resource. */
export const uriOf = ({ name }: Card): string => `ui://finexio/${name}/${VERSION}.html`

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
      'openai/toolInvocation/invoking': card.invoking,
      'openai/toolInvocation/invoked': card.invoked,
    },
  }
}
