/** `npm run bench -- --million`: the longest call while everything long is done to a trail of a million rows, one after another. */
import { setTimeout as sleep } from 'node:timers/promises'
import { manage } from '../../scripts/local/management.ts'
import type { Seen } from '../load/load.ts'
import { busyCores } from '../load/others.ts'
import { longestOf } from '../stats.ts'
import { type Collection, collectedIn } from '../targets/collections.ts'
import type { Scheduled } from '../targets/workerd.ts'
import { exporting, verifying } from './beside.ts'
import { type Filled, startFilled, type Turns, type Work } from './filled.ts'

/** And as many as tell whether it runs. */
export const [MILLION, FEW] = [1_000_000, 40_000]
const TURNS: Turns = { idle: 5, beside: 10, rounds: null, alone: true }
const LOOKED_AFTER_MS = 200
const DAY_MS = 86_400_000

/** Calls are counted out of the trail: here none was yet. */
const counting = ({ api, account }: Filled): Work => ({
  part: async () => {
    await manage(api, 'GET', `/integrated-account/${account}/usage`)
    return false
  },
  rows: () => null,
})

/** Rows that one request for the log looks at. */
const SCANNED = 5_000

const filtering = ({ api, account }: Filled): Work => {
  let from = ''
  let pages = 0
  return {
    part: async () => {
      const path = `/log?integrated_account_id=${account}&log_type_filter[tool_name]=x&limit=100${from}`
      const { next_cursor } = await manage<{ next_cursor: string | null }>(api, 'GET', path)
      from = next_cursor ? `&next_cursor=${encodeURIComponent(next_cursor)}` : ''
      pages += 1
      return next_cursor !== null
    },
    rows: () => pages * SCANNED,
  }
}

/** What was filled in goes, what calls left meanwhile stays. */
const trimming = ({ api, account, does }: Filled): Work => {
  let isBegun = false
  let gone = 0
  return {
    part: async () => {
      if (!isBegun) await does('expire')
      isBegun = true
      await sleep(LOOKED_AFTER_MS)
      const path = `/log/status?integrated_account_id=${account}`
      const { result } = await manage<{ result: { oldest_at: string; removed: number }[] }>(api, 'GET', path)
      gone = result[0]!.removed
      return Date.parse(result[0]!.oldest_at) < Date.now() - DAY_MS
    },
    rows: () => gone,
  }
}

/** The last one takes the rows away. */
const WORKS = {
  usage: counting,
  'filtered log': filtering,
  verification: verifying,
  export: exporting,
  trimming,
} satisfies Record<string, (filled: Filled) => Work>

export const WORK_NAMES = Object.keys(WORKS)

/**
 * A call beside a work. Milliseconds; `ran`, `waited`: of workerd, from the answer before to its own, null where the system does not
 * tell. `after_s`, `rows`: how far the work was; null: it does not tell.
 */
type Call = { took: number; ran: number | null; waited: number | null; after_s: number; rows: number | null }

/**
 * The longest call beside a work, and how much of it was a collection of garbage. `longest_held`: of all calls without that, since a
 * collection holds up a call that nothing is beside just as long. `most_ran`: the most that workerd computed from one answer to
 * the next without it, be that call long or not: no piece of the work held up others for longer, however busy the machine is.
 */
export type Longest = Omit<Call, 'took'> & {
  longest: number
  collected: number
  longest_held: number
  most_ran: number | null
}

/** Milliseconds. `busy_cores`: kept by other processes before the first work and after the last. */
export type MillionFigures = {
  rows: number
  filled_s: number
  busy_cores: { before: number; after: number }
  works: (Longest & { name: string; took_s: number; calls: number; idle_longest: number })[]
}

const secondsSince = (since: number) => (performance.now() - since) / 1000

const since = (before: Scheduled | null, now: Scheduled | null): Scheduled | null =>
  before && now && { ran: now.ran - before.ran, waited: now.waited - before.waited }

/** Calls that nobody would call long are not kept. */
const LONG_MS = 10

type Noted = Call & { ended: number }

/** What a call was without a collection. */
const lessOf = ({ ended, took, ran }: Noted, all: readonly Collection[]) => {
  const collected = Math.min(collectedIn(all, ended - took, ended), ran ?? took)
  return { collected, held: took - collected, ran: ran === null ? null : ran - collected }
}

const longestAmong = (calls: readonly Noted[], all: readonly Collection[]): Longest => {
  const [first] = calls.toSorted((a, b) => b.took - a.took)
  if (!first) throw new Error('No call took long enough to tell of it.')
  const { took, ended: _, ...call } = first
  const less = calls.map((each) => lessOf(each, all))
  return {
    ...call,
    longest: took,
    collected: lessOf(first, all).collected,
    longest_held: longestOf(less.map(({ held }) => held)),
    most_ran: call.ran === null ? null : longestOf(less.map(({ ran }) => ran ?? 0)),
  }
}

/** Notes calls that come one after another, and what workerd did meanwhile. */
const watching = ({ scheduled, collections }: Filled, work: Work): { watch(): Seen; found(): Longest } => {
  let begun: number | null = null
  let before: Scheduled | null = null
  const calls: Noted[] = []
  const seen: Seen = (took) => {
    const now = scheduled()
    const { ran, waited } = since(before, now) ?? { ran: null, waited: null }
    before = now
    if (calls.length > 0 && Math.max(took, ran ?? 0) < LONG_MS) return
    const ended = performance.now()
    calls.push({ took, ran, waited, after_s: secondsSince(begun!), rows: work.rows(), ended })
  }
  const watch = () => {
    begun ??= performance.now()
    before = scheduled()
    return seen
  }
  return { watch, found: () => longestAmong(calls, collections()) }
}

/** @param upstream address of Finexio's fixed answers @param word works whose name holds it; absent: all @param say told of each work that is done */
export const measureMillion = async (
  upstream: string,
  { rows, word = '' }: { rows: number; word: string | undefined },
  say: (line: string) => void,
): Promise<MillionFigures> => {
  const begun = performance.now()
  const filled = await startFilled(upstream, rows)
  const filled_s = secondsSince(begun)
  say(`filled in: ${filled_s.toFixed(0)} s`)
  try {
    const before = await busyCores()
    const works: MillionFigures['works'] = []
    for (const [name, workOf] of Object.entries(WORKS).filter(([name]) => name.includes(word))) {
      const since = performance.now()
      const work = workOf(filled)
      const { watch, found } = watching(filled, work)
      const { idle, beside } = await filled.beside([work], TURNS, watch)
      const took_s = secondsSince(since)
      const longest = found()
      works.push({ name, took_s, calls: beside.length, idle_longest: longestOf(idle), ...longest })
      const [whole, collected] = [longest.longest, longest.collected].map((value) => value.toFixed(0))
      say(`${name}: ${took_s.toFixed(0)} s, longest call ${whole} ms, ${collected} of it a collection`)
    }
    return { rows, filled_s, busy_cores: { before, after: await busyCores() }, works }
  } finally {
    await filled.stop()
  }
}
