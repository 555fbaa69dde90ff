/** The marked Worker of a checkout beside the Finexio sandbox of this one. */
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { createAccount, createServer } from '../local/management.ts'
import { randomSecrets } from '../local/secrets.ts'
import { readOptions, startWorker } from '../local/worker.ts'
import { bundleMarked, RAN_PATH } from './marked.ts'

const SANDBOX = join(import.meta.dirname, '../../sandbox/wrangler.toml')
const MODULE = 'index.js'

export type Running = {
  mcpUrl: string
  /** Files with a function that was executed since this was asked last. */
  ran(): Promise<string[]>
  stop(): Promise<void>
}

const startProduct = async (repo: string, upstream: string, secrets: Record<string, string>) => {
  const { workerOptions, define, main } = await readOptions(join(repo, 'wrangler.toml'))
  const contents = await bundleMarked(repo, main, define)
  const bindings = {
    LOCAL_DEVELOPMENT: 'true',
    FINEXIO_BASE_URLS: upstream,
    OWN_LIMIT: 'off',
    OWN_REQUESTS: 'off',
    OWN_CALLS_AT_ONCE: 'off',
    ...secrets,
  }
  const { convertV4MiniflareOptions, Log, LogLevel, Miniflare } = await import('miniflare')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      modules: [{ type: 'ESModule', path: MODULE, contents }],
      bindings: Object.assign({}, workerOptions.bindings, bindings),
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
    }),
  )
  return { miniflare, baseUrl: (await miniflare.ready).origin }
}

const seed = async (baseUrl: string, adminApiKey: string, upstream: string): Promise<string> => {
  const api = { baseUrl, adminApiKey }
  const credentials = { username: 'demo', password: 'demo' }
  const { id } = await createAccount(api, { name: 'Measured', credentials, base_url: upstream })
  const { url } = await createServer(api, id, { name: 'All', config: { methods: ['read', 'write'] } })
  return url
}

/** What a call leaves to be done after its answer is part of it. */
const AFTERWARDS_MS = 300

const ranAt = async (baseUrl: string): Promise<string[]> => {
  await setTimeout(AFTERWARDS_MS)
  return (await (await fetch(baseUrl + RAN_PATH)).json()) as string[]
}

/** Everything as `npm start` has it: default settings, in memory. Whatever was started is stopped again on failure. */
export const startRunning = async (repo: string): Promise<Running> => {
  const sandbox = await startWorker({ config: SANDBOX, bindings: {} })
  const started: (() => Promise<void>)[] = [() => sandbox.stop()]
  const stop = async () => {
    for (const end of started) await end()
  }
  try {
    const upstream = `${sandbox.url}/v2`
    const secrets = randomSecrets()
    const { miniflare, baseUrl } = await startProduct(repo, upstream, secrets)
    started.unshift(() => miniflare.dispose())
    const mcpUrl = await seed(baseUrl, secrets.ADMIN_API_KEY, upstream)
    return { mcpUrl, ran: () => ranAt(baseUrl), stop }
  } catch (error) {
    await stop()
    throw error
  }
}
