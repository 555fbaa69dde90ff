/** What a person or a model needs to know of Finexio before reading its records. Word lists come from the declarations. */
import {
  CHECK_IMAGE_TYPES,
  DRAWDOWN_STATUSES,
  HISTORY_ACTIONS,
  INVOICE_STATUSES,
  PAYMENT_DELIVERY_METHODS,
  PAYMENT_STATUSES,
  PAYMENT_TYPES,
  SUPPLIER_PAYMENT_METHODS,
  WEBHOOK_EVENTS,
} from '../../../schemas/enums.ts'
import { invoices, MOST_INVOICES } from '../../../schemas/invoices.ts'

const MEANINGS: Readonly<Record<string, string>> = {
  pending: 'not begun yet',
  'in-progress': 'under way',
  sent: 'on its way to the supplier',
  complete: 'paid',
  settled: 'concluded',
  failed: 'an exception; it needs someone to act',
  canceled: 'stopped, or its funding failed for good',
  requested: 'the buyer was asked for the money',
  received: 'the money is there',
  error: 'the money did not come',
}

const row = (word: string) => `| \`${word}\` | ${MEANINGS[word] ?? ''} |`

const statuses = (of: string, words: readonly string[]): string =>
  [`### Status of ${of}`, '', '| status | meaning |', '|---|---|', ...words.map(row)].join('\n')

const list = (words: readonly string[]) => words.map((word) => `\`${word}\``).join(', ')

const TITLE = `# Finexio, in short

## What belongs to what

A **drawdown** asks a buyer for the money of one payment run. It funds one or more **payments**. A payment goes to one
supplier and settles one or more **invoices**. Buyers and suppliers are the **counterparties**.

| from | by | to |
|---|---|---|
| drawdown | \`processor_request_id\` | its payments |
| payment | \`invoices[].id\` | its invoices |
| invoice | \`payment_id\`, null until a payment is made | its latest payment |
| payment, invoice | \`originating_counterparty_id\` | the buyer |
| payment, invoice | \`receiving_counterparty_id\` | the supplier |
| invoice number | \`invoice_number\` of the drawdown list | its drawdown, then its payments |

Amounts are US cents as whole numbers; \`amount\` is the same money in dollars.
`

type Has = (tool: string) => boolean

/** What is said of a kind of record, and the tools of which a server has to show one for that. */
type Part = readonly [text: string, ...tools: string[]]

const STATUSES: readonly Part[] = [
  [
    `${statuses('an invoice', INVOICE_STATUSES)}\n`,
    'list_all_finexio_invoices',
    'get_single_finexio_invoice_by_id',
    'finexio_invoices_bulk_create',
  ],
  [
    `${statuses('a payment', PAYMENT_STATUSES)}\n\nOlder payments can hold the words of invoices as well.\n`,
    'list_all_finexio_payments',
    'get_single_finexio_payment_by_id',
    'list_all_finexio_drawdown_payments',
  ],
  [
    `${statuses('a drawdown', DRAWDOWN_STATUSES)}\n`,
    'list_all_finexio_drawdowns',
    'get_single_finexio_drawdown_by_id',
  ],
]

const LISTS_OF_WORDS: readonly Part[] = [
  [
    `- How a payment is made: ${list(PAYMENT_TYPES)}; delivered by ${list(PAYMENT_DELIVERY_METHODS)}.\n`,
    'list_all_finexio_payments',
    'get_single_finexio_payment_by_id',
    'list_all_finexio_drawdown_payments',
  ],
  [
    `- How a supplier wants to be paid: ${list(SUPPLIER_PAYMENT_METHODS)}.\n`,
    'list_all_finexio_suppliers',
    'get_single_finexio_supplier_by_id',
    'create_a_finexio_supplier',
    'update_a_finexio_supplier_by_id',
    'finexio_suppliers_partial_update',
  ],
  [
    `- Images of a check: ${list(CHECK_IMAGE_TYPES)}. A check that was not scanned yet has none.\n`,
    'get_single_finexio_payment_image_by_id',
  ],
  [
    `- History of a counterparty: ${list(HISTORY_ACTIONS)}.\n`,
    'list_all_finexio_counterparty_history',
    'audit_finexio_counterparty_changes',
  ],
  [
    `- Events that can be subscribed to: ${list(WEBHOOK_EVENTS)}.\n`,
    'list_all_finexio_webhooks',
    'create_a_finexio_webhook',
  ],
]

const WRITING: readonly Part[] = [
  [
    `Submitting invoices (${invoices.methods.bulk_create!.title.toLowerCase()}, at most ${MOST_INVOICES} at once) is the instruction to pay them. Finexio
has no way to change, stop or delete one afterwards. The same number for the same buyer and supplier is refused unless the
invoice says \`can_be_resubmitted\`.
`,
    'finexio_invoices_bulk_create',
  ],
]

const NOT_PUBLISHED = `Finexio publishes these words and little of their meaning: the right column is how this server reads them. Words that are not
listed here are passed on as they come.

`

const section = (heading: string, parts: readonly Part[], between: string, has: Has): string => {
  const shown = parts.flatMap(([text, ...tools]) => (tools.some(has) ? [text] : []))
  return shown.length === 0 ? '' : `\n## ${heading}\n\n${shown.join(between)}`
}

/** Markdown: what belongs to what, and what the words of those records mean that a server shows. @param has whether it shows a tool */
export const guideFor = (has: Has): string =>
  [
    TITLE,
    section('Statuses', STATUSES, '\n', has).replace(
      '\n## Statuses\n\n',
      (heading) => heading + NOT_PUBLISHED,
    ),
    section('Words', LISTS_OF_WORDS, '', has),
    section('Writing', WRITING, '', has),
  ].join('')
