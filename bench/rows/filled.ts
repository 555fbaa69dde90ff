/** An account with a long trail, and calls while something long is done to it. */
import { createAccount, createServer, type Management, manage } from '../../scripts/local/management.ts'
import { type Seen, timesOf } from '../load/load.ts'
import { requestOf } from '../load/requests.ts'
import { deploy } from '../targets/targets.ts'
import type { Workerd } from '../targets/workerd.ts'
import type { CallCost } from '../workers/trail.ts'

const DAY_MS = 86_400_000
/** Rows that are filled in with one request. */
const FILLED_AT_ONCE = 20_000
/** One MCP server may fill a share of the trail: some 30,000 calls. Each turn calls another, so that none is sent away. */
const SERVERS = 32

/** Calls in turns, of so many seconds, with nothing and with work beside them. */
export type Turns = {
  idle: number
  beside: number
  /** Turns of each kind; null: until every part of the work was done once. */
  rounds: number | null
  /** One caller alone instead of the eight of other rows. */
  alone?: true
}

/** Something long. */
export type Work = {
  /** Does the next part. @returns whether there is more */
  part(): Promise<boolean>
  /** Rows so far; null: that is not told. */
  rows(): number | null
}

/** How long calls took, in milliseconds. */
export type Times = { idle: number[]; beside: number[] }

export type Filled = Pick<Workerd, 'scheduled' | 'collections'> & {
  api: Management
  account: string
  /** What a call costs the trail. */
  cost: CallCost
  /** @param name of a route of workers/filled.ts */
  does<Answer>(name: string, query?: Record<string, number>): Promise<Answer>
  /** @param watch called whenever calls begin beside the works; what it gives is told of each of them */
  beside(works: readonly Work[], turns: Turns, watch?: Watch): Promise<Times>
  stop(): Promise<void>
}

type Watch = () => Seen
type Calls = (seconds: number, seen?: Seen) => Promise<number[]>

/** Calls while work goes on, and on until a part that takes longer than the turn is over. */
const besideWork = async (
  calls: Calls,
  { beside }: Turns,
  { left, works, watch }: { left: Set<Work>; works: readonly Work[]; watch: Watch | undefined },
): Promise<number[]> => {
  const state = { goesOn: true, isOver: false }
  // What is done begins anew, so that the last of them has company as well.
  const loop = async (work: Work) => {
    while (state.goesOn && left.size > 0) if (!(await work.part())) left.delete(work)
  }
  const doing = Promise.all(works.map(loop)).finally(() => {
    state.isOver = true
  })
  const times = await calls(beside, watch?.())
  state.goesOn = false
  while (!state.isOver) times.push(...(await calls(1, watch?.())))
  await doing
  return times
}

const inTurns = async (calls: Calls, works: readonly Work[], turns: Turns, watch?: Watch): Promise<Times> => {
  const times: Times = { idle: [], beside: [] }
  const left = new Set(works)
  for (let round = 0; round < (turns.rounds ?? Number.POSITIVE_INFINITY); round++) {
    times.idle.push(...(await calls(turns.idle)))
    times.beside.push(...(await besideWork(calls, turns, { left, works, watch })))
    if (left.size > 0) continue
    if (turns.rounds === null) break
    for (const work of works) left.add(work)
  }
  return times
}

/** Calls of one server after another: each was called once before, and all together for a second. */
const callsOf = async (urls: readonly string[], alone: true | undefined): Promise<Calls> => {
  const sent = { ...requestOf('tools/call', 'legacy'), ...(alone && { alone }) }
  let turn = 0
  const calls: Calls = (seconds, seen) => timesOf(urls[turn++ % urls.length]!, sent, seconds, seen)
  for (const url of urls) {
    const response = await fetch(url, { method: 'POST', headers: sent.headers, body: sent.body })
    if (!response.ok) throw new Error(`A call answered ${response.status}: ${await response.text()}`)
    await response.arrayBuffer()
  }
  await calls(1)
  return calls
}

/** An account of a deployment of its own, with a trail of so many rows, a year old at most. @param upstream address of Finexio's fixed answers */
export const startFilled = async (upstream: string, rows: number): Promise<Filled> => {
  const { url, secrets, stop, ...workerd } = await deploy('filled', upstream, { collections: true })
  try {
    const api = { baseUrl: url, adminApiKey: secrets.ADMIN_API_KEY }
    const credentials = { username: 'bench', password: 'made-up-for-the-bench' }
    const { id } = await createAccount(api, { name: 'Bench', credentials, base_url: upstream })
    const urls: string[] = []
    for (let count = 0; count < SERVERS; count++) {
      const { token } = await createServer(api, id, { name: `Bench ${count}`, config: { methods: ['read'] } })
      urls.push(`${url}/mcp/${token}`)
    }
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
    const beside: Filled['beside'] = async (works, turns, watch) =>
      inTurns(await callsOf(urls, turns.alone), works, turns, watch)
    return { ...workerd, api, account: id, cost, does, beside, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
