/** What a client may be let in for, and how little is the default. */
import { type Filterable, visible } from '../rules/filter.ts'
import type { ServerConfig } from '../rules/server-settings.ts'

const READ = 'mcp:read'
const WRITE = 'mcp:write'
const OFFLINE = 'offline_access'

/** All that can be granted. Refresh tokens come with every grant; the name is there for clients that ask for it. */
export const GRANTABLE = [READ, WRITE, OFFLINE]

/** What clients are asked to request. Writing is the person's to add, at sign-in. */
export const BASELINE = [READ]

/**
 * What a person's consent grants: reading always, writing only where it was ticked and the server can.
 * @param asked by the client; names that are not known here grant nothing
 */
export const grantedScopes = (
  asked: readonly string[],
  { ticked, canWrite }: { ticked: boolean; canWrite: boolean },
): string[] => [READ, ...(ticked && canWrite ? [WRITE] : []), ...(asked.includes(OFFLINE) ? [OFFLINE] : [])]

/** `write` includes reading; null: the token is good for nothing here. */
export const reachOf = (scopes: readonly string[]): 'read' | 'write' | null => {
  if (scopes.includes(WRITE)) return 'write'
  return scopes.includes(READ) ? 'read' : null
}

/** A server's configuration for a client that may only read: exactly the read tools among those that it shows. */
export const readingOnly = (config: ServerConfig, catalogue: readonly Filterable[]): ServerConfig => ({
  ...config,
  tools: visible(config, catalogue)
    .filter(({ effect }) => effect === 'read')
    .map(({ name }) => name),
})
