/** `/integrated-account/:account/mcp`: creating, showing, changing and deleting MCP servers. */
import type { Context } from 'hono'
import * as z from 'zod'
import { accountObject, serversOf } from '../account/account-stub.ts'
import { settingsOf } from '../account/directory-stub.ts'
import type { Account } from '../account/tables/account.ts'
import type { Server } from '../account/tables/servers.ts'
import { digestOf } from '../core/keys.ts'
import { publicOrigin } from '../core/public-url.ts'
import { handsOf } from '../identity/actor.ts'
import { resourceUrl } from '../identity/addresses.ts'
import { mintToken } from '../rules/mcp-token.ts'
import { mergeConfig, ServerConfigInput } from '../rules/server-settings.ts'
import { toolPreview } from '../tools/visible/preview.ts'
import { summaryFor } from '../tools/visible/summary.ts'
import { isoOf, pageAnswer, paged, Removed, time, uuid, WaitsWith } from './answers.ts'
import { type App, actorIn } from './auth.ts'
import { causeOf } from './cause.ts'
import { ApiError, changedMeanwhile, unknownAccount, unknownServer } from './errors.ts'
import { expiryOf, flag, needsChange, Page, type Paging } from './input.ts'
import { judgedNewServer, judgedRotation, judgedServerChange } from './loosening/servers.ts'
import { NamesAnswer, namesIn } from './people/names.ts'
import { type Asked, route } from './route.ts'
import {
  checkConfig,
  holderNamed,
  NewServer,
  Rotation,
  ServerChange,
  type ServerChangeBody,
  serverIdOf,
} from './server-input.ts'

const HolderAnswer = z.object({ id: uuid, kind: z.enum(['person', 'system']), name: z.string() })

export const ServerAnswer = z
  .object({
    id: uuid,
    name: z.string(),
    config: ServerConfigInput,
    summary: z
      .string()
      .describe(
        'What it may do, in plain English: from its settings and those of its account, as they apply.',
      ),
    unknown: z
      .array(z.string())
      .optional()
      .describe(
        'What its config names and this version does not know, in sentences: another version stored it, it shows no tool, and it stays until it is changed. Left out: nothing.',
      ),
    integrated_account_id: uuid,
    holder: HolderAnswer.optional().describe('Who works through it; its drafts are for others to decide.'),
    created_by: uuid,
    rotated_by: z.array(uuid).optional().describe('Everybody who rotated it.'),
    changed_by: uuid.optional().describe('Who changed it last.'),
    names: NamesAnswer,
    expires_at: time.nullable(),
    created_at: time,
    updated_at: time,
    asleep: z
      .boolean()
      .optional()
      .describe(
        'true: its newest URL lets nobody in until the change that waits (settings_draft_id) acts: another person agrees or, where the admin key asked, its time comes.',
      ),
    resource_url: z
      .url()
      .optional()
      .describe('Where clients sign in instead of holding a secret; only with require_api_token_auth.'),
  })
  .meta({ id: 'Server' })

export const NewServerAnswer = ServerAnswer.extend({
  ...WaitsWith,
  token: z.string().describe('Shown this once.'),
  url: z.url().describe('Holds the token: shown this once.'),
})

const RotatedAnswer = NewServerAnswer.extend({
  overlap_ends_at: time.nullable().describe('Until when the old URL works too; null: it ended at once.'),
})

/** Only servers that ask for an API token have a URL to sign in at. */
const signInUrl = (origin: string, accountId: string, { id, config }: Server) =>
  config.require_api_token_auth ? { resource_url: resourceUrl(origin, { accountId, serverId: id }) } : {}

const unknownIn = (config: Server['config']) => {
  const unknown = toolPreview.misnamedIn(config).map(({ path, message }) => `${path}: ${message}`)
  return unknown.length > 0 ? { unknown } : {}
}

