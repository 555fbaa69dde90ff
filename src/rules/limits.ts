/** Limits on money, in cents and in count. Pure; times in milliseconds since the epoch, windows roll. */
import { canonicalId } from '../core/ids.ts'
import { dollars } from '../core/money.ts'
import { DAY_MS } from '../core/time.ts'
import { plural } from '../core/words.ts'
import type { Limits, WriteSettings } from './server-settings.ts'

/** One invoice of a call: its position there, and its cents. */
export type InvoicePart = readonly [position: number, cents: number]

/** Money that one call would move towards one supplier, from one buyer. `invoices`: what it is made of. */
export type Movement = {
  buyer: string
  supplier: string
  cents: number
  count: number
  invoices?: readonly InvoicePart[]
}

/** Sums of a window, of one call or of what a limit leaves. */
export type Amount = { cents: number; count: number }
type Unit = keyof Amount

/** How far each rolling limit looks back. */
export const WINDOWS = { per_day: DAY_MS, per_30_days: 30 * DAY_MS, per_supplier_day: DAY_MS } as const
export type Window = keyof typeof WINDOWS

/** A limit that a call would pass. `resets_at`: from when this very call would fit; null: never, it is too large by itself. */
export type Breach = {
  /** Whose limit it is. */
  source: 'server_limit' | 'account_limit'
  limit: keyof Limits
  unit: Unit
  value: number
  asked: number
  left: number
  resets_at: number | null
  supplier: string | null
}

/** Sums of cents and counts; both 0 for none. */
export const totalOf = (movements: Iterable<Amount>): Amount => {
  const total = { cents: 0, count: 0 }
  for (const { cents, count } of movements) {
    total.cents += cents
    total.count += count
  }
  return total
}

const breachOf = (limit: keyof Limits, bounds: Partial<Amount> | undefined, asked: Amount, spent: Amount) => {
  const passed = (['cents', 'count'] as const).find(
    (unit) => bounds?.[unit] !== undefined && asked[unit] > 0 && spent[unit] + asked[unit] > bounds[unit],
  )
  if (!passed) return null
  const value = bounds![passed]!
  const left = Math.max(0, value - spent[passed])
  return { source: 'server_limit', limit, unit: passed, value, asked: asked[passed], left } as const
}

const NOTHING: Amount = { cents: 0, count: 0 }

/** What of a call needs no history. @param largest cents of the largest single invoice */
export const callBreach = (
  limits: Limits,
  movements: readonly Movement[],
  largest: number,
): Breach | null => {
  const found =
    breachOf('per_invoice', limits.per_invoice, { cents: largest, count: 1 }, NOTHING) ??
    breachOf('per_call', limits.per_call, totalOf(movements), NOTHING)
  return found && { ...found, resets_at: null, supplier: null }
}

/** Money that was claimed earlier through the same server. */
export type Past = Omit<Movement, 'invoices'> & { at: number }

/**
 * The time from which an amount fits into a window again, in milliseconds since the epoch; null: never.
 * @param past oldest first
 */
const roomAt = (past: Iterable<Past>, window: Window, { unit, value, asked, left }: Spare): number | null => {
  if (asked > value) return null
  let lacking = asked - left
  for (const movement of past) {
    lacking -= movement[unit]
    if (lacking <= 0) return movement.at + WINDOWS[window]
  }
  return null
}
type Spare = Pick<Breach, 'unit' | 'value' | 'asked' | 'left'>

/**
 * What an account's history answers about one server.
 * `supplier` null: all suppliers. Only movements after `since` (exclusive) count.
 */
export type History = {
  spent(since: number, supplier: string | null): Amount
  /** Oldest first. */
  past(since: number, supplier: string | null): Iterable<Past>
}

const suppliersOf = (movements: readonly Movement[]): string[] => [
  ...new Set(movements.map(({ supplier }) => canonicalId(supplier))),
]

