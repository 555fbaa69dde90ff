/** The Workers under test and their upstream, each a process of its own. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Module } from '../../scripts/local/bundle.ts'
import { createAccount, createServer } from '../../scripts/local/management.ts'
import { type DeploymentSecrets, randomSecrets } from '../../scripts/local/secrets.ts'
import { bundle, type Entry } from './bundle.ts'
import { TOLD } from './collections.ts'
import { writeConfig } from './config.ts'
import { startWorkerd, type Workerd } from './workerd.ts'

/** Those that are compared in the rows of reads. */
export const NAMES = ['floor', 'proxy', 'stock', 'ours'] as const
export type Name = (typeof NAMES)[number]
/** And the product without its ledger and the proxy without its trail, which are compared in rows of their own. */
const STARTED = [...NAMES, 'unledgered', 'untrailed'] as const
export type Started = (typeof STARTED)[number]

export type Target = {
  name: Started
  /** Where requests go; its last part is a token. */
  url: string
  /** For starting the same target again, with its storage. */
  config: string
  path: string
  inspectorUrl: string | null
  modules: readonly Module[]
  cpuMs(): number | null
  stop(): Promise<void>
}

export type Upstream = {
  url: string
  /** Requests answered so far. */
  asked(): Promise<number>
  stop(): void
}

/** Finexio's fixed answers, below `/v2`. */
export const startUpstream = async (): Promise<Upstream> => {
  const child = spawn(process.execPath, [join(import.meta.dirname, '../load/upstream.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  process.once('exit', () => child.kill('SIGKILL'))
  const [port] = (await once(child.stdout, 'data')) as [Buffer]
  const origin = `http://127.0.0.1:${Number(port)}`
  return {
    url: `${origin}/v2`,
    asked: async () => Number(await (await fetch(`${origin}/asked`)).text()),
    stop: () => child.kill('SIGKILL'),
  }
}

/** No look for duplicates: it costs requests, and what a write costs besides is the question. */
const CONFIG = { methods: ['read', 'write'], duplicate_guard: { requests: 0 } }

/** An account and a server of the product, made as an operator makes them. Answers the path of its MCP URL. */
const seedOurs = async (baseUrl: string, adminApiKey: string, upstream: string): Promise<string> => {
  const api = { baseUrl, adminApiKey }
  const credentials = { username: 'bench', password: 'made-up-for-the-bench' }
  const { id } = await createAccount(api, { name: 'Bench', credentials, base_url: upstream })
  const { token } = await createServer(api, id, { name: 'Bench', config: CONFIG })
  return `/mcp/${token}`
}

const seedOther = async (baseUrl: string): Promise<string> => {
  const response = await fetch(`${baseUrl}/seed/bench`, { method: 'POST' })
  if (!response.ok) throw new Error(`Seeding answered ${response.status}: ${await response.text()}`)
  return '/mcp/bench'
}

/** `collections`: V8 tells of them. */
type TargetOptions = { inspector?: boolean; minify?: boolean; collections?: boolean }

export type Deployment = Workerd & { secrets: DeploymentSecrets; config: string; modules: readonly Module[] }

/** Bundles and starts one Worker in a folder of its own, without limits on calls. */
export const deploy = async (
  entry: Entry,
  upstream: string,
  { inspector = false, minify = true, collections = false }: TargetOptions = {},
): Promise<Deployment> => {
  const folder = mkdtempSync(join(tmpdir(), `finexio-mcp-bench-${entry}-`))
  const secrets = randomSecrets()
  const bindings = {
    ...secrets,
    FINEXIO_BASE_URLS: upstream,
    FINEXIO_WEBHOOK_BASE: 'same',
    ALLOWED_ORIGINS: '',
    LOCAL_DEVELOPMENT: 'true',
    OWN_LIMIT: 'off',
    OWN_REQUESTS: 'off',
  }
  const modules = await bundle(entry, minify)
  const flags = collections ? TOLD : []
  const config = writeConfig({ folder, main: modules, kv: await bundle('kv'), bindings, flags })
  const workerd = await startWorkerd(config, { inspector })
  const stop = async () => {
    await workerd.stop()
    rmSync(folder, { recursive: true, force: true })
  }
  return { ...workerd, secrets, config, modules, stop }
}

/** Bundles, starts and seeds one target. */
export const startTarget = async (
  name: Started,
  upstream: string,
  options: TargetOptions = {},
): Promise<Target> => {
  const { secrets, url, ...started } = await deploy(name, upstream, options)
  try {
    const product = name === 'ours' || name === 'unledgered'
    const path = product ? await seedOurs(url, secrets.ADMIN_API_KEY, upstream) : await seedOther(url)
    return { ...started, name, url: url + path, path }
  } catch (error) {
    await started.stop()
    throw error
  }
}

/** All that are compared, beside one another. */
export const startAll = async (upstream: string) => {
  const started: Target[] = []
  const stop = async () => {
    await Promise.all(started.map((target) => target.stop()))
  }
  try {
    for (const name of STARTED) started.push(await startTarget(name, upstream))
    const named = started.map((target) => [target.name, target] as const)
    return { targets: Object.fromEntries(named) as Readonly<Record<Started, Target>>, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
