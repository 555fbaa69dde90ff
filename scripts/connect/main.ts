/** `npm run connect`: the first account and a reading MCP server for it, in one go. */
import { cut } from '../../src/core/text.ts'
import { createAccount, createServer } from '../local/management.ts'
import { argumentOf } from '../usage.ts'
import { OPTIONS, readOptions } from './options.ts'

const USAGE = `Usage: npm run connect -- https://<your Worker> [--name <name>] [--hours <n>]

Connects the first account of a deployment, and makes an MCP URL for it that reads and changes nothing.
From the environment: ADMIN_API_KEY, FINEXIO_USERNAME, FINEXIO_PASSWORD, and FINEXIO_BASE_URL where it is not the deployment's first.

  --name <name>  of the account (Finexio)
  --hours <n>    the URL ends after so many hours
  --help         this text`

/** Of a name that the API takes, with room for what is added to it. */
const LONGEST_NAME = 190

const notMade =
  (accountId: string) =>
  (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `Account ${accountId} is connected, but no MCP URL was made for it: ${why}\nMake one in the dashboard; connecting again would make a second account.`,
    )
  }

const main = async (): Promise<void> => {
  const { api, name, credentials, baseUrl, lifetimeMs } = readOptions(argumentOf(USAGE, OPTIONS), process.env)
  const { id } = await createAccount(api, { name, credentials, ...(baseUrl && { base_url: baseUrl }) })
  const expires_at = lifetimeMs === null ? null : new Date(Date.now() + lifetimeMs).toISOString()
  const { url } = await createServer(api, id, {
    name: `${cut(name, LONGEST_NAME)}, reading`,
    config: { methods: ['read'] },
    expires_at,
  }).catch(notMade(id))
  const until = expires_at === null ? '' : `, and ends at ${expires_at}`
  console.log(
    `Account ${id} is connected. Its MCP URL, shown this once, reads and changes nothing${until}:\n\n  ${url}\n\nHow to paste it into each client: docs/clients.md`,
  )
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
