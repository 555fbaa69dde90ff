/** The four people of the demo, so that four eyes can be tried at once: made on the first start, found again on every later one. */
import { join } from 'node:path'
import { createServer, type Management, manage, signInLink } from '../local/management.ts'
import { readKept, writeKept } from './kept.ts'
import {
  apiTokens,
  DISABLED,
  hasPeople,
  OTHER_PEPPER,
  type Standing,
  serverStanding,
  sorted,
  tokenStanding,
  urlOf,
} from './standing.ts'

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
  /** Of the server behind `approvalToken`. Absent in files of earlier versions. */
  approvalServerId?: string
}

export type People = {
  /** Writes of this server wait for a person: the approver may, the clerk works through it. */
  approvalMcpUrl: string
  /** The approver's API token, for scripts. */
  approverToken: string
  /** A link for each that signs in to the dashboard once, within 24 hours; none for whose API token waits for another person. */
  signInUrls: Partial<Record<Who, string>>
  /** What lets nobody in until another person has agreed. */
  asleep?: readonly ('APPROVAL_MCP_URL' | Who)[]
  /** What lets nobody in any more, with why. */
  ended?: Partial<Record<'APPROVAL_MCP_URL' | Who, string>>
}

type Token = { id: string; token: string; holder: string }

const SERVER = 'Bills agent (asks first)'

/** API tokens; without `holder` those of an earlier start. */
type Held = Partial<Record<Who, { id: string | undefined; token: string; holder?: string }>>

/** @param people who have an API token already */
const create = async (api: Management, accountId: string, people: Held): Promise<Kept> => {
  const held: Held = { ...people }
  for (const who of EVERYBODY) {
    const { name, grants } = ROLES[who]
    const body = { name, kind: 'person', grants: grants(accountId) }
    held[who] ??= await manage<Token>(api, 'POST', '/api-token', body)
  }
  const server = await createServer(api, accountId, {
    name: SERVER,
    config: { methods: ['read', 'write'], approval: 'always' },
    holder: held.clerk?.holder,
  })
  const each = (of: 'id' | 'token') =>
    Object.fromEntries(EVERYBODY.map((who) => [who, held[who]?.[of]])) as Record<Who, string>
  return {
    accountId,
    tokens: each('token'),
    ids: each('id'),
    approvalToken: server.token,
    approvalServerId: server.id,
  }
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

const standingOfPeople = async (api: Management, { ids }: Kept, links: People['signInUrls']) => {
  const without = EVERYBODY.filter((who) => links[who] === undefined)
  const tokens = without.length > 0 ? await apiTokens(api) : []
  const each = without.map(
    async (who): Promise<[Who, Standing]> => [who, await tokenStanding(api, tokens, ids?.[who])],
  )
  return Object.fromEntries(await Promise.all(each)) as Partial<Record<Who, Standing>>
}

/**
 * Of another account's people, whoever is the same for this one, with the same API token: a new one would let nobody in
 * while settings need a second person, and what somebody ended stays ended. The clerk's is of one account.
 */
const carriedOver = async (api: Management, known: Kept): Promise<Held> => {
  // Where there is nobody at all, nobody ended anything: DATA_DIR was emptied or copied in part.
  if (!(await hasPeople(api))) return {}
  const standings = await standingOfPeople(api, known, await linksFor(api, known))
  const stays = (who: Who) => {
    const standing = standings[who] ?? 'works'
    const ended = typeof standing === 'object' ? standing.ended : null
    return ended !== OTHER_PEPPER && (who !== 'clerk' || ended === DISABLED)
  }
  return Object.fromEntries(
    EVERYBODY.filter(stays).map((who) => [who, { id: known.ids?.[who], token: known.tokens[who] }]),
  )
}

/** Finds them again, or makes them for an account that has none yet. Whoever's API token ended stays without. */
export const ensurePeople = async (api: Management, accountId: string, dataDir: string): Promise<People> => {
  const path = join(dataDir, 'people.json')
  const known = readKept<Kept>(path, ['accountId', 'tokens', 'approvalToken'])
  const made = async () => create(api, accountId, known ? await carriedOver(api, known) : {})
  const kept = known?.accountId === accountId ? known : await made()
  if (kept !== known) writeKept(path, kept)
  const signInUrls = await linksFor(api, kept)
  const { approvalToken: token, approvalServerId: id } = kept
  const approval = await serverStanding(api, accountId, { token, id, names: [SERVER] })
  const people = await standingOfPeople(api, kept, signInUrls)
  return {
    approvalMcpUrl: urlOf(api, kept.approvalToken),
    approverToken: kept.tokens.approver,
    signInUrls,
    ...sorted<'APPROVAL_MCP_URL' | Who>({ APPROVAL_MCP_URL: approval, ...people }),
  }
}
