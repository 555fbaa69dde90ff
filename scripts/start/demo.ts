/** The demo account and its two MCP servers: made once, then found again on every start. */
import { join } from 'node:path'
import { createAccount, createServer, type Management, manage } from '../local/management.ts'
import { readKept, writeKept } from './kept.ts'
import { found, OTHER_PEPPER, serverIdOf, serverStanding, sorted, urlOf } from './standing.ts'

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
  /** Of the server behind `readonlyToken`. Absent in files of earlier versions. */
  readonlyServerId?: string
}

export type Demo = {
  accountId: string
  mcpUrl: string
  readonlyMcpUrl: string
  writes: boolean
  /** Whether what the first URL may do waits: while settings need a second person, the admin key's changes act after 24 hours. */
  waits?: boolean
  /** URLs that let nobody in any more, with why. */
  ended?: Partial<Record<'MCP_URL' | 'READONLY_MCP_URL', string>>
  /** Why another demo was made in the place of an earlier one, in a sentence. */
  remade?: string | null
}

export type Upstream = {
  baseUrl: string
  /** Whether that is the sandbox of this data folder, be it at another port than before. */
  sandbox: boolean
  credentials: { username: string; password: string }
  /** Whether the first MCP server may write there: in the sandbox, elsewhere only when it was asked for. */
  writes: boolean
}

const READ_ONLY = 'Lookup agent (only reads)'
/** The names that earlier versions gave, whose files kept no ids. */
const EARLIER = { all: ['All methods'], readonly: [READ_ONLY, 'Read only'] }

const serverFor = ({ writes }: Pick<Upstream, 'writes'>) =>
  writes
    ? { name: 'Unlimited agent (asks nobody)', config: { methods: ['read', 'write'] } }
    : { name: 'Unlimited agent (reads until DEMO_WRITES=true)', config: { methods: ['read'] } }

const isSame = (kept: Kept, upstream: Upstream): boolean =>
  kept.upstream === upstream.baseUrl || (kept.sandbox === true && upstream.sandbox)

const create = async (api: Management, upstream: Upstream): Promise<Kept> => {
  const { baseUrl, credentials, sandbox, writes } = upstream
  const { id } = await createAccount(api, { name: 'Demo', credentials, base_url: baseUrl })
  const all = await createServer(api, id, serverFor(upstream))
  const readonly = await createServer(api, id, { name: READ_ONLY, config: { methods: ['read'] } })
  return {
    upstream: baseUrl,
    sandbox,
    username: credentials.username,
    accountId: id,
    token: all.token,
    readonlyToken: readonly.token,
    serverId: all.id,
    writes,
    readonlyServerId: readonly.id,
  }
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

/** The same URL, allowed what it may do now. A server that cannot be found any more stays as it is. */
const adjusted = async (api: Management, kept: Kept, { writes }: Upstream): Promise<Kept> => {
  if ((kept.writes ?? true) === writes) return kept
  // Version 0.1.0 kept no id.
  const serverId = kept.serverId ?? (await serverIdOf(api, kept.accountId, EARLIER.all))
  const path = `/integrated-account/${kept.accountId}/mcp/${serverId}`
  if (serverId === undefined || !(await found(api, path))) return kept
  const answer = await manage<{ settings_draft_id?: string }>(api, 'PATCH', path, serverFor({ writes }))
  // What waits is asked for again on the next start, and is the same one then.
  return {
    ...kept,
    serverId,
    writes: answer.settings_draft_id === undefined ? writes : (kept.writes ?? true),
  }
}

const standingOf = async (api: Management, kept: Kept) => {
  const { accountId, token, readonlyToken, serverId, readonlyServerId } = kept
  return sorted({
    MCP_URL: await serverStanding(api, accountId, { token, id: serverId, names: EARLIER.all }),
    READONLY_MCP_URL: await serverStanding(api, accountId, {
      token: readonlyToken,
      id: readonlyServerId,
      names: EARLIER.readonly,
    }),
  })
}

/** The demo of an earlier start; a sentence where another one has to be made. */
const earlier = async (api: Management, known: Kept, upstream: Upstream): Promise<Kept | string> => {
  const stays = `What was made on its account (${known.accountId}) stays as it is.`
  if (!isSame(known, upstream) || known.username !== upstream.credentials.username)
    return `FINEXIO_BASE_URL or FINEXIO_USERNAME is another one than before, so this is another demo. ${stays}`
  if (!(await found(api, `/integrated-account/${known.accountId}`)))
    return 'The account of the demo is not there any more (deleted, or DATA_DIR was copied in part), so this is another demo, with URLs of its own.'
  const { ended } = await standingOf(api, known)
  if (Object.values(ended).includes(OTHER_PEPPER)) return `${OTHER_PEPPER}, so this is another demo. ${stays}`
  const there = await moved(api, known, upstream)
  if (there === null)
    return `The account of the demo could not be moved from ${known.upstream} at once, so this is another demo. ${stays}`
  return adjusted(api, there, upstream)
}

/** Returns the demo's URLs. Creates account and servers where no start did before, or the account is another one or gone. */
export const ensureDemo = async (api: Management, upstream: Upstream, dataDir: string): Promise<Demo> => {
  const path = join(dataDir, 'demo.json')
  const known = readKept<Kept>(path, ['upstream', 'username', 'accountId', 'token', 'readonlyToken'])
  const before = known && (await earlier(api, known, upstream))
  const kept = before === null || typeof before === 'string' ? await create(api, upstream) : before
  if (kept !== known) writeKept(path, kept)
  const { asleep, ended } = await standingOf(api, kept)
  const writes = kept.writes ?? true
  return {
    accountId: kept.accountId,
    mcpUrl: urlOf(api, kept.token),
    readonlyMcpUrl: urlOf(api, kept.readonlyToken),
    writes,
    waits: !('MCP_URL' in ended) && (writes !== upstream.writes || asleep.includes('MCP_URL')),
    ended,
    remade: typeof before === 'string' ? before : null,
  }
}
