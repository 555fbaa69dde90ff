/** Amounts as people and their programs write them. Which mark separates the cents is a property of the column. */
import { readDollars } from '../../core/money.ts'
import { LONGEST_VALUE, type Reading } from './reading.ts'

export type DecimalMark = '.' | ','

/** The one spelling of our own currency is taken off; any other letter or sign makes the amount unreadable. */
const DOLLARS = /US\$|USD|\$/gi
const FOREIGN =
  /[\u00a3\u00a5\u20a0-\u20bf]|\b(?:EUR|GBP|CAD|AUD|NZD|MXN|CHF|JPY|CNY|INR|SEK|NOK|DKK|PLN|BRL|SGD|HKD|ZAR)\b|\b(?:C|CA|A|AU|NZ|HK|S|R|MX)\$/i

/** The currency a text names beside US dollars, as written; null when it names none. */
export const foreignCurrencyIn = (text: string): string | null => FOREIGN.exec(text)?.[0] ?? null

/** The text without the currency that is not ours. */
export const withoutCurrency = (text: string): string => text.replace(FOREIGN, '').trim()

const MINUS = '\\-\u2010-\u2015\u2212'
const NEGATIVE = new RegExp(`^\\(.*\\)$|^[${MINUS}]|[${MINUS}]$|\\bcr(?:edit)?\\b`, 'i')
/** What groups thousands beside points and commas: blanks of any width, and apostrophes as Switzerland has them. */
const GROUPING = "\\u00a0\\u2007\\u2009\\u202f'\u2019\u02bc"
const BLANKS = new RegExp(`[\\s${GROUPING}]+`, 'g')

const bare = (text: string): string => text.replace(DOLLARS, '').trim()

const GROUPED = /^\d{1,3}([,.])\d{3}(?:\1\d{3})*$/
const grouped = (mark: string) => new RegExp(`^\\d{1,3}(?:\\${mark}\\d{3})+$`)

/** The mark that a cell proves by itself; null where both readings are possible or none is needed. */
const provenBy = (text: string): DecimalMark | null => {
  const digits = bare(text)
    .replace(BLANKS, '')
    .replace(new RegExp(`^[(${MINUS}]+|[)${MINUS}]+$`, 'g'), '')
  const [, whole, mark, cents] = /^(.*)([.,])(\d*)$/.exec(digits) ?? []
  if (whole === undefined || !/^[\d.,]+$/.test(whole)) return null
  const other = mark === '.' ? ',' : '.'
  if (GROUPED.test(digits) && !whole.startsWith('0'))
    return digits.split(mark!).length > 2 ? (other as DecimalMark) : null
  return cents!.length > 0 && (/^\d+$/.test(whole) || grouped(other).test(whole))
    ? (mark as DecimalMark)
    : null
}

export type MarkEvidence = { mark: DecimalMark; proof: string | null } | { clash: [string, string] }

/** Decides for a whole column. Where nothing proves it, cents follow a point, as in US dollars everywhere. */
export const decimalMarkOf = (cells: readonly string[]): MarkEvidence => {
  const [point, comma] = (['.', ','] as const).map((mark) => cells.find((cell) => provenBy(cell) === mark))
  if (point !== undefined && comma !== undefined) return { clash: [point, comma] }
  return comma === undefined ? { mark: '.', proof: point ?? null } : { mark: ',', proof: comma }
}

const NOT_AN_AMOUNT = { problem: 'is not an amount in US dollars: write it as 1250.00 or $1,250.00' }

/**
 * `$1,250.5` → 125050, with a comma for cents `1.250,50` → 125050.
 * @param mark what separates the cents in this column
 */
