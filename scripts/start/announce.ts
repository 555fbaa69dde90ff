/** What `npm start` says once everything runs. Only the READY line holds secrets. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Stack } from '../local/stack.ts'
import { clientConfigs } from './clients.ts'
import type { Demo } from './demo.ts'

const indent = (text: string) => text.replaceAll(/^/gm, '    ')

const configsFor = (url: string): string =>
  clientConfigs(url)
    .map(({ client, where, paste }) => `${client}: ${where}\n\n${indent(paste)}\n`)
    .join('\n')

/** Writes the same configs with the real URL where only the owner can read them; answers the path. */
export const writeConfigs = (demo: Demo, dataDir: string): string => {
  const path = join(dataDir, 'clients.md')
  const text = `# All methods\n\n${configsFor(demo.mcpUrl)}\n# Read only\n\n${configsFor(demo.readonlyMcpUrl)}`
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
  return path
}

/** The part for people: no token, no key. */
export const introduction = (stack: Stack, configsPath: string): string =>
  `
Finexio MCP is running on this machine.

  Worker      ${stack.baseUrl}
  Finexio     ${stack.sandboxUrl ? `sandbox at ${stack.finexioBaseUrl}` : stack.finexioBaseUrl}
  Management  REST at ${stack.baseUrl}, with admin_api_key of the READY line as Bearer (this version has no dashboard)
  Configs     the ones below with your URLs filled in: ${configsPath}

Paste one of these into a client. <mcp_url> stands for mcp_url or readonly_mcp_url of the READY line,
which holds secrets: whoever has the URL can use the account.

${configsFor('<mcp_url>')}
Ctrl-C stops everything; the data stays.
`

/** The line for machines. */
export const readyLine = (stack: Stack, demo: Demo): string =>
  `READY ${JSON.stringify({
    base_url: stack.baseUrl,
    sandbox_url: stack.sandboxUrl,
    admin_api_key: stack.adminApiKey,
    integrated_account_id: demo.accountId,
    mcp_url: demo.mcpUrl,
    readonly_mcp_url: demo.readonlyMcpUrl,
  })}`
