/** Who signed in, out of what an identity provider says of them. */
import type { IDToken } from 'oauth4webapi'
import { cut, visibleText } from '../../core/text.ts'

export type SignedIn = {
  ok: true
  issuer: string
  subject: string
  name: string
  /** Null when there is none, or the provider says that it was not verified. */
  email: string | null
  /** Values of the claim that OIDC_ROLES names. */
  claimValues: string[]
  /** Milliseconds since the epoch: when the person proved who they are or, where that is not said, when the token was issued. */
  authenticatedAt: number
  /** Milliseconds since the epoch. */
  idTokenExpiresAt: number
}

type Claims = Readonly<Record<string, unknown>>

const LONGEST_NAME = 200

const textOf = (value: unknown): string | null =>
  typeof value === 'string' ? cut(visibleText(value).trim(), LONGEST_NAME) || null : null

const emailOf = ({ email, email_verified }: Claims): string | null =>
  email_verified === false || email_verified === 'false' ? null : textOf(email)

/** One text or a list of texts; anything else gives no value. */
const valuesOf = (value: unknown): string[] =>
  (Array.isArray(value) ? value : [value]).filter((one) => typeof one === 'string')

/**
 * @param token verified
 * @param more claims of the userinfo endpoint, for what the token leaves out
 * @param rolesClaim null: none is read
 */
export const signedInAs = (token: IDToken, more: Claims, rolesClaim: string | null): SignedIn => {
  const claims: Claims = { ...more, ...token }
  const email = emailOf(claims)
  return {
    ok: true,
    issuer: token.iss,
    subject: token.sub,
    name: textOf(claims.name) ?? textOf(claims.preferred_username) ?? email ?? token.sub,
    email,
    claimValues: rolesClaim === null ? [] : valuesOf(claims[rolesClaim]),
    authenticatedAt: (token.auth_time ?? token.iat) * 1000,
    idTokenExpiresAt: token.exp * 1000,
  }
}
