/** Why a sign-in was refused, in words for the person; text of the provider is in none of them. */
import * as oauth from 'oauth4webapi'

const REFUSALS = {
  wrong_state: [400, 'This answer belongs to another sign-in or another browser. Start again.'],
  too_late: [400, 'This sign-in was started more than 10 minutes ago. Start again.'],
  code_refused: [
    400,
    "The company's sign-in did not accept its code: it was used before or has expired. Start again.",
  ],
  next_too_long: [
    400,
    'The page to go to after signing in has an address of more than 2,000 characters. Sign in from the start page instead.',
  ],
  denied: [
    403,
    "The company's sign-in was cancelled or did not let you in. Start again, or ask an administrator for access to this application there.",
  ],
  wrong_issuer: [
    403,
    'The sign-in was issued by another identity provider than the one configured here. Tell an administrator: OIDC_ISSUER may name another one.',
  ],
  wrong_audience: [
    403,
    'The sign-in was issued for another application. Tell an administrator: the id of this one may be set wrongly.',
  ],
  wrong_nonce: [403, 'The sign-in was issued for another attempt. Start again.'],
  expired: [
    403,
    'The sign-in has expired: start again. If it happens again, compare the clocks of both servers.',
  ],
  not_yet_valid: [
    403,
    'The sign-in is dated in the future: the clocks of both servers differ by more than 60 seconds. Tell an administrator.',
  ],
  wrong_signature: [
    403,
    "The sign-in is not signed with a key of the company's identity provider. Start again; if it happens again, tell an administrator.",
  ],
  unreadable: [
    502,
    "The company's identity provider sent an answer that cannot be read. Nobody was signed in. Start again; if it happens again, tell an administrator.",
  ],
  unknown_client: [
    500,
    "The company's identity provider does not accept OIDC_CLIENT_ID with OIDC_CLIENT_SECRET. Tell an administrator, who has to correct them.",
  ],
  misconfigured: [
    500,
    'OIDC_ISSUER does not lead to an identity provider that calls itself by that address and offers this kind of sign-in. Tell an administrator, who has to correct it.',
  ],
  unavailable: [
    503,
    "The company's identity provider cannot be reached at the moment. Try again in a minute.",
  ],
} as const satisfies Record<string, readonly [number, string]>

export type RefusalKind = keyof typeof REFUSALS

export type Refusal = {
  ok: false
  kind: RefusalKind
  /** The HTTP status of a page that shows it. */
  status: 400 | 403 | 500 | 502 | 503
  message: string
}

export const refusalOf = (kind: RefusalKind): Refusal => {
  const [status, message] = REFUSALS[kind]
  return { ok: false, kind, status, message }
}

/** A refusal on its way to the function that answers it. */
export class Refused extends Error {
  readonly kind: RefusalKind
  constructor(kind: RefusalKind) {
    super(REFUSALS[kind][1])
    this.name = 'SignInRefused'
    this.kind = kind
  }
}

const BY_CLAIM: Readonly<Record<string, RefusalKind>> = {
  iss: 'wrong_issuer',
  aud: 'wrong_audience',
  azp: 'wrong_audience',
  nonce: 'wrong_nonce',
  exp: 'expired',
  nbf: 'not_yet_valid',
}

/** By OAuth's codes of the token endpoint (RFC 6749, 5.2): a request that can never succeed needs a change by the operator. */
const BY_TOKEN_ERROR: Readonly<Record<string, RefusalKind>> = {
  invalid_grant: 'code_refused',
  invalid_client: 'unknown_client',
  unauthorized_client: 'unknown_client',
  invalid_scope: 'misconfigured',
}

/** By OAuth's codes of the authorization endpoint (RFC 6749, 4.1.2.1). */
const BY_AUTHORIZATION_ERROR: Readonly<Record<string, RefusalKind>> = {
  server_error: 'unavailable',
  temporarily_unavailable: 'unavailable',
  unauthorized_client: 'unknown_client',
  invalid_scope: 'misconfigured',
  invalid_request: 'misconfigured',
  unsupported_response_type: 'misconfigured',
}

/** The refusal for an identity provider that cannot be used as it is configured. */
const MISCONFIGURED: ReadonlySet<unknown> = new Set([
  oauth.MISSING_SERVER_METADATA,
  oauth.INVALID_SERVER_METADATA,
  oauth.HTTP_REQUEST_FORBIDDEN,
  oauth.REQUEST_PROTOCOL_FORBIDDEN,
])

const ownValue = (table: Readonly<Record<string, RefusalKind>>, name: unknown): RefusalKind | undefined =>
  typeof name === 'string' && Object.hasOwn(table, name) ? table[name] : undefined

/** What the library says of the comparison that failed. */
type Cause = { claim?: unknown; header?: unknown; attribute?: unknown }

const kindOfCause = ({ claim, header, attribute }: Cause): RefusalKind => {
  if (header !== undefined) return 'wrong_signature'
  if (attribute === 'issuer') return 'misconfigured'
  return ownValue(BY_CLAIM, claim) ?? 'unreadable'
}

const kindOf = (error: Error & { code?: unknown }): RefusalKind => {
  if (error instanceof Refused) return error.kind
  if (error instanceof oauth.ResponseBodyError) return ownValue(BY_TOKEN_ERROR, error.error) ?? 'unreadable'
  if (error instanceof oauth.AuthorizationResponseError)
    return ownValue(BY_AUTHORIZATION_ERROR, error.error) ?? 'denied'
  return MISCONFIGURED.has(error.code) ? 'misconfigured' : kindOfCause((error.cause ?? {}) as Cause)
}

/** Turns any error into a refusal: an unexpected one must not let anybody in either. */
export const asRefusal = (error: unknown): Refusal =>
  refusalOf(error instanceof Error ? kindOf(error) : 'unreadable')
