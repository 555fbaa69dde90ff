/** Verifying an ID token: signature, issuer, audience, nonce, times. */
import * as oauth from 'oauth4webapi'
import { Refused } from './refusal.ts'
import { optionsFor, type Source } from './requests.ts'

/** Seconds by which the clocks of both servers may differ. */
const TOLERANCE = 60
/** At most 255 ASCII characters (OpenID Connect Core 1.0, section 2). */
const SUBJECT = /^[ -~]{1,255}$/

/** The application registered at the provider, as the library takes it. @param now milliseconds since the epoch */
export const clientAt = (clientId: string, now: number): oauth.Client => ({
  client_id: clientId,
  [oauth.clockSkew]: (now - Date.now()) / 1000,
  [oauth.clockTolerance]: TOLERANCE,
})

const asWrongSignature = (error: unknown): never => {
  throw error instanceof Refused ? error : new Refused('wrong_signature')
}

/** Keys may have been changed since they were read: then they are read again, once. */
const checkSignature = async ({ server, keys, timeMs }: Source, response: Response): Promise<void> => {
  const options = { ...optionsFor(server.issuer, timeMs), [oauth.jwksCache]: keys }
  // Copies: by the object the library shares requests under way, which must not cross invocations of the Worker.
  const check = () => oauth.validateApplicationLevelSignature({ ...server }, response, options)
  const again = (error: unknown) => {
    if (error instanceof Refused) throw error
    Object.assign(keys, { jwks: undefined, uat: undefined })
    return check()
  }
  await check().catch(again).catch(asWrongSignature)
}

/**
 * The claims of the ID token in an answer of the token endpoint, once everything about it was checked.
 * @param nonce that the token has to hold; undefined: it must hold none
 * @param now milliseconds since the epoch
 * @throws Refused, or the library's error
 */
export const verifiedTokens = async (
  source: Source,
  clientId: string,
  response: Response,
  nonce: string | undefined,
  now: number,
): Promise<{ claims: oauth.IDToken; accessToken: string }> => {
  const tokens = await oauth.processAuthorizationCodeResponse(
    source.server,
    clientAt(clientId, now),
    response,
    {
      expectedNonce: nonce ?? oauth.expectNoNonce,
      requireIdToken: true,
    },
  )
  const claims = oauth.getValidatedIdTokenClaims(tokens)!
  if (claims.iat > now / 1000 + TOLERANCE) throw new Refused('not_yet_valid')
  if (!SUBJECT.test(claims.sub)) throw new Refused('unreadable')
  await checkSignature(source, response)
  return { claims, accessToken: tokens.access_token }
}
