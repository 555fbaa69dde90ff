/** Which field of an invoice a column means. Recognised by its heading or named by the caller; never guessed from cells. */
import { InvoiceBody } from '../../../schemas/invoices.ts'
import { cut, nearest } from '../../core/text.ts'
import { foreignCurrencyIn } from '../pasted/amounts.ts'
import { squashed } from '../pasted/headings.ts'
import { PARTY_FIELDS } from '../pasted/parties.ts'

const PARTIES = { supplier: PARTY_FIELDS.Supplier, buyer: PARTY_FIELDS.Buyer } as const
const DECIMALS = { amount: 'amount_cents', discount: 'discount_amount_cents' } as const

/** What decides whether and how much of a row is owed; no field of Finexio. */
const DECIDING = ['open_amount', 'paid_amount', 'status', 'type', 'hold', 'terms'] as const

/** What a column can mean: Finexio's fields, money as decimal text, parties by any of their names, what decides, or nothing. */
export const MEANINGS = [
  'ignore',
  ...Object.keys(PARTIES),
  ...Object.keys(DECIMALS),
  ...DECIDING,
  ...Object.keys(InvoiceBody.shape).filter((field) => !(Object.values(PARTIES) as string[]).includes(field)),
]

const words = (text: string): string[] => text.split(',').map((one) => one.trim())
const squashedSet = (text: string): ReadonlySet<string> => new Set(words(text).map(squashed))
const headed = (noun: string) => [
  noun,
  ...['name', 'id', 'no', 'number', 'code'].map((part) => `${noun} ${part}`),
]

/** How people and the exports of their programs head such columns, in small letters and without punctuation. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  invoice_number: words(
    'invoice, invoice no, inv, inv no, inv number, bill, bill no, bill number, invoice nbr, inv nbr, invoice num, supplier invoice no, supplier invoice number, vendor invoice no, vendor invoice number, supplier invoice, vendor invoice, invoice id',
  ),
  amount: words(
    'total, amt, invoice amount, invoice total, bill amount, bill total, amount usd, total amount, total usd, gross, gross amount, original amount, orig amount, invoice amt, inv amt, inv amount, bill amt, total amt, grand total, amount in usd, amount total, total incl tax, invoice value, total entered, trx total entered, amount in document currency, amount in doc curr',
  ),
  open_amount: words(
    'amount due, total due, balance due, open balance, open amount, outstanding, outstanding amount, outstanding balance, amount outstanding, remaining, remaining amount, remaining balance, amount remaining, unpaid, unpaid amount, amount unpaid, balance owed, amount owed, amount open, due amount, net due, invoice amount due, open amt, amt due, bal due, amount to pay, to pay, amount due usd, open balance usd, trx total due',
  ),
  paid_amount: words(
    'paid amount, amount paid, paid to date, payments, payments applied, amount applied, applied amount, total paid, paid amt, amt paid, invoice amount paid, settled amount, credits applied, trx total paid',
  ),
  invoice_date: words(
    'bill date, inv date, date of invoice, document date, doc date, issue date, date issued, issued, invoiced on, when created',
  ),
  invoice_due_date: words(
    'due, due date, due on, payment due, payment due date, net due date, date due, bill due date, inv due date, pay by, maturity date, when due',
  ),
  discount: words('discount amount, disc amount, disc amt, discount amt, cash discount amount'),
  supplier: [
    ...headed('vendor'),
    ...headed('supplier'),
    ...words(
      'payee, payee name, pay to, contact name, vendor display name, vendor account, remit to, creditor',
    ),
    PARTIES.supplier,
  ],
  buyer: ['buyer name', 'buyer id', 'payer', 'bill to', PARTIES.buyer],
  note: words('notes, memo, description, comment, comments, remarks, memo description, bill memo'),
  account_number: ['account no'],
  status: words(
    'payment status, bill status, invoice status, doc status, document status, approval status, approval state, paid, is paid, approved, is approved, workflow status, pay status, bill state, paid status, posting status',
  ),
  type: words(
    'doc type, document type, transaction type, trans type, txn type, invoice type, bill type, record type, tran type, entry type',
  ),
  currency: words(
    'currency code, curr, ccy, cur, crcy, invoice currency, doc currency, document currency, transaction currency, bill currency, currency iso code, iso currency',
  ),
  hold: words(
    'on hold, payment hold, hold reason, blocked, payment block, pmt block, do not pay, dispute, disputed, void, voided, canceled, cancelled, exclude, is void, is on hold, hold payment, pmnt block, payment blocked, date paid, paid date, paid on, payment date, check no, check number, cheque no, cheque number, check date, payment ref, payment reference, payment no, payment number, payment id, cleared, cleared date, date cleared',
  ),
  terms: words('payment terms, term, pay terms, net terms, terms of payment, pmt terms, credit terms'),
}

/** Counts only where no column is headed more clearly, and is left aside otherwise. */
const WEAK: Readonly<Record<string, readonly string[]>> = {
  invoice_number: words(
    'num, no, number, ref no, reference no, reference number, ref, reference, doc no, document no, document number, doc number, transaction no, transaction number, trans no, doc num, tran id, voucher no, voucher number, external document no, record id, record no',
  ),
  invoice_date: words(
    'date, transaction date, txn date, trans date, tran date, posting date, gl date, entry date',
  ),
  open_amount: words('balance, open, bal, amount due local currency'),
  amount: words('line amount, line total, amount local currency, amount gross'),
  supplier: words('name, company, company name, contact, business partner, bp name'),
  account_number: ['account'],
  status: ['state'],
}

