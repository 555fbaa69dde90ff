/** `npm run connect`: the first account and a reading MCP server for it, in one go. */
import { cut, foldName, quoted } from '../../src/core/text.ts'
import { createAccount, createServer, type Management, manage } from '../local/management.ts'
import { argumentOf } from '../usage.ts'
import { OPTIONS, type Options, readOptions } from './options.ts'

const USAGE = `Usage: npm run connect -- https://<your Worker> [--name <name>] [--hours <n>] [--again]

Connects the first account of a deployment, and makes an MCP URL for it that reads and changes nothing.
From the environment: ADMIN_API_KEY, FINEXIO_USERNAME, FINEXIO_PASSWORD, and FINEXIO_BASE_URL where it is not the deployment's first.

  --name <name>  of the account (Finexio)
  --hours <n>    the URL ends after so many hours
  --again        connects it even if there is an account of that name
  --help         this text`

/** Of a name that the API takes, with room for what is added to it. */
const LONGEST_NAME = 190

const notMade =
  (accountId: string) =>
  (error: unknown): never => {
    const why = error instanceof Error ? error.message : String(error)
    throw new Error(
      `Account ${accountId} is connected, but no MCP URL was made for it: ${why}\nMake one in the dashboard.`,
    )
  }

type Entry = { id: string; name: string; created_at: string }
type Entries = { result: Entry[]; next_cursor: string | null }

/** An account that people would take for the one to be made; null: there is none. */
const accountNamed = async (api: Management, name: string): Promise<Entry | null> => {
  for (let cursor: string | null = ''; cursor !== null; ) {
    const path = `/integrated-account?limit=100&next_cursor=${encodeURIComponent(cursor)}`
    const page: Entries = await manage(api, 'GET', path)
    const found = page.result.find((one) => foldName(one.name) === foldName(name))
    if (found) return found
    cursor = page.next_cursor
  }
  return null
}

const twinWords = ({ api }: Pick<Options, 'api'>, { id, name, created_at }: Entry): string =>
  `There is an account named ${quoted(name)} already (${id}, connected ${created_at}). Nothing was made.

  another MCP URL for it        ${api.baseUrl}/dashboard, or POST /integrated-account/${id}/mcp
  another Finexio account       npm run connect -- ${api.baseUrl} --name <another name>
  the same name once more       npm run connect -- ${api.baseUrl} --again`

const main = async (): Promise<void> => {
  const options = readOptions(argumentOf(USAGE, OPTIONS), process.env)
  const { api, name, credentials, baseUrl, lifetimeMs, again } = options
  const twin = again ? null : await accountNamed(api, name)
  if (twin) throw new Error(twinWords(options, twin))
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
