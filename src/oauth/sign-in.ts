/** Authentication for `/mcp/s/<id>`: an access token instead of a secret in the URL. Every call asks the account. */
import { accountObject } from '../account/account-stub.ts'
import type { SignedIn } from '../account/door/admit.ts'
import { ownLimits } from '../account/door/limiter.ts'
import type { Env } from '../core/env.ts'
import { secretBytes } from '../core/keys.ts'
import { metadataUrl, originFor, resourceUrl, spellingOf } from '../identity/addresses.ts'
import { livingHolder } from '../identity/holder.ts'
import { bearerOf, type Way } from '../mcp/transport/gate.ts'
import { errorResponse } from '../mcp/transport/refusal.ts'
import type { CallerInput, Verdict } from '../rules/admission.ts'
import { type ResourceName, readResourceId } from '../rules/resource-id.ts'
import { catalogue } from '../tools/catalogue.ts'
import { isFor, readIssued } from './bearer.ts'
import type { Props } from './provider.ts'
import { Records } from './records.ts'
import { BASELINE, reachOf, readingOnly } from './scopes.ts'

type Presented = SignedIn & { reach: 'read' | 'write' }

/** Null for a token of another server or another shape, without a call to any Durable Object, and for one that is not known. */
const presented = async (
  env: Env,
  origin: string,
  name: ResourceName,
  bearer: string,
): Promise<Presented | null> => {
  const issued = readIssued(bearer)
  if (!issued || !isFor(issued, name)) return null
  const { authorizationServer } = await import('./provider.ts')
  const token = await authorizationServer({ origin, name }).validateToken(
    resourceUrl(origin, name),
    bearer,
    new Records(env, name).env,
  )
  const reach = token && reachOf(token.scope)
  if (!token || !reach) return null
  const who = await livingHolder(env, name.accountId, token.props as Props)
  return who && { grantId: issued.grantId, who, reach }
}

/** The filter holds for the list and for each call, since both read the configuration that is handed on here. */
const within = (verdict: Verdict, reach: Presented['reach'] | undefined): Verdict => {
  if (verdict.kind !== 'admitted' || reach === 'write') return verdict
  const { server } = verdict.admission
  const config = readingOnly(server.config, catalogue)
  return { ...verdict, admission: { ...verdict.admission, server: { ...server, config } } }
}

/** @throws ConfigurationFault when the deployment has no usable TOKEN_PEPPER */
const admit = async (
  env: Env,
  origin: string,
  id: string,
  { bearer, counts, asked }: CallerInput,
): Promise<Verdict> => {
  const name = readResourceId(id)
  if (!name) return { kind: 'unknown' }
  // No other step needs it, and whoever deletes it in an emergency ends every way in.
  secretBytes('TOKEN_PEPPER', env.TOKEN_PEPPER)
  const limits = counts ? ownLimits(env) : null
  const who = bearer === null ? null : await presented(env, origin, name, bearer)
  const signedIn = who && { grantId: who.grantId, who: who.who }
  const verdict = await accountObject(env, name.accountId).admitSignedIn(
    name.serverId,
    limits,
    signedIn,
    asked,
  )
  return within(verdict, who?.reach)
}

const MESSAGE =
  'This MCP server asks its users to sign in: the client does that by itself, in a browser. Nothing was sent to Finexio.'

/** @param refused whether a token was sent, which then was not accepted */
const challenge = (metadata: string, refused: boolean): string =>
  `Bearer resource_metadata="${metadata}"${refused ? ', error="invalid_token"' : ''}, scope="${BASELINE.join(' ')}"`

/** How `/mcp/s/<id>` lets in: names the metadata in its 401 (RFC 9728, section 5.1). */
export const signInWay = (request: Request, env: Env): Way => {
  const origin = originFor(request, env)
  const refused = bearerOf(request) !== null
  return {
    fits: (id) => readResourceId(id) !== null,
    admit: (id, presented) => admit(env, origin, id, presented),
    unauthorized: (name, id) => {
      const response = errorResponse(401, { code: 401, message: MESSAGE }, id)
      const metadata = metadataUrl(origin, name) + spellingOf(new URL(request.url))
      response.headers.set('www-authenticate', challenge(metadata, refused))
      return response
    },
  }
}