/** The first rolling limit that a call would pass, or null: it fits into all of them. */
export const windowBreach = (
  limits: Limits,
  movements: readonly Movement[],
  history: History,
  now: number,
): Breach | null => {
  const look = (window: Window, supplier: string | null): Breach | null => {
    if (!limits[window]) return null
    const since = now - WINDOWS[window]
    const own =
      supplier === null ? movements : movements.filter((one) => canonicalId(one.supplier) === supplier)
    const spent = history.spent(since, supplier)
    const found = breachOf(window, limits[window], totalOf(own), spent)
    if (!found) return null
    // What the window has beyond the limit (it was lowered since) has to leave it first.
    const spare = { ...found, left: found.value - spent[found.unit] }
    return { ...found, supplier, resets_at: roomAt(history.past(since, supplier), window, spare) }
  }
  const shared = look('per_day', null) ?? look('per_30_days', null)
  if (shared || !limits.per_supplier_day) return shared
  for (const supplier of suppliersOf(movements)) {
    const found = look('per_supplier_day', supplier)
    if (found) return found
  }
  return null
}

/** The smallest room that the rolling limits and that of a call leave; null in a unit: no limit names it. */
export const roomLeft = (limits: Limits, history: History, now: number): Record<Unit, number | null> => {
  const rooms = (unit: Unit) => {
    const { per_call } = limits
    const rolling = (['per_day', 'per_30_days'] as const).flatMap((window) => {
      const most = limits[window]?.[unit]
      return most === undefined ? [] : [most - history.spent(now - WINDOWS[window], null)[unit]]
    })
    const all = per_call?.[unit] === undefined ? rolling : [...rolling, per_call[unit]]
    return all.length > 0 ? Math.max(0, Math.min(...all)) : null
  }
  return { cents: rooms('cents'), count: rooms('count') }
}

const isListed = (list: readonly string[] | undefined, id: string): boolean =>
  list === undefined || list.some((one) => canonicalId(one) === canonicalId(id))

/** The first buyer or supplier that the lists leave out. */
export const strangerOf = (
  movements: readonly Movement[],
  { allowed_buyers, allowed_suppliers }: Pick<WriteSettings, 'allowed_buyers' | 'allowed_suppliers'>,
): { role: 'buyer' | 'supplier'; id: string } | null => {
  for (const { buyer, supplier } of movements) {
    if (!isListed(allowed_buyers, buyer)) return { role: 'buyer', id: buyer }
    if (!isListed(allowed_suppliers, supplier)) return { role: 'supplier', id: supplier }
  }
  return null
}

const amountWords = (unit: Breach['unit'], amount: number): string =>
  unit === 'cents' ? dollars(amount) : plural(amount, 'invoice')

const adviceFor = ({ limit, resets_at }: Breach): string => {
  if (resets_at !== null)
    return `It fits from ${new Date(resets_at).toISOString()} on, if nothing else is sent before.`
  return limit === 'per_call'
    ? 'Send fewer or smaller invoices in one call, or ask the operator to raise the limit.'
    : 'It can never fit: ask the operator to raise the limit.'
}

/** What applies to a whole account, whichever of its servers a call came through. */
export type AccountLimits = { limits: Limits; history: History }

/** The same breach as one of the account. */
export const ofAccount = (breach: Breach | null): Breach | null =>
  breach && { ...breach, source: 'account_limit' }

/** One line for the caller: the limit, what is left, when it resets. The supplier is named by id: names are text of others. */
export const breachWords = (breach: Breach): string => {
  const { limit, unit, value, asked, left, supplier } = breach
  const whose = supplier === null ? '' : ` for supplier ${supplier}`
  const owner =
    breach.source === 'account_limit' ? 'this account, over all of its MCP servers,' : 'this MCP server'
  return `${breach.source}: limit ${limit} of ${owner} is ${amountWords(unit, value)}${whose}, ${amountWords(unit, left)} left, and this call asks for ${amountWords(unit, asked)}. ${adviceFor(breach)}`
}
