/**
 * How long the calls of a calm account take beside an account that is flooded, and what memory that takes: with the bound on calls
 * under way as it is deployed, and without.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createAccount, createServer } from '../../scripts/local/management.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import { measure } from '../load/load.ts'
import { requestOf } from '../load/requests.ts'
import { median } from '../stats.ts'
import { bundle } from '../targets/bundle.ts'
import { writeConfig } from '../targets/config.ts'
import { startUpstream } from '../targets/targets.ts'
import { startWorkerd } from '../targets/workerd.ts'
import limits from '../targets.json' with { type: 'json' }

const CONNECTIONS = 1_000
const ROUNDS = 3
const PACE = { warmUp: 1, seconds: 8 }

/** `waits`: comes again when the answer says; `hammers`: at once. */
type Manner = 'waits' | 'hammers'

const node = join(import.meta.dirname, '../../node_modules/.bin/node')

/** A crowd that has been answered once. @returns how it is sent away: then how often it was answered, by status */
const flood = async (url: string, manner: Manner) => {
  const args = [join(import.meta.dirname, '../load/flooder.ts'), url, String(CONNECTIONS), manner]
  const child = spawn(node, args, { stdio: ['pipe', 'pipe', 'inherit'] })
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  await lines.next()
  return async (): Promise<Record<string, number>> => {
    const gone = once(child, 'exit')
    child.stdin.end()
    const { value } = await lines.next()
    await gone
    process.off('exit', kill)
    return JSON.parse(value ?? '{}')
  }
}

/** Two accounts of one deployment, whose Finexio takes its time. @param atOnce OWN_CALLS_AT_ONCE */
const start = async (upstream: string, atOnce: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-bench-flood-'))
  const secrets = randomSecrets()
  const bindings = {
    ...secrets,
    FINEXIO_BASE_URLS: upstream,
    LOCAL_DEVELOPMENT: 'true',
    OWN_LIMIT: 'off',
    OWN_REQUESTS: 'off',
    OWN_CALLS_AT_ONCE: atOnce,
  }
  const config = writeConfig({ folder, main: await bundle('ours'), kv: await bundle('kv'), bindings })
  const workerd = await startWorkerd(config)
  const stop = async () => {
    await workerd.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const seed = async (name: string): Promise<string> => {
    const api = { baseUrl: workerd.url, adminApiKey: secrets.ADMIN_API_KEY }
    const credentials = { username: name, password: 'made-up-for-the-bench' }
    const { id } = await createAccount(api, { name, credentials, base_url: upstream })
    const { token } = await createServer(api, id, { name, config: { methods: ['read'] } })
    return `${workerd.url}/mcp/${token}`
  }
  try {
    const calm = { url: await seed('calm'), cpuMs: workerd.cpuMs }
    return { calm, flooded: await seed('flooded'), peakMb: workerd.peakMb, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Running = Awaited<ReturnType<typeof start>>

/** p99 of the calm account in milliseconds, and how much of a core workerd used meanwhile. */
const calmly = async ({ calm }: Running): Promise<{ p99: number; cores: number }> => {
  const [at, used] = [performance.now(), calm.cpuMs() ?? Number.NaN]
  const { p99 } = await measure(calm, requestOf('tools/call', 'legacy'), PACE).catch(() => NEVER)
  return { p99, cores: ((calm.cpuMs() ?? Number.NaN) - used) / (performance.now() - at) }
}

/** The calm account was not answered at all. */
const NEVER = { p99: Number.POSITIVE_INFINITY }

const told = ({ p99, cores }: Awaited<ReturnType<typeof calmly>>): string =>
  `p99 ${p99.toFixed(0)} ms (${cores.toFixed(2)} cores)`

const counted = (statuses: Record<string, number>): string =>
  Object.entries(statuses)
    .map(([status, count]) => `${count} × ${status}`)
    .join(', ')

/** One round: alone, then beside a crowd. @returns the ratio */
const round = async (running: Running, manner: Manner, what: string): Promise<number> => {
  const alone = await calmly(running)
  const end = await flood(running.flooded, manner)
  const beside = await calmly(running)
  const answers = counted(await end())
  const ratio = beside.p99 / alone.p99
  console.log(
    `${what}: alone ${told(alone)}, beside ${told(beside)}: ${ratio.toFixed(2)}; the crowd got ${answers}`,
  )
  return ratio
}

const peak = ({ peakMb }: Running): string => `${peakMb()?.toFixed(0) ?? 'unknown'} MB`

const withBound = async (upstream: string): Promise<number> => {
  const running = await start(upstream, '')
  try {
    const ratios: number[] = []
    for (let at = 1; at <= ROUNDS; at++)
      ratios.push(await round(running, 'waits', `round ${at} of ${ROUNDS}`))
    console.log(`workerd took ${peak(running)} at most with ${CONNECTIONS} connections`)
    await round(running, 'hammers', 'for information, a crowd that comes again at once')
    console.log(`workerd took ${peak(running)} at most with that as well`)
    return median(ratios)
  } finally {
    await running.stop()
  }
}

const withoutBound = async (upstream: string): Promise<void> => {
  const running = await start(upstream, 'off')
  try {
    await round(running, 'waits', 'for information, OWN_CALLS_AT_ONCE off')
    console.log(`workerd took ${peak(running)} at most with ${CONNECTIONS} connections and no bound`)
  } finally {
    await running.stop()
  }
}

/** Prints each round. @returns whether the limit of targets.json is kept */
export const measureFlood = async (): Promise<boolean> => {
  const upstream = await startUpstream()
  try {
    const slow = upstream.url.replace('/v2', '/slow/v2')
    const ratio = await withBound(slow)
    await withoutBound(slow)
    const met = ratio <= limits.calm_beside_flood
    console.log(
      `\np99 of a calm account beside a flooded one / alone: ${ratio.toFixed(2)}, must be at most ${limits.calm_beside_flood}: ${met ? 'ok' : 'MISSED'}`,
    )
    return met
  } finally {
    upstream.stop()
  }
}
