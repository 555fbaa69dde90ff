/**
 * `npm run connect -- https://<worker>`: the first account and a reading MCP server for it, in one go. Reads
 * `ADMIN_API_KEY`, `FINEXIO_USERNAME`, `FINEXIO_PASSWORD` and, where it is not the deployment's first, `FINEXIO_BASE_URL`
 * from the environment, so that no secret stands in a shell's history.
 */
import { parseArgs } from 'node:util'
import { createAccount, createServer } from '../local/management.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    name: { type: 'string', default: 'Finexio' },
    /** Hours after which the URL ends. */
    hours: { type: 'string' },
  },
})

/** @throws naming what is missing */
const setting = (name: string): string => {
  const value = process.env[name]
  if (!value) throw new Error(`Set ${name} in the environment.`)
  return value
}

const addressOf = (text: string | undefined): string => {
  if (!text || !URL.canParse(text))
    throw new Error('Name the Worker: npm run connect -- https://finexio-mcp.example.workers.dev')
  return new URL(text).origin
}

const main = async (): Promise<void> => {
  const api = { baseUrl: addressOf(positionals[0]), adminApiKey: setting('ADMIN_API_KEY') }
  const credentials = { username: setting('FINEXIO_USERNAME'), password: setting('FINEXIO_PASSWORD') }
  const base_url = process.env.FINEXIO_BASE_URL
  const { id } = await createAccount(api, { name: values.name, credentials, ...(base_url && { base_url }) })
  const hours = Number(values.hours)
  const expires_at = hours > 0 ? new Date(Date.now() + hours * 3_600_000).toISOString() : null
  const server = await createServer(api, id, {
    name: `${values.name}, reading`,
    config: { methods: ['read'] },
    expires_at,
  })
  console.log(
    `Account ${id} is connected. Its MCP URL, shown this once, reads and changes nothing:\n\n  ${server.url}\n`,
  )
}

try {
  await main()
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
