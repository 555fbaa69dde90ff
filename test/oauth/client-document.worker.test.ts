/** Clients that are known by a document at their own address, with an internet that is a function. */
import { afterEach, expect, test, vi } from 'vitest'
import { newProof } from './sign-in.ts'
import { newPlace, oauth } from './support.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const ID = 'https://assistant.example/oauth/client.json'
const REDIRECT_URI = 'https://assistant.example/connector_platform_oauth_redirect'
const document = {
  client_id: ID,
  client_name: 'Assistant',
  redirect_uris: [REDIRECT_URI],
  token_endpoint_auth_method: 'none',
}

/** Answers Finexio's credential check as well. */
const internet = (answer: (request: Request) => Response) => {
  const seen: string[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init)
    if (request.url.startsWith('https://finexio.test')) return Response.json([])
    seen.push(request.url)
    return answer(request)
  })
  return seen
}

const openFor = async (resource: string, more: Record<string, string> = {}) => {
  const { challenge, verifier } = await newProof()
  const page = await oauth.open({
    client_id: ID,
    redirect_uri: REDIRECT_URI,
    resource,
    code_challenge: challenge,
    code_challenge_method: 'S256',
    ...more,
  })
  return { page, verifier }
}

test('a client is shown by the domain of its document, and fetches tokens without registering', async () => {
  internet(() => Response.json(document))
  const { resource, apiToken } = await newPlace()
  const { page, verifier } = await openFor(resource)
  expect(page.text).toContain('Asked by assistant.example')
  expect(page.text).not.toContain('nobody checked the name')
  const left = await oauth.submit(page, { api_token: apiToken })
  const { status } = await oauth.fetchTokens({
    grant_type: 'authorization_code',
    code: left.next!.searchParams.get('code')!,
    client_id: ID,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  })
  expect(status).toBe(200)
})

const REFUSED: [what: string, answer: (request: Request) => Response][] = [
  ['that is not there', () => new Response(null, { status: 404 })],
  ['that is somewhere else', () => Response.redirect('https://evil.example/client.json', 302)],
  ['of another client', () => Response.json({ ...document, client_id: 'https://evil.example/client.json' })],
  [
    'that is too long',
    () => Response.json({ ...document, client_uri: `https://a.example/${'x'.repeat(6_000)}` }),
  ],
  ['with a secret in it', () => Response.json({ ...document, client_secret: 'x' })],
  ['that is no JSON', () => new Response('<html>')],
]

test.each(REFUSED)('a document %s lets nobody in', async (_, answer) => {
  internet(answer)
  const { resource } = await newPlace()
  const { page } = await openFor(resource)
  expect([page.status, page.next, page.headers.get('location'), page.handle]).toEqual([400, null, null, ''])
  expect(page.text).toContain('could not be verified')
})

test('a redirect that the document does not list is refused', async () => {
  internet(() => Response.json(document))
  const { resource } = await newPlace()
  const { page } = await openFor(resource, { redirect_uri: 'https://evil.example/' })
  expect([page.status, page.headers.get('location')]).toEqual([400, null])
})

test('an address of this deployment is no client, and is neither asked nor logged', async () => {
  const seen = internet(() => Response.json(document))
  const warn = vi.spyOn(console, 'warn')
  const { resource, server } = await newPlace()
  const { page } = await openFor(resource, { client_id: server.url })
  expect([page.status, seen, warn.mock.calls]).toEqual([400, [], []])
  expect(page.html).not.toContain(server.token)
})

test('only https addresses with a path are asked', async () => {
  const seen = internet(() => Response.json(document))
  const { resource } = await newPlace()
  for (const client_id of [
    'http://assistant.example/c.json',
    'https://assistant.example',
    'file:///etc/passwd',
  ])
    expect((await openFor(resource, { client_id })).page.status).toBe(400)
  expect(seen.filter((url) => !url.startsWith('https://assistant.example/'))).toEqual([])
})

const encoded = (value: object | ArrayBuffer): string => {
  const bytes =
    value instanceof ArrayBuffer ? new Uint8Array(value) : new TextEncoder().encode(JSON.stringify(value))
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replaceAll('=', '')
}

/** A client that signs instead of being public, as ChatGPT prefers to. */
const newKey = async () => {
  const rsa = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' }
  const params = { ...rsa, modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]) }
  const pair = (await crypto.subtle.generateKey(params, true, ['sign', 'verify'])) as CryptoKeyPair
  const jwk = {
    ...(await crypto.subtle.exportKey('jwk', pair.publicKey)),
    kid: 'k1',
    alg: 'RS256',
    use: 'sig',
  }
  const assertion = async (aud: string): Promise<string> => {
    const exp = Math.floor(Date.now() / 1000) + 60
    const claims = { iss: ID, sub: ID, aud, exp, jti: crypto.randomUUID() }
    const text = `${encoded({ alg: 'RS256', kid: 'k1' })}.${encoded(claims)}`
    return `${text}.${encoded(await crypto.subtle.sign(rsa, pair.privateKey, new TextEncoder().encode(text)))}`
  }
  return { jwk, assertion }
}

test('a client that signs its requests is let in by its published key, once per signature, and by no other', async () => {
  const { jwk, assertion } = await newKey()
  const jwks_uri = 'https://assistant.example/oauth/jwks.json'
  const { token_endpoint_auth_method: _, ...rest } = document
  const methods = ['none', 'private_key_jwt']
  const signing = { ...rest, jwks_uri, token_endpoint_auth_methods_supported: methods }
  internet(({ url }) => Response.json(url === jwks_uri ? { keys: [jwk] } : signing))
  const { resource, apiToken } = await newPlace()
  const { page, verifier } = await openFor(resource)
  const left = await oauth.submit(page, { api_token: apiToken })
  const exchange = (client_assertion: string) =>
    oauth.fetchTokens({
      grant_type: 'authorization_code',
      code: left.next!.searchParams.get('code')!,
      redirect_uri: REDIRECT_URI,
      code_verifier: verifier,
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion,
    })
  const stranger = await newKey()
  expect((await exchange(await stranger.assertion('https://mcp.test/oauth'))).body.error).toBe(
    'invalid_client',
  )
  expect((await exchange(await assertion('https://elsewhere.test'))).body.error).toBe('invalid_client')
  const good = await assertion('https://mcp.test/oauth')
  expect((await exchange(good)).status).toBe(200)
  expect((await exchange(good)).body.error).toBe('invalid_client')
})
