/** What `npm start` says once everything runs, and the files it leaves. */
import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type ClientConfig, clientConfigs } from '../../src/dashboard/clients.ts'
import { type Management, manage } from '../local/management.ts'
import type { Stack } from '../local/stack.ts'
import type { Demo } from './demo.ts'
import type { People } from './people.ts'

const indent = (text: string) => text.replaceAll(/^/gm, '    ')

const HOSTED = 'It calls from its own servers and needs an https address: deploy first'

const configFor = ({ client, steps, paste, hosted }: ClientConfig): string =>
  `${client}: ${[...(hosted ? [HOSTED] : []), ...steps].join('. ')}\n\n${indent(paste)}\n`

const configsFor = (url: string): string => clientConfigs(url).map(configFor).join('\n')

const privately = (dataDir: string, name: string, text: string): string => {
  const path = join(dataDir, name)
  writeFileSync(path, text, { mode: 0o600 })
  chmodSync(path, 0o600)
  return path
}

/** The three MCP URLs; null for one that lets nobody in any more. */
const urlsOf = (demo: Demo, { approvalMcpUrl, ended }: Pick<People, 'approvalMcpUrl' | 'ended'>) => ({
  READONLY_MCP_URL: demo.ended?.READONLY_MCP_URL ? null : demo.readonlyMcpUrl,
  APPROVAL_MCP_URL: ended?.APPROVAL_MCP_URL ? null : approvalMcpUrl,
  MCP_URL: demo.ended?.MCP_URL ? null : demo.mcpUrl,
})

/** Writes how each client is connected, with the real URLs, where only the owner can read it; the one that can do least first. Returns the path. */
export const writeConfigs = (
  demo: Demo,
  people: Pick<People, 'approvalMcpUrl' | 'ended'>,
  dataDir: string,
): string => {
  const all = demo.writes ? 'All methods, without approval or limits' : 'Read only until DEMO_WRITES=true'
  const servers = [
    ['READONLY_MCP_URL', 'Read only'],
    ['APPROVAL_MCP_URL', 'Writes wait for another person'],
    ['MCP_URL', all],
  ] as const
  const urls = urlsOf(demo, people)
  const text = servers
    .flatMap(([name, title]) => (urls[name] === null ? [] : [[title, urls[name]] as const]))
    .map(([title, url]) => `# ${title}\n\n${configsFor(url)}`)
    .join('\n')
  return privately(dataDir, 'clients.md', text)
}

/** Writes what the shell blocks of the documents use, as variables of a shell, where only the owner can read it. Returns the path. */
export const writeVariables = (stack: Stack, demo: Demo, people: People, dataDir: string): string => {
  const variables = {
    BASE: stack.baseUrl,
    ID: demo.accountId,
    FINEXIO_BASE_URL: stack.finexioBaseUrl,
    ADMIN_API_KEY: stack.adminApiKey,
    APPROVER: people.ended?.approver ? null : people.approverToken,
    ...urlsOf(demo, people),
  }
  // A shell that read an earlier file forgets what has ended since.
  const lines = Object.entries(variables).map(([name, value]) =>
    value === null ? `unset ${name}\n` : `${name}='${value}'\n`,
  )
  return privately(dataDir, 'demo.env', lines.join(''))
}

/** The demo's people, in the order in which one tries them. */
const WHO: Readonly<Record<keyof People['signInUrls'], string>> = {
  clerk: 'asks, and may not decide',
  approver: 'decides',
  auditor: 'looks at everything, may stop and revoke',
  engineer: 'administers',
}

/** In words, with the names that demo.env has. */
const named = (name: string): string => {
  if (!(name in WHO)) return name
  return `the sign-in of the ${name}${name === 'approver' ? ' (APPROVER)' : ''}`
}

/** What of the demo waits while settings need a second person, in a sentence; null: nothing does. */
export const waiting = (
  { baseUrl }: Pick<Stack, 'baseUrl'>,
  { waits }: Pick<Demo, 'waits'>,
  { asleep = [] }: Pick<People, 'asleep'>,
): string | null => {
  if (!waits && asleep.length === 0) return null
  const what = [...(waits ? ['what MCP_URL may do'] : []), ...asleep.map(named)]
  return (
    `Settings need a second person in this DATA_DIR, so this waits and acts after 24 hours unless somebody who approves cancels it: ${what.join(', ')}. ` +
    `See ${baseUrl}/dashboard/settings-drafts, or start with another DATA_DIR.`
  )
}

