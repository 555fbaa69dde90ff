/** Which invoices are submissions of one bill: a number that Finexio freed can be submitted again, as another invoice. Pure. */
import { textOf } from '../../core/text.ts'
import { timeOf } from '../../finexio/pages.ts'
import { invoiceIdentity } from '../../rules/duplicates.ts'
import type { Row } from '../derived/request.ts'

/** Equal for submissions of one bill; null where it has no number. */
export const billOf = (row: Row): string | null => {
  const number = textOf(row.invoice_number)
  const [buyer, supplier] = [row.originating_counterparty_id, row.receiving_counterparty_id].map(textOf)
  return number.trim() === ''
    ? null
    : JSON.stringify(invoiceIdentity({ number, buyer: buyer!, supplier: supplier! }))
}

/** Ids of invoices that were submitted again later: the later one tells whether the bill is paid. */
export const resubmittedAmong = (rows: readonly Row[]): Set<unknown> =>
  new Set(
    [...Map.groupBy(rows, billOf)]
      .filter(([bill, all]) => bill !== null && all.length > 1)
      .flatMap(([, all]) =>
        all.toSorted((a, b) => (timeOf(b.created) ?? 0) - (timeOf(a.created) ?? 0)).slice(1),
      )
      .map(({ id }) => id),
  )
