/** Server cards and their catalog (SEP-2127): public by nature, so made without a look at what there is. At b8f2a26 both were 404. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { resourceIdOf } from '../../src/rules/resource-id.ts'
import { fakeFinexio } from '../api/support.ts'
import { BASE, http, newPlace, oauth } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const stranger = () =>
  `${BASE}/mcp/s/${resourceIdOf({ accountId: crypto.randomUUID(), serverId: crypto.randomUUID() })}`

const seen = async (url: string, init?: RequestInit) => {
  const response = await http(url, init)
  const headers = [...response.headers].filter(([name]) => name !== 'x-request-id')
  return { status: response.status, headers: Object.fromEntries(headers), text: await response.text() }
}

/** What the schema of cards asks for. */
const fits = (card: Record<string, string>) => {
  expect(card.$schema).toBe('https://static.modelcontextprotocol.io/schemas/v1/server-card.schema.json')
  expect(card.name).toMatch(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/)
  expect(card.version).toMatch(/^\d+\.\d+\.\d+$/)
  expect(card.description!.length).toBeLessThanOrEqual(100)
  expect(Object.keys(card).toSorted()).toEqual(
    ['$schema', 'description', 'icons', 'name', 'remotes', 'title', 'version'].toSorted(),
  )
}

test('a server that is there and one that never was have the same card, but for the address asked', async () => {
  const { resource } = await newPlace()
  const other = stranger()
  const [real, unknown] = [await seen(`${resource}/server-card`), await seen(`${other}/server-card`)]
  expect(real).toEqual({ ...unknown, text: unknown.text.replace(other, resource) })
  expect(real.status).toBe(200)
  expect(real.headers).toMatchObject({
    'content-type': 'application/mcp-server-card+json',
    'access-control-allow-origin': '*',
    'cache-control': 'public, max-age=3600',
  })
  const card = JSON.parse(real.text)
  fits(card)
  expect(card.remotes).toEqual([{ type: 'streamable-http', url: resource }])
  // The address of the card is that of the server and a suffix, so what signs in there is the same.
  expect((await oauth.rpc(card.remotes[0].url, null, 'initialize')).status).toBe(401)
})

test('the catalog lists the deployment alone, whatever servers there are', async () => {
  const before = await seen(`${BASE}/.well-known/ai-catalog.json`)
  const { resource } = await newPlace()
  expect(await seen(`${BASE}/.well-known/ai-catalog.json`)).toEqual(before)
  expect(before.text).not.toContain(new URL(resource).pathname)
  expect(before.headers['content-type']).toBe('application/ai-catalog+json')
  const { specVersion, entries } = JSON.parse(before.text)
  expect([specVersion, entries.length]).toEqual(['1.0', 1])
  const card = JSON.parse((await seen(entries[0].url)).text)
  fits(card)
  expect(card.remotes).toMatchObject([{ url: `${BASE}/mcp/s/{id}`, variables: { id: { isRequired: true } } }])
})

test('HEAD and OPTIONS say the same without the card; browsers get it as well', async () => {
  const url = `${stranger()}/server-card`
  const got = await seen(url)
  expect(await seen(url, { method: 'HEAD' })).toEqual({ ...got, text: '' })
  expect((await seen(url, { method: 'OPTIONS', headers: { origin: 'https://a.test' } })).status).toBe(204)
  expect(await seen(url, { headers: { accept: 'text/html' } })).toEqual(got)
})

// Siblings: a URL with a token has none, nor has what is no id; both answer as they did.
test.each([
  '/mcp/TOKEN/server-card',
  '/mcp/s/x/server-card',
  '/mcp/s/server-card',
  '/mcp/s/a/b/server-card',
  '/.well-known/mcp/server-card.json',
])('GET %s: 404', async (path) => {
  const { status } = await http(BASE + path.replace('TOKEN', `fxmcp_${'a'.repeat(60)}`))
  expect(status).toBe(404)
})

test('POST to the address of a card is an unknown URL', async () => {
  expect((await http(`${stranger()}/server-card`, { method: 'POST', body: '{}' })).status).toBe(404)
})
