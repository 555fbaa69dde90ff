/** `npm run dev:wrangler`: the Worker under `wrangler dev`, beside the Finexio sandbox. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { installed, root } from '../installed.ts'
import { startWorker } from '../local/worker.ts'
import { lockFolder, noteWorkers } from '../start/lock.ts'
import { requireFreePort } from '../start/ports.ts'
import { below, killAll } from '../start/processes.ts'
import { readSettings } from '../start/settings.ts'
import { onShutdown } from '../start/shutdown.ts'
import { inWords } from '../start/unusable.ts'
import { optionsOf } from '../usage.ts'

optionsOf(
  `Usage: npm run dev:wrangler

Runs the Worker as \`wrangler dev\` has it, with wrangler.toml and the secrets of .dev.vars (made if they are missing), and the
Finexio sandbox beside it. Wrangler keeps its data in .wrangler and starts again when a source file changes. The dashboard takes
the ADMIN_API_KEY of .dev.vars. Request paths hold tokens, so wrangler logs none of them and itself calls nothing on the internet.

Settings: PORT, SANDBOX_PORT, FINEXIO_BASE_URL (docs/configuration.md).
`,
  {},
)

const COMMAND = 'npm run dev:wrangler'

/** Where wrangler keeps its data. */
const DATA = join(root, '.wrangler')

const prepared = async () => {
  lockFolder(DATA, COMMAND, '')
  const settings = readSettings({ ...process.env, DEV_VARS_FILE: join(root, '.dev.vars') })
  await requireFreePort(settings.port, 'PORT', COMMAND)
  if (!settings.finexioBaseUrl) await requireFreePort(settings.sandboxPort, 'SANDBOX_PORT', COMMAND)
  return settings
}
const { port, sandboxPort, finexioBaseUrl } = await prepared().catch((error: unknown) => {
  console.error(inWords(error))
  process.exit(1)
})
const sandbox = finexioBaseUrl
  ? null
  : await startWorker({ config: join(root, 'sandbox/wrangler.toml'), bindings: {}, port: sandboxPort })
noteWorkers(DATA)
const upstream = finexioBaseUrl ?? `${sandbox!.url}/v2`
console.log(
  `http://127.0.0.1:${port}/dashboard, Finexio at ${upstream}. Sign in with the ADMIN_API_KEY of .dev.vars. Ctrl-C ends it.`,
)

const variables = { LOCAL_DEVELOPMENT: 'true', FINEXIO_BASE_URLS: upstream }
const [node, script] = installed('wrangler')
const wrangler = spawn(
  node,
  [
    '--import',
    join(import.meta.dirname, 'with-parent.ts'),
    script,
    ...[
      'dev',
      '--ip',
      '127.0.0.1',
      '--port',
      String(port),
      '--log-level',
      'warn',
      '--show-interactive-dev-session=false',
    ],
    ...Object.entries(variables).flatMap(([name, value]) => ['--var', `${name}:${value}`]),
  ],
  {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, CLOUDFLARE_CF_FETCH_ENABLED: 'false', WRANGLER_SEND_METRICS: 'false' },
  },
)
const ended = once(wrangler, 'exit')
const stop = async () => {
  wrangler.kill()
  await Promise.all([ended, sandbox?.stop()])
}
// Miniflare, which runs the sandbox, ends this process at a signal before `stop` is done: what is left of wrangler would go on at its port.
process.on('exit', () => killAll(wrangler.pid === undefined ? [] : [...below(wrangler.pid), wrangler.pid]))
onShutdown(stop)
const [status] = await ended
await sandbox?.stop()
process.exit(status ?? 0)
