/** An identity provider that is down, slow, faulty or set up otherwise: nobody comes in, and the reason is said. */
import type { ServerResponse } from 'node:http'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Provider } from '../../src/identity/provider/settings.ts'
import { beginSignIn, endSessionUrl, finishSignIn } from '../../src/identity/provider/sign-in.ts'
import { type IdentityProvider, walk } from '../support/identity-provider.ts'
import { begun, kindOf, OUT, PLACE, providerAt, signIn, startCompany } from './company.ts'

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
    const started = Date.now()
    expect(await withAnswer('/token', answer, { ...provider, timeMs: 100 })).toMatchObject({
      kind: 'unavailable',
    })
    expect(Date.now() - started).toBeLessThan(3_000)
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

  const metadata = async (change: (own: Record<string, unknown>) => object | string, status = 200) => {
    const other = await startCompany()
    const own = (await (await fetch(`${other.issuer}/.well-known/openid-configuration`)).json()) as Record<
      string,
      unknown
    >
    const body = change(own)
    other.answers.set('/.well-known/openid-configuration', (response) =>
      response
        .writeHead(status, { 'content-type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body)),
    )
    const answer = await beginSignIn(providerAt(other), PLACE, Date.now())
    await other.stop()
    return answer.ok ? answer.url : answer.kind
  }

  test('what it says of itself: another issuer, nothing, no page for people, a page without https', async () => {
    expect(await metadata((own) => ({ ...own, issuer: 'https://evil.example' }))).toBe('misconfigured')
    expect(await metadata(() => ({}), 404)).toBe('misconfigured')
    expect(await metadata(() => 'no JSON')).toBe('unreadable')
    expect(await metadata((own) => ({ ...own, authorization_endpoint: undefined }))).toBe('misconfigured')
    expect(await metadata((own) => ({ ...own, authorization_endpoint: 'http://evil.example/' }))).toBe(
      'misconfigured',
    )
    expect(await metadata((own) => ({ ...own, authorization_endpoint: 'javascript:alert(1)' }))).toBe(
      'misconfigured',
    )
  })
})
