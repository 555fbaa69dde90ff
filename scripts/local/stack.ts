/** The product beside its Finexio sandbox, both in workerd on 127.0.0.1: what `npm start` and the live tests run. */
import { join } from 'node:path'
import { type DeploymentSecrets, randomSecrets } from './secrets.ts'
import { type BuiltWorker, buildWorker, startWorker } from './worker.ts'

const root = join(import.meta.dirname, '../..')
const PRODUCT = join(root, 'wrangler.toml')
const SANDBOX = join(root, 'sandbox/wrangler.toml')

/** The sandbox serves Finexio's API below this path, as Finexio does. */
const API_PATH = '/v2'

export type BuiltStack = { product: BuiltWorker; sandbox: BuiltWorker }

/** Both Workers, as they are deployed. @throws the bundler's own error, which names file and line */
export const buildStack = async (): Promise<BuiltStack> => {
  const [product, sandbox] = await Promise.all([
    buildWorker(PRODUCT, { minify: true }),
    buildWorker(SANDBOX, {}),
  ])
  return { product, sandbox }
}

export type StackOptions = {
  /** 0 (default) takes any free port. */
  port?: number
  sandboxPort?: number
  /** Keeps data in this folder; absent: in memory. */
  dataDir?: string
  secrets?: DeploymentSecrets
  /** Another Finexio, version path included; no sandbox is started then. */
  finexioBaseUrl?: string
  /**
   * More variables of the product, e.g. `ALLOWED_ORIGINS`, and of the sandbox, e.g. `WEBHOOK_EVENTS`. Unless set here,
   * `OWN_LIMIT`, `OWN_REQUESTS` and `OWN_CALLS_AT_ONCE` are off: tests and load share one stack.
   */
  bindings?: Record<string, string>
  sandboxBindings?: Record<string, string>
  /** What was built before; absent: built now, the product with readable names. */
  built?: BuiltStack
  /** Whether the product prints a line for each request. */
  logRequests?: boolean
  /** Receives what either Worker prints; absent: dropped. */
  onLog?: (line: string) => void
}

/** Addresses and keys of a running stack: plain data, so that it can be handed to another process. */
export type StackAddresses = {
  baseUrl: string
  /** Null when another Finexio is used. */
  sandboxUrl: string | null
  finexioBaseUrl: string
  adminApiKey: string
}

export type Stack = StackAddresses & { stop(): Promise<void> }

const place = (dataDir: string | undefined, name: string) => dataDir && join(dataDir, name)

/**
 * Starts the sandbox (unless another Finexio is given) and the product, in that order.
 * @throws when a port is taken or a Worker does not build; whatever was started is stopped again
 */
export const startStack = async (options: StackOptions = {}): Promise<Stack> => {
  const { dataDir, onLog, built, secrets = randomSecrets() } = options
  const sandbox = options.finexioBaseUrl
    ? null
    : await startWorker({
        config: SANDBOX,
        built: built?.sandbox,
        bindings: options.sandboxBindings ?? {},
        port: options.sandboxPort,
        dataDir: place(dataDir, 'sandbox'),
        onLog,
      })
  const finexioBaseUrl = options.finexioBaseUrl ?? `${sandbox!.url}${API_PATH}`
  try {
    const product = await startWorker({
      config: PRODUCT,
      built: built?.product,
      bindings: {
        ...secrets,
        LOCAL_DEVELOPMENT: 'true',
        FINEXIO_BASE_URLS: finexioBaseUrl,
        OWN_LIMIT: 'off',
        OWN_REQUESTS: 'off',
        OWN_CALLS_AT_ONCE: 'off',
        ...options.bindings,
      },
      port: options.port,
      dataDir: place(dataDir, 'product'),
      logRequests: options.logRequests,
      onLog,
    })
    return {
      baseUrl: product.url,
      sandboxUrl: sandbox?.url ?? null,
      finexioBaseUrl,
      adminApiKey: secrets.ADMIN_API_KEY,
      stop: async () => {
        await Promise.all([product.stop(), sandbox?.stop()])
      },
    }
  } catch (error) {
    await sandbox?.stop()
    throw error
  }
}
