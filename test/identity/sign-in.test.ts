/** The company's sign-in against a real identity provider. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Provider, rolesFrom } from '../../src/identity/provider/settings.ts'
import { beginSignIn, endSessionUrl, finishSignIn } from '../../src/identity/provider/sign-in.ts'
import { type IdentityProvider, walk } from '../support/identity-provider.ts'
import {
  ANN,
  begun,
  type Change,
  kindOf,
  OUT,
  PLACE,
  providerAt,
  REDIRECT,
  signIn,
  startCompany,
} from './company.ts'

let company: IdentityProvider
let provider: Provider

beforeAll(async () => {
  company = await startCompany()
  provider = providerAt(company)
})
afterAll(() => company.stop())

describe('a sign-in that goes well', () => {
  test('says who the person is, by issuer and subject, and which roles the claim gives', async () => {
    const before = Math.floor(Date.now() / 1000) * 1000
    const person = await signIn(provider)
    expect(person).toMatchObject({
      ok: true,
      issuer: company.issuer,
      subject: 'ann',
      name: 'Ann Miller',
      email: 'ann@example.com',
      claimValues: ['ap-approvers', 'everybody'],
    })
    if (!person.ok) return
    expect(person.authenticatedAt).toBeGreaterThanOrEqual(before)
    expect(person.idTokenExpiresAt).toBe(Math.floor(person.authenticatedAt / 1000) * 1000 + 3_600_000)
    expect(rolesFrom(provider, person.claimValues)).toEqual(['approve', 'audit'])
  })

  test('asks with a code, PKCE S256, a state and a nonce that are new each time, and for the scope of the groups', async () => {
    const [one, other] = [await begun(provider), await begun(provider)]
    const query = Object.fromEntries(new URL(one.url).searchParams)
    expect(query).toMatchObject({
      response_type: 'code',
      client_id: 'finexio-mcp',
      redirect_uri: REDIRECT,
      scope: 'openid profile email groups',
      code_challenge_method: 'S256',
      state: one.pending.state,
      nonce: one.pending.nonce,
    })
    expect(one.pending).toMatchObject({ next: '/dashboard/approvals', redirectUri: REDIRECT })
    expect(one.url).not.toContain(one.pending.codeVerifier)
    for (const part of ['state', 'nonce', 'codeVerifier'] as const) {
      expect(one.pending[part].length).toBeGreaterThanOrEqual(43)
      expect(one.pending[part]).not.toBe(other.pending[part])
    }
  })

  test('reads what the ID token leaves out from the userinfo endpoint', async () => {
    const thin = await startCompany(true)
    const person = await signIn(providerAt(thin))
    expect(person).toMatchObject({ name: 'Ann Miller', email: 'ann@example.com', claimValues: ANN.groups })
    await thin.stop()
  })

  test('somebody who lost a group, and who has none any more, has no role at the next sign-in', async () => {
    const rolesWith = async (groups: string[] | undefined) => {
      company.users.set('ann', { ...ANN, groups })
      const person = await signIn(provider)
      return person.ok && rolesFrom(provider, person.claimValues)
    }
    expect(await rolesWith(['auditors'])).toEqual(['audit'])
    expect(await rolesWith([])).toEqual([])
    expect(await rolesWith(undefined)).toEqual([])
    company.users.set('ann', ANN)
  })

  test('goes on when the provider changed its keys a moment ago: they are read again, once', async () => {
    await signIn(provider)
    const before = company.asked('/jwks')
    company.rotateKeys('same name')
    expect(kindOf(await signIn(provider))).toBe('signed in')
    expect(kindOf(await signIn(provider))).toBe('signed in')
    expect(company.asked('/jwks')).toBe(before + 1)
    company.rotateKeys('same name')
    expect(kindOf(await signIn(provider))).toBe('signed in')
    expect(company.asked('/jwks')).toBe(before + 2)
  })

  test('reads what the provider says of itself once, not at every sign-in', async () => {
    await signIn(provider)
    expect(company.asked('/.well-known/openid-configuration')).toBe(1)
  })
})

describe('an answer that belongs to something else', () => {
  const refused: [string, string, Change][] = [
    ['another state', 'wrong_state', { callback: (url) => url.searchParams.set('state', 'x'.repeat(43)) }],
    ['no state', 'wrong_state', { callback: (url) => url.searchParams.delete('state') }],
    ['two states', 'unreadable', { callback: (url) => url.searchParams.append('state', 'x') }],
    ['two codes', 'unreadable', { callback: (url) => url.searchParams.append('code', 'x') }],
    ['no code', 'unreadable', { callback: (url) => url.searchParams.delete('code') }],
    [
      'a code that was never issued',
      'code_refused',
      { callback: (url) => url.searchParams.set('code', 'x') },
    ],
    [
      'another issuer in the address',
      'wrong_issuer',
      { callback: (url) => url.searchParams.set('iss', 'https://evil.example') },
    ],
    [
      'no issuer in the address, though the provider sends one',
      'unreadable',
      { callback: (url) => url.searchParams.delete('iss') },
    ],
    [
      'a sign-in that was begun at another provider',
      'wrong_issuer',
      { pending: { issuer: 'https://old.example' } },
    ],
    ['another code verifier (PKCE)', 'code_refused', { pending: { codeVerifier: 'v'.repeat(43) } }],
    [
      'another redirect address',
      'code_refused',
      { pending: { redirectUri: 'https://mcp.example.com/other' } },
    ],
    ['another nonce', 'wrong_nonce', { pending: { nonce: 'n'.repeat(43) } }],
    [
      'a sign-in begun more than 10 minutes ago',
      'too_late',
      { pending: { createdAt: Date.now() - 601_000 } },
    ],
  ]
  test.each(refused)('%s: %s', async (_, kind, change) => {
    expect(kindOf(await signIn(provider, change))).toBe(kind)
  })

  test('a code that was used already, and the address of the first sign-in sent again', async () => {
    const now = Date.now()
    const { url, pending } = await begun(provider, now)
    const back = await walk(url)
    expect(kindOf(await finishSignIn(provider, pending, back, now))).toBe('signed in')
    expect(kindOf(await finishSignIn(provider, pending, back, now))).toBe('code_refused')
  })

  test("somebody else's code in one's own sign-in", async () => {
    const [mine, theirs] = [await begun(provider), await begun(provider)]
    const back = new URL(await walk(theirs.url))
    back.searchParams.set('state', mine.pending.state)
    expect(kindOf(await finishSignIn(provider, mine.pending, back.href, Date.now()))).toBe('code_refused')
  })

  test.each([
    ['access_denied', 'denied'],
    ['login_required', 'denied'],
    ['constructor', 'denied'],
    ['server_error', 'unavailable'],
    ['temporarily_unavailable', 'unavailable'],
    ['invalid_scope', 'misconfigured'],
  ])(
    'the provider sends the person back with %s: %s, and its own words are not repeated',
    async (error, kind) => {
      const callback = ({ searchParams }: URL) => {
        searchParams.delete('code')
        searchParams.set('error', error)
        searchParams.set('error_description', 'call 555-0100')
      }
      const answer = await signIn(provider, { callback })
      expect(answer).toMatchObject({ ok: false, kind })
      expect(JSON.stringify(answer)).not.toContain('555-0100')
    },
  )
})

test('a next of more than 2,000 characters is refused, since it would not fit into a cookie', async () => {
  const place = { ...PLACE, next: `/${'x'.repeat(2_000)}` }
  expect(await beginSignIn(provider, place, Date.now())).toMatchObject({ kind: 'next_too_long', status: 400 })
})

test('signing out at the provider: its page, with our client and the way back', async () => {
  const url = new URL((await endSessionUrl(provider, OUT))!)
  expect(url.origin + url.pathname).toBe(`${company.issuer}/session/end`)
  expect(Object.fromEntries(url.searchParams)).toEqual({
    client_id: 'finexio-mcp',
    post_logout_redirect_uri: OUT,
  })
  expect((await fetch(url)).status).toBe(200)
})
