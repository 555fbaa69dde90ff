/** What Finexio can be asked for a search text, and whether a row that it answers is meant. Pure. */
import type { Filters } from '../../derived/list-answer.ts'
import type { Row } from '../../derived/request.ts'
import type { Kind } from './shape.ts'

const plain = (value: unknown) =>
  String(value ?? '')
    .trim()
    .toLowerCase()

export type Question = {
  kind: Kind
  filters(term: string): Filters
  /** Whether a row is meant: a filter that Finexio does not know lets all rows pass. */
  fits(row: Row, term: string): boolean
}

export const sameText = (value: unknown, term: string) => plain(value) === plain(term)

const BY_TRACKING: Question = {
  kind: 'payment',
  filters: (term) => ({ tracking_id: term }),
  fits: (row, term) => sameText(row.tracking_id, term),
}
const DRAWDOWN_OF_TRACKING: Question = {
  kind: 'drawdown',
  filters: (term) => ({ tracking_id: term }),
  fits: () => true,
}
const DRAWDOWN_OF_INVOICE: Question = {
  kind: 'drawdown',
  filters: (term) => ({ invoice_number: term }),
  fits: () => true,
}
export const BY_NAME: Question = {
  kind: 'counterparty',
  filters: (term) => ({ name: term }),
  fits: (row, term) => plain(row.name).includes(plain(term)),
}
const BY_INTERNAL_ID: Question = {
  kind: 'counterparty',
  filters: (term) => ({ internal_id: [term, term.toUpperCase()] }),
  fits: (row, term) => sameText(row.internal_id, term),
}

/** What a number or id may be. */
export const OF_NUMBERS = [BY_TRACKING, DRAWDOWN_OF_INVOICE, DRAWDOWN_OF_TRACKING, BY_INTERNAL_ID]
/** A tracking id has no blanks; a name, an invoice number and an internal id may. */
export const OF_SENTENCES = [DRAWDOWN_OF_INVOICE, BY_NAME, BY_INTERNAL_ID]
