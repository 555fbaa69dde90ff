/** An identity provider that is down, slow, faulty or set up otherwise: nobody comes in, and the reason is said. */
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Provider } from '../../src/identity/provider/settings.ts'
import { beginSignIn, endSessionUrl, finishSignIn } from '../../src/identity/provider/sign-in.ts'
import { type IdentityProvider, walk } from '../support/identity-provider.ts'
import { begun, companySaying, kindOf, OUT, PLACE, providerAt, signIn, startCompany } from './company.ts'

let company: IdentityProvider
let provider: Provider

beforeAll(async () => {
  company = await startCompany()
  provider = providerAt(company)
})
afterAll(() => company.stop())

const withAnswer = async (path: string, answer: (response: ServerResponse) => void, at = provider) => {
  company.answers.set(path, answer)
  try {
    return await signIn(at)
  } finally {
    company.answers.delete(path)
  }
}

describe('a provider that fails', () => {
  const huge = (response: ServerResponse) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(`{"a":"${'x'.repeat(256 * 1024)}"}`)

  test.each(['/token', '/me', '/jwks'])('%s: a fault is "unavailable", a 503', async (path) => {
    const thin = await startCompany(true)
    thin.answers.set(path, (response) => response.writeHead(500).end('{}'))
    expect(await signIn(providerAt(thin))).toMatchObject({ kind: 'unavailable', status: 503 })
    thin.answers.set(path, (response) => response.destroy())
    expect(await signIn(providerAt(thin))).toMatchObject({ kind: 'unavailable', status: 503 })
    await thin.stop()
  })

  test('too many requests there are "unavailable", and the code is not sent again', async () => {
    const before = company.asked('/token')
    expect(await withAnswer('/token', (response) => response.writeHead(429).end())).toMatchObject({
      kind: 'unavailable',
    })
    expect(company.asked('/token')).toBe(before + 1)
  })

  test('one that is not there lets nobody begin, and says so', async () => {
    const gone = await startCompany()
    await gone.stop()
    expect(await beginSignIn(providerAt(gone), PLACE, Date.now())).toMatchObject({
      kind: 'unavailable',
      status: 503,
    })
    expect(await endSessionUrl(providerAt(gone), OUT)).toBeNull()
  })

  test('one that goes down between leaving and coming back', async () => {
    const leaving = await startCompany()
    const begin = await begun(providerAt(leaving))
    const back = await walk(begin.url)
    await leaving.stop()
    expect(await finishSignIn(providerAt(leaving), begin.pending, back, Date.now())).toMatchObject({
      kind: 'unavailable',
    })
  })

  test.each([
    ['never answers', () => {}],
    [
      'begins and never ends',
      (response: ServerResponse) =>
        response.writeHead(200, { 'content-type': 'application/json' }).write('{'),
    ],
  ])('one that %s is given up', async (_, answer) => {
    expect(await withAnswer('/token', answer, { ...provider, timeMs: 100 })).toMatchObject({
      kind: 'unavailable',
    })
  })

  test('each request may take 5 seconds', () => expect(provider.timeMs).toBe(5_000))

  test('an answer of more than 256 KB is not read', async () => {
    expect(await withAnswer('/token', huge)).toMatchObject({ kind: 'unreadable', status: 502 })
  })

  test.each([
    [
      'no JSON',
      (response: ServerResponse) => response.writeHead(200, { 'content-type': 'text/html' }).end('<p>'),
    ],
    [
      'no ID token',
      (response: ServerResponse) =>
        response
          .writeHead(200, { 'content-type': 'application/json' })
          .end('{"access_token":"a","token_type":"bearer"}'),
    ],
    ['a redirect', (response: ServerResponse) => response.writeHead(302, { location: '/elsewhere' }).end()],
  ])('the token endpoint answers with %s', async (_, answer) => {
    expect(await withAnswer('/token', answer)).toMatchObject({ kind: 'unreadable' })
    expect(company.asked('/elsewhere')).toBe(0)
  })

  test("a secret that it does not know is the operator's to mend", async () => {
    expect(await signIn({ ...provider, clientSecret: 'wrong' })).toMatchObject({
      kind: 'unknown_client',
      status: 500,
    })
  })

  test('userinfo that speaks of somebody else is not taken', async () => {
    const thin = await startCompany(true)
    thin.answers.set('/me', (response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end('{"sub":"bob","groups":["ap-approvers"]}'),
    )
    expect(kindOf(await signIn(providerAt(thin)))).toBe('unreadable')
    await thin.stop()
  })
})

describe('metadata', () => {
  const begunWith = async (...saying: Parameters<typeof companySaying>) => {
    const other = await companySaying(...saying)
    const answer = await beginSignIn(providerAt(other), PLACE, Date.now())
    await other.stop()
    return answer.ok ? answer.url : answer.kind
  }

  test.each<[string, string, ...Parameters<typeof companySaying>]>([
    ['of another issuer', 'misconfigured', (own) => ({ ...own, issuer: 'https://evil.example' })],
    ['that is not there', 'misconfigured', () => ({}), 404],
    ['that is elsewhere', 'misconfigured', (own) => own, 302],
    ['that is no JSON', 'unreadable', () => 'no JSON'],
    ['of more than 256 KB', 'unreadable', (own) => ({ ...own, more: 'x'.repeat(256 * 1024) })],
    ['without a page for people', 'misconfigured', (own) => ({ ...own, authorization_endpoint: undefined })],
    [
      'with a page without https',
      'misconfigured',
      (own) => ({ ...own, authorization_endpoint: 'http://evil.example/' }),
    ],
    [
      'with a script as page',
      'misconfigured',
      (own) => ({ ...own, authorization_endpoint: 'javascript:alert(1)' }),
    ],
  ])('%s: nobody begins to sign in (%s)', async (_, kind, ...saying) => {
    expect(await begunWith(...saying)).toBe(kind)
  })

  const signedInWith = async (...saying: Parameters<typeof companySaying>) => {
    const other = await companySaying(...saying)
    const kind = kindOf(await signIn(providerAt(other)))
    const codes = other.asked('/token')
    await other.stop()
    return { kind, codes }
  }

  test.each<[string, (own: Record<string, unknown>) => Record<string, unknown>]>([
    ['without token endpoint', (own) => ({ ...own, token_endpoint: undefined })],
    ['with a token endpoint without https', (own) => ({ ...own, token_endpoint: 'http://evil.example/' })],
    ['with a token endpoint that is no address', (own) => ({ ...own, token_endpoint: 'file:///etc/passwd' })],
  ])('%s: no code and no secret is sent anywhere', async (_, change) => {
    expect(await signedInWith(change)).toEqual({ kind: 'misconfigured', codes: 0 })
  })

  test('with keys at an address without https, or nowhere: nobody comes in', async () => {
    for (const jwks_uri of ['http://evil.example/', undefined])
      expect((await signedInWith((own) => ({ ...own, jwks_uri }))).kind).not.toBe('signed in')
  })

  test.each([
    ['in the header', ['client_secret_post', 'client_secret_basic'], 'client_secret_basic', true],
    ['in the header where nothing is said', undefined, 'client_secret_basic', true],
    ['in the header where neither is named', ['private_key_jwt'], 'client_secret_basic', true],
    ['in the form where only that is taken', ['client_secret_post'], 'client_secret_post', false],
  ] as const)(
    'the client secret goes %s',
    async (_, token_endpoint_auth_methods_supported, authentication, inHeader) => {
      const sent = vi.spyOn(globalThis, 'fetch')
      const change = (own: object) => ({ ...own, token_endpoint_auth_methods_supported })
      expect((await signedInWith(change, 200, { authentication })).kind).toBe('signed in')
      const [, init] = sent.mock.calls.find(([url]) => String(url).endsWith('/token'))!
      sent.mockRestore()
      expect(Object.keys(init?.headers ?? {}).includes('authorization')).toBe(inHeader)
      expect(String(init?.body).includes('client_secret')).toBe(!inHeader)
    },
  )

  test('a sign-in that was begun at another provider is refused though this one names no issuer in the address', async () => {
    const other = await companySaying((own) => ({
      ...own,
      authorization_response_iss_parameter_supported: undefined,
    }))
    const callback = (url: URL) => url.searchParams.delete('iss')
    expect(kindOf(await signIn(providerAt(other), { callback }))).toBe('signed in')
    const pending = { issuer: 'https://old.example' }
    expect(kindOf(await signIn(providerAt(other), { callback, pending }))).toBe('wrong_issuer')
    expect(other.asked('/token')).toBe(1)
    await other.stop()
  })

  test('without a scope for the groups none is asked for; without a page for signing out there is none', async () => {
    const other = await companySaying((own) => ({
      ...own,
      scopes_supported: undefined,
      end_session_endpoint: undefined,
    }))
    const begin = await begun(providerAt(other))
    expect(new URL(begin.url).searchParams.get('scope')).toBe('openid profile email')
    expect(await endSessionUrl(providerAt(other), OUT)).toBeNull()
    await other.stop()
  })
})
