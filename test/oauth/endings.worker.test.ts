/** Each way in which access by a sign-in ends: at the next call, and at the next refresh. */
import { createExecutionContext, waitOnExecutionContext } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { handler } from '../../src/app.ts'
import { call, env, fakeFinexio } from '../api/support.ts'
import { signInAt } from './sign-in.ts'
import { BASE, newPlace, oauth, signedIn } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const reach = (url: string, token: string) => oauth.rpc(url, token, 'tools/list')

const ENDINGS: Record<string, (place: Awaited<ReturnType<typeof newPlace>>) => Promise<unknown>> = {
  'the API token is revoked': ({ ann }) => call('DELETE', `/api-token/${ann.id}`),
  'the sign-in is ended': async ({ path }) => {
    const { result } = (await call('GET', `${path}/grant`)).body
    return call('DELETE', `${path}/grant/${result[0].id}`)
  },
  'the server is deleted': ({ path }) => call('DELETE', path),
  'the account is deleted': ({ accountId }) => call('DELETE', `/integrated-account/${accountId}`),
  'the server asks no more': ({ path }) =>
    call('PATCH', path, { body: { config: { require_api_token_auth: false } } }),
}

test.each(Object.keys(ENDINGS))(
  'when %s, access ends at the next call and at the next refresh',
  async (how) => {
    const place = await newPlace()
    const { access, refreshToken, clientId } = await signedIn(place)
    expect((await reach(place.resource, access)).status).toBe(200)
    await ENDINGS[how]!(place)
    expect([401, 404]).toContain((await reach(place.resource, access)).status)
    const renewed = await oauth.refresh(clientId, refreshToken)
    expect([renewed.status, renewed.body.error]).toEqual([400, 'invalid_grant'])
  },
)

test('what ended with the demand to sign in stays ended when the server asks again', async () => {
  const place = await newPlace()
  const { access } = await signedIn(place)
  for (const require_api_token_auth of [false, true])
    await call('PATCH', place.path, { body: { config: { require_api_token_auth } } })
  expect((await reach(place.resource, access)).status).toBe(401)
})

test('an expired server takes its tokens along', async () => {
  const place = await newPlace()
  const { access } = await signedIn(place)
  await call('PATCH', place.path, { body: { expires_at: new Date(Date.now() + 120_000).toISOString() } })
  vi.useFakeTimers({ now: Date.now() + 180_000, toFake: ['Date'] })
  expect((await reach(place.resource, access)).status).toBe(404)
})

test('a client that gives a token back has ended its sign-in', async () => {
  const place = await newPlace()
  for (const which of ['access', 'refreshToken'] as const) {
    const flow = await signedIn(place)
    const { status } = await oauth.fetchTokens({ token: flow[which], client_id: flow.clientId })
    expect(status).toBe(200)
    expect((await reach(place.resource, flow.access)).status).toBe(401)
    expect((await call('GET', `${place.path}/grant`)).body.result).toEqual([])
  }
})

test('a stranger cannot give back what is not theirs', async () => {
  const place = await newPlace()
  const { access } = await signedIn(place)
  const other = (await oauth.register()).body.client_id
  expect((await oauth.fetchTokens({ token: access, client_id: other })).status).toBe(200)
  expect((await reach(place.resource, access)).status).toBe(200)
})

/** The same deployment after a secret was deleted or changed. */
const under = (pepper: string | undefined) =>
  signInAt(async (url, init) => {
    const ctx = createExecutionContext()
    const request = new Request(url, init) as Parameters<NonNullable<typeof handler.fetch>>[0]
    const response = await handler.fetch!(request, { ...env, TOKEN_PEPPER: pepper as string }, ctx)
    await waitOnExecutionContext(ctx)
    return response
  }, BASE)

// Seen at 0f47fef5: docs/operations.md says that deleting TOKEN_PEPPER ends everything, and a sign-in read on for its hour, since nothing
// on its way asks for the secret. Siblings: an empty one, one that is none, and another one, under which nothing is refreshed.
test.each([undefined, '', 'short'])(
  'with TOKEN_PEPPER %j no sign-in is accepted any more',
  async (pepper) => {
    const place = await newPlace()
    const { access } = await signedIn(place)
    expect((await oauth.rpc(place.resource, access, 'tools/list')).status).toBe(200)
    for (const method of ['tools/list', 'ping'])
      expect((await under(pepper).rpc(place.resource, access, method)).status).toBe(503)
    expect((await oauth.rpc(place.resource, access, 'tools/list')).status).toBe(200)
  },
)

test('under another TOKEN_PEPPER a sign-in is not refreshed', async () => {
  const place = await newPlace()
  const { clientId, refreshToken } = await signedIn(place)
  const other = under(btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(32)))))
  expect((await other.refresh(clientId, refreshToken)).status).toBe(400)
})
