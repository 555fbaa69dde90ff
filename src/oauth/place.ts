/** The MCP server that a sign-in is about, as the account knows it. */
import { accountObject } from '../accounts/stubs.ts'
import type { Env } from '../env.ts'
import { effectiveConfig } from '../servers/config.ts'
import type { ResourceName } from '../servers/resource-id.ts'
import { toolsFor } from '../tools/view.ts'
import type { Place } from './consent-page.tsx'

/** Null unless there is such a server and it asks to sign in. */
export const placeOf = async (env: Env, { accountId, serverId }: ResourceName): Promise<Place | null> => {
  const object = accountObject(env, accountId)
  const [account, server] = await Promise.all([object.readAccount(), object.readServer(serverId)])
  if (!account || !server?.config.require_api_token_auth) return null
  const tools = toolsFor(effectiveConfig(server.config, account)).map(({ title, effect }) => ({
    title,
    effect,
  }))
  return { accountName: account.name, server: { name: server.name, expires_at: server.expires_at }, tools }
}
