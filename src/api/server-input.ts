/** What callers send about MCP servers, and what can be wrong with it. */
import type { Context } from 'hono'
import * as z from 'zod'
import { directoryObject } from '../account/directory-stub.ts'
import type { ServerHolder } from '../account/tables/servers.ts'
import { ExpiryInput } from '../rules/expiry.ts'
import { ConfigChangeInput, type ServerConfig, ServerConfigInput } from '../rules/server-settings.ts'
import { toolPreview } from '../tools/visible/preview.ts'
import { uuid } from './answers.ts'
import type { App } from './auth.ts'
import { invalid, unknownServer } from './errors.ts'
import { idOf, NameInput } from './input.ts'

export const NewServer = z.strictObject({
  name: NameInput,
  config: ServerConfigInput.default({}),
  expires_at: ExpiryInput.optional(),
  /** Id of the person or system that works through it. */
  holder: uuid.nullable().optional(),
})
export const ServerChange = z.strictObject({
  name: NameInput.optional(),
  config: ConfigChangeInput.optional(),
  expires_at: ExpiryInput.optional(),
  holder: uuid.nullable().optional(),
})

/** A leaked URL is replaced at once, without overlap; a planned change leaves time to hand the new one round. */
const LONGEST_OVERLAP_S = 7 * 24 * 3600
export const Rotation = z.strictObject({
  /** Seconds for which the old token works beside the new one. */
  overlap_seconds: z.int().min(0).max(LONGEST_OVERLAP_S).default(0),
})

/** Undefined: none was sent; null: nobody. @throws ApiError 400 for an id that is nobody's */
export const holderNamed = async (
  { env }: Context<App>,
  id: string | null | undefined,
): Promise<ServerHolder | null | undefined> => {
  if (id == null) return id
  const person = await directoryObject(env).readPerson(id)
  if (!person)
    throw invalid([{ path: 'holder', message: 'must be the id of a person or system: GET /person' }])
  return { id: person.id, kind: person.kind, name: person.name }
}

/** @throws ApiError 404 */
export const serverIdOf = (c: Context<App>): string => {
  const id = idOf(c, 'server')
  if (id === null) throw unknownServer()
  return id
}

/** A server that shows nothing is a mistake that would otherwise be noticed much later. @throws ApiError 400 */
export const checkConfig = (config: ServerConfig): void => {
  const problems = toolPreview.problemsOf(config)
  if (problems.length > 0) throw invalid(problems)
}

export type ServerChangeBody = z.infer<typeof ServerChange>
