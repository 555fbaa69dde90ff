/** `npm run deploy`: the Worker, its storage, and the secrets it lacks. `--env staging|production`, `--dry-run`. */
import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { bundleWorker, type Module, minified } from '../local/bundle.ts'
import { optionsOf } from '../usage.ts'
import { isPrivate, missingSecrets } from './plan.ts'
import { checkEnvironment, deploy, NO_ADMIN_KEY, orComplain, secretNames } from './wrangler.ts'

const random = () => randomBytes(32).toString('base64')

const USAGE = `Usage: npm run deploy -- [--env staging|production] [--dry-run]

Deploys the Worker, its storage, and the secrets it lacks; those that are there stay. The admin key is made and shown in a
terminal alone: in CI, or where the output goes into a file, you set it yourself.

  --env      an environment of wrangler.toml
  --dry-run  builds and shows, deploys nothing
  --help     this text`

const { env, 'dry-run': dryRun } = optionsOf(USAGE, {
  env: { type: 'string' },
  'dry-run': { type: 'boolean', default: false },
})

const report = (names: readonly string[]): string => {
  if (dryRun)
    return `A dry run does not ask which secrets there are. A new Worker gets ${names.join(', ')}.${names.includes('ADMIN_API_KEY') ? '' : `\n${NO_ADMIN_KEY}`}`
  return names.length > 0 ? `Secrets to add: ${names.join(', ')}.` : 'All secrets are there.'
}

/** Also when wrangler failed late: the secrets may be there by then, and nothing would show the key again. */
const showAdminKey = (key: string, status: number): void =>
  console.log(`${status === 0 ? '' : '\nWrangler failed. If it had uploaded the secrets by then, this key counts; repeat npm run deploy.\n'}
The admin key, shown this once. Keep it in a password manager:

  ${key}

Cloudflare does not show secrets again. TOKEN_PEPPER and MASTER_KEY_V1 live there alone: without the first every MCP URL
dies, without the second stored credentials cannot be read. To keep copies of your own, see docs/operations.md.

Next: npm run connect -- https://<your worker>`)

/** The same modules as `npm start` runs, which wrangler would bundle alike and minify less. */
const bundled = async () =>
  minified(await bundleWorker(join(import.meta.dirname, '../../src/index.ts'), {}, false))

const main = (modules: readonly Module[]): number => {
  const present = dryRun ? [] : secretNames(env)
  const secrets = missingSecrets(present, random, isPrivate(process.env, process.stdout.isTTY))
  console.log(report(Object.keys(secrets)))
  const status = deploy(env, { modules, secrets, dryRun })
  if (dryRun || present.includes('ADMIN_API_KEY')) return status
  if (secrets.ADMIN_API_KEY) showAdminKey(secrets.ADMIN_API_KEY, status)
  else console.log(NO_ADMIN_KEY)
  return status
}

process.exitCode = orComplain(() => checkEnvironment(env))
if (process.exitCode === 0) {
  const modules = await bundled()
  process.exitCode = orComplain(() => main(modules))
}