/** Columns of well-known exports that say nothing of whether or how much is owed. */
const HARMLESS = squashedSet(
  'po, po no, po number, purchase order, purchase order no, purchase order number, department, dept, class, location, category, gl account, gl code, gl, account code, account name, expense account, address, address 1, address 2, street, city, zip, zip code, postal code, country, email, e mail, phone, phone number, created by, created, approved by, approver, line, line no, line number, line description, item, item no, item name, sku, qty, quantity, unit price, unit cost, price, tax code, tax rate, exchange rate, project, job, customer, customer job, attachment, attachments, batch, batch no, period, fiscal year, company code, cost center, profit center, subsidiary, entity, legal entity, aging, age, days past due, past due, days overdue, received, received date, date received, 1099, is 1099, billable, taxable, recurring, printed, row, id, uuid, owner, requester, link, url, file, tracking category, subtotal, sub total, net, net amount, days, week, month, year, site, store, modified, updated, last modified, payment method, pay method, payment type, pay group',
)

const ADDRESS = squashedSet('city, zip, zip code, postal code, address, address 1, street')

/** What is added to a net amount; harmless where the amount is headed as a total. */
const ADDED = squashedSet(
  'tax, tax amount, sales tax, vat, vat amount, gst, hst, tax total, freight, shipping, tax amt',
)

const mapOf = (all: Readonly<Record<string, readonly string[]>>, more: readonly string[] = []) =>
  new Map([
    ...more.map((meaning) => [squashed(meaning), meaning] as const),
    ...Object.entries(all).flatMap(([meaning, names]) =>
      names.map((name) => [squashed(name), meaning] as const),
    ),
  ])

const CLEAR = mapOf(SYNONYMS, MEANINGS)
const UNCLEAR = mapOf(WEAK)

type Kind = 'read' | 'added' | 'harmless' | 'unknown'
export type Column = {
  /** As written; `column 4` where nothing is. */
  heading: string
  /** `ignore` where it has none. */
  meaning: string
  kind: Kind | 'told'
}

/** How many different things a row of headings would mean, for finding the row. */
export const meaningsAmong = (cells: readonly unknown[]): number =>
  new Set(
    cells.flatMap((cell) => {
      const name = squashed(String(cell ?? ''))
      return CLEAR.get(name) ?? UNCLEAR.get(name) ?? []
    }),
  ).size

const shown = (heading: string) => JSON.stringify(cut(heading, 60))

const isCleared = (meanings: readonly (string | undefined)[], meaning: string): boolean =>
  meanings.includes(meaning) || (meaning === 'open_amount' && meanings.includes('paid_amount'))

const recognise = (headings: readonly string[], columns: Readonly<Record<string, string>>): Column[] => {
  const told = headings.map((name) => (Object.hasOwn(columns, name) ? columns[name]! : undefined))
  const names = headings.map(squashed)
  const clear = names.map((name, at) => told[at] ?? CLEAR.get(name))
  const taken: string[] = []
  return headings.map((heading, at): Column => {
    const name = names[at]!
    if (told[at] !== undefined) return { heading, meaning: told[at]!, kind: 'told' }
    if (clear[at] !== undefined) return { heading, meaning: clear[at]!, kind: 'read' }
    // Beside a city a state is one of fifty.
    const weak = name === 'state' && names.some((one) => ADDRESS.has(one)) ? undefined : UNCLEAR.get(name)
    if (weak !== undefined && !isCleared(clear, weak) && !taken.includes(weak)) {
      taken.push(weak)
      return { heading, meaning: weak, kind: 'read' }
    }
    if (ADDED.has(name)) return { heading, meaning: 'ignore', kind: 'added' }
    return {
      heading,
      meaning: 'ignore',
      kind: HARMLESS.has(name) || weak !== undefined ? 'harmless' : 'unknown',
    }
  })
}

