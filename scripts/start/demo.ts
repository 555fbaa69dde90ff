/** The demo account and its two MCP servers: made once, then found again on every start. */
import { join } from 'node:path'
import { createAccount, createServer, type Management, manage } from '../local/management.ts'
import { readKept, writeKept } from './kept.ts'

/** Tokens are shown once, so what is needed to print the URLs again is kept in a file only its owner can read. */
type Kept = {
  upstream: string
  /** Whether that is the sandbox, which is the same one at every port. Absent in files of earlier versions. */
  sandbox?: boolean
  username: string
  accountId: string
  token: string
  readonlyToken: string
  /** Of the server behind `token`. Both are absent in files of version 0.1.0, where it always wrote. */
  serverId?: string
  writes?: boolean
}

export type Demo = {
  accountId: string
  mcpUrl: string
  readonlyMcpUrl: string
  writes: boolean
  /** Whether what the first URL may do waits: while settings need a second person, the admin key's changes act after 24 hours. */
  waits?: boolean
}

export type Upstream = {
  baseUrl: string
  /** Whether that is the sandbox of this data folder, be it at another port than before. */
  sandbox: boolean
  credentials: { username: string; password: string }
  /** Whether the first MCP server may write there: in the sandbox, elsewhere only when it was asked for. */
  writes: boolean
}

const serverFor = ({ writes }: Pick<Upstream, 'writes'>) =>
  writes
    ? { name: 'Unlimited agent (asks nobody)', config: { methods: ['read', 'write'] } }
    : { name: 'Unlimited agent (reads until DEMO_WRITES=true)', config: { methods: ['read'] } }

const urlOf = (api: Management, token: string) => `${api.baseUrl}/mcp/${token}`

const answers = async (url: string): Promise<boolean> => {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json, text/event-stream' },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/list' }),
  })
  await response.body?.cancel()
  return response.ok
}

/** Made while settings needed a second person: it is there, and lets nobody in so far. */
const sleeps = (api: Management, { accountId, serverId }: Kept): Promise<boolean> =>
  serverId === undefined
    ? Promise.resolve(false)
    : manage<{ asleep?: boolean }>(api, 'GET', `/integrated-account/${accountId}/mcp/${serverId}`).then(
        ({ asleep }) => asleep === true,
        () => false,
      )

const isSame = (kept: Kept, upstream: Upstream): boolean =>
  kept.upstream === upstream.baseUrl || (kept.sandbox === true && upstream.sandbox)

const stillWorks = async (api: Management, kept: Kept, upstream: Upstream): Promise<boolean> =>
  isSame(kept, upstream) &&
  kept.username === upstream.credentials.username &&
  ((await answers(urlOf(api, kept.token))) || (await sleeps(api, kept))) &&
  (await answers(urlOf(api, kept.readonlyToken)))

const create = async (api: Management, upstream: Upstream): Promise<Kept> => {
  const { baseUrl, credentials, sandbox, writes } = upstream
  const { id } = await createAccount(api, { name: 'Demo', credentials, base_url: baseUrl })
  const all = await createServer(api, id, serverFor(upstream))
  const readonly = await createServer(api, id, {
    name: 'Lookup agent (only reads)',
    config: { methods: ['read'] },
  })
  return {
    upstream: baseUrl,
    sandbox,
    username: credentials.username,
    accountId: id,
    token: all.token,
    readonlyToken: readonly.token,
    serverId: all.id,
    writes,
  }
}

/** Version 0.1.0 kept no id: its server is found by the name it had. */
const serverIdOf = async (api: Management, path: string): Promise<string | undefined> => {
  type Servers = { result: { id: string; name: string }[] }
  const { result } = await manage<Servers>(api, 'GET', `${path}?limit=100`)
  return result.find(({ name }) => name === 'All methods')?.id
}

/** The same account at the port where the sandbox is now; null when it may not be moved. */
const moved = async (api: Management, kept: Kept, upstream: Upstream): Promise<Kept | null> => {
  const { baseUrl, credentials, sandbox } = upstream
  if (kept.upstream === baseUrl) return kept.sandbox === sandbox ? kept : { ...kept, sandbox }
  const path = `/integrated-account/${kept.accountId}`
  const answer = await manage<{ base_url?: string }>(api, 'PATCH', path, {
    credentials,
    base_url: baseUrl,
  }).catch(() => null)
  return answer?.base_url === baseUrl ? { ...kept, upstream: baseUrl } : null
}

/** The same URL, allowed what it may do now; null when its server cannot be found any more. */
const adjusted = async (api: Management, kept: Kept, { writes }: Upstream): Promise<Kept | null> => {
  if ((kept.writes ?? true) === writes) return kept
  const path = `/integrated-account/${kept.accountId}/mcp`
  const serverId = kept.serverId ?? (await serverIdOf(api, path))
  if (serverId === undefined) return null
  const answer = await manage<{ settings_draft_id?: string }>(
    ...([api, 'PATCH', `${path}/${serverId}`, serverFor({ writes })] as const),
  )
  // What waits is asked for again on the next start, and is the same one then.
  return {
    ...kept,
    serverId,
    writes: answer.settings_draft_id === undefined ? writes : (kept.writes ?? true),
  }
}

/** Returns the demo's URLs. Creates account and servers again when no URL is stored or a stored one no longer works. */
export const ensureDemo = async (api: Management, upstream: Upstream, dataDir: string): Promise<Demo> => {
  const path = join(dataDir, 'demo.json')
  const known = readKept<Kept>(path)
  const reuse = known !== null && (await stillWorks(api, known, upstream))
  const there = reuse ? await moved(api, known, upstream) : null
  const kept = (there && (await adjusted(api, there, upstream))) ?? (await create(api, upstream))
  if (kept !== known) writeKept(path, kept)
  return {
    accountId: kept.accountId,
    mcpUrl: urlOf(api, kept.token),
    readonlyMcpUrl: urlOf(api, kept.readonlyToken),
    writes: kept.writes ?? true,
    waits: (kept.writes ?? true) !== upstream.writes || !(await answers(urlOf(api, kept.token))),
  }
}
