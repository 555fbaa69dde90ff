/** What callers send about MCP servers, and what can be wrong with it. */
import type { Context } from 'hono'
import * as z from 'zod'
import { directoryObject } from '../account/directory-stub.ts'
import type { Account } from '../account/tables/account.ts'
import type { ServerHolder } from '../account/tables/servers.ts'
import { ExpiryInput } from '../rules/expiry.ts'
import {
  ConfigChangeInput,
  isUndercut,
  type ServerConfig,
  ServerConfigInput,
} from '../rules/server-settings.ts'
import { holds } from '../rules/who/roles.ts'
import { toolPreview } from '../tools/visible/preview.ts'
import { existingAccount } from './accounts/existing-account.ts'
import { time } from './answers.ts'
import { type App, actorIn } from './auth.ts'
import { invalid, lacksRole, unknownServer } from './errors.ts'
import { idOf, NameInput } from './input.ts'

const NOBODY = 'must be the id of a person or system: GET /person'

const HolderInput = z
  .uuid(NOBODY)
  .transform((id) => id.toLowerCase())
  .nullable()
  .optional()
  .describe('Id of the person or system that works through it; null: nobody is named.')

export const NewServer = z.strictObject({
  name: NameInput,
  config: ServerConfigInput.default({}),
  expires_at: ExpiryInput.optional().describe('ISO 8601 with zone, in the future; null: never.'),
  holder: HolderInput,
})
export const ServerChange = z.strictObject({
  name: NameInput.optional(),
  config: ConfigChangeInput.optional(),
  expires_at: ExpiryInput.optional(),
  holder: HolderInput,
  if_updated_at: time
    .optional()
    .describe('Only if this is still its updated_at; else 409, and nothing is changed.'),
})

/** A leaked URL is replaced at once, without overlap; a planned change leaves time to hand the new one round. */
const LONGEST_OVERLAP_S = 7 * 24 * 3600
export const Rotation = z.strictObject({
  overlap_seconds: z
    .int()
    .min(0)
    .max(LONGEST_OVERLAP_S)
    .default(0)
    .describe('Seconds for which the old URL works on; 0: it ends at once.'),
})

const NOT_ANOTHER =
  'Naming another person as holder needs the role admin for this account: whoever works through an MCP server decides on none of its drafts, so that naming them could leave nobody who may. Name yourself, a system or nobody.'

/**
 * Undefined: none was sent; null: nobody.
 * @param present id of who is named already
 * @throws ApiError 400 for an id that is nobody's; 403 for another person, by whoever does not administer the account
 */
export const holderNamed = async (
  { c, accountId }: { c: Context<App>; accountId: string },
  id: string | null | undefined,
  present: string | null,
): Promise<ServerHolder | null | undefined> => {
  if (id == null) return id
  const person = await directoryObject(c.env).readPerson(id)
  if (!person) throw invalid([{ path: 'holder', message: NOBODY }])
  const by = actorIn(c)
  const isOwn = id === by.id || id === present || person.kind === 'system'
  if (!isOwn && !holds(by.grants, 'admin', accountId)) throw lacksRole(['admin'], NOT_ANOTHER)
  return { id: person.id, kind: person.kind, name: person.name }
}

/** @throws ApiError 404 */
export const serverIdOf = (c: Context<App>): string => {
  const id = idOf(c, 'server')
  if (id === null) throw unknownServer()
  return id
}

const UNDERCUT = {
  path: 'config.approval_door',
  message:
    'confirm does not stand beside approval "always": a form that the client\'s own side answers guards against slips, not against the agent, and is no approval by another person. Set approval_door to dashboard, or approval (of this server, or the default of its account) to {"over_cents": …}',
}

/**
 * A server that shows nothing is a mistake that would otherwise be noticed much later; one whose form undercuts its approval is
 * refused, unless it was stored so and neither is changed. Nor is refused what another version stored and this one does not know.
 * @param before null: it is new
 * @returns the account, whose settings hold for it too
 * @throws ApiError 400, 404 for an unknown account
 */
export const checkConfig = async (
  { c, accountId }: { c: Context<App>; accountId: string },
  config: ServerConfig,
  before: ServerConfig | null,
): Promise<Account> => {
  const problems = toolPreview.problemsOf(config, before ?? undefined)
  const account = await existingAccount(c, accountId)
  const filled = { ...config, approval: config.approval ?? account.approval }
  const same = (['approval', 'approval_door'] as const).every(
    (key) => before && JSON.stringify(before[key]) === JSON.stringify(config[key]),
  )
  if (isUndercut(filled) && !same) problems.push(UNDERCUT)
  if (problems.length > 0) throw invalid(problems)
  return account
}

export type ServerChangeBody = z.infer<typeof ServerChange>
