/**
 * `npm run connect -- https://<worker>`: the first account and a reading MCP server for it, in one go. Reads
 * `ADMIN_API_KEY`, `FINEXIO_USERNAME`, `FINEXIO_PASSWORD` and, where it is not the deployment's first, `FINEXIO_BASE_URL`
 * from the environment. `--name <name>`; `--hours <n>`: the URL ends after that many hours.
 */
import { createAccount, createServer } from '../local/management.ts'
import { readOptions } from './options.ts'

const main = async (): Promise<void> => {
  const { api, name, credentials, baseUrl, lifetimeMs } = readOptions(process.argv.slice(2), process.env)
  const { id } = await createAccount(api, { name, credentials, ...(baseUrl && { base_url: baseUrl }) })
  const expires_at = lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs).toISOString()
  const { url } = await createServer(api, id, {
    name: `${name}, reading`,
    config: { methods: ['read'] },
    expires_at,
  })
  const until = expires_at === null ? '' : ` until ${expires_at}`
  console.log(
    `Account ${id} is connected. Its MCP URL, shown this once, reads and changes nothing${until}:\n\n  ${url}\n`,
  )
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