/** @param origin under which clients reach this deployment */
const shown = (origin: string, account: Account, server: Server) => ({
  id: server.id,
  name: server.name,
  config: server.config,
  // Worked out where it is read: a list on a page shows none, and each costs what all the rest of its row does.
  get summary() {
    return summaryFor(server.config, account, isoOf(server.expires_at))
  },
  ...unknownIn(server.config),
  integrated_account_id: account.id,
  created_by: server.created_by,
  ...(server.holder && { holder: server.holder }),
  ...(server.rotated_by.length > 0 && { rotated_by: server.rotated_by }),
  ...(server.changed_by !== null && { changed_by: server.changed_by }),
  expires_at: isoOf(server.expires_at),
  created_at: isoOf(server.created_at),
  updated_at: isoOf(server.updated_at),
  ...(server.asleep !== null && { asleep: true }),
  ...signInUrl(origin, account.id, server),
})

/** @throws ApiError 500 before anything was changed */
const originOf = ({ req, env }: Context<App>): string => {
  const origin = publicOrigin(req.url, env.PUBLIC_URL)
  if (origin === null)
    throw new ApiError(500, 'PUBLIC_URL must be an address such as https://mcp.example.com, or not be set.')
  return origin
}

const withToken = (origin: string, account: Account, server: Server, token: string) => ({
  ...shown(origin, account, server),
  token,
  url: `${origin}/mcp/${token}`,
})

const create = async ({ c, accountId, body, asleep }: Asked<unknown, z.infer<typeof NewServer>>) => {
  const { name, config, expires_at, holder } = body
  const account = await checkConfig({ c, accountId }, config, null)
  const origin = originOf(c)
  const token = mintToken(accountId)
  const outcome = await serversOf(accountObject(c.env, accountId)).create(
    {
      id: crypto.randomUUID(),
      name,
      config,
      digest: await digestOf(c.env, token),
      expires_at: expiryOf(expires_at) ?? null,
      holder: (await holderNamed({ c, accountId }, holder, null)) ?? null,
      created_by: actorIn(c).id,
      asleep,
      issuers: [...actorIn(c).issuers],
    },
    causeOf(c),
  )
  if ('server' in outcome) return withToken(origin, account, outcome.server, token)
  if (outcome.refused === 'unknown_account') throw unknownAccount()
  throw new ApiError(409, 'This account has as many MCP servers as it can hold: delete some first.')
}

const list = async ({ c, accountId, query }: Asked<Paging, unknown>) => {
  const page = await serversOf(accountObject(c.env, accountId)).list(query.limit, query.next_cursor)
  if (!page) throw unknownAccount()
  const origin = originOf(c)
  return paged(page.servers, page.next, (server) => shown(origin, page.account, server))
}

const Wanted = z.object({
  names: flag.default(false).describe('true: also the names of who made, rotated and changed it.'),
})

const read = async ({ c, accountId, query }: Asked<z.infer<typeof Wanted>, unknown>) => {
  const placed = await serversOf(accountObject(c.env, accountId)).placed(serverIdOf(c))
  if (!placed) throw unknownServer()
  const { server, account } = placed
  if (!query.names) return shown(originOf(c), account, server)
  const { created_by, rotated_by, changed_by } = server
  const names = await namesIn(c, [created_by, ...rotated_by, changed_by])
  return { ...shown(originOf(c), account, server), names }
}

