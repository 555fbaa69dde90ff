/** What Finexio answers to a write, compared with what was sent, field by field where it comes back. Pure. */
import { cleanText } from '../../core/text.ts'
import { numberOf } from '../../rules/duplicates.ts'
import type { Row } from './request.ts'

const isBlank = (value: unknown) =>
  value === null ||
  value === undefined ||
  value === '' ||
  (typeof value === 'object' && Object.keys(value).length === 0)

const isList = (value: unknown): value is unknown[] => Array.isArray(value)

const folded = (value: unknown): string => String(value).trim().toLowerCase()

const PLAIN_DATE = /^\d{4}-\d{2}-\d{2}$/

/**
 * Finexio upper-cases references, drops blanks at the ends, answers numbers as text and a day as its first moment. What was sent as
 * text is no number: an account without its zeros is another account.
 */
const sameScalar = (sent: unknown, answered: unknown): boolean => {
  const [one, other] = [folded(sent), folded(answered)]
  if (one === other) return true
  if (PLAIN_DATE.test(one)) return other.startsWith(`${one}t`)
  return typeof sent === 'number' && other !== '' && Number(one) === Number(other)
}

/** Lists are compared whatever their order. Of records each that was sent has to be there: others may have been before. */
const sameList = (sent: readonly unknown[], answered: readonly unknown[]): boolean => {
  if (![...sent, ...answered].some((one) => typeof one === 'object'))
    return JSON.stringify(sent.map(folded).sort()) === JSON.stringify(answered.map(folded).sort())
  const left = [...answered]
  const take = (one: unknown): boolean => {
    const at = left.findIndex((other) => sameValue(one, other))
    return at >= 0 && left.splice(at, 1).length > 0
  }
  return sent.length > 0 && sent.every(take)
}

/** Records are compared by the fields that come back. */
const sameValue = (sent: unknown, answered: unknown): boolean => {
  if (isBlank(sent) && isBlank(answered)) return true
  if (typeof sent !== 'object' || sent === null) return sameScalar(sent, answered)
  if (answered === null) return true
  if (typeof answered !== 'object' || isList(sent) !== isList(answered)) return false
  if (isList(sent) && isList(answered)) return sameList(sent, answered)
  return differing(sent as Row, answered as Row).length === 0
}

const MASKED = /^[*•xX]{2,}/
/** What a masked value still shows. */
const TAIL = /\d+$/

/** Of what Finexio masks, the digits at its end are compared. */
const sameMasked = (sent: unknown, answered: string): boolean =>
  String(sent)
    .replaceAll(/\D/g, '')
    .endsWith(TAIL.exec(answered)?.[0] ?? '')

const sameField = (sent: unknown, answered: unknown): boolean =>
  typeof answered === 'string' && MASKED.test(answered)
    ? sameMasked(sent, answered)
    : sameValue(sent, answered)

/** Names of sent fields that came back with another value. */
export const differing = (sent: Row, answered: Row): string[] =>
  Object.entries(sent)
    .filter(([name, value]) => name in answered && !sameField(value, answered[name]))
    .map(([name]) => name)

export const without = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

const numberIn = ({ invoice_number }: Row): string => numberOf({ number: String(invoice_number) })

/** What decides how much goes to whom. */
const MONEY: readonly string[] = ['amount_cents', 'originating_counterparty_id', 'receiving_counterparty_id']

const isMoney = (name: string): boolean => MONEY.includes(name)

/** A sent row and the answered one that is taken for it. */
export type Pair = {
  index: number
  sent: Row
  answered: Row
  /** Fields that came back with another value. */
  differing: string[]
}

/**
 * Which answered row is which sent one: by number, best of all with equal fields, or else of equal money, since several suppliers may have
 * one number; the rest in the order that they came.
 */
export const paired = (sent: readonly Row[], answered: readonly Row[]): Pair[] => {
  const left = new Set(answered.map((row) => ({ row, compared: without(row), number: numberIn(row) })))
  const byNumber = Map.groupBy(left, ({ number }) => number)
  const found = new Map<number, Row>()
  const pass = (fits: (differing: readonly string[]) => boolean) => {
    for (const [index, one] of sent.entries()) {
      if (found.has(index)) continue
      const own = byNumber.get(numberIn(one)) ?? []
      const taken = own.find((other) => left.has(other) && fits(differing(one, other.compared)))
      if (taken && left.delete(taken)) found.set(index, taken.row)
    }
  }
  pass((differing) => differing.length === 0)
  pass((differing) => !differing.some(isMoney))
  pass(() => true)
  const rest = left.values()
  for (const index of sent.keys()) {
    const next = found.has(index) ? undefined : rest.next().value
    if (next) found.set(index, next.row)
  }
  return [...found]
    .sort(([a], [b]) => a - b)
    .map(([index, row]) => ({
      ...{ index, sent: sent[index]!, answered: row },
      differing: differing(sent[index]!, without(row)),
    }))
}

/** Whether what was answered is what was sent, by its number. */
export const isNamed = ({ sent, answered }: Pair): boolean => numberIn(sent) === numberIn(answered)

/** Whether an answer names any of what was sent. */
export const namesAny = (pairs: readonly Pair[]): boolean => pairs.some(isNamed)

/** Positions of what an answer does not name, or names with another amount or party: nobody knows what became of it. */
export const unconfirmedOf = (count: number, pairs: readonly Pair[]): number[] => {
  const confirms = (pair: Pair) => isNamed(pair) && !pair.differing.some(isMoney)
  const confirmed = new Set(pairs.filter(confirms).map(({ index }) => index))
  return [...Array(count).keys()].filter((index) => !confirmed.has(index))
}

export type Difference = { index: number; field: string; sent: string; answered: string }

const LONGEST = 60
const MOST_NAMED = 8
const shown = (value: unknown): string => cleanText(String(value)).slice(0, LONGEST)

/** Fields of a batch that came back with another value. */
export const differencesOf = (pairs: readonly Pair[]): Difference[] =>
  pairs.flatMap(({ index, sent, answered, differing: fields }) =>
    fields.map((field) => ({
      ...{ index, field },
      ...{ sent: shown(sent[field]), answered: shown(answered[field]) },
    })),
  )

/** The first thing that a receipt says. */
export const differenceWords = (differences: readonly Difference[]): string => {
  const some = differences
    .slice(0, MOST_NAMED)
    .map(
      ({ index, field, sent, answered }) =>
        `body[${index}].${field} was sent as ${JSON.stringify(sent)}, answered as ${JSON.stringify(answered)}`,
    )
  const more = differences.length > MOST_NAMED ? `; and ${differences.length - MOST_NAMED} more` : ''
  return `Finexio answered other values than were sent: ${some.join('; ')}${more}. Look these invoices up and tell a person before anything else is sent.`
}
