/** `npm run dev`: what `npm start` runs, restarted whenever its source changes. */
import { root } from '../installed.ts'
import { onShutdown } from '../start/shutdown.ts'
import { optionsOf } from '../usage.ts'
import { reload } from './reload.ts'

optionsOf(
  `Usage: npm run dev [-- --help]

Runs the Worker and the Finexio sandbox as npm start does, and starts them again when a file in src, schemas, assets,
sandbox, scripts/start or scripts/local changes. Accounts, MCP servers and the sandbox's data stay in DATA_DIR, so the URLs keep
working and a signed-in browser stays signed in. A change that does not build is reported; the next change starts again.

Settings are those of npm start: PORT, SANDBOX_PORT, DATA_DIR, DEV_VARS_FILE, FINEXIO_BASE_URL (docs/configuration.md).
After a change of wrangler.toml start it again yourself. Cards in the chat and the dashboard's style and script are built apart: npm run assets.
`,
  {},
)

const { stop } = reload({
  command: [process.execPath, 'scripts/start/main.ts'],
  cwd: root,
  watched: ['src', 'schemas', 'assets', 'sandbox', 'scripts/start', 'scripts/local'],
  readyMark: 'READY ',
  print: (text) => process.stdout.write(text),
})
onShutdown(stop)
