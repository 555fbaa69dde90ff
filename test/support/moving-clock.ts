/** The product with a clock that a test can move, so that nobody has to wait for what a minute changes. */
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from 'miniflare'
import { esModules } from '../../scripts/local/bundle.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import type { Stack, StackAddresses } from '../../scripts/local/stack.ts'
import { builtStack } from './stack.ts'

export type MovingStack = Stack & {
  /** Moves the clock of the Worker and of its Durable Objects forward. Alarms still ring in real time. */
  advance(seconds: number): Promise<void>
}

/** Stands before the product's own modules: whoever asks for the time gets it from here. */
const CLOCK = `
let ahead = 0
const Real = Date
globalThis.Date = class Date extends Real {
  constructor(...given) { given.length === 0 ? super(Real.now() + ahead) : super(...given) }
  static now() { return Real.now() + ahead }
}
export const advance = (seconds) => { ahead += seconds * 1000 }
`

/** The path can be no token's: those stand below /mcp/. */
const ADVANCE = '/__test/advance/'

const ENTRY = `
import { advance } from './clock.js'
import product from './index.js'
export * from './index.js'
const fetch = (request, env, context) => {
  const { pathname } = new URL(request.url)
  if (!pathname.startsWith('${ADVANCE}')) return product.fetch(request, env, context)
  advance(Number(pathname.slice(${ADVANCE.length})))
  return new Response()
}
export default { ...product, fetch }
`

/** @param running the stack whose sandbox it uses */
export const startMovingStack = async (running: StackAddresses): Promise<MovingStack> => {
  const { workerOptions, modules: product } = builtStack().product
  const secrets = randomSecrets()
  const modules = [{ name: 'main.js', code: ENTRY }, { name: 'clock.js', code: CLOCK }, ...product]
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      ...workerOptions,
      modules: esModules(modules),
      bindings: {
        ...(workerOptions.bindings as object),
        ...secrets,
        LOCAL_DEVELOPMENT: 'true',
        FINEXIO_BASE_URLS: running.finexioBaseUrl,
        OWN_LIMIT: 'off',
        OWN_REQUESTS: 'off',
        OWN_CALLS_AT_ONCE: 'off',
      },
      host: '127.0.0.1',
      port: 0,
      cf: false,
      logRequests: false,
      telemetry: { enabled: false },
      log: new Log(LogLevel.NONE),
      handleStructuredLogs: () => {},
    }),
  )
  const baseUrl = (await miniflare.ready).origin
  return {
    ...running,
    baseUrl,
    adminApiKey: secrets.ADMIN_API_KEY,
    advance: async (seconds) => {
      const { ok, status } = await fetch(`${baseUrl}${ADVANCE}${seconds}`)
      if (!ok) throw new Error(`The clock answered ${status}.`)
    },
    stop: () => miniflare.dispose(),
  }
}
