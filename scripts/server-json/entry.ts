/** An entry of the MCP registry (server.json, schema of 2025-12-11). Pure. */
import { isLoopback } from '../../src/core/public-url.ts'
import { aboutServer } from '../../src/oauth/server-card.ts'
import { readResourceId } from '../../src/rules/resource-id.ts'

const SCHEMA = 'https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'
const NAME = /^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/
const SERVER = /^\/mcp\/s\/([^/]+)\/?$/

/** The address is repeated nowhere: it may hold a token. */
const REFUSED =
  'Give the https origin of your deployment, or the URL of a server whose clients sign in (https://<host>/mcp/s/<id>). ' +
  'A registry shows its entries to everybody, so an address with a token, a password or a query is refused.'

const isPublic = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' && hostname.includes('.') && !isLoopback(hostname) && !/^[\d.]+$/.test(hostname)

/** The id in the path; null: the origin alone. @throws for any other path */
const idIn = ({ pathname }: URL): string | null => {
  if (pathname === '/') return null
  const id = SERVER.exec(pathname)?.[1]
  if (id === undefined || !readResourceId(id)) throw new Error(REFUSED)
  return id
}

/**
 * @param address of the deployment, or of an MCP server whose clients sign in
 * @param name in the registry, such as `io.github.me/finexio`; undefined: the host in reverse
 * @throws Error with what to give instead; it never repeats the address
 */
export const registryEntry = (address: string, name?: string) => {
  if (!URL.canParse(address)) throw new Error(REFUSED)
  const url = new URL(address)
  if (!isPublic(url) || url.username || url.password || url.search || url.hash) throw new Error(REFUSED)
  if (name !== undefined && !NAME.test(name))
    throw new Error('--name must be a namespace in reverse and a name, such as io.github.me/finexio.')
  return { $schema: SCHEMA, ...aboutServer(url.origin, idIn(url)), ...(name && { name }) }
}
