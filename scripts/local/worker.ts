/** Runs a Worker of this repository in workerd on this machine, declared by its own wrangler.toml. */
import type { V4WorkerOptions } from 'miniflare'
import { bundleWorker, esModules, type Module, minified } from './bundle.ts'

/** A Worker that only needs to be started: plain data, so that it can be kept in a file. */
export type BuiltWorker = {
  workerOptions: Awaited<ReturnType<typeof readOptions>>['workerOptions']
  /** Its main module first. */
  modules: readonly Module[]
}

export type BuildOptions = {
  /** Runs the module as it is deployed; absent: with readable names. */
  minify?: boolean
  /** Whether the Worker prints a line for each request. */
  logRequests?: boolean
}

export type LocalWorkerOptions = BuildOptions & {
  /** Absolute path of the Worker's wrangler.toml. */
  config: string
  /** What was built from it before; absent: built now. */
  built?: BuiltWorker
  /** Variables and secrets on top of those in wrangler.toml. */
  bindings: Record<string, string>
  /** 0 takes any free port. */
  port?: number
  /** Folder for Durable Objects and KV; absent: kept in memory and gone at the end. */
  dataDir?: string
  /** Receives what the Worker prints; absent: dropped. */
  onLog?: (line: string) => void
}

export type LocalWorker = { url: string; stop(): Promise<void> }

/** What a wrangler.toml declares, as Miniflare takes it. */
export const readOptions = async (config: string) => {
  process.env.WRANGLER_LOG ??= 'none'
  const { unstable_getMiniflareWorkerOptions } = await import('wrangler')
  const { workerOptions, define, main } = unstable_getMiniflareWorkerOptions(config)
  if (!main) throw new Error(`${config} names no main module.`)
  return { workerOptions, define, main }
}

/**
 * @param config absolute path of the Worker's wrangler.toml
 * @throws the bundler's own error, which names file and line
 */
export const buildWorker = async (config: string, options: BuildOptions): Promise<BuiltWorker> => {
  const { workerOptions, define, main } = await readOptions(config)
  const flags = workerOptions.compatibilityFlags as string[] | undefined
  const nodeCompat = flags?.includes('nodejs_compat') ?? false
  const modules = await bundleWorker(main, define, nodeCompat, options.logRequests)
  return { workerOptions, modules: options.minify ? minified(modules) : modules }
}

/**
 * Stands before the Worker in the place of Miniflare's own door, which ends with 500 and no reason where a Host header makes no URL.
 * Deployed, Cloudflare refuses such a request before any Worker sees it. Like that one it believes a tunnel which says that it took https.
 */
const DOOR = `const HOST = /^(?:\\[[\\da-f:.]+\\]|[\\w.-]+)(?::\\d{1,5})?$/i
const message = 'The Host header must name a host, such as 127.0.0.1:8787.'
export default {
  fetch: (request, { WORKER }) => {
    const { headers, url } = request
    const host = headers.get('host') ?? ''
    const named = HOST.test(host) ? URL.parse('http://' + host) : null
    if (named === null || URL.parse(url)?.hostname !== named.hostname)
      return Response.json({ statusCode: 400, error: 'Bad Request', message }, { status: 400 })
    const secure = headers.get('x-forwarded-proto') === 'https'
    return WORKER.fetch(secure ? new Request(url.replace(/^http:/, 'https:'), request) : request)
  },
}`

/**
 * Bundles and starts one Worker on 127.0.0.1; resolves once it accepts requests.
 * Request paths hold tokens, so the request logs of Miniflare are off and only what the Worker itself prints is passed on.
 */
export const startWorker = async (options: LocalWorkerOptions): Promise<LocalWorker> => {
  const { workerOptions, modules } = options.built ?? (await buildWorker(options.config, options))
  const worker: V4WorkerOptions = {
    ...workerOptions,
    modules: esModules(modules),
    bindings: Object.assign({}, workerOptions.bindings, options.bindings),
  }
  // Only now: it takes half a second to load, which `--help` need not wait for.
  const { convertV4MiniflareOptions, Log, LogLevel, Miniflare } = await import('miniflare')
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [
        worker,
        {
          name: 'door',
          modules: [{ type: 'ESModule', path: 'door.js', contents: DOOR }],
          compatibilityDate: String(workerOptions.compatibilityDate),
          serviceBindings: { WORKER: '' },
          unsafeDirectSockets: [{ host: '127.0.0.1', port: options.port ?? 0 }],
        },
      ],
      host: '127.0.0.1',
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: ({ message }) => options.onLog?.(message),
      ...(options.dataDir && { resourcePersistencePath: options.dataDir }),
    }),
  )
  await miniflare.ready
  const url = (await miniflare.unsafeGetDirectURL('door')).origin
  return { url, stop: () => miniflare.dispose() }
}
