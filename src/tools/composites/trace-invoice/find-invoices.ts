/** Finding invoices by what people know of them. Finexio cannot search invoices: drawdowns can be asked for a number, the rest is read newest first. */
import { counterparties } from '../../../../schemas/counterparties.ts'
import { invoices } from '../../../../schemas/invoices.ts'
import { cleanText, type NumberFit, numberFit, quoted } from '../../../core/text.ts'
import { holdsName, nearWords } from '../../derived/names.ts'
import type { Row } from '../../derived/request.ts'
import { closest } from '../../reading/closest-number.ts'
import {
  type FoundInvoices,
  type Match,
  type Sought,
  throughDrawdowns,
} from '../../reading/invoices-in-drawdowns.ts'
import { isWhole, readRecent, readWhole } from '../../reading/read-list.ts'
import type { Reading } from '../../reading/reading.ts'
import { reachWords } from '../../reading/report.ts'

const NONE: FoundInvoices = { matches: [], others: [], looked: '', complete: true }

/** Pages of the invoice list that are looked through, the newest. */
const MOST_PAGES = 30
/** Pages that are read for other invoices of the same number once a drawdown holds one. */
const MOST_NAMESAKE_PAGES = 10

type Named = {
  /** Ids and names of the suppliers who are meant; null: any. */
  named: ReadonlyMap<string, string> | null
  complete: boolean
  /** Whose name is nearly the given one, where nobody has it. */
  near: string
}
const ANYBODY: Named = { named: null, complete: true, near: '' }

const namesIn = (rows: readonly Row[], name: string): Map<string, string> =>
  new Map(
    rows
      .filter((row) => holdsName(row.name, name) && typeof row.id === 'string')
      .map((row) => [String(row.id), cleanText(String(row.name))]),
  )

/** By Finexio's filter, which compares letters; whom that does not find is looked for among all suppliers. */
export const suppliersNamed = async (reading: Reading, name: string): Promise<Named> => {
  const whole = await readWhole(reading, counterparties, { name, type: 'Supplier' })
  const named = namesIn(whole.rows, name)
  if (named.size > 0 || !isWhole(whole)) return { named, complete: isWhole(whole), near: '' }
  const all = await readWhole(reading, counterparties, { type: 'Supplier' })
  return { named: namesIn(all.rows, name), complete: isWhole(all), near: nearWords(all.rows, name) }
}

/** Nobody's name holds the text, as far as the names were read. */
const noName = (supplier: string | null, { complete, near }: Named): string => {
  if (!complete) return `Among the suppliers that could be read none has ${quoted(supplier)} in its name.`
  return `No supplier's name holds ${quoted(supplier)}: ${near || 'give another part of the name, or the id'}.`
}

/**
 * Whether a row is the invoice asked for.
 * @param named ids of the suppliers whose name fits; null when no name was given
 */
export const isSought =
  ({ number, supplierId }: Sought, named: ReadonlyMap<string, string> | null) =>
  (row: Row): boolean =>
    (number === null || numberFit(row.invoice_number, number) !== null) &&
    (supplierId === null || row.receiving_counterparty_id === supplierId) &&
    (named?.has(String(row.receiving_counterparty_id)) ?? true)

const FIT_WORDS: Readonly<Record<Exclude<NumberFit, 'same'>, string>> = {
  alike: 'these are written differently',
  near: 'these are near it, with O for 0 or I for 1: compare them with the paper',
  end: 'these are those that end alike',
}

/** Said where no number is the one that was asked for, letter by letter. */
const fitWords = (number: string | null, fit: NumberFit): string =>
  fit === 'same' ? '' : `No number is ${quoted(number)} itself: ${FIT_WORDS[fit]}.`

/** Among invoices that were read. */
export const among = (all: readonly Row[], sought: Sought, { named }: Pick<Named, 'named'>) => {
  const { rows, fit } = closest(all.filter(isSought(sought, named)), sought.number)
  const matches = rows.map(
    (invoice): Match => ({
      invoice,
      funded: null,
      supplierName: named?.get(String(invoice.receiving_counterparty_id)) ?? null,
    }),
  )
  return { matches, words: fitWords(sought.number, fit) }
}

/** Invoices of just this number, whoever's they are. Whoever is confined to one supplier by its id is told of no other. */
const ofOthers = (all: readonly Row[], { number, supplierId }: Sought): Match[] =>
  number === null || supplierId !== null
    ? []
    : all
        .filter(({ invoice_number }) => numberFit(invoice_number, number) === 'same')
        .map((invoice) => ({ invoice, funded: null, supplierName: null }))

/** Among the invoices that Finexio lists, as far as the reading's bound lets look. */
const throughList = async (reading: Reading, sought: Sought, mostPages: number): Promise<FoundInvoices> => {
  const who = sought.supplier === null ? ANYBODY : await suppliersNamed(reading, sought.supplier)
  const nobody = who.named?.size === 0
  if (nobody && sought.number === null)
    return { ...NONE, looked: noName(sought.supplier, who), complete: who.complete }
  const whole = await readRecent(reading, invoices, mostPages)
  const { matches, words } = among(whole.rows, sought, who)
  return {
    matches,
    others: matches.length > 0 || sought.supplier === null ? [] : ofOthers(whole.rows, sought),
    looked: [nobody && noName(sought.supplier, who), words, `Looked through ${reachWords(whole, 'invoice')}.`]
      .filter(Boolean)
      .join(' '),
    complete: who.complete && isWhole(whole),
  }
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
    matches: unique([
      ...direct.matches,
      ...listed.matches.filter(({ invoice }) => numberFit(invoice.invoice_number, sought.number!) === 'same'),
    ]),
    others: [],
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
      others: [],
      looked: `${FOUND} ${direct.looked}`.trim(),
      complete: direct.complete,
    }
  const listed = await throughList(reading, sought, MOST_PAGES)
  return {
    matches: unique(listed.matches),
    others: unique([...direct.others, ...listed.others]),
    looked: `${listed.looked} ${direct.looked}`.trim(),
    complete: listed.complete && direct.complete,
  }
}
