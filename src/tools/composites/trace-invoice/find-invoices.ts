/** Finding invoices by what people know of them. Finexio cannot search invoices: drawdowns can be asked for a number, the rest is read newest first. */
import { counterparties } from '../../../../schemas/counterparties.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { cleanText } from '../../../core/text.ts'
import { folded, type Row } from '../../derived/request.ts'
import {
  type FoundInvoices,
  holds,
  type Match,
  type Sought,
  throughDrawdowns,
} from '../../reading/invoices-in-drawdowns.ts'
import { isWhole, readRecent, readWhole, type Whole } from '../../reading/read-list.ts'
import type { Reading } from '../../reading/reading.ts'
import { counted } from '../../reading/report.ts'

const NONE: FoundInvoices = { matches: [], looked: '', complete: true }

/** Pages of the invoice list that are looked through, the newest. */
const MOST_PAGES = 30
/** Pages that are read for other invoices of the same number once a drawdown holds one. */
const MOST_NAMESAKE_PAGES = 10

/** Ids and names of the suppliers whose name holds a text. */
const suppliersNamed = async (reading: Reading, name: string) => {
  const whole = await readWhole(reading, counterparties, { name, type: 'Supplier' })
  const named = new Map(
    whole.rows
      .filter((row) => holds(row.name, name) && typeof row.id === 'string')
      .map((row) => [String(row.id), cleanText(String(row.name))]),
  )
  return { named, complete: isWhole(whole) }
}

/** Nobody's name holds the text, as far as the names were read. */
const noName = (supplier: string | null, complete: boolean): FoundInvoices => ({
  matches: [],
  looked: complete
    ? `No supplier's name holds ${JSON.stringify(supplier)}: list_all_finexio_suppliers shows the names.`
    : `Among the suppliers that could be read none has ${JSON.stringify(supplier)} in its name.`,
  complete,
})

const ANYBODY = { named: null, complete: true }

/** How far a list was read, in words. */
const reachOf = (whole: Whole): string =>
  isWhole(whole)
    ? `all ${counted(whole.rows.length, 'invoice')}`
    : `the newest ${whole.rows.length} of ${whole.count ?? 'an unknown number of'} invoices`

/**
 * Whether a row is the invoice asked for.
 * @param named ids of the suppliers whose name fits; null when no name was given
 */
export const isSought =
  ({ number, supplierId }: Sought, named: ReadonlyMap<string, string> | null) =>
  (row: Row): boolean =>
    (number === null || folded(row.invoice_number) === folded(number)) &&
    (supplierId === null || row.receiving_counterparty_id === supplierId) &&
    (named?.has(String(row.receiving_counterparty_id)) ?? true)

/** Among the invoices that Finexio lists, as far as the reading's bound lets look. */
const throughList = async (reading: Reading, sought: Sought, mostPages: number): Promise<FoundInvoices> => {
  const { named, complete } =
    sought.supplier === null ? ANYBODY : await suppliersNamed(reading, sought.supplier)
  if (named?.size === 0) return noName(sought.supplier, complete)
  const whole = await readRecent(reading, invoices, mostPages)
  const matches = whole.rows.filter(isSought(sought, named)).map((invoice) => ({
    invoice,
    funded: null,
    supplierName: named?.get(String(invoice.receiving_counterparty_id)) ?? null,
  }))
  return { matches, looked: `Looked through ${reachOf(whole)}.`, complete: complete && isWhole(whole) }
}

const keyOf = ({ invoice }: Match) => String(invoice.id ?? JSON.stringify(invoice))

/** What is known of one invoice: its own record knows most, the drawdown who funded it. */
const joined = ([first, ...more]: readonly Match[]): Match =>
  more.reduce(
    (known, { invoice, funded, supplierName }) => ({
      invoice: { ...known.invoice, ...invoice },
      funded: known.funded ?? funded,
      supplierName: known.supplierName ?? supplierName,
    }),
    first!,
  )

/** Each invoice once. @param matches those through drawdowns before those of the list */
const unique = (matches: readonly Match[]): Match[] => [...Map.groupBy(matches, keyOf).values()].map(joined)

const FOUND = 'Found through the drawdown that holds this invoice number.'

/**
 * A number alone is one supplier's only by chance: others may have invoices of the same number, which no drawdown holds
 * yet. Those are among the newest of the list.
 */
const withNamesakes = async (
  reading: Reading,
  sought: Sought,
  direct: FoundInvoices,
): Promise<FoundInvoices> => {
  const listed = await throughList(reading, sought, MOST_NAMESAKE_PAGES)
  return {
    matches: unique([...direct.matches, ...listed.matches]),
    looked: `${FOUND} For others of the same number: ${listed.looked} ${direct.looked}`.trim(),
    complete: direct.complete,
  }
}

const isOfOneSupplier = ({ supplier, supplierId }: Sought) => supplier !== null || supplierId !== null

/** Invoices that fit what is known, each once, and how far was looked. */
export const findInvoices = async (reading: Reading, sought: Sought): Promise<FoundInvoices> => {
  const direct = sought.number === null ? NONE : await throughDrawdowns(reading, sought)
  if (direct.matches.length > 0 && !isOfOneSupplier(sought)) return withNamesakes(reading, sought, direct)
  if (direct.matches.length > 0)
    return {
      matches: unique(direct.matches),
      looked: `${FOUND} ${direct.looked}`.trim(),
      complete: direct.complete,
    }
  const listed = await throughList(reading, sought, MOST_PAGES)
  return {
    matches: unique(listed.matches),
    looked: `${listed.looked} ${direct.looked}`.trim(),
    complete: listed.complete && direct.complete,
  }
}
