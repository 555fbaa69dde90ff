/** `npm run bench -- --million`: the longest call while everything long is done to a trail of a million rows, one after another. */
import { setTimeout as sleep } from 'node:timers/promises'
import { manage } from '../../scripts/local/management.ts'
import { exporting, type Filled, type Part, startFilled, type Turns, verifying } from './beside.ts'

const ROWS = 1_000_000
const TURNS: Turns = { idle: 2, beside: 10, rounds: null, alone: true }
const LOOKED_AFTER_MS = 200
/** What calls leave while the rest goes. */
const NEARLY_NONE = ROWS / 100

/** Calls are counted out of the trail: here none was yet. */
const counting =
  ({ api, account }: Filled): Part =>
  async () => {
    await manage(api, 'GET', `/integrated-account/${account}/usage`)
    return false
  }

const filtering = ({ api, account }: Filled): Part => {
  let from = ''
  return async () => {
    const path = `/log?integrated_account_id=${account}&log_type_filter[tool_name]=x&limit=100${from}`
    const { next_cursor } = await manage<{ next_cursor: string | null }>(api, 'GET', path)
    from = next_cursor ? `&next_cursor=${encodeURIComponent(next_cursor)}` : ''
    return next_cursor !== null
  }
}

const trimming = ({ api, account, does }: Filled): Part => {
  let isBegun = false
  return async () => {
    if (!isBegun) await does('expire')
    isBegun = true
    await sleep(LOOKED_AFTER_MS)
    const path = `/log/status?integrated_account_id=${account}`
    const { result } = await manage<{ result: { rows: number }[] }>(api, 'GET', path)
    return result[0]!.rows > NEARLY_NONE
  }
}

/** The last one takes the rows away. */
const WORKS = {
  usage: counting,
  'filtered log': filtering,
  verification: verifying,
  export: exporting,
  trimming,
} satisfies Record<string, (filled: Filled) => Part>

export const WORK_NAMES = Object.keys(WORKS)

/** Milliseconds. */
export type MillionFigures = {
  rows: number
  filled_s: number
  works: { name: string; took_s: number; calls: number; longest: number; idle_longest: number }[]
}

/** @param upstream address of Finexio's fixed answers @param say told of each work that is done */
export const measureMillion = async (
  upstream: string,
  say: (line: string) => void,
): Promise<MillionFigures> => {
  const seconds = (since: number) => (performance.now() - since) / 1000
  const begun = performance.now()
  const filled = await startFilled(upstream, ROWS)
  const figures: MillionFigures = { rows: ROWS, filled_s: seconds(begun), works: [] }
  try {
    for (const [name, workOf] of Object.entries(WORKS)) {
      const since = performance.now()
      const { idle, beside } = await filled.beside([workOf(filled)], TURNS)
      const [longest, idle_longest] = [Math.max(...beside), Math.max(...idle)]
      figures.works.push({ name, took_s: seconds(since), calls: beside.length, longest, idle_longest })
      say(`${name}: ${seconds(since).toFixed(0)} s`)
    }
    return figures
  } finally {
    await filled.stop()
  }
}
