/** What Finexio can be asked for a search text, and whether a row that it answers is meant. Pure. */
import type { Filters } from '../../derived/list-answer.ts'
import { holdsName } from '../../derived/names.ts'
import { folded, type Row } from '../../derived/request.ts'
import type { Kind } from './shape.ts'

// What in a search text could be a number, an id or a name: people and deep research type sentences. Pure.

/** Words that tell what is looked for, not which one. */
const COMMON: ReadonlySet<string> = new Set(
  `a about all an and any are been by check checks did drawdown drawdowns find for from get has have in invoice invoices is it
   last latest list me no not number of on or our paid payment payments recent show status supplier suppliers the this to
   unpaid us vendor vendors was we were what when where which who with buyer buyers counterparty counterparties finexio`.split(
    /\s+/,
  ),
)

const MOST_NUMBERS = 1
const MOST_NAMES = 2
const SHORTEST_NAME = 3

export type Terms = {
  /** The text as it was given. */
  whole: string
  /** Words with a digit, such as an invoice number or a tracking id. */
  numbers: string[]
  /** Words that could be part of a name. */
  names: string[]
}

/** Splits a search text into possible numbers and names. A single word gives none besides the text itself. */
export const termsOf = (query: string): Terms => {
  const words = query.split(/[\s,;"“”'‘’()]+/).filter(Boolean)
  if (words.length < 2) return { whole: query, numbers: [], names: [] }
  const own = [...new Set(words.map((word) => word.replace(/[.?!:]+$/, '')))]
  const isNumber = (word: string) => /\d/.test(word)
  return {
    whole: query,
    numbers: own.filter(isNumber).slice(0, MOST_NUMBERS),
    names: own
      .filter((word) => !isNumber(word) && word.length >= SHORTEST_NAME && !COMMON.has(word.toLowerCase()))
      .slice(0, MOST_NAMES),
  }
}

export type Question = {
  kind: Kind
  /** Asked one after another until one finds something: Finexio stores some words in upper case. */
  filters(term: string): readonly Filters[]
  /** Whether a row is meant: a filter that Finexio does not know lets all rows pass. */
  fits(row: Row, term: string): boolean
}

/** Whether a value is the term, whatever its case and blanks at the ends. */
const sameText = (value: unknown, term: string) => folded(value) === folded(term)

const BY_TRACKING: Question = {
  kind: 'payment',
  filters: (term) => [{ tracking_id: term }],
  fits: (row, term) => sameText(row.tracking_id, term),
}
const DRAWDOWN_OF_TRACKING: Question = {
  kind: 'drawdown',
  filters: (term) => [{ tracking_id: term }],
  fits: () => true,
}
const DRAWDOWN_OF_INVOICE: Question = {
  kind: 'drawdown',
  filters: (term) => [{ invoice_number: term }],
  fits: () => true,
}
/** Counterparties by a part of the name. */
export const BY_NAME: Question = {
  kind: 'counterparty',
  filters: (term) => [{ name: term }],
  fits: (row, term) => holdsName(row.name, term),
}
const BY_INTERNAL_ID: Question = {
  kind: 'counterparty',
  filters: (term) => [...new Set([term, term.toUpperCase()])].map((internal_id) => ({ internal_id })),
  fits: (row, term) => sameText(row.internal_id, term),
}

/** What a number or id may be. */
export const OF_NUMBERS = [BY_TRACKING, DRAWDOWN_OF_INVOICE, DRAWDOWN_OF_TRACKING, BY_INTERNAL_ID]
/** A tracking id has no blanks; a name, an invoice number and an internal id may. */
export const OF_SENTENCES = [DRAWDOWN_OF_INVOICE, BY_NAME, BY_INTERNAL_ID]
