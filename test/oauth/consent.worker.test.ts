/** The page on which a person decides: what it says, what it lets happen, and what cannot be forged. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { toolsFor } from '../../src/tools/visible/view.ts'
import { call, fakeFinexio } from '../api/support.ts'
import { newProof } from './sign-in.ts'
import { BASE, http, newApiToken, newPlace, oauth, signedIn } from './support.ts'

const everything = toolsFor({ methods: ['read', 'write'] })

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const pageFor = async (resource: string, more: Record<string, string> = {}) => {
  const { challenge: code_challenge } = await newProof()
  const client_id = more.client_id ?? (await oauth.publicClient())
  return oauth.open({ client_id, resource, code_challenge, code_challenge_method: 'S256', ...more })
}

test('it names client, redirect host, account, server and what the client may do', async () => {
  const { resource } = await newPlace()
  const { status, text } = await pageFor(resource)
  const count = (...effects: string[]) => everything.filter(({ effect }) => effects.includes(effect)).length
  expect(status).toBe(200)
  expect(text).toContain('Let Ledger Bot use Finexio?')
  expect(text).toMatch(/Asked by Ledger Bot \(it named itself; nobody checked the name\)/)
  expect(text).toContain('Access goes to client.example')
  expect(text).toContain('Account Acme & Sons')
  expect(text).toContain('MCP server AP agent')
  expect(text).toContain(`Read: ${count('read')} tools`)
  expect(text).toContain(`Change data: ${count('write')} tools`)
  expect(text).toContain(`Move money, or change who is paid: ${count('money')} tools`)
  for (const { title } of everything) expect(text).toContain(title)
})

test('it can be neither framed nor scripted, nor kept', async () => {
  const { resource } = await newPlace()
  const page = await pageFor(resource)
  const csp = page.headers.get('content-security-policy')!
  expect(csp.split('; ').sort()).toEqual([
    "base-uri 'none'",
    "default-src 'none'",
    "form-action 'self'",
    "frame-ancestors 'none'",
    "style-src 'self'",
  ])
  expect(page.headers.get('x-frame-options')).toBe('DENY')
  expect(page.headers.get('cache-control')).toBe('no-store')
  expect(page.headers.get('referrer-policy')).toBe('same-origin')
  expect(page.html).not.toMatch(/<script|\sstyle=|\son\w+=|<style/)
  const cookie = page.headers.getSetCookie()
  expect(cookie).toEqual([
    expect.stringMatching(/^__Host-oauth-consent-.*; Path=\/; Secure; HttpOnly; SameSite=Lax/),
  ])
  expect(page.html).toMatch(/<input type="password"[^>]*autocomplete="off"/)
  const style = await http(`${BASE}/oauth/style.css`)
  expect([style.status, style.headers.get('content-type')]).toEqual([200, 'text/css; charset=utf-8'])
})

test.each([
  ['of another origin', { origin: 'https://evil.example' }, 403],
  ['of no origin', { origin: 'null' }, 403],
  ['from another browser', { cookie: '' }, 400],
  ['with the cookie of another page', { cookie: '__Host-oauth-consent-0000000000000000=00' }, 400],
])('a form %s does nothing', async (_, headers, status) => {
  const { resource, apiToken, path } = await newPlace()
  const page = await pageFor(resource)
  const refused = await oauth.submit(page, { api_token: apiToken }, headers)
  expect([refused.status, refused.next]).toEqual([status, null])
  const other = await pageFor(resource)
  const crossed = await oauth.submit({ handle: page.handle, cookie: other.cookie }, { api_token: apiToken })
  expect([crossed.status, crossed.next]).toEqual([400, null])
  expect((await call('GET', `${path}/grant`)).body.result).toEqual([])
})

// F9, seen at b8f2a26: "This authorization was not started in this browser", and the code was lost. Siblings: both clicks at
// the same moment, a click after a minute, the same form with another person's API token.
test('a second click on Allow gives the same page for a minute, and one sign-in', async () => {
  const { resource, apiToken, path } = await newPlace()
  const page = await pageFor(resource)
  const [first, second] = await Promise.all([1, 2].map(() => oauth.submit(page, { api_token: apiToken })))
  const third = await oauth.submit(page, { api_token: apiToken })
  expect(first!.next!.searchParams.get('code')).toMatch(/.{90}/)
  expect([second!.next!.href, third.next!.href]).toEqual([first!.next!.href, first!.next!.href])
  expect((await call('GET', `${path}/grant`)).body.result).toHaveLength(1)
  const log = await call('GET', `/log?log_type=management&limit=50`)
  expect(JSON.stringify(log.body).split('POST /oauth/authorize').length - 1).toBeLessThanOrEqual(1)
})

test('after a minute, or with the API token of somebody else, a form that was used does nothing', async () => {
  const { resource, apiToken } = await newPlace()
  const page = await pageFor(resource)
  expect((await oauth.submit(page, { api_token: apiToken })).next).not.toBeNull()
  const ben = await newApiToken(['mcp'], 'Ben')
  const other = await oauth.submit(page, { api_token: ben.token })
  expect([other.status, other.next, other.text]).toEqual([400, null, expect.stringContaining('used already')])
  vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] })
  const late = await oauth.submit(page, { api_token: apiToken })
  vi.useRealTimers()
  expect([late.status, late.next, late.text]).toEqual([400, null, expect.stringContaining('used already')])
})

test('a page that stood open for more than ten minutes is started again', async () => {
  const { resource, apiToken } = await newPlace()
  const page = await pageFor(resource)
  vi.useFakeTimers({ now: Date.now() + 601_000, toFake: ['Date'] })
  const late = await oauth.submit(page, { api_token: apiToken })
  vi.useRealTimers()
  expect([late.status, late.next, late.text]).toEqual([400, null, expect.stringContaining('ten minutes')])
})

test('a form that somebody changed or made up opens nothing', async () => {
  const { resource, apiToken } = await newPlace()
  const page = await pageFor(resource)
  for (const handle of [`${page.handle.slice(0, -2)}AA`, 'made-up', '']) {
    const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(handle))
    const hash = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
    const cookie = `__Host-oauth-consent-${hash.slice(0, 16)}=${hash}`
    const refused = await oauth.submit({ handle, cookie }, { api_token: apiToken })
    expect([refused.status, refused.next]).toEqual([400, null])
  }
})

test('who declines sends the client an error with its issuer, and needs no token for it', async () => {
  const { resource } = await newPlace()
  const left = await oauth.submit(await pageFor(resource), { decision: 'deny' })
  expect([left.status, left.next!.origin]).toEqual([200, 'https://client.example'])
  const { error, iss, state } = Object.fromEntries(left.next!.searchParams)
  expect([error, iss, state]).toEqual(['access_denied', `${BASE}/oauth`, 'state-1'])
})

test('the page that leads back holds the address once as link and sends no referrer', async () => {
  const { left } = await oauth.codeFor(await newPlace())
  expect(left.headers.get('referrer-policy')).toBe('no-referrer')
  expect(left.headers.get('cache-control')).toBe('no-store')
  expect(left.text).toContain('Continue')
  expect(left.headers.getSetCookie()[0]).toContain('Max-Age=60')
})

const HOSTILE = '<img src=x onerror=alert(1)>"\'\u202e\u200bBank'

test('names of strangers are shown as text, without what nobody sees', async () => {
  const { resource, accountId, path } = await newPlace()
  await call('PATCH', `/integrated-account/${accountId}`, { body: { name: '<b>Acme</b>' } })
  await call('PATCH', path, { body: { name: '"><script>alert(1)</script>' } })
  const { body } = await oauth.register({ client_name: HOSTILE })
  const { html, text } = await pageFor(resource, { client_id: body.client_id })
  expect(html).not.toMatch(/<img|<b>|<script|[\u202e\u200b]/)
  expect(text).toContain('Bank')
})

test('a program on the same computer is pointed out', async () => {
  const { resource } = await newPlace()
  const redirect_uri = 'http://127.0.0.1:33418/callback'
  const { body } = await oauth.register({ redirect_uris: [redirect_uri] })
  const { text } = await pageFor(resource, { client_id: body.client_id, redirect_uri })
  expect(text).toContain('Access goes to a program on your computer.')
})

const toolsOf = async (resource: string, access: string) => {
  const { body } = await oauth.rpc(resource, access, 'tools/list')
  return body.result.tools as { name: string; annotations: { readOnlyHint: boolean } }[]
}

test('without mcp:write a client sees and calls read tools only', async () => {
  const place = await newPlace()
  const reader = await signedIn(place)
  const tools = await toolsOf(place.resource, reader.access)
  expect(tools.length).toBeGreaterThan(10)
  expect(tools.every(({ annotations }) => annotations.readOnlyHint)).toBe(true)
  const hidden = { name: 'create_a_finexio_supplier', arguments: {} }
  const refused = await oauth.rpc(place.resource, reader.access, 'tools/call', hidden)
  expect(refused.body.error.message).toBe('Unknown tool: create_a_finexio_supplier')
  const writer = await signedIn(place, { write: 'yes' })
  expect(writer.answer.scope).toBe('mcp:read mcp:write')
  expect((await toolsOf(place.resource, writer.access)).length).toBe(everything.length)
})

// A12, seen at b8f2a26: the box was ticked for every client that asked for mcp:write. Siblings: offline access beside it,
// the scope twice, a parameter named like the box.
test.each([
  ['mcp:read', {}],
  ['mcp:read mcp:write', {}],
  ['mcp:read mcp:write offline_access', {}],
  ['mcp:write mcp:write', {}],
  ['mcp:write', { write: 'yes', ticked: 'true' }],
])('the box for changes is the person’s to tick, also when the client asks for %s', async (scope, more) => {
  const { resource } = await newPlace()
  const { html } = await pageFor(resource, { scope, ...more })
  expect(/<input type="checkbox"[^>]*>/.exec(html)?.[0]).not.toContain('checked')
})

test('the box for changes keeps what the person ticked, and is absent where nothing can change', async () => {
  const { resource } = await newPlace()
  const again = await oauth.submit(await pageFor(resource), { api_token: 'wrong', write: 'yes' })
  expect([again.status, again.html]).toEqual([
    403,
    expect.stringMatching(/<input type="checkbox"[^>]*checked/),
  ])
  const reading = await newPlace({ methods: ['read'] })
  expect((await pageFor(reading.resource, { scope: 'mcp:write' })).html).not.toContain('type="checkbox"')
  const forced = await signedIn(reading, { write: 'yes', scope: 'mcp:read mcp:write admin' })
  expect(forced.answer.scope).toBe('mcp:read')
})

test('a token request may ask for less, never for more', async () => {
  const place = await newPlace()
  const { clientId, refreshToken } = await signedIn(place, { write: 'yes' })
  const less = await oauth.refresh(clientId, refreshToken, { scope: 'mcp:read' })
  expect(less.body.scope).toBe('mcp:read')
  expect((await toolsOf(place.resource, less.body.access_token)).length).toBeLessThan(everything.length)
  const more = await oauth.refresh(clientId, less.body.refresh_token, { scope: 'mcp:read admin' })
  expect(more.body.scope).toBe('mcp:read')
  const none = await oauth.refresh(clientId, more.body.refresh_token, { scope: 'admin' })
  expect(none.body.error).toBe('invalid_scope')
})
