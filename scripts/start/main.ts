/** `npm start`: product and Finexio sandbox on this machine, with a demo account and two MCP servers. */
import { mkdirSync } from 'node:fs'
import { signInLink } from '../local/management.ts'
import { type Stack, startStack } from '../local/stack.ts'
import { introduction, readyLine, waiting, writeConfigs } from './announce.ts'
import { ensureDemo } from './demo.ts'
import { ensurePeople } from './people.ts'
import { requireFreePort } from './ports.ts'
import { readSettings, type Settings } from './settings.ts'
import { onShutdown } from './shutdown.ts'

const requireFreePorts = async ({ port, sandboxPort, finexioBaseUrl }: Settings) => {
  await requireFreePort(port, 'PORT')
  if (finexioBaseUrl) return
  if (port !== 0 && port === sandboxPort) throw new Error(`PORT and SANDBOX_PORT are both ${port}.`)
  await requireFreePort(sandboxPort, 'SANDBOX_PORT')
}

const refusedDemo = (error: Error): never => {
  throw new Error(
    `The demo account could not be made: ${error.message}\n` +
      'It is made with FINEXIO_BASE_URL, FINEXIO_USERNAME and FINEXIO_PASSWORD, from the environment or .dev.vars.',
  )
}

const prepare = async (settings: Settings, stack: Stack): Promise<void> => {
  const writes = stack.sandboxUrl !== null || settings.demoWrites
  const upstream = { baseUrl: stack.finexioBaseUrl, credentials: settings.credentials, writes }
  const demo = await ensureDemo(stack, upstream, settings.dataDir).catch(refusedDemo)
  const people = await ensurePeople(stack, demo.accountId, settings.dataDir).catch(refusedDemo)
  const waits = waiting(stack, demo, people)
  if (waits) console.log(waits)
  console.log(introduction(stack, writeConfigs(demo, settings.dataDir), await signInLink(stack), people))
  console.log(readyLine(stack, demo, people))
}

const main = async (): Promise<void> => {
  const settings = readSettings(process.env)
  await requireFreePorts(settings)
  mkdirSync(settings.dataDir, { recursive: true, mode: 0o700 })
  const starting = startStack({
    port: settings.port,
    sandboxPort: settings.sandboxPort,
    dataDir: settings.dataDir,
    secrets: settings.secrets,
    bindings: { OWN_LIMIT: settings.ownLimit, OWN_REQUESTS: settings.ownRequests, ...settings.signIn },
    sandboxBindings: { WEBHOOK_EVENTS: 'article' },
    finexioBaseUrl: settings.finexioBaseUrl ?? undefined,
    onLog: (line) => console.log(line),
  })
  const stop = async () => (await starting).stop()
  onShutdown(stop)
  const stack = await starting
  await prepare(settings, stack).catch(async (error) => {
    await stop()
    throw error
  })
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error)
  process.exit(1)
})
