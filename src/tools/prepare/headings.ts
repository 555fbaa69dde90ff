/** Which field of an invoice a column means. Recognised by its heading or named by the caller; never guessed from cells. */
import { InvoiceBody } from '../../../schemas/invoices.ts'
import { cut, nearest } from '../../core/text.ts'
import { PARTY_FIELDS } from './parties.ts'

const PARTIES = { supplier: PARTY_FIELDS.Supplier, buyer: PARTY_FIELDS.Buyer } as const
const DECIMALS = { amount: 'amount_cents', discount: 'discount_amount_cents' } as const

/** What a column can mean: Finexio's fields, money as decimal text, parties by any of their names, or nothing. */
export const MEANINGS = [
  'ignore',
  ...Object.keys(PARTIES),
  ...Object.keys(DECIMALS),
  ...Object.keys(InvoiceBody.shape).filter((field) => !(Object.values(PARTIES) as string[]).includes(field)),
]

const headed = (noun: string) => [noun, ...['name', 'id', 'no', 'number'].map((part) => `${noun} ${part}`)]

/** How people head such columns, in small letters and without punctuation. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  invoice_number: ['invoice', 'invoice no', 'inv', 'inv no', 'inv number', 'bill no', 'bill number'],
  amount: [
    'total',
    'invoice amount',
    'invoice total',
    'amount due',
    'total due',
    'amount usd',
    'total amount',
  ],
  invoice_date: ['date', 'bill date', 'inv date', 'date of invoice'],
  invoice_due_date: ['due', 'due date', 'due on', 'payment due', 'payment due date'],
  discount: ['discount amount'],
  supplier: [...headed('vendor'), ...headed('supplier'), 'payee', 'payee name', 'pay to', PARTIES.supplier],
  buyer: ['buyer name', 'buyer id', 'payer', 'bill to', PARTIES.buyer],
  note: ['notes', 'memo', 'description', 'comment'],
  account_number: ['account', 'account no'],
}

const plain = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll('#', ' no ')
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

const KNOWN: ReadonlyMap<string, string> = new Map(
  MEANINGS.flatMap((meaning) =>
    [meaning, ...(SYNONYMS[meaning] ?? [])].map((words) => [plain(words), meaning] as const),
  ),
)

type Columns = {
  /** Meaning of each column, by position; `ignore` where it has none. */
  meanings: string[]
  ignored: string[]
}

const shown = (heading: string) => JSON.stringify(cut(heading, 60))

const clash = (headings: readonly string[], meanings: readonly string[]): string | null => {
  const second = meanings.findIndex((meaning, at) => meaning !== 'ignore' && meanings.indexOf(meaning) < at)
  if (second < 0) return null
  const meaning = meanings[second]!
  const both = [headings[meanings.indexOf(meaning)]!, headings[second]!].map(shown)
  return `columns ${both.join(' and ')} both mean ${meaning}: set one to "ignore" in columns, such as {${both[1]}: "ignore"}`
}

/** Money may come in cents or in decimal form, parties from an argument for all rows. */
const lacking = (meanings: readonly string[], given: readonly string[]): string | null => {
  const ways = [['invoice_number'], ['amount', 'amount_cents'], ['invoice_date'], ['supplier'], ['buyer']]
  const missing = ways.find((way) => !way.some((name) => meanings.includes(name) || given.includes(name)))
  return missing?.[0] ?? null
}

const misnamed = (headings: readonly string[], columns: Readonly<Record<string, string>>): string | null => {
  const wrong = Object.keys(columns).find((name) => !headings.includes(name))
  if (wrong === undefined) return null
  const near = nearest(wrong, headings)
  return `columns names ${shown(wrong)}, which is not a heading${near ? `: did you mean ${shown(near)}?` : ''}`
}

/**
 * @param columns headings whose meaning the caller names
 * @param given meanings that an argument supplies for every row
 * @returns the columns, or one sentence that says what to do
 */
export const columnsOf = (
  headings: readonly string[],
  columns: Readonly<Record<string, string>>,
  given: readonly string[],
): Columns | string => {
  const meanings = headings.map((name) =>
    Object.hasOwn(columns, name) ? columns[name]! : (KNOWN.get(plain(name)) ?? 'ignore'),
  )
  const both = ['amount', 'discount'].find(
    (name) => meanings.includes(name) && meanings.includes(DECIMALS[name as keyof typeof DECIMALS]),
  )
  if (both)
    return `two columns hold the ${both}, one in dollars and one in cents: set one to "ignore" in columns`
  const problem = misnamed(headings, columns) ?? clash(headings, meanings)
  if (problem) return problem
  const missing = lacking(meanings, given)
  if (missing !== null)
    return `no column means ${missing} (headings: ${headings.slice(0, 30).map(shown).join(', ')}): name it in columns, such as {"<heading>": "${missing}"}${missing === 'supplier' || missing === 'buyer' ? `, or give ${missing} for all rows` : ''}`
  return { meanings, ignored: headings.filter((name, at) => name !== '' && meanings[at] === 'ignore') }
}