/** Keys of `config` that are not sent stay as they are; without `config` the filter is not checked. */
const change = async ({ c, accountId, body, present }: Asked<unknown, ServerChangeBody>) => {
  const id = serverIdOf(c)
  const { name, config, expires_at, holder: holderId, if_updated_at } = body
  needsChange({ name, config, expires_at, holderId }, 'name, config, expires_at or holder')
  const expiry = expiryOf(expires_at)
  const origin = originOf(c)
  const object = accountObject(c.env, accountId)
  const placed = await serversOf(object).placed(id)
  if (!placed) throw unknownServer()
  const { server: before, account } = placed
  const holder = await holderNamed({ c, accountId }, holderId, before.holder?.id ?? null)
  if (config) await checkConfig({ c, accountId }, mergeConfig(before.config, config), before.config)
  const changed = await serversOf(object).update(
    id,
    {
      ...(name !== undefined && { name }),
      ...(config && { config }),
      ...(expiry !== undefined && { expires_at: expiry }),
      ...(holder !== undefined && { holder }),
    },
    handsOf(actorIn(c)),
    if_updated_at === undefined ? null : Date.parse(if_updated_at),
    present as string | null,
    causeOf(c),
  )
  if (changed === 'changed_meanwhile') throw changedMeanwhile()
  if (!changed) throw unknownServer()
  return shown(origin, account, changed)
}

const remove = async ({ c, accountId }: Asked<unknown, unknown>) => {
  const id = serverIdOf(c)
  if (!(await serversOf(accountObject(c.env, accountId)).delete(id, causeOf(c)))) throw unknownServer()
  await settingsOf(c.env).touch({ kind: 'mcp_server', id }, null, null)
  return { id }
}

const rotate = async ({ c, accountId, body, asleep }: Asked<unknown, z.infer<typeof Rotation>>) => {
  const id = serverIdOf(c)
  const { overlap_seconds } = body
  const origin = originOf(c)
  const token = mintToken(accountId)
  const overlapEnds = overlap_seconds === 0 ? null : Date.now() + overlap_seconds * 1000
  const object = accountObject(c.env, accountId)
  const digest = await digestOf(c.env, token)
  const by = handsOf(actorIn(c))
  const [account, server] = await Promise.all([
    object.readAccount(),
    serversOf(object).rotate(id, digest, overlapEnds, by, asleep, causeOf(c)),
  ])
  if (!server || !account) throw unknownServer()
  return { ...withToken(origin, account, server, token), overlap_ends_at: isoOf(overlapEnds) }
}

const ALL = '/integrated-account/:account/mcp'
const ONE = `${ALL}/:server`

export const serverRoutes = [
  route('POST', ALL, 'createServer', {
    role: 'manage',
    fails: [409],
    says: 'Create an MCP server; token and url are in this answer and never again',
    body: NewServer,
    example: {
      name: 'AP agent',
      config: { methods: ['read'], tags: ['payments'] },
      expires_at: '2099-06-30T00:00:00Z',
    },
    answer: NewServerAnswer,
    status: 201,
    loosens: judgedNewServer,
    handler: create,
  }),
  route('GET', ALL, 'listServers', {
    role: ['manage', 'audit'],
    says: 'List the MCP servers of an account',
    query: Page,
    answer: pageAnswer(ServerAnswer),
    handler: list,
  }),
  route('GET', ONE, 'getServer', {
    role: ['manage', 'audit'],
    says: 'Show an MCP server; with names=true also the names of who made, rotated and changed it',
    query: Wanted,
    answer: ServerAnswer,
    handler: read,
  }),
  route('PATCH', ONE, 'updateServer', {
    role: 'manage',
    says: 'Change name, config or expiry; config is merged key by key, null removes a key',
    body: ServerChange,
    example: { config: { tags: ['payments', 'invoices'], approval: 'always' } },
    answer: ServerAnswer,
    loosens: judgedServerChange,
    handler: change,
  }),
  route('DELETE', ONE, 'deleteServer', {
    role: ['manage', 'audit'],
    says: 'Revoke an MCP server at once',
    answer: Removed,
    handler: remove,
  }),
  route('POST', `${ONE}/rotate`, 'rotateServer', {
    role: 'manage',
    says: 'Give an MCP server a new token, with an optional overlap',
    body: Rotation,
    example: { overlap_seconds: 3_600 },
    bodyOptional: true,
    answer: RotatedAnswer,
    loosens: judgedRotation,
    handler: rotate,
  }),
]