const clash = (columns: readonly Column[]): string | null => {
  const meanings = columns.map(({ meaning }) => meaning)
  const second = meanings.findIndex(
    (meaning, at) =>
      !['ignore', 'status', 'hold', 'note'].includes(meaning) && meanings.indexOf(meaning) < at,
  )
  if (second < 0) return null
  const meaning = meanings[second]!
  const both = [columns[meanings.indexOf(meaning)]!, columns[second]!].map(({ heading }) => shown(heading))
  return `columns ${both.join(' and ')} both mean ${meaning}: set one to "ignore" in columns, such as {${both[1]}: "ignore"}`
}

/** Money may come in cents, in decimal form or as what is open, parties from an argument for all rows. */
const lacking = (meanings: readonly string[], given: readonly string[]): string | null => {
  const ways = [
    ['invoice_number'],
    ['amount', 'amount_cents', 'open_amount'],
    ['invoice_date'],
    ['supplier'],
    ['buyer'],
  ]
  const missing = ways.find((way) => !way.some((name) => meanings.includes(name) || given.includes(name)))
  return missing?.[0] ?? null
}

const misnamed = (headings: readonly string[], columns: Readonly<Record<string, string>>): string | null => {
  const wrong = Object.keys(columns).find((name) => !headings.includes(name))
  if (wrong === undefined) return null
  const near = nearest(wrong, headings)
  return `columns names ${shown(wrong)}, which is not a heading${near ? `: did you mean ${shown(near)}?` : ''}`
}

const inOtherCurrency = (columns: readonly Column[]): string | null => {
  const column = columns.find(
    ({ heading, meaning, kind }) =>
      kind !== 'told' && meaning !== 'currency' && foreignCurrencyIn(heading.replace(/_/g, ' ')) !== null,
  )
  return column
    ? `column ${shown(column.heading)} is in ${foreignCurrencyIn(column.heading.replace(/_/g, ' '))}, and Finexio pays in US dollars only: leave that column out, or set it to "ignore" in columns if another one holds the dollars`
    : null
}

const OF_DOCUMENT = /document currency|doc curr/i

/** Amounts in the currency of each document are dollars only where a column says so. */
const inAnyCurrency = (columns: readonly Column[]): string | null => {
  const column = columns.find(
    ({ heading, kind }) =>
      kind === 'read' && OF_DOCUMENT.test(heading) && !/^document currency$/i.test(heading),
  )
  return column === undefined || columns.some(({ meaning }) => meaning === 'currency')
    ? null
    : `column ${shown(column.heading)} is in the currency of each document, and no column names it: give that column too, or tell "amount" for it in columns if all is in US dollars`
}

/**
 * @param columns headings whose meaning the caller names
 * @param given meanings that an argument or the sheet's groups supply for every row
 * @returns the columns in order, or one sentence that says what to do
 */
export const columnsOf = (
  headings: readonly string[],
  columns: Readonly<Record<string, string>>,
  given: readonly string[],
): Column[] | string => {
  const read = recognise(headings, columns)
  const meanings = read.map(({ meaning }) => meaning)
  const both = ['amount', 'discount'].find(
    (name) => meanings.includes(name) && meanings.includes(DECIMALS[name as keyof typeof DECIMALS]),
  )
  if (both)
    return `two columns hold the ${both}, one in dollars and one in cents: set one to "ignore" in columns`
  const problem = misnamed(headings, columns) ?? inOtherCurrency(read) ?? inAnyCurrency(read) ?? clash(read)
  if (problem) return problem
  const missing = lacking(meanings, given)
  if (missing !== null)
    return `no column means ${missing} (headings: ${headings.slice(0, 30).map(shown).join(', ')}): name it in columns, such as {"<heading>": "${missing}"}${missing === 'supplier' || missing === 'buyer' ? `, or give ${missing} for all rows` : ''}`
  return read
}
