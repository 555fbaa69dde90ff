/** `npm run dev`: as `npm start`, begun anew whenever a source file changes; data and URLs stay. */
import { type ChildProcess, spawn } from 'node:child_process'
import { watch } from 'node:fs'
import { join } from 'node:path'
import { root } from './checks.ts'
import { optionsOf } from './usage.ts'

optionsOf(
  `Usage: npm run dev [-- --help]

Runs the product and the Finexio sandbox as npm start does, with the same settings (PORT, SANDBOX_PORT, DATA_DIR …), and
begins anew when a file in src, schemas or sandbox changes. Accounts, MCP servers and their URLs stay. Ctrl-C ends it.
`,
  {},
)

/** Editors write a file in several steps. */
const QUIET_MS = 200

let running: ChildProcess | undefined
let pending: ReturnType<typeof setTimeout> | undefined

const begin = (): void => {
  running = spawn(process.execPath, [join(root, 'scripts/start/main.ts')], { cwd: root, stdio: 'inherit' })
}

const ended = (child: ChildProcess): Promise<void> =>
  new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve()
    child.once('exit', () => resolve())
    child.kill('SIGTERM')
  })

const beginAnew = async (): Promise<void> => {
  console.log('A file changed: beginning anew.')
  if (running) await ended(running)
  begin()
}

for (const folder of ['src', 'schemas', 'sandbox'])
  watch(join(root, folder), { recursive: true }, () => {
    clearTimeout(pending)
    pending = setTimeout(beginAnew, QUIET_MS)
  })
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.on(signal, async () => {
    if (running) await ended(running)
    process.exit(0)
  })
begin()
