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
