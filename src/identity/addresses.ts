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
const RESOURCE = '/mcp/s/'

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

/** The server that a path of resource metadata is about. @param path without origin */
export const resourceOfMetadata = (path: string): ResourceName | null =>
  path.startsWith(RESOURCE_METADATA + RESOURCE)
    ? readResourceId(path.slice(RESOURCE_METADATA.length + RESOURCE.length))
    : null

/** The server that a `resource` parameter names, spelled as `resourceUrl` has it; null for any other text. */
export const readResource = (origin: string, resource: string | null): ResourceName | null =>
  resource?.startsWith(origin + RESOURCE)
    ? readResourceId(resource.slice(origin.length + RESOURCE.length))
    : null
