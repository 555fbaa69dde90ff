/** A deployment and its company's identity provider, and what a person does between them. */
import { type Provider, providerOf } from '../../src/identity/provider/settings.ts'
import { beginSignIn, finishSignIn, type Pending } from '../../src/identity/provider/sign-in.ts'
import {
  type IdentityProvider,
  type Options,
  startIdentityProvider,
  walk,
} from '../support/identity-provider.ts'

export const REDIRECT = 'https://mcp.example.com/dashboard/sign-in/company'
export const OUT = 'https://mcp.example.com/dashboard/sign-in'
export const PLACE = { redirectUri: REDIRECT, next: '/dashboard/approvals' }
export const ANN = {
  sub: 'ann',
  name: 'Ann Miller',
  email: 'ann@example.com',
  groups: ['ap-approvers', 'everybody'],
}
const ROLES = JSON.stringify({
  claim: 'groups',
  map: { 'ap-approvers': ['approve', 'audit'], auditors: ['audit'] },
})

export const startCompany = (thinTokens = false, more: Partial<Options> = {}) =>
  startIdentityProvider({
    ...more,
    redirectUris: [REDIRECT],
    postLogoutRedirectUris: [OUT],
    users: [{ ...ANN }],
    thinTokens,
  })

export const providerAt = ({ bindings }: IdentityProvider): Provider =>
  providerOf({ ...bindings, OIDC_ROLES: ROLES })!

type Metadata = Record<string, unknown>

const METADATA = '/.well-known/openid-configuration'

/** A company whose identity provider publishes other metadata than it would. */
export const companySaying = async (
  change: (own: Metadata) => Metadata | string,
  status = 200,
  more?: Partial<Options>,
): Promise<IdentityProvider> => {
  const company = await startCompany(false, more)
  const said = change((await (await fetch(company.issuer + METADATA)).json()) as Metadata)
  company.answers.set(METADATA, (response) =>
    response
      .writeHead(status, { 'content-type': 'application/json' })
      .end(typeof said === 'string' ? said : JSON.stringify(said)),
  )
  return company
}

export const begun = async (provider: Provider, now = Date.now()) => {
  const begin = await beginSignIn(provider, PLACE, now)
  if (!begin.ok) throw new Error(begin.kind)
  return begin
}

export type Change = { pending?: Partial<Pending>; callback?: (url: URL) => void; now?: number }

/** A whole sign-in, with what goes wrong in it. */
export const signIn = async (provider: Provider, { pending, callback, now = Date.now() }: Change = {}) => {
  const begin = await begun(provider, now)
  const back = new URL(await walk(begin.url))
  callback?.(back)
  return finishSignIn(provider, { ...begin.pending, ...pending }, back.href, now)
}

export const kindOf = (answer: Awaited<ReturnType<typeof finishSignIn>>) =>
  answer.ok ? 'signed in' : answer.kind
