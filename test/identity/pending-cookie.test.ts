/** What a sign-in keeps in the browser: readable by the deployment alone, for ten minutes, used once. */
import { Hono } from 'hono'
import { expect, test } from 'vitest'
import {
  keepPending,
  openPending,
  sealPending,
  takePending,
} from '../../src/identity/provider/pending-cookie.ts'
import type { Pending } from '../../src/identity/provider/sign-in.ts'

const pepper = () => ({
  TOKEN_PEPPER: Buffer.from(crypto.getRandomValues(new Uint8Array(32))).toString('base64'),
})
const env = pepper()
const NOW = Date.UTC(2026, 10, 30)

const pending: Pending = {
  issuer: 'https://login.example.com',
  redirectUri: 'https://mcp.example.com/dashboard/sign-in/company',
  state: 's'.repeat(43),
  nonce: 'n'.repeat(43),
  codeVerifier: 'v'.repeat(43),
  next: '/dashboard',
  createdAt: NOW,
}

test('opens for ten minutes and not a moment longer', async () => {
  const sealed = await sealPending(env, pending)
  expect(await openPending(env, sealed, NOW)).toEqual(pending)
  expect(await openPending(env, sealed, NOW + 600_000)).toEqual(pending)
  expect(await openPending(env, sealed, NOW + 600_001)).toBeNull()
})

test('shows nothing of what is in it, and is another text each time', async () => {
  const [one, other] = [await sealPending(env, pending), await sealPending(env, pending)]
  expect(one).not.toBe(other)
  expect(Buffer.from(one, 'base64url').toString('latin1')).not.toContain('vvvv')
})

test('does not open under another key, changed anywhere, cut, or made up', async () => {
  const sealed = await sealPending(env, pending)
  expect(await openPending(pepper(), sealed, NOW)).toBeNull()
  for (let at = 0; at < sealed.length - 1; at += 7) {
    const changed = sealed.slice(0, at) + (sealed[at] === 'A' ? 'B' : 'A') + sealed.slice(at + 1)
    expect(await openPending(env, changed, NOW)).toBeNull()
  }
  for (const text of ['', 'x', '%', sealed.slice(0, 20), `${sealed}AAAA`, JSON.stringify(pending)])
    expect(await openPending(env, text, NOW)).toBeNull()
})

test('the longest that may be kept fits into a cookie', async () => {
  const long = {
    ...pending,
    issuer: `https://${'i'.repeat(250)}`,
    redirectUri: `https://${'r'.repeat(250)}`,
    next: 'x'.repeat(2_000),
  }
  expect((await sealPending(env, long)).length).toBeLessThan(4_000)
})

const app = new Hono()
  .get('/keep', async (c) => {
    await keepPending(c, pending)
    return c.text('kept')
  })
  .get('/take', async (c) => c.json(await takePending(c, NOW)))

const cookieOf = (response: Response) => response.headers.get('set-cookie') ?? ''

test('is a cookie of this very host over https, which no script reads', async () => {
  const cookie = cookieOf(await app.request('https://mcp.example.com/keep', {}, env))
  expect(cookie).toMatch(
    /^__Host-finexio_mcp_pending=[\w-]+; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
})

test('over http on loopback it has a name that browsers take there', async () => {
  const cookie = cookieOf(await app.request('http://127.0.0.1:8787/keep', {}, env))
  expect(cookie).toMatch(/^finexio_mcp_pending=[\w-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
})

test('is deleted when it is taken; without one there is nothing to take', async () => {
  const [kept] = cookieOf(await app.request('https://mcp.example.com/keep', {}, env)).split(';')
  const taken = await app.request('https://mcp.example.com/take', { headers: { cookie: kept! } }, env)
  expect(await taken.json()).toEqual(pending)
  expect(cookieOf(taken)).toContain('__Host-finexio_mcp_pending=; Max-Age=0; Path=/;')
  expect(await (await app.request('https://mcp.example.com/take', {}, env)).json()).toBeNull()
  const forged = { headers: { cookie: '__Host-finexio_mcp_pending=AAAA' } }
  expect(await (await app.request('https://mcp.example.com/take', forged, env)).json()).toBeNull()
})
