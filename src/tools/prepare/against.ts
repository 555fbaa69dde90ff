/** What in a sheet speaks against paying a row. Read literally: a word that is not known waits for a person. */
import { cut } from '../../core/text.ts'
import { foreignCurrencyIn, looksLikeMoney } from '../pasted/amounts.ts'

const set = (text: string): ReadonlySet<string> => new Set(text.split(',').map((word) => word.trim()))

const plain = (text: string): string =>
  text
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim()

const BILLS = set(
  'bill, bills, invoice, invoices, inv, vendor bill, vendor invoice, supplier invoice, supplier bill, ap invoice, a p invoice, purchase invoice, pinv, standard, standard invoice, accpay, kr, re, vendinvc, vendbill, item invoice',
)
const OWED = set(
  'open, unpaid, approved, approved for payment, due, overdue, past due, awaiting payment, authorised, authorized, ready, ready to pay, ready for payment, posted, not paid, outstanding, to pay, to be paid, payable, payment due, released, approved to pay, unpaid overdue, open overdue',
)
const NO = set('no, n, false, 0, none, not on hold, not blocked, free, active, released')
const YES = set('yes, y, true, 1, x, ok, approved')
/** Single words that speak against a row wherever a cell says nothing else. */
const STOPS = set(
  'paid, void, voided, cancelled, canceled, hold, on hold, credit, cr, dr, debit, disputed, dispute, draft, duplicate, dup, rejected, refunded, closed, reversed, do not pay, dnp, pif, blocked, deleted, pending approval, not approved, unapproved, partially paid, partial, scheduled, credit memo, credit note, vendor credit, bill credit, payment, bill payment, deposit, prepayment, prepaid, prepay, estimate, quote, purchase order, stopped',
)
const PHRASE =
  /\b(?:do not pay|don'?t pay|not to be paid|paid|prepaid|part(?:ial)? pa(?:id|yment)s?|payments? (?:received|made|sent|on account)|pay only|only pay|short[- ]?pay|stop payment|void(?:ed)?|on hold|hold (?:until|for|payment)|payment hold|cancell?ed|disputed|in dispute|duplicate(?: of)?|credit (?:memo|note|applied|taken|of)|(?:apply|less|minus|after|net of) (?:the |a )?(?:credit|deposit|payment|discount)|(?:less|minus|deduct) \$?\d[\d,.]*|deposit (?:of|applied)|refund(?:ed)?|reversed|not approved|unapproved|pending (?:approval|credit)|awaiting (?:approval|credit)|wrong amount|incorrect|over(?:charged?|billed)|superseded|replaced by|wait for|needs approval|do not process)\b/i

const quoted = (text: string) => JSON.stringify(cut(text.trim(), 60))

/** @returns why a document of this type is not submitted; null: it is a bill */
export const typeProblem = (text: string): string | null =>
  BILLS.has(plain(text))
    ? null
    : `is ${quoted(text)}: only bills are submitted; if that is a bill, set the column to "ignore" in columns`

/** @param heading tells a column of yes and no apart */
export const statusProblem = (text: string, heading: string): string | null => {
  // Whoever asks is not sure.
  const word = text.includes('?') ? text : plain(text)
  const asked = plain(heading)
  if (/\bpaid$/.test(asked) && NO.has(word)) return null
  if (/\bapproved$/.test(asked) && YES.has(word)) return null
  return OWED.has(word) && !(/\bpaid$/.test(asked) && YES.has(word))
    ? null
    : `is ${quoted(text)}, which does not say that the bill is still to be paid`
}

export const holdProblem = (text: string, heading: string): string | null =>
  NO.has(plain(text)) ? null : `${quoted(heading)} says ${quoted(text)}`

export const currencyProblem = (text: string): string | null =>
  /^(?:usd|us\$|\$|us dollars?|dollars?|u\.s\. dollars?)$/i.test(text.trim())
    ? null
    : `is ${quoted(text)}: Finexio pays in US dollars only`

/** @returns the words of a free text that speak against its row; null: none do */
export const stopIn = (text: string): string | null =>
  STOPS.has(plain(text)) ? cut(text.trim(), 60) : (PHRASE.exec(text)?.[0] ?? null)

/** Of yes and no, of debit and credit, and of SAP's Soll and Haben. */
const FLAG = /^(?:y|n|yes|no|true|false|x|[cdhs]|[✓✔✗✘☑☒])$/i

/** Whether a cell under a heading that nobody knows may decide whether, or how much of, its row is owed. */
export const mayDecide = (text: string): boolean =>
  text.length <= 80 &&
  (STOPS.has(plain(text)) ||
    FLAG.test(text.trim()) ||
    foreignCurrencyIn(text) !== null ||
    /^[+-]$|\d\s*%$/.test(text.trim()) ||
    looksLikeMoney(text))