export const centsOf = (text: string, mark: DecimalMark = '.'): Reading<number> => {
  const given = text.trim()
  if (given.replace(/\s+/g, ' ').length > LONGEST_VALUE) return NOT_AN_AMOUNT
  const foreign = foreignCurrencyIn(given)
  if (foreign !== null) return { problem: `is in ${foreign}: Finexio pays in US dollars only` }
  const digits = bare(given)
  if (NEGATIVE.test(digits))
    return { problem: 'is negative: credits cannot be submitted; leave the row out or net it by hand' }
  // A blank within an amount is a separator of thousands only where cents follow a comma; a no-break blank is nothing else.
  const blanks = new RegExp(`(?<=\\d)[${GROUPING}${mark === ',' ? ' ' : ''}](?=\\d{3}(?!\\d))`, 'g')
  const spaced = digits.replace(blanks, mark === '.' ? ',' : '.')
  const [whole = '', cents, ...more] = spaced.split(mark)
  const point =
    mark === '.' ? spaced : [whole.replaceAll('.', ','), ...(cents === undefined ? [] : [cents])].join('.')
  const value = more.length > 0 || (mark === ',' && cents?.includes('.')) ? null : readDollars(point)
  return value === null ? NOT_AN_AMOUNT : { value }
}

/** `125050` → 125050. */
export const wholeCentsOf = (text: string): Reading<number> =>
  /^\d{1,15}$/.test(text.trim())
    ? { value: Number(text) }
    : { problem: 'is not a whole number of US cents: $1,250.00 is 125000' }

/** On either side of the figures. */
const CURRENCY = String.raw`(?:[$\u00a3\u00a5\u20a0-\u20bf]|[A-Z]{1,3}\$|USD)`
const BESIDE = new RegExp(String.raw`^[(\s+<\u2212-]*${CURRENCY}|${CURRENCY}[)\s>-]*$`, 'gi')
const SIGN_OR_CENTS = /[.,]\d\d(?!\d)|^[(<\u2212-]\s*\d|\d\s*[-\u2212]$|\b(?:cr|dr)$/i

/** Whether a cell is money to the eye: it has cents, a currency on either side, or a sign. */
export const looksLikeMoney = (text: string): boolean => {
  const given = text.trim()
  const figures = given.replace(BESIDE, ' ').trim()
  return (
    given.length <= LONGEST_VALUE &&
    new RegExp(`^[(\\s+<\u2212-]*\\d[\\d., ${GROUPING}]*[)\\s>\u2212-]*(?:cr|dr)?$`, 'i').test(figures) &&
    (figures !== given || SIGN_OR_CENTS.test(figures))
  )
}

/** Whether a cell is nothing but figures, with whatever stands around amounts. */
export const isFigure = (text: string): boolean =>
  /^[^\p{L}\p{N}]*(?:usd?[^\p{L}\p{N}]*)?\d[\d.,'\u2019\s]*(?:[^\p{L}\p{N}]*(?:usd|cr|dr))?[^\p{L}\p{N}]*$/iu.test(
    text,
  )

/** An amount with whatever says that it is one to take off: a sign, parentheses, or a bank's CR and DR. */
export type Signed = { cents: number; isMinus: boolean; word: 'cr' | 'dr' | null }

const SIGN_WORD = /^(cr|dr)\b\.?|(?<![a-z])(cr|dr)\.?$/i
const SIGNS = new RegExp(`^[${MINUS}]|[${MINUS}]$`, 'g')

/** `(1,250.00)`, `1,250.00-`, `1,250.00 CR` → 125000 and how it is marked; never below zero itself. */
export const signedCentsOf = (text: string, mark: DecimalMark = '.'): Reading<Signed> => {
  const given = text.trim()
  const [, before, after] = SIGN_WORD.exec(given) ?? []
  const word = (before ?? after)?.toLowerCase() as Signed['word'] | undefined
  const plain = given.replace(SIGN_WORD, '').trim()
  const inner = /^\((.*)\)$/.exec(plain)?.[1] ?? plain
  const bareOfSign = bare(inner).replace(SIGNS, '').trim()
  const read = centsOf(bareOfSign.replace(/^\+/, ''), mark)
  const isMinus = inner !== plain || bareOfSign !== bare(inner)
  return 'problem' in read ? read : { value: { cents: read.value, isMinus, word: word ?? null } }
}
