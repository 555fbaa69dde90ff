/**
 * Every address that signing in uses. The issuer has a path of its own, so that nothing answers at the root's well-known
 * paths: assistants that find metadata there ask people to sign in at URLs that need no sign-in.
 */
import type { Env } from '../core/env.ts'
import { publicOrigin } from '../core/public-url.ts'
import { type ResourceName, readResourceId, resourceIdOf } from '../rules/resource-id.ts'

const PATH = '/oauth'

export const AUTHORIZE = `${PATH}/authorize`
export const TOKEN = `${PATH}/token`
export const REGISTER = `${PATH}/register`
export const STYLE = `${PATH}/style.css`
/** Metadata of the issuer where RFC 8414 puts it, and where some clients look instead. */
export const ISSUER_METADATA = [
  `/.well-known/oauth-authorization-server${PATH}`,
  `${PATH}/.well-known/oauth-authorization-server`,
] as const
const RESOURCE_METADATA = '/.well-known/oauth-protected-resource'
/** Where clients sign in instead of holding a secret. */
export const RESOURCE = '/mcp/s/'

/** Public origin for a request: https except on loopback. The request's own origin where PUBLIC_URL is not a valid URL. */
export const originFor = ({ url }: Request, { PUBLIC_URL }: Pick<Env, 'PUBLIC_URL'>): string =>
  publicOrigin(url, PUBLIC_URL) ?? publicOrigin(url, undefined)!

/** The issuer (RFC 8414, section 2). @param origin as `originFor` gives it */
export const issuerOf = (origin: string): string => origin + PATH

/** What tokens are made for: the URL of an MCP server, without a slash at its end. */
export const resourceUrl = (origin: string, name: ResourceName): string =>
  `${origin}${RESOURCE}${resourceIdOf(name)}`

/** Where RFC 9728 puts what clients have to know of a resource. */
export const metadataUrl = (origin: string, id: string): string =>
  `${origin}${RESOURCE_METADATA}${RESOURCE}${id}`

const withoutSlash = (id: string): string => (id.endsWith('/') ? id.slice(0, -1) : id)

/** The server that a path of resource metadata is about, with or without a closing slash. @param path without origin */
export const resourceOfMetadata = (path: string): ResourceName | null =>
  path.startsWith(RESOURCE_METADATA + RESOURCE)
    ? readResourceId(withoutSlash(path.slice(RESOURCE_METADATA.length + RESOURCE.length)))
    : null

/** No user information, no backslash, no dot segments, no fragment (RFC 8707, section 2). */
const RESOURCE_SHAPE = /^[A-Za-z]+:\/\/[^/?#\\@\s]+\/mcp\/s\/([\dA-Za-z]+)\/?(?:\?[^#\s]*)?$/

/**
 * The server that a `resource` parameter names, in every spelling of its URL: scheme and host in any case, the default
 * port, a closing slash, a query (RFC 3986, section 6.2). Null for any other text.
 */
export const readResource = (origin: string, resource: string): ResourceName | null => {
  const id = RESOURCE_SHAPE.exec(resource)?.[1]
  if (id === undefined || !URL.canParse(resource) || new URL(resource).origin !== origin) return null
  return readResourceId(id)
}

/** The one server that all these name; null: none, several, or what is no server. @param resources as they came */
export const readResources = (origin: string, resources: readonly string[]): ResourceName | null => {
  const names = resources.map((one) => readResource(origin, one))
  const [first = null] = names
  const isOne = names.every((name) => name && first && resourceIdOf(name) === resourceIdOf(first))
  return isOne ? first : null
}

const LONGEST_QUERY = 256

/** How an address was spelled beyond its id: a closing slash, a query. What goes back to the caller has to be spelled alike (RFC 9728, section 3.3). */
export const spellingOf = ({ pathname, search }: URL): string =>
  (pathname.endsWith('/') ? '/' : '') + (search.length <= LONGEST_QUERY ? search : '')
