/** How long a call waits while something long is done to the trail of its account: beside the same call while nothing is. */
import { createAccount, createServer, type Management, manage } from '../../scripts/local/management.ts'
import { timesOf } from '../load/load.ts'
import { requestOf } from '../load/requests.ts'
import { quantile } from '../stats.ts'
import { deploy } from '../targets/targets.ts'
import type { CallCost } from '../workers/trail.ts'

const DAY_MS = 86_400_000
/** Rows that are filled in with one request. */
const FILLED_AT_ONCE = 20_000
/** Calls in turns, of so many seconds, with nothing and with work beside them. */
export type Turns = {
  idle: number
  beside: number
  /** Turns of each kind; null: until every part of the work was done once. */
  rounds: number | null
  /** One caller alone instead of the eight of other rows. */
  alone?: true
}

/** Does the next part of something long. @returns whether there is more */
export type Part = () => Promise<boolean>

/** How long calls took, in milliseconds. */
export type Times = { idle: number[]; beside: number[] }

export type Filled = {
  api: Management
  account: string
  /** What a call costs the trail. */
  cost: CallCost
  /** @param name of a route of workers/filled.ts */
  does<Answer>(name: string, query?: Record<string, number>): Promise<Answer>
  beside(works: readonly Part[], turns: Turns): Promise<Times>
  stop(): Promise<void>
}

/** Calls while work goes on, and on until a part that takes longer than the turn is over. */
const besideWork = async (
  calls: (seconds: number) => Promise<number[]>,
  seconds: number,
  left: Set<Part>,
  works: readonly Part[],
): Promise<number[]> => {
  const state = { goesOn: true, isOver: false }
  // What is done begins anew, so that the last of them has company as well.
  const loop = async (part: Part) => {
    while (state.goesOn && left.size > 0) if (!(await part())) left.delete(part)
  }
  const doing = Promise.all(works.map(loop)).finally(() => {
    state.isOver = true
  })
  const times = await calls(seconds)
  state.goesOn = false
  while (!state.isOver) times.push(...(await calls(1)))
  await doing
  return times
}

const inTurns = async (url: string, works: readonly Part[], turns: Turns): Promise<Times> => {
  const times: Times = { idle: [], beside: [] }
  const { alone } = turns
  const sent = { ...requestOf('tools/call', 'legacy'), ...(alone && { alone }) }
  const calls = (seconds: number) => timesOf(url, sent, seconds)
  await calls(1)
  const left = new Set(works)
  for (let round = 0; round < (turns.rounds ?? Number.POSITIVE_INFINITY); round++) {
    times.idle.push(...(await calls(turns.idle)))
    times.beside.push(...(await besideWork(calls, turns.beside, left, works)))
    if (left.size > 0) continue
    if (turns.rounds === null) break
    for (const part of works) left.add(part)
  }
  return times
}

/** An account of a deployment of its own, with a trail of so many rows, a year old at most. @param upstream address of Finexio's fixed answers */
export const startFilled = async (upstream: string, rows: number): Promise<Filled> => {
  const { url, secrets, stop } = await deploy('filled', upstream)
  try {
    const api = { baseUrl: url, adminApiKey: secrets.ADMIN_API_KEY }
    const credentials = { username: 'bench', password: 'made-up-for-the-bench' }
    const { id } = await createAccount(api, { name: 'Bench', credentials, base_url: upstream })
    const { token } = await createServer(api, id, { name: 'Bench', config: { methods: ['read'] } })
    const does = <Answer>(name: string, query: Record<string, number> = {}) =>
      manage<Answer>(api, 'POST', `/bench/${id}/${name}?${new URLSearchParams(query as never)}`)
    const cost = await does<CallCost>('cost')
    await does('empty')
    const step = Math.floor((300 * DAY_MS) / rows)
    const first = Date.now() - 301 * DAY_MS
    for (let done = 0; done < rows; done += FILLED_AT_ONCE) {
      const count = Math.min(FILLED_AT_ONCE, rows - done)
      await does('fill', { count, first: first + done * step, step })
    }
    const beside: Filled['beside'] = (works, turns) => inTurns(`${url}/mcp/${token}`, works, turns)
    return { api, account: id, cost, does, beside, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Verifies the trail, one request after another. */
export const verifying = ({ api, account }: Filled): Part => {
  let from = ''
  return async () => {
    const path = `/log/verify?integrated_account_id=${account}${from && `&from=${from}`}`
    const { valid, next } = await manage<{ valid: boolean; next: string | null }>(api, 'GET', path)
    if (!valid) throw new Error('The trail that was filled in does not verify.')
    from = next ?? ''
    return next !== null
  }
}

/** Exports the trail, as it comes. */
export const exporting = ({ api, account }: Filled): Part => {
  let reader: ReadableStreamDefaultReader<Uint8Array> | null = null
  return async () => {
    reader ??= await exportOf(api, account)
    const { done } = await reader.read()
    if (done) reader = null
    return !done
  }
}

const exportOf = async ({ baseUrl, adminApiKey }: Management, account: string) => {
  const response = await fetch(`${baseUrl}/log/export?integrated_account_id=${account}`, {
    headers: { authorization: `Bearer ${adminApiKey}` },
  })
  if (!response.ok) throw new Error(`The export answered ${response.status}: ${await response.text()}`)
  return response.body!.getReader()
}

/** The row of the report. Milliseconds; `ratio`: of the two p99. */
export type BesideFigures = {
  rows: number
  calls: number
  idle: { p99: number; longest: number }
  beside: { p99: number; longest: number }
  ratio: number
  cost: CallCost
}

const summed = (times: readonly number[]) => ({ p99: quantile(times, 0.99), longest: Math.max(...times) })

/** A call while a trail is verified and exported, and what a call costs its trail. */
export const measureBeside = async (upstream: string, rows: number, turns: Turns): Promise<BesideFigures> => {
  const filled = await startFilled(upstream, rows)
  try {
    const times = await filled.beside([verifying(filled), exporting(filled)], turns)
    const [idle, beside] = [summed(times.idle), summed(times.beside)]
    return { rows, calls: times.beside.length, idle, beside, ratio: beside.p99 / idle.p99, cost: filled.cost }
  } finally {
    await filled.stop()
  }
}
