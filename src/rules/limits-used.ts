/** Which rolling limits are nearly used up. Pure. */
import { type Amount, WINDOWS, type Window } from './limits.ts'
import type { Limits } from './server-settings.ts'

/** Part of a limit from which on people are told. */
const NEARLY = 0.8

/** What the windows of limits have counted; of suppliers the largest first. */
export type Counted = { per_day: Amount; per_30_days: Amount; per_supplier_day: readonly Amount[] }

export type LimitUsed = { limit: Window; unit: keyof Amount; used: number; most: number }

const usedIn = (window: Window, counted: Counted): Amount => {
  if (window !== 'per_supplier_day') return counted[window]
  const largest = (unit: keyof Amount) => Math.max(0, ...counted.per_supplier_day.map((one) => one[unit]))
  return { cents: largest('cents'), count: largest('count') }
}

/** Limits of which four fifths are used. One that lets nothing pass is a decision, and none of them. */
export const nearlyUsed = (limits: Limits, counted: Counted): LimitUsed[] =>
  (Object.keys(WINDOWS) as Window[]).flatMap((limit) => {
    const used = usedIn(limit, counted)
    return (['cents', 'count'] as const).flatMap((unit) => {
      const most = limits[limit]?.[unit] ?? 0
      return most > 0 && used[unit] >= most * NEARLY ? [{ limit, unit, used: used[unit], most }] : []
    })
  })
