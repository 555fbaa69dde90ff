/** The MCP server that a sign-in is about, as the account knows it. */
import { accountObject } from '../account/account-stub.ts'
import type { Env } from '../core/env.ts'
import type { ResourceName } from '../rules/resource-id.ts'
import { effectiveConfig } from '../rules/server.ts'
import { toolsFor } from '../tools/visible/view.ts'
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
