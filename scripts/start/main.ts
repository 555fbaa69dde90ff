/** `npm start`: product and Finexio sandbox on this machine, with a demo account and two MCP servers. */
import { NotManaged, signInLink } from '../local/management.ts'
import { isRequestLine } from '../local/request-log.ts'
import { type Stack, startStack } from '../local/stack.ts'
import { optionsOf } from '../usage.ts'
import {
  ended,
  introduction,
  readyLine,
  stopped,
  stopsOf,
  waiting,
  writeConfigs,
  writeVariables,
} from './announce.ts'
import { ensureDemo } from './demo.ts'
import { lockFolder, noteWorkers } from './lock.ts'
import { settleSecrets } from './made-with.ts'
import { ensurePeople } from './people.ts'
import { requireFreePort } from './ports.ts'
import { readSettings, type Settings } from './settings.ts'
import { onShutdown } from './shutdown.ts'
import { inWords } from './unusable.ts'

const requireFreePorts = async ({ port, sandboxPort, finexioBaseUrl }: Settings) => {
  await requireFreePort(port, 'PORT')
  if (finexioBaseUrl) return
  if (port !== 0 && port === sandboxPort) throw new Error(`PORT and SANDBOX_PORT are both ${port}.`)
  await requireFreePort(sandboxPort, 'SANDBOX_PORT')
}

const refusedDemo = (error: Error): never => {
  if (!(error instanceof NotManaged)) throw error
  const where =
    error.status === 500
      ? 'What DATA_DIR holds may be damaged, copied in part, or not for this user to write: put a whole copy in its place, or start with another DATA_DIR.'
      : 'It is made with FINEXIO_BASE_URL, FINEXIO_USERNAME and FINEXIO_PASSWORD, from the environment or .dev.vars.'
  throw new Error(`The demo account could not be made: ${error.message}\n${where}`)
}

const prepare = async (settings: Settings, stack: Stack): Promise<void> => {
  const writes = stack.sandboxUrl !== null || settings.demoWrites
  const upstream = {
    baseUrl: stack.finexioBaseUrl,
    sandbox: stack.sandboxUrl !== null,
    credentials: settings.credentials,
    writes,
  }
  const demo = await ensureDemo(stack, upstream, settings.dataDir).catch(refusedDemo)
  const people = await ensurePeople(stack, demo.accountId, settings.dataDir).catch(refusedDemo)
  const stops = stopped(stack, demo, await stopsOf(stack, demo).catch(refusedDemo))
  for (const said of [demo.remade, waiting(stack, demo, people), ended(stack, demo, people), stops])
    if (said) console.log(said)
  const files = {
    clients: writeConfigs(demo, people, settings.dataDir),
    variables: writeVariables(stack, demo, people, settings.dataDir),
  }
  console.log(introduction({ stack, demo, people, files, signInUrl: await signInLink(stack) }))
  console.log(readyLine(stack, demo, people))
}

const USAGE = `Usage: npm start [-- --quiet]

Runs the Worker and the Finexio sandbox on 127.0.0.1, with a demo account, three MCP servers and four people, and prints how to
use them. Ctrl-C stops everything; data and URLs stay in DATA_DIR.

  --quiet  prints no line for each request
  --help   this text

Settings, from the environment or .dev.vars: PORT, SANDBOX_PORT, DATA_DIR, DEV_VARS_FILE, FINEXIO_BASE_URL, FINEXIO_USERNAME,
FINEXIO_PASSWORD, DEMO_WRITES, OWN_LIMIT, OWN_REQUESTS, OWN_CALLS_AT_ONCE (docs/configuration.md).
`

const main = async (): Promise<void> => {
  const { quiet } = optionsOf(USAGE, { quiet: { type: 'boolean', default: false } })
  const settings = readSettings(process.env)
  // First, so that a second npm start hears of the first one, and not of its ports.
  lockFolder(settings.dataDir)
  await requireFreePorts(settings)
  const others = settleSecrets(settings.dataDir, settings.secrets, settings.devVarsFile)
  if (others !== null) console.log(others)
  let ready = false
  const starting = startStack({
    port: settings.port,
    sandboxPort: settings.sandboxPort,
    dataDir: settings.dataDir,
    secrets: settings.secrets,
    bindings: { ...settings.limits, ...settings.signIn },
    sandboxBindings: { WEBHOOK_EVENTS: 'article' },
    finexioBaseUrl: settings.finexioBaseUrl ?? undefined,
    logRequests: !quiet,
    // Until the demo is ready, all requests are its own.
    onLog: (line) => (ready || !isRequestLine(line)) && console.log(line),
  })
  const stop = async () => (await starting).stop()
  onShutdown(stop)
  const stack = await starting
  noteWorkers(settings.dataDir)
  await prepare(settings, stack).catch(async (error) => {
    await stop()
    throw error
  })
  ready = true
}

main().catch((error: unknown) => {
  console.error(inWords(error))
  process.exit(1)
})
