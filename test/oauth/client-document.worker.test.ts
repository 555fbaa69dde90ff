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

// F11, seen at b8f2a26: addresses were asked before any rule looked at them, and a host that was down made the token endpoint
// answer 401 `invalid_client`, upon which clients throw their sign-in away.
test.each([
  'https://10.0.0.1/client.json',
  'https://0x7f.1/client.json',
  'https://2130706433/client.json',
  'https://[::1]/client.json',
  'https://[fd00::1]/client.json',
  'https://localhost/client.json',
  'https://router.local/client.json',
  'https://api.internal/client.json',
  'https://api.internal./client.json',
  'https://intranet/client.json',
  'https://10.0.0.1.nip.io/client.json',
  'https://user:pass@assistant.example/oauth/client.json',
  'https://assistant.example/oauth/client.json#x',
  'https://assistant.example/oauth/../client.json',
  'https://assistant.example/oauth/%2e%2e/client.json',
  'https://assistant.example\\@evil.example/client.json',
])('%s is never asked', async (client_id) => {
  const seen = internet(() => Response.json({ ...document, client_id }))
  const { resource } = await newPlace()
  const { page } = await openFor(resource, { client_id })
  expect([page.status, page.handle, seen]).toEqual([400, '', []])
})

test('keys of a client at an address inside are never asked for', async () => {
  const jwks_uri = 'https://169.254.169.254/keys'
  const seen = internet(() =>
    Response.json({ ...document, token_endpoint_auth_method: 'private_key_jwt', jwks_uri }),
  )
  const { resource } = await newPlace()
  expect((await openFor(resource)).page.status).toBe(400)
  expect(seen).toEqual([ID])
})

const OUTAGES: [what: string, answer: () => Response][] = [
  [
    'its host is down',
    () => {
      throw new TypeError('Network connection lost.')
    },
  ],
  ['its host answers 500', () => new Response(null, { status: 500 })],
  ['its host answers 429', () => new Response(null, { status: 429 })],
  ['a wall in front asks for a challenge', () => new Response('<html>', { status: 403 })],
]

/** Signed in by document, which then answers otherwise. */
const signedInByDocument = async () => {
  let answer: () => Response = () => Response.json(document)
  const seen = internet(() => answer())
  const { resource, apiToken } = await newPlace()
  const { page, verifier } = await openFor(resource)
  const left = await oauth.submit(page, { api_token: apiToken })
  const { body } = await oauth.fetchTokens({
    grant_type: 'authorization_code',
    code: left.next!.searchParams.get('code')!,
    client_id: ID,
    redirect_uri: REDIRECT_URI,
    code_verifier: verifier,
  })
  const becomes = (next: () => Response) => {
    answer = next
  }
  return { resource, token: body.refresh_token as string, becomes, seen }
}

test.each(OUTAGES)(
  'when %s at refresh, the client is told to try again and keeps its sign-in',
  async (_, down) => {
    const { token, becomes } = await signedInByDocument()
    becomes(down)
    const refused = await oauth.refresh(ID, token)
    expect([refused.status, refused.body.error]).toEqual([503, 'temporarily_unavailable'])
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0)
    becomes(() => Response.json(document))
    expect((await oauth.refresh(ID, token)).status).toBe(200)
  },
)

test('a client whose document is gone or forwards elsewhere is none any more', async () => {
  const { token, becomes, seen } = await signedInByDocument()
  for (const answer of [
    () => new Response(null, { status: 404 }),
    () => Response.redirect('https://evil.example/client.json', 302),
  ]) {
    becomes(answer)
    const { status, body } = await oauth.refresh(ID, token)
    expect([status, body.error]).toEqual([401, 'invalid_client'])
  }
  expect(seen.some((url) => url.includes('evil'))).toBe(false)
})

test('with the token of one client nobody makes us fetch the document of another', async () => {
  const { token, seen } = await signedInByDocument()
  const before = seen.length
  const { status, body } = await oauth.refresh('https://stranger.example/client.json', token)
  expect([status, body.error, seen.length]).toEqual([401, 'invalid_client', before])
})

test.each(OUTAGES)('when %s at sign-in, the page says so and keeps nothing', async (_, down) => {
  internet(down)
  const { resource } = await newPlace()
  const { page } = await openFor(resource)
  expect([page.status, page.handle, page.text]).toEqual([503, '', expect.stringContaining('Wait a minute')])
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
  internet(({ url }) => (url === jwks_uri ? new Response(null, { status: 502 }) : Response.json(signing)))
  const away = await exchange(good)
  expect([away.status, away.body.error]).toEqual([503, 'temporarily_unavailable'])
  internet(({ url }) => Response.json(url === jwks_uri ? { keys: [jwk] } : signing))
  expect((await exchange(good)).status).toBe(200)
  expect((await exchange(good)).body.error).toBe('invalid_client')
})
