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

/** Markdown; the same for every server. */
export const GUIDE = `# Finexio, in short

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

## Statuses

Finexio publishes these words and little of their meaning: the right column is how this server reads them. Words that are not
listed here are passed on as they come.

${statuses('an invoice', INVOICE_STATUSES)}

${statuses('a payment', PAYMENT_STATUSES)}

Older payments can hold the words of invoices as well.

${statuses('a drawdown', DRAWDOWN_STATUSES)}

## Words

- How a payment is made: ${list(PAYMENT_TYPES)}; delivered by ${list(PAYMENT_DELIVERY_METHODS)}.
- How a supplier wants to be paid: ${list(SUPPLIER_PAYMENT_METHODS)}.
- Images of a check: ${list(CHECK_IMAGE_TYPES)}. A check that was not scanned yet has none.
- History of a counterparty: ${list(HISTORY_ACTIONS)}.
- Events that can be subscribed to: ${list(WEBHOOK_EVENTS)}.

## Writing

Submitting invoices (${invoices.methods.bulk_create!.title.toLowerCase()}, at most ${MOST_INVOICES} at once) is the instruction to pay them. Finexio
has no way to change, stop or delete one afterwards. The same number for the same buyer and supplier is refused unless the
invoice says \`can_be_resubmitted\`.
`
