/**
 * Server cards (SEP-2127) and the catalog that lists them: how to reach an MCP server, before anybody connects. Made of the address
 * alone: nothing is looked up, so every id of the right shape has a card alike, and nobody learns which servers there are.
 */
import type { Env } from '../core/env.ts'
import { VERSION } from '../core/version.ts'
import { originFor, RESOURCE } from '../identity/addresses.ts'
import { INFO } from '../mcp/content/instructions.ts'
import { readResourceId } from '../rules/resource-id.ts'

const CARD = 'application/mcp-server-card+json'
const CATALOG = '/.well-known/ai-catalog.json'
/** Of the deployment; the catalog lists this one alone. */
const DEPLOYMENT_CARD = '/mcp/server-card'
const SERVER_CARD = /^\/mcp\/s\/([^/]+)\/server-card$/

const VARIABLES = {
  id: { description: 'Id of the MCP server, from whoever runs this deployment.', isRequired: true },
}

const remoteUrl = (origin: string, id: string): string => origin + RESOURCE + id

/**
 * What a server card and an entry of the MCP registry say alike.
 * @param origin of the deployment @param id of an MCP server; null: the client asks for it
 */
export const aboutServer = (origin: string, id: string | null) => ({
  name: `${new URL(origin).hostname.split('.').toReversed().join('.')}/${INFO.name}`,
  title: INFO.title,
  description: 'Finexio accounts payable: drawdowns, payments, invoices, suppliers and buyers.',
  version: VERSION,
  remotes: [
    {
      type: 'streamable-http',
      url: remoteUrl(origin, id ?? '{id}'),
      ...(id === null && { variables: VARIABLES }),
    },
  ],
})

const cardOf = (origin: string, id: string | null) => ({
  $schema: 'https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json',
  ...aboutServer(origin, id),
  icons: INFO.icons,
})

const catalogOf = (origin: string) => ({
  specVersion: '1.0',
  entries: [
    {
      identifier: `urn:air:${new URL(origin).hostname}:mcp:${INFO.name}`,
      displayName: INFO.title,
      type: CARD,
      url: origin + DEPLOYMENT_CARD,
    },
  ],
})

const HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-allow-methods': 'GET',
  'access-control-allow-headers': 'Content-Type',
  'cache-control': 'public, max-age=3600',
  'x-content-type-options': 'nosniff',
}

const answer = (method: string, type: string, body: object): Response =>
  new Response(method === 'GET' ? JSON.stringify(body) : null, {
    status: method === 'OPTIONS' ? 204 : 200,
    headers: { ...HEADERS, 'content-type': type },
  })

/** Null for every other path and method. */
export const serverCard = (request: Request, env: Env): Response | null => {
  const { method } = request
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method)) return null
  const { pathname } = new URL(request.url)
  const origin = originFor(request, env)
  if (pathname === CATALOG) return answer(method, 'application/ai-catalog+json', catalogOf(origin))
  if (pathname === DEPLOYMENT_CARD) return answer(method, CARD, cardOf(origin, null))
  const id = SERVER_CARD.exec(pathname)?.[1]
  return id !== undefined && readResourceId(id) ? answer(method, CARD, cardOf(origin, id)) : null
}
