/** One server, one name, however a client spells its address. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { fakeFinexio } from '../api/support.ts'
import { newProof, REDIRECT } from './sign-in.ts'
import { BASE, http, newPlace, newServer, oauth, signedIn } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const SPELLINGS: [string, (url: string) => string][] = [
  ['a closing slash', (url) => `${url}/`],
  ['an upper-case scheme and host', (url) => url.replace(BASE, 'HTTPS://MCP.TEST')],
  ['a query', (url) => `${url}?x=1`],
]

// F12, seen at b8f2a26: 400 at the sign-in page and at the token endpoint.
test.each(SPELLINGS)('with %s the whole way is gone, and the token is for the one name', async (_, spell) => {
  const place = await newPlace()
  const { exchange } = await oauth.codeFor({ ...place, resource: spell(place.resource) })
  const { status, body } = await exchange()
  expect([status, body.resource]).toEqual([200, place.resource])
  expect((await oauth.rpc(place.resource, body.access_token, 'tools/list')).status).toBe(200)
})

test.each(SPELLINGS.filter(([name]) => !name.includes('upper')))(
  'the 401 at an address with %s leads to metadata that name that very address',
  async (_, spell) => {
    const { resource } = await newPlace()
    const called = spell(resource)
    const { headers } = await oauth.rpc(called, null, 'initialize')
    const metadata = /resource_metadata="([^"]+)"/.exec(headers.get('www-authenticate')!)![1]!
    expect(metadata).toBe(`${BASE}/.well-known/oauth-protected-resource${called.slice(BASE.length)}`)
    expect(((await (await http(metadata)).json()) as { resource: string }).resource).toBe(called)
    const head = await http(metadata, { method: 'HEAD' })
    expect(head.status).toBe(200)
  },
)

const openWith = async (resources: string[]) => {
  const { challenge } = await newProof()
  const url = new URL(`${BASE}/oauth/authorize`)
  const params = {
    response_type: 'code',
    client_id: await oauth.publicClient(),
    redirect_uri: REDIRECT,
    code_challenge: challenge,
    code_challenge_method: 'S256',
  }
  for (const [name, value] of Object.entries(params)) url.searchParams.set(name, value)
  for (const resource of resources) url.searchParams.append('resource', resource)
  return (await http(url.href)).status
}

test('the same server may be named several times, two servers may not', async () => {
  const place = await newPlace()
  const second = (await newServer(place.accountId)).resource_url
  expect(await openWith([place.resource, `${place.resource}/`])).toBe(200)
  expect(await openWith([place.resource, second])).toBe(400)
  expect(await openWith(Array.from({ length: 9 }, () => place.resource))).toBe(400)
  const { clientId, refreshToken } = await signedIn(place)
  const refreshWith = async (resources: string[]) => {
    const form = new URLSearchParams({ grant_type: 'refresh_token', refresh_token: refreshToken })
    form.set('client_id', clientId)
    for (const resource of resources) form.append('resource', resource)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const answer = await http(`${BASE}/oauth/token`, { method: 'POST', headers, body: form.toString() })
    return answer.status
  }
  expect(await refreshWith([place.resource, second])).toBe(400)
  expect(await refreshWith([`${place.resource}/`, place.resource])).toBe(200)
})
