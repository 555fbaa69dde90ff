/** Where the money of a payment or invoice is, in five words. Pure. */
import { isBlank } from '../../core/mask.ts'
import { decimalOf, dollars } from '../../core/money.ts'
import { type Row, wordOf } from '../derived/request.ts'
import { ARRIVED } from './payment-life.ts'
import { isSummable, STOPPED, UNDER_WAY } from './tally.ts'

/** `stayed`: with its supplier. `bounced`: failed or canceled, so it never stayed. `unknown`: a status that nobody documents. */
const MONEY_STATES = ['stayed', 'under_way', 'bounced', 'refunded', 'unknown'] as const
type MoneyState = (typeof MONEY_STATES)[number]

/** @param row with `status`, and `refund_timestamp` where there is one */
export const moneyOf = (row: Row): MoneyState => {
  const status = wordOf(row.status)
  if (!isBlank(row.refund_timestamp)) return 'refunded'
  if (ARRIVED.has(status)) return 'stayed'
  if (STOPPED.has(status)) return 'bounced'
  return UNDER_WAY.has(status) || status === 'sent' ? 'under_way' : 'unknown'
}

export type Part = Row & { count: number; amount_cents: number; amount: string | null }

/** Rows as one part of an answer. A row without a readable amount in US dollars counts, and adds nothing. */
export const partOf = (rows: readonly Row[]): Part => {
  const cents = rows.filter(isSummable).reduce((sum, row) => sum + (row.amount_cents as number), 0)
  return { count: rows.length, amount_cents: cents, amount: decimalOf(cents) }
}

/** @param rows with `money` */
export const byMoney = (rows: readonly Row[]): (Part & { money: MoneyState })[] => {
  const states = Map.groupBy(rows, ({ money }) => money)
  return MONEY_STATES.filter((state) => states.has(state)).map((state) => ({
    money: state,
    ...partOf(states.get(state)!),
  }))
}

const STATE_WORDS: Readonly<Record<MoneyState, string>> = {
  stayed: 'settled and stayed',
  under_way: 'under way',
  bounced: 'failed or canceled',
  refunded: 'refunded',
  unknown: 'of a status that this server does not know',
}

/** Where money is, so that nobody takes a failed payment for paid. Empty where there are no rows. */
export const moneyWords = (states: ReturnType<typeof byMoney>): string =>
  states.length === 0
    ? ''
    : `Of these ${states.map(({ money, count, amount_cents }) => `${count} ${STATE_WORDS[money]} (${dollars(amount_cents)})`).join(', ')}.`

/** Money that came back, or never stayed. */
export const CAME_BACK: ReadonlySet<unknown> = new Set<MoneyState>(['bounced', 'refunded'])
