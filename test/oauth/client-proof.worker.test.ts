/** How clients prove themselves at the token endpoint: one credential, in either place. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeFinexio } from '../api/support.ts'
import { REDIRECT } from './sign-in.ts'
import { BASE, http, newPlace, oauth } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const basic = (id: string, secret: string) => `Basic ${btoa(`${id}:${secret}`)}`

const send = async (fields: Record<string, string>, authorization?: string) => {
  const response = await http(`${BASE}/oauth/token`, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      ...(authorization !== undefined && { authorization }),
    },
    body: new URLSearchParams(fields).toString(),
  })
  return { status: response.status, body: (await response.json()) as Record<string, string> }
}

/** A client with a secret, and a code of its own. */
const withCode = async (token_endpoint_auth_method: string | undefined) => {
  const { body } = await oauth.register({ token_endpoint_auth_method })
  const [id, secret] = [body.client_id as string, body.client_secret as string]
  const { code, proof } = await oauth.codeFor(await newPlace(), { client_id: id })
  const fields = {
    grant_type: 'authorization_code',
    code,
    redirect_uri: REDIRECT,
    code_verifier: proof.verifier,
  }
  return { id, secret, fields }
}

/**
 * The official Python SDK registers so, and sends what `prepare_token_auth` of `mcp/client/auth/oauth2.py` builds (read at commit
 * 023c442): both halves percent-encoded in Basic, `client_id` still in the form, `client_secret` not. Rebuilt from its source,
 * not taken from the wire: Python is not there when tests run.
 */
const REGISTRATION = {
  client_name: 'simple-auth-client',
  redirect_uris: ['http://localhost:3030/callback'],
  grant_types: ['authorization_code', 'refresh_token'],
  response_types: ['code'],
  token_endpoint_auth_method: 'client_secret_basic',
  scope: 'mcp:read',
}

// F5, seen at b8f2a26: 400 "Client must not use multiple authentication methods".
test('the exchange of the official Python SDK: Basic, and client_id in the form', async () => {
  const { resource, apiToken } = await newPlace()
  const { body: client } = await oauth.register(REGISTRATION)
  const redirect_uri = 'http://localhost:3030/callback'
  expect(client.token_endpoint_auth_method).toBe('client_secret_basic')
  const { code, proof } = await oauth.codeFor(
    { resource, apiToken },
    { client_id: client.client_id, redirect_uri },
  )
  const authorization = basic(encodeURIComponent(client.client_id), encodeURIComponent(client.client_secret))
  const exchanged = await send(
    {
      grant_type: 'authorization_code',
      code,
      redirect_uri,
      client_id: client.client_id,
      code_verifier: proof.verifier,
      resource,
    },
    authorization,
  )
  expect([exchanged.status, exchanged.body.token_type]).toEqual([200, 'bearer'])
  const refreshed = await send(
    {
      grant_type: 'refresh_token',
      refresh_token: exchanged.body.refresh_token!,
      client_id: client.client_id,
      resource,
    },
    authorization,
  )
  expect(refreshed.status).toBe(200)
  const given = await http(`${BASE}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded', authorization },
    body: new URLSearchParams({
      token: refreshed.body.access_token!,
      client_id: client.client_id,
    }).toString(),
  })
  expect(given.status).toBe(200)
  expect((await oauth.rpc(resource, refreshed.body.access_token!, 'tools/list')).status).toBe(401)
})

// Siblings: the same secret in both places, in the place that was not registered, and by clients that named no place.
test.each(['client_secret_basic', 'client_secret_post', undefined])(
  'a client registered with %s is known by its secret in either place',
  async (method) => {
    const ways = [
      ({ id, secret }: Record<string, string>) => [{}, basic(id!, secret!)] as const,
      ({ id, secret }: Record<string, string>) => [{ client_id: id! }, basic(id!, secret!)] as const,
      ({ id, secret }: Record<string, string>) =>
        [{ client_id: id!, client_secret: secret! }, basic(id!, secret!)] as const,
      ({ id, secret }: Record<string, string>) => [{ client_id: id!, client_secret: secret! }] as const,
    ]
    for (const way of ways) {
      const { id, secret, fields } = await withCode(method)
      const [more, authorization] = way({ id, secret })
      expect((await send({ ...fields, ...more }, authorization)).status).toBe(200)
    }
  },
)

test.each<[string, (id: string, secret: string) => [Record<string, string>, string?], string]>([
  ['two clients', (id, secret) => [{ client_id: 'other' }, basic(id, secret)], 'invalid_request'],
  [
    'two secrets',
    (id, secret) => [{ client_id: id, client_secret: 'other' }, basic(id, secret)],
    'invalid_request',
  ],
  ['no secret', (id) => [{ client_id: id }], 'invalid_client'],
  ['an empty secret', (id) => [{ client_id: id }, basic(id, '')], 'invalid_client'],
  ['a wrong secret', (id) => [{ client_id: id }, basic(id, 'guessed')], 'invalid_client'],
  ['Basic that cannot be read', (id) => [{ client_id: id }, 'Basic !!!'], 'invalid_request'],
])('%s give no token', async (_, given, error) => {
  const { id, secret, fields } = await withCode('client_secret_basic')
  const [more, authorization] = given(id, secret)
  const refused = await send({ ...fields, ...more }, authorization)
  expect([refused.body.error, refused.body.access_token]).toEqual([error, undefined])
})

test('a client without a secret may repeat its name in Basic, and proves nothing by a secret', async () => {
  const { id, fields } = await withCode('none')
  expect((await send({ ...fields, client_id: id }, basic(id, 'made-up'))).body.error).toBe('invalid_client')
  expect((await send({ ...fields, client_id: id }, basic(id, ''))).status).toBe(200)
})
