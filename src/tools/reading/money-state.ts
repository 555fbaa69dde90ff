/** Where the money of a payment or invoice is, in five words. Pure. */
import { type Row, wordOf } from '../derived/request.ts'
import { isBlank } from '../present/present.ts'
import { ARRIVED } from './payment-life.ts'
import { STOPPED, UNDER_WAY } from './tally.ts'

/** `stayed`: with its supplier. `bounced`: failed or canceled, so it never stayed. `unknown`: a status that nobody documents. */
export const MONEY_STATES = ['stayed', 'under_way', 'bounced', 'refunded', 'unknown'] as const
export type MoneyState = (typeof MONEY_STATES)[number]

/** @param row with `status`, and `refund_timestamp` where there is one */
export const moneyOf = (row: Row): MoneyState => {
  const status = wordOf(row.status)
  if (!isBlank(row.refund_timestamp)) return 'refunded'
  if (ARRIVED.has(status)) return 'stayed'
  if (STOPPED.has(status)) return 'bounced'
  return UNDER_WAY.has(status) || status === 'sent' ? 'under_way' : 'unknown'
}

/** Money that came back, or never stayed. */
export const CAME_BACK: ReadonlySet<unknown> = new Set<MoneyState>(['bounced', 'refunded'])
