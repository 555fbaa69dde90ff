/** What `npm start` says once everything runs. Only the READY line holds secrets. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClientConfig, clientConfigs } from '../../src/dashboard/clients.ts'
import type { Stack } from '../local/stack.ts'
import type { Demo } from './demo.ts'
import type { People } from './people.ts'

const indent = (text: string) => text.replaceAll(/^/gm, '    ')

const HOSTED = 'It calls from its own servers and needs an https address: deploy first'

const configFor = ({ client, steps, paste, hosted }: ClientConfig): string =>
  `${client}: ${[...(hosted ? [HOSTED] : []), ...steps].join('. ')}\n\n${indent(paste)}\n`

const configsFor = (url: string): string => clientConfigs(url).map(configFor).join('\n')

/** Writes the same configs with the real URL where only the owner can read them. Returns the path. */
export const writeConfigs = (demo: Demo, dataDir: string): string => {
  const path = join(dataDir, 'clients.md')
  const first = demo.writes ? 'All methods' : 'Read only until DEMO_WRITES=true'
  const text = `# ${first}\n\n${configsFor(demo.mcpUrl)}\n# Read only\n\n${configsFor(demo.readonlyMcpUrl)}`
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
  return path
}

/** The demo's people, in the order in which one tries them. */
const WHO: Readonly<Record<keyof People['signInUrls'], string>> = {
  clerk: 'Casey Clerk, who works through it: asks, and may not decide',
  approver: 'Avery Approver, who decides',
  auditor: 'Aud Auditor, who looks at everything, and may stop and revoke',
  engineer: 'Erin Engineer, who administers',
}

const linksOf = ({ signInUrls }: Pick<People, 'signInUrls'>): string =>
  (Object.keys(WHO) as (keyof typeof WHO)[])
    .filter((who) => signInUrls[who] !== undefined)
    .map((who) => `              ${WHO[who]}\n              ${signInUrls[who]}`)
    .join('\n')

/** What of the demo waits while settings need a second person, in a sentence; null: nothing does. */
export const waiting = (
  { baseUrl }: Pick<Stack, 'baseUrl'>,
  { waits }: Pick<Demo, 'waits'>,
  { signInUrls }: Pick<People, 'signInUrls'>,
): string | null => {
  const without = Object.keys(WHO).filter((who) => !(who in signInUrls))
  if (!waits && without.length === 0) return null
  const what = [
    ...(waits ? ['what mcp_url may do'] : []),
    ...without.map((who) => `the sign-in of the ${who}`),
  ]
  return (
    `Settings need a second person in this DATA_DIR, so this waits and acts after 24 hours unless somebody who approves cancels it: ${what.join(', ')}. ` +
    `See ${baseUrl}/dashboard/settings-drafts, or start with another DATA_DIR.`
  )
}

/** The part for people: no token, no key, but links that sign in once. */
export const introduction = (
  stack: Stack,
  configsPath: string,
  signInUrl: string,
  people: Pick<People, 'signInUrls'>,
): string =>
  `
Finexio MCP is running on this machine.

  Dashboard   ${signInUrl}
              (signs you in once, with the admin key's rights, within 5 minutes; later: ${stack.baseUrl}/dashboard with admin_api_key)
  Worker      ${stack.baseUrl}
  Finexio     ${stack.sandboxUrl ? `sandbox at ${stack.finexioBaseUrl}` : `${stack.finexioBaseUrl}, where mcp_url only reads unless DEMO_WRITES=true`}
  Management  REST at ${stack.baseUrl}, with admin_api_key of the READY line as Bearer
  Four eyes   writes through approval_mcp_url of the READY line wait for a second person. Each link signs in once, within 24 hours:
${linksOf(people)}
  Configs     the ones below with your URLs filled in: ${configsPath}

Paste one of these into a client. <mcp_url> stands for mcp_url or readonly_mcp_url of the READY line,
which holds secrets: whoever has the URL can use the account.

${configsFor('<mcp_url>')}
Ctrl-C stops everything; the data stays.
`

/** The line for machines. */
export const readyLine = (stack: Stack, demo: Demo, people: People): string =>
  `READY ${JSON.stringify({
    base_url: stack.baseUrl,
    sandbox_url: stack.sandboxUrl,
    admin_api_key: stack.adminApiKey,
    integrated_account_id: demo.accountId,
    mcp_url: demo.mcpUrl,
    readonly_mcp_url: demo.readonlyMcpUrl,
    approval_mcp_url: people.approvalMcpUrl,
    dashboard_url: `${stack.baseUrl}/dashboard`,
    sign_in_urls: people.signInUrls,
  })}`
