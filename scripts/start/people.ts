/** The four people of the demo, so that four eyes can be tried at once: made on the first start, found again on every later one. */
import { join } from 'node:path'
import { createServer, type Management, manage, signInLink } from '../local/management.ts'
import { readKept, writeKept } from './kept.ts'

/**
 * What each may do in the dashboard. The clerk works through an MCP server of their own, and reads here. Engineer and approver
 * hold their roles for all accounts, so that a second person for settings can be tried as well.
 */
const ROLES = {
  engineer: { name: 'Erin Engineer', grants: () => ['admin'] },
  clerk: { name: 'Casey Clerk', grants: (account: string) => [`audit:${account}`] },
  approver: {
    name: 'Avery Approver',
    grants: () => ['approve', 'audit'],
  },
  auditor: { name: 'Aud Auditor', grants: () => ['audit'] },
} as const

type Who = keyof typeof ROLES
const EVERYBODY = Object.keys(ROLES) as Who[]

/** Kept in a file only its owner can read: API tokens are shown once. */
type Kept = {
  accountId: string
  tokens: Record<Who, string>
  approvalToken: string
  /** Of the tokens, in the same order of people. Absent in files of earlier versions. */
  ids?: Record<Who, string>
}

export type People = {
  /** Writes of this server wait for a person: the approver may, the clerk works through it. */
  approvalMcpUrl: string
  /** The approver's API token, for scripts. */
  approverToken: string
  /** A link for each that signs in to the dashboard once, within 24 hours; none for whose API token waits for another person. */
  signInUrls: Partial<Record<Who, string>>
}

type Token = { id: string; token: string; holder: string }

const create = async (api: Management, accountId: string): Promise<Kept> => {
  const made = {} as Record<Who, Token>
  for (const who of EVERYBODY) {
    const { name, grants } = ROLES[who]
    const body = { name, kind: 'person', grants: grants(accountId) }
    made[who] = await manage<Token>(api, 'POST', '/api-token', body)
  }
  const server = await createServer(api, accountId, {
    name: 'Bills agent (asks first)',
    config: { methods: ['read', 'write'], approval: 'always' },
    holder: made.clerk.holder,
  })
  const each = (of: 'id' | 'token') =>
    Object.fromEntries(EVERYBODY.map((who) => [who, made[who][of]])) as Record<Who, string>
  return { accountId, tokens: each('token'), ids: each('id'), approvalToken: server.token }
}

const linksFor = async (api: Management, { tokens }: Kept): Promise<People['signInUrls']> => {
  const links = await Promise.all(
    EVERYBODY.map(async (who) => {
      const link = await signInLink({ ...api, adminApiKey: tokens[who] }).catch(() => null)
      return link === null ? [] : [[who, link] as const]
    }),
  )
  return Object.fromEntries(links.flat())
}

const MOST_LISTED = 100

type Listed = { result: { id: string; asleep?: boolean }[]; next_cursor: string | null }

/** Ids of API tokens that let nobody in until another person, or the time of the admin key, has agreed. */
const asleep = async (api: Management, from = ''): Promise<string[]> => {
  const page = await manage<Listed>(
    api,
    'GET',
    `/api-token?limit=${MOST_LISTED}${from && `&next_cursor=${from}`}`,
  )
  const own = page.result.filter((token) => token.asleep).map(({ id }) => id)
  return page.next_cursor === null ? own : [...own, ...(await asleep(api, page.next_cursor))]
}

/** Whether each has a link, or a token that only waits: making another would make one more that waits. */
const isWhole = async (api: Management, kept: Kept, links: People['signInUrls']): Promise<boolean> => {
  const without = EVERYBODY.filter((who) => links[who] === undefined)
  if (without.length === 0) return true
  const sleeping = await asleep(api)
  return without.every((who) => sleeping.includes(kept.ids?.[who] ?? ''))
}

/** Makes them anew when the account is another one or a token of theirs has ended. */
export const ensurePeople = async (api: Management, accountId: string, dataDir: string): Promise<People> => {
  const path = join(dataDir, 'people.json')
  const known = readKept<Kept>(path)
  const found = known?.accountId === accountId ? await linksFor(api, known) : null
  const links = found && (await isWhole(api, known!, found)) ? found : null
  const kept = links ? known! : await create(api, accountId)
  if (!links) writeKept(path, kept)
  return {
    approvalMcpUrl: `${api.baseUrl}/mcp/${kept.approvalToken}`,
    approverToken: kept.tokens.approver,
    signInUrls: links ?? (await linksFor(api, kept)),
  }
}
