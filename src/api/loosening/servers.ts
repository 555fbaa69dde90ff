/** What loosens about an MCP server: each key is judged by itself, so that a key that narrows does not wait for one that loosens. */
import type { Context } from 'hono'
import type * as z from 'zod'
import { accountObject, serversOf } from '../../account/account-stub.ts'
import type { Account } from '../../account/tables/account.ts'
import type { Server } from '../../account/tables/servers.ts'
import { type ConfigChange, effectiveConfig, mergeConfig } from '../../rules/server-settings.ts'
import { differences, loosens, opensMoney, type Reach } from '../../rules/who/loosens.ts'
import { mayWrite, reachOf } from '../../tools/visible/reach.ts'
import { isoOf } from '../answers.ts'
import type { App } from '../auth.ts'
import { changedMeanwhile, unknownAccount, unknownServer } from '../errors.ts'
import { expiryOf } from '../input.ts'
import {
  checkConfig,
  holderNamed,
  type NewServer,
  type ServerChangeBody,
  serverIdOf,
} from '../server-input.ts'
import type { Judged } from './judged.ts'

type Placed<Body> = { c: Context<App>; accountId: string; body: Body }
type Settings = Pick<Server, 'config' | 'expires_at'> & { holder: string | null }

const reachIn = ({ config, expires_at, holder }: Settings, account: Account): Reach =>
  reachOf(effectiveConfig(config, account), { expires_at, holder })

const stateOf = ({ config, expires_at, holder }: Reach) => ({
  ...config,
  expires_at: isoOf(expires_at),
  holder,
})

const keysBetween = (before: Reach, after: Reach) => differences(stateOf(before), stateOf(after))

const settingsOf = ({ config, expires_at, holder }: Server): Settings => ({
  config,
  expires_at,
  holder: holder?.id ?? null,
})

const applied = (settings: Settings, { config, expires_at, holder }: ServerChangeBody): Settings => {
  const end = expiryOf(expires_at)
  return {
    config: mergeConfig(settings.config, config),
    expires_at: end === undefined ? settings.expires_at : end,
    holder: holder === undefined ? settings.holder : holder,
  }
}

/** These together say which tools there are. */
const FILTER: readonly string[] = ['methods', 'tags', 'tools']

/** A change taken apart into what can be judged by itself. */
const partsOf = ({ name, config = {}, expires_at, holder }: ServerChangeBody): ServerChangeBody[] => {
  const entries = Object.entries(config)
  const filter = entries.filter(([key]) => FILTER.includes(key))
  const rest = entries.filter(([key]) => !FILTER.includes(key)).map((entry) => [entry])
  return [
    ...[filter, ...rest]
      .filter((part) => part.length > 0)
      .map((part) => ({ config: Object.fromEntries(part) })),
    ...(name === undefined ? [] : [{ name }]),
    ...(expires_at === undefined ? [] : [{ expires_at }]),
    ...(holder === undefined ? [] : [{ holder }]),
  ]
}

const joined = (parts: readonly ServerChangeBody[]): ServerChangeBody | null => {
  if (parts.length === 0) return null
  const config: ConfigChange = Object.assign({}, ...parts.map((part) => part.config))
  const whole: ServerChangeBody = Object.assign({}, ...parts)
  return { ...whole, ...(parts.some((part) => part.config) && { config }) }
}

const inAccount = async ({ c, accountId }: Pick<Placed<unknown>, 'c' | 'accountId'>) => {
  const account = await accountObject(c.env, accountId).readAccount()
  if (!account) throw unknownAccount()
  return account
}

const present = async (placed: Pick<Placed<unknown>, 'c' | 'accountId'>) => {
  const id = serverIdOf(placed.c)
  const servers = serversOf(accountObject(placed.c.env, placed.accountId))
  const [account, revision, server] = [
    await inAccount(placed),
    await servers.revision(id),
    await servers.read(id),
  ]
  if (!server) throw unknownServer()
  return { account, revision, server }
}

/** @throws ApiError for what the handler would refuse */
export const judgedServerChange = async (
  placed: Placed<ServerChangeBody>,
): Promise<Judged<ServerChangeBody>> => {
  const { accountId, body } = placed
  const { account, revision, server } = await present(placed)
  if (body.if_updated_at !== undefined && Date.parse(body.if_updated_at) !== server.updated_at)
    throw changedMeanwhile()
  const before = settingsOf(server)
  await holderNamed(placed, body.holder, before.holder)
  if (body.config) await checkConfig(placed, applied(before, body).config, server.config)
  const reach = (settings: Settings) => reachIn(settings, account)
  const looser = (part: ServerChangeBody) => loosens(reach(before), reach(applied(before, part)))
  const parts = partsOf(body)
  const narrow = joined(parts.filter((part) => !looser(part)))
  // Parts of which each narrows by itself could still open something together.
  const now = narrow && !looser(narrow) ? narrow : null
  const waiting = joined(now ? parts.filter(looser) : parts.filter((part) => looser(part) || narrow !== null))
  const between = applied(before, now ?? {})
  const loosened = waiting ? keysBetween(reach(between), reach(applied(between, waiting))) : []
  return {
    target: { kind: 'mcp_server', id: server.id, name: server.name },
    accounts: [accountId],
    until: server.expires_at,
    present: revision,
    touches: keysBetween(reach(before), reach(between)).map(({ key }) => key),
    now,
    waits: waiting && loosened.length > 0 ? { loosens: loosened, body: waiting } : null,
  }
}

/** All that a new server is, which lets in nobody so far. */
const everything = (settings: Settings, account: Account) =>
  differences({}, { ...stateOf(reachIn(settings, account)), url: 'lets in' })

const stateIn =
  ({ c, accountId }: Pick<Placed<unknown>, 'c' | 'accountId'>) =>
  async (id: string): Promise<string> =>
    (await serversOf(accountObject(c.env, accountId)).revision(id)) ?? ''

/** A server that only reads is no loosening. */
export const judgedNewServer = async (placed: Placed<z.infer<typeof NewServer>>): Promise<Judged> => {
  const { accountId, body } = placed
  const { name, config, expires_at, holder = null } = body
  await holderNamed(placed, holder, null)
  const settings = { config, expires_at: expiryOf(expires_at) ?? null, holder }
  const judged = {
    target: { kind: 'mcp_server', id: '', name } as const,
    accounts: [accountId],
    until: settings.expires_at,
    present: null,
    touches: [],
    now: null,
  }
  await checkConfig(placed, config, null)
  if (!mayWrite(config)) return { ...judged, waits: null }
  const waits = { loosens: everything(settings, await inAccount(placed)), body: null, state: stateIn(placed) }
  return { ...judged, waits }
}

/** A fresh URL is a way for money where neither a person nor a key is asked for beside it. */
export const judgedRotation = async (placed: Placed<unknown>): Promise<Judged> => {
  const { account, server } = await present(placed)
  const reach = reachIn(settingsOf(server), account)
  const judged = {
    target: { kind: 'mcp_server', id: server.id, name: server.name } as const,
    accounts: [placed.accountId],
    until: server.expires_at,
    present: null,
    touches: ['url'],
    now: null,
  }
  if (server.asleep === null && !(mayWrite(reach.config) && opensMoney(reach)))
    return { ...judged, waits: null }
  const loosened =
    server.asleep === null
      ? [{ key: 'url', before: 'the old one, which has ended', after: 'lets in' }]
      : everything(settingsOf(server), account)
  return { ...judged, waits: { loosens: loosened, body: null, state: stateIn(placed) } }
}