/** What of the demo somebody ended, in a sentence; null: nothing. */
export const ended = (
  { baseUrl }: Pick<Stack, 'baseUrl'>,
  demo: Pick<Demo, 'accountId' | 'ended'>,
  people: Pick<People, 'ended'>,
): string | null => {
  const all = Object.entries({ ...demo.ended, ...people.ended })
  if (all.length === 0) return null
  return (
    `This let people in before and stays ended: ${all.map(([name, why]) => `${named(name)} (${why})`).join(', ')}. To make another, see ` +
    `${baseUrl}/dashboard/accounts/${demo.accountId} for an MCP server and ${baseUrl}/dashboard/people for a person; for a whole new demo, start with another DATA_DIR.`
  )
}

type Switch = { stopped: boolean; stopped_by: string | null; reason: string | null }

/** Whose kill switch is on. */
type Stops = { account: Switch; deployment: Switch }

/** @throws NotManaged */
export const stopsOf = async (api: Management, { accountId }: Pick<Demo, 'accountId'>): Promise<Stops> => {
  const [account, deployment] = await Promise.all([
    manage<Switch>(api, 'GET', `/integrated-account/${accountId}/writes`),
    manage<Switch>(api, 'GET', '/writes'),
  ])
  return { account, deployment }
}

/** That no write leaves, and whose switch it is, in a sentence; null: writes leave. */
export const stopped = (
  { baseUrl }: Pick<Stack, 'baseUrl'>,
  { accountId }: Pick<Demo, 'accountId'>,
  { account, deployment }: Stops,
): string | null => {
  const on = [
    ...(deployment.stopped
      ? [['that of the whole deployment', deployment, '/dashboard/deployment'] as const]
      : []),
    ...(account.stopped
      ? [["that of the demo's account", account, `/dashboard/accounts/${accountId}`] as const]
      : []),
  ]
  if (on.length === 0) return null
  const whose = on.map(([of, { stopped_by: by, reason }, path]) => {
    const why = [by && `by ${by}`, reason && JSON.stringify(reason)].filter(Boolean).join(', ')
    return `${of}${why && ` (${why})`}, at ${baseUrl}${path}`
  })
  return `Writes are stopped: no write leaves until somebody who administers lets them go on. The kill switch that is on: ${whose.join('; and ')}.`
}

type Introduced = {
  stack: Stack
  demo: Demo
  people: Pick<People, 'signInUrls'>
  signInUrl: string
  /** Paths of what was written. */
  files: { clients: string; variables: string }
}

const line = (name: string, value: string, note: string) =>
  `  ${name.padEnd(12)}${value}${note && `  ${note}`}`

/** The part for people: ten lines, the URL that can do least first. Of secrets it holds that URL, and links that sign in once. */
export const introduction = ({ stack, demo, people, signInUrl, files }: Introduced): string => {
  const readonly = demo.ended?.READONLY_MCP_URL ? null : demo.readonlyMcpUrl
  const who = Object.keys(WHO) as (keyof typeof WHO)[]
  const links = who.flatMap((name) => {
    const link = people.signInUrls[name]
    return link === undefined ? [] : [line(name[0]!.toUpperCase() + name.slice(1), link, WHO[name])]
  })
  const upstream = stack.sandboxUrl
    ? line('Finexio', stack.finexioBaseUrl, 'the sandbox')
    : line('Finexio', stack.finexioBaseUrl, 'where mcp_url only reads unless DEMO_WRITES=true')
  return [
    'Finexio MCP is running on this machine. Ctrl-C stops everything; the data stays.',
    ...(readonly === null ? [] : [line('Read only', readonly, 'paste it into a client')]),
    line('Clients', files.clients, 'each client, each URL'),
    line('Dashboard', signInUrl, "once, with the admin key's rights, within 5 minutes"),
    ...links,
    upstream,
    line(
      'Next',
      files.variables,
      'for the five minutes of README.md. Links of people work once, within 24 hours',
    ),
  ].join('\n')
}

/** The line for machines; null is what has ended. */
export const readyLine = (stack: Stack, demo: Demo, people: People): string => {
  const urls = urlsOf(demo, people)
  return `READY ${JSON.stringify({
    base_url: stack.baseUrl,
    sandbox_url: stack.sandboxUrl,
    admin_api_key: stack.adminApiKey,
    integrated_account_id: demo.accountId,
    mcp_url: urls.MCP_URL,
    readonly_mcp_url: urls.READONLY_MCP_URL,
    approval_mcp_url: urls.APPROVAL_MCP_URL,
    dashboard_url: `${stack.baseUrl}/dashboard`,
    sign_in_urls: people.signInUrls,
  })}`
}
