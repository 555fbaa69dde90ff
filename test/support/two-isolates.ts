/**
 * The product in two isolates: the second one asks the Durable Objects of the first, as another Cloudflare location would,
 * and reads a KV of its own, which stays as it was when it was copied.
 */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare, type V4WorkerOptions } from 'miniflare'
import { esModules } from '../../scripts/local/bundle.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import { builtStack } from './stack.ts'

export type TwoIsolates = {
  first: { baseUrl: string; adminApiKey: string }
  /** Origin of the second isolate. */
  second: string
  /** Copies every stored credential to the KV of the second isolate; later changes do not arrive there. */
  freezeKv(): Promise<number>
  stop(): Promise<void>
}

type Named = Record<string, { className: string; useSQLite: true }>

/** @param finexioBaseUrl of the sandbox */
export const startTwoIsolates = async (finexioBaseUrl: string): Promise<TwoIsolates> => {
  const { workerOptions, modules } = builtStack().product
  const secrets = randomSecrets()
  const first: V4WorkerOptions = {
    ...workerOptions,
    name: 'first',
    modules: esModules(modules),
    bindings: {
      ...secrets,
      LOCAL_DEVELOPMENT: 'true',
      FINEXIO_BASE_URLS: finexioBaseUrl,
      OWN_LIMIT: 'off',
      OWN_REQUESTS: 'off',
      OWN_CALLS_AT_ONCE: 'off',
    },
    unsafeDirectSockets: [{ host: '127.0.0.1', port: 0 }],
  }
  const objects = Object.entries(workerOptions.durableObjects as Named)
  const second: V4WorkerOptions = {
    ...first,
    name: 'second',
    kvNamespaces: { VAULT: { id: 'FROZEN' } },
    durableObjects: Object.fromEntries(objects.map(([name, one]) => [name, { ...one, scriptName: 'first' }])),
  }
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      workers: [first, second],
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: () => {},
    }),
  )
  await miniflare.ready
  const origin = async (name: string) => (await miniflare.unsafeGetDirectURL(name)).origin
  const freezeKv = async () => {
    const [live, frozen] = [
      await miniflare.getKVNamespace('VAULT', 'first'),
      await miniflare.getKVNamespace('VAULT', 'second'),
    ]
    const { keys } = await live.list()
    for (const { name } of keys) await frozen.put(name, (await live.get(name, 'arrayBuffer'))!)
    return keys.length
  }
  return {
    first: { baseUrl: await origin('first'), adminApiKey: secrets.ADMIN_API_KEY },
    second: await origin('second'),
    freezeKv,
    stop: () => miniflare.dispose(),
  }
}
