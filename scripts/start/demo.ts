/** The demo account and its two MCP servers: made once, then found again on every start. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createAccount, createServer, type Management } from '../local/management.ts'

/** Tokens are shown once, so what is needed to print the URLs again is kept in a file only its owner can read. */
type Kept = { upstream: string; username: string; accountId: string; token: string; readonlyToken: string }

export type Demo = { accountId: string; mcpUrl: string; readonlyMcpUrl: string }

export type Upstream = { baseUrl: string; credentials: { username: string; password: string } }

const load = (path: string): Kept | null => (existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : null)

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

const stillWorks = async (api: Management, kept: Kept, upstream: Upstream): Promise<boolean> =>
  kept.upstream === upstream.baseUrl &&
  kept.username === upstream.credentials.username &&
  (await answers(urlOf(api, kept.token))) &&
  (await answers(urlOf(api, kept.readonlyToken)))

const create = async (api: Management, { baseUrl, credentials }: Upstream): Promise<Kept> => {
  const { id } = await createAccount(api, { name: 'Demo', credentials, base_url: baseUrl })
  const all = await createServer(api, id, { name: 'All methods', config: { methods: ['read', 'write'] } })
  const readonly = await createServer(api, id, { name: 'Read only', config: { methods: ['read'] } })
  return {
    upstream: baseUrl,
    username: credentials.username,
    accountId: id,
    token: all.token,
    readonlyToken: readonly.token,
  }
}

/** Returns the demo's URLs. Creates account and servers again when no URL is stored or a stored one no longer works. */
export const ensureDemo = async (api: Management, upstream: Upstream, dataDir: string): Promise<Demo> => {
  const path = join(dataDir, 'demo.json')
  const known = load(path)
  const reuse = known !== null && (await stillWorks(api, known, upstream))
  const kept = reuse ? known : await create(api, upstream)
  if (!reuse) writeFileSync(path, `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 })
  return {
    accountId: kept.accountId,
    mcpUrl: urlOf(api, kept.token),
    readonlyMcpUrl: urlOf(api, kept.readonlyToken),
  }
}
