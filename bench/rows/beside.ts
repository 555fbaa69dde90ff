/** How long a call waits while the trail of its account is verified and exported: beside the same call while nothing is. */
import { type Management, manage } from '../../scripts/local/management.ts'
import { longestOf, quantile } from '../stats.ts'
import type { CallCost } from '../workers/trail.ts'
import { type Filled, startFilled, type Turns, type Work } from './filled.ts'

/** Verifies the trail, one request after another. */
export const verifying = ({ api, account }: Filled): Work => {
  let from = ''
  let seen = 0
  return {
    part: async () => {
      const path = `/log/verify?integrated_account_id=${account}${from && `&from=${from}`}`
      const { valid, rows, next } = await manage<{ valid: boolean; rows: number; next: string | null }>(
        api,
        'GET',
        path,
      )
      if (!valid) throw new Error('The trail that was filled in does not verify.')
      from = next ?? ''
      seen += rows
      return next !== null
    },
    rows: () => seen,
  }
}

const NEW_LINE = 10

/** Exports the trail, as it comes. */
export const exporting = ({ api, account }: Filled): Work => {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  let seen = 0
  return {
    part: async () => {
      reader ??= await exportOf(api, account)
      const { done, value = [] } = await reader.read()
      for (const byte of value) if (byte === NEW_LINE) seen += 1
      if (done) reader = null
      return !done
    },
    rows: () => seen,
  }
}

const exportOf = async ({ baseUrl, adminApiKey }: Management, account: string) => {
  const response = await fetch(`${baseUrl}/log/export?integrated_account_id=${account}`, {
    headers: { authorization: `Bearer ${adminApiKey}` },
  })
  if (!response.ok) throw new Error(`The export answered ${response.status}: ${await response.text()}`)
  return response.body!.getReader()
}

/** The row of the report. Milliseconds; `ratio`: of the two p99; `verified`, `exported`: rows, beside the calls. */
export type BesideFigures = {
  rows: number
  calls: number
  verified: number
  exported: number
  idle: { p99: number; longest: number }
  beside: { p99: number; longest: number }
  ratio: number
  cost: CallCost
}

const summed = (times: readonly number[]) => ({ p99: quantile(times, 0.99), longest: longestOf(times) })

/** A call while a trail is verified and exported, and what a call costs its trail. */
export const measureBeside = async (upstream: string, rows: number, turns: Turns): Promise<BesideFigures> => {
  const filled = await startFilled(upstream, rows)
  try {
    const [verifies, exports] = [verifying(filled), exporting(filled)]
    const times = await filled.beside([verifies, exports], turns)
    const [idle, beside] = [summed(times.idle), summed(times.beside)]
    const ratio = beside.p99 / idle.p99
    const [verified, exported] = [verifies.rows() ?? 0, exports.rows() ?? 0]
    return { rows, calls: times.beside.length, verified, exported, idle, beside, ratio, cost: filled.cost }
  } finally {
    await filled.stop()
  }
}
