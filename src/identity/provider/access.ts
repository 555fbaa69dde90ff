/** Cloudflare Access in front of the dashboard as identity provider: it puts a signed token into every request. */
import { ConfigurationFault } from '../../core/keys.ts'
import { verifiedTokens } from './id-token.ts'
import { asRefusal, type Refusal } from './refusal.ts'
import type { Source } from './requests.ts'
import { safeAddress } from './settings.ts'
import { type SignedIn, signedInAs } from './signed-in.ts'

export type AccessEnv = {
  /** Host of the team, `acme.cloudflareaccess.com`. */
  ACCESS_TEAM_DOMAIN?: string
  /** "Application Audience (AUD) Tag" of the Access application. */
  ACCESS_AUD?: string
}

export type Access = { source: Source; audience: string }

/** By team: they belong to the deployment, not to a tenant. */
const keysOf = new Map<string, Source['keys']>()

const sourceOf = (team: string): Source => {
  const { origin } = safeAddress('ACCESS_TEAM_DOMAIN', team.includes('://') ? team : `https://${team}`)
  const keys = keysOf.get(origin) ?? {}
  keysOf.set(origin, keys)
  const server = { issuer: origin, jwks_uri: `${origin}/cdn-cgi/access/certs` }
  return { server, keys, timeMs: 5_000 }
}

/** @returns null when Access is not configured @throws ConfigurationFault that names the setting */
export const accessOf = (env: AccessEnv): Access | null => {
  const [team, audience] = [env.ACCESS_TEAM_DOMAIN?.trim(), env.ACCESS_AUD?.trim()]
  if (!team && !audience) return null
  if (!team || !audience)
    throw new ConfigurationFault(
      `Cloudflare Access also needs ${team ? 'ACCESS_AUD' : 'ACCESS_TEAM_DOMAIN'}.`,
    )
  return { source: sourceOf(team), audience }
}

/**
 * Who Access let through. Its token is an ID token in all that is checked here; a service token names nobody and is refused.
 * @param jwt of the header `Cf-Access-Jwt-Assertion`; cookies are not read
 * @param now milliseconds since the epoch
 */
export const personBehindAccess = async (
  { source, audience }: Access,
  jwt: string,
  now: number,
): Promise<SignedIn | Refusal> => {
  const answer = Response.json({ access_token: 'none', token_type: 'bearer', id_token: jwt })
  try {
    const { claims } = await verifiedTokens(source, audience, answer, undefined, now)
    return signedInAs(claims, {}, null)
  } catch (error) {
    return asRefusal(error)
  }
}
