/** Where the product's own time goes under load: workerd's CPU profiler, asked over its inspector. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure } from '../load/load.ts'
import { requestOf, type Sent, writesOf } from '../load/requests.ts'
import { type Row, rowName } from '../rows/rounds.ts'
import { type WriteRow, writeName } from '../rows/writes.ts'
import { startTarget, startUpstream, type Target } from '../targets/targets.ts'
import { type Profile, type Sums, sumsOf } from './profile-sums.ts'

const SECONDS = 4
const SAMPLE_MICROSECONDS = 200
const SHOWN = 40

type Reply = { id?: number; result?: unknown; error?: { message: string } }
type Ask = <Answer>(method: string, params?: object) => Promise<Answer>

/** The isolate of the Worker under test. */
const debuggerUrl = async (inspectorUrl: string): Promise<string> => {
  const response = await fetch(`${inspectorUrl}/json`)
  const isolates = (await response.json()) as { id: string; webSocketDebuggerUrl: string }[]
  return isolates.find(({ id }) => id.includes('main'))!.webSocketDebuggerUrl
}

const connect = async (url: string): Promise<{ ask: Ask; close(): void }> => {
  const socket = new WebSocket(url)
  await new Promise((resolve, reject) => {
    socket.addEventListener('open', resolve)
    socket.addEventListener('error', reject)
  })
  const waiting = new Map<number, (reply: Reply) => void>()
  socket.addEventListener('message', ({ data }) => {
    const reply = JSON.parse(String(data)) as Reply
    if (reply.id !== undefined) waiting.get(reply.id)?.(reply)
  })
  let last = 0
  const ask: Ask = (method, params = {}) =>
    new Promise((resolve, reject) => {
      const id = ++last
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result as never),
      )
      socket.send(JSON.stringify({ id, method, params }))
    })
  return { ask, close: () => socket.close() }
}

type Profiled = { name: string; sent: Sent }

export const profiledRow = (row: Row): Profiled => ({
  name: rowName(row),
  sent: requestOf(row.work, row.era),
})
export const profiledWrite = (row: WriteRow): Profiled => ({
  name: writeName(row),
  sent: writesOf(row.era, row.together),
})

const recorded = async (target: Target, { name, sent }: Profiled): Promise<Profile> => {
  const { ask, close } = await connect(await debuggerUrl(target.inspectorUrl!))
  try {
    await ask('Profiler.enable')
    await ask('Profiler.setSamplingInterval', { interval: SAMPLE_MICROSECONDS })
    await measure(target, sent, { warmUp: 1, seconds: 1 })
    await ask('Profiler.start')
    const { rps } = await measure(target, sent, { warmUp: 1, seconds: SECONDS })
    console.log(`\n${name}: ${rps.toFixed(0)} requests/s while profiled`)
    const { profile } = await ask<{ profile: Profile }>('Profiler.stop')
    return profile
  } finally {
    close()
  }
}

const shares = (times: ReadonlyMap<string, number>, busy: number): string =>
  [...times]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, time]) => `${((100 * time) / busy).toFixed(1).padStart(6)} %  ${name}`)
    .join('\n')

const print = ({ busy, modules, self, total }: Sums) => {
  console.log(`by module\n${shares(modules, busy)}`)
  console.log(`by function\n${shares(self, busy)}`)
  console.log(`with callees\n${shares(total, busy)}`)
}

/** Prints the functions that take most time, row by row, and keeps the profiles in `folder`. */
export const profile = async (folder: string, rows: readonly Profiled[]): Promise<void> => {
  const upstream = await startUpstream()
  const target = await startTarget('ours', upstream.url, { inspector: true, minify: false })
  mkdirSync(folder, { recursive: true })
  try {
    for (const row of rows) {
      const result = await recorded(target, row)
      print(sumsOf(result, target.modules[0]!.code))
      const file = `${row.name.replace(/\W/g, '-')}.cpuprofile`
      writeFileSync(join(folder, file), JSON.stringify(result))
    }
    writeFileSync(join(folder, 'profiled.js'), target.modules[0]!.code)
  } finally {
    await target.stop()
    upstream.stop()
  }
}
