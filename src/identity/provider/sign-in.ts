/** Signing in at the company's identity provider: OpenID Connect, authorization code flow, PKCE, nonce. */
import * as oauth from 'oauth4webapi'
import { clientAt, verifiedTokens } from './id-token.ts'
import { asRefusal, type Refusal, Refused, refusalOf } from './refusal.ts'
import { optionsFor, type Source, sourceOf } from './requests.ts'
import { isSafe, type Provider } from './settings.ts'
import { type SignedIn, signedInAs } from './signed-in.ts'

/** Milliseconds between leaving for the provider and coming back. */
export const PENDING_MS = 10 * 60_000
/** Characters, so that what is pending fits into a cookie. */
const LONGEST_NEXT = 2_000

/** What has to be kept, where nobody but the same browser can present it, until the person comes back. */
export type Pending = {
  issuer: string
  redirectUri: string
  state: string
  nonce: string
  codeVerifier: string
  /** Where the person wanted to go; the caller says which places are allowed. */
  next: string
  /** Milliseconds since the epoch. */
  createdAt: number
}

/** An address out of the provider's metadata, for a browser. @throws Refused */
const pageOf = (address: unknown): URL => {
  const url = typeof address === 'string' ? URL.parse(address) : null
  if (!url || !isSafe(url)) throw new Refused('misconfigured')
  return url
}

/** Some providers give the claim with the roles only to those who ask by a scope of the same name. */
const scopesOf = ({ roles }: Provider, { server }: Source): string => {
  const own = roles && server.scopes_supported?.includes(roles.claim) ? [roles.claim] : []
  return [...new Set(['openid', 'profile', 'email', ...own])].join(' ')
}

const begin = async (
  provider: Provider,
  { redirectUri, next }: Pick<Pending, 'redirectUri' | 'next'>,
  now: number,
): Promise<{ ok: true; url: string; pending: Pending }> => {
  if (next.length > LONGEST_NEXT) throw new Refused('next_too_long')
  const source = await sourceOf(provider)
  const pending = {
    issuer: source.server.issuer,
    redirectUri,
    state: oauth.generateRandomState(),
    nonce: oauth.generateRandomNonce(),
    codeVerifier: oauth.generateRandomCodeVerifier(),
    next,
    createdAt: now,
  }
  const url = pageOf(source.server.authorization_endpoint)
  const parameters = {
    client_id: provider.clientId,
    redirect_uri: redirectUri,
    response_type: 'code',
    scope: scopesOf(provider, source),
    state: pending.state,
    nonce: pending.nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(pending.codeVerifier),
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(parameters)) url.searchParams.set(name, value)
  return { ok: true, url: url.href, pending }
}

/** Whichever the provider takes (OpenID Connect Discovery 1.0: client_secret_basic where nothing is said). */
const authenticationOf = ({ clientSecret }: Provider, { server }: Source): oauth.ClientAuth => {
  const methods = server.token_endpoint_auth_methods_supported ?? ['client_secret_basic']
  return methods.includes('client_secret_basic') || !methods.includes('client_secret_post')
    ? oauth.ClientSecretBasic(clientSecret)
    : oauth.ClientSecretPost(clientSecret)
}

/** Claims that the ID token leaves out; nothing is asked where it leaves out none. */
const missingClaims = async (
  provider: Provider,
  { server, timeMs }: Source,
  { claims, accessToken }: Awaited<ReturnType<typeof verifiedTokens>>,
): Promise<oauth.UserInfoResponse | Record<string, never>> => {
  const wanted = ['name', 'email', ...(provider.roles ? [provider.roles.claim] : [])]
  if (!server.userinfo_endpoint || wanted.every((name) => Object.hasOwn(claims, name))) return {}
  const client = { client_id: provider.clientId }
  const response = await oauth.userInfoRequest(server, client, accessToken, optionsFor(server.issuer, timeMs))
  return oauth.processUserInfoResponse(server, client, claims.sub, response)
}

/** @throws Refused unless the answer belongs to this pending sign-in, and in time */
const checkAnswer = ({ state, issuer, createdAt }: Pending, { searchParams }: URL, now: number): void => {
  if (searchParams.get('state') !== state) throw new Refused('wrong_state')
  if (now - createdAt > PENDING_MS) throw new Refused('too_late')
  if ((searchParams.get('iss') ?? issuer) !== issuer) throw new Refused('wrong_issuer')
}

const finish = async (provider: Provider, pending: Pending, answer: URL, now: number): Promise<SignedIn> => {
  checkAnswer(pending, answer, now)
  const source = await sourceOf(provider)
  const { server } = source
  if (server.issuer !== pending.issuer) throw new Refused('wrong_issuer')
  const client = clientAt(provider.clientId, now)
  const response = await oauth.authorizationCodeGrantRequest(
    server,
    client,
    authenticationOf(provider, source),
    oauth.validateAuthResponse(server, client, answer, pending.state),
    pending.redirectUri,
    pending.codeVerifier,
    optionsFor(server.issuer, source.timeMs),
  )
  const tokens = await verifiedTokens(source, provider.clientId, response, pending.nonce, now)
  const more = await missingClaims(provider, source, tokens)
  return signedInAs(tokens.claims, more, provider.roles?.claim ?? null)
}

/**
 * Where the browser goes to sign in, and what has to be kept until it comes back.
 * @param place `redirectUri` is registered at the provider; `next` at most 2,000 characters
 * @param now milliseconds since the epoch
 */
export const beginSignIn = (
  provider: Provider,
  place: Pick<Pending, 'redirectUri' | 'next'>,
  now: number,
): Promise<{ ok: true; url: string; pending: Pending } | Refusal> =>
  begin(provider, place, now).catch(asRefusal)

/**
 * Who came back. A code is sent to the provider once, whatever becomes of it.
 * @param callbackUrl the whole address under which the browser came back
 * @param now milliseconds since the epoch
 */
export const finishSignIn = async (
  provider: Provider,
  pending: Pending,
  callbackUrl: string,
  now: number,
): Promise<SignedIn | Refusal> => {
  const answer = URL.parse(callbackUrl)
  return answer ? finish(provider, pending, answer, now).catch(asRefusal) : refusalOf('unreadable')
}

/**
 * Where the browser goes so that the provider's own session ends, too (OpenID Connect RP-Initiated Logout 1.0).
 * @param returnTo an address registered at the provider
 * @returns null when the provider has no such page, or says nothing at the moment: signing out here must not depend on it
 */
export const endSessionUrl = async (provider: Provider, returnTo: string): Promise<string | null> => {
  try {
    const url = pageOf((await sourceOf(provider)).server.end_session_endpoint)
    url.searchParams.set('client_id', provider.clientId)
    url.searchParams.set('post_logout_redirect_uri', returnTo)
    return url.href
  } catch {
    return null
  }
}
