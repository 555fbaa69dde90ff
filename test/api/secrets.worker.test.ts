import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { call, connect, env, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const SECRET = {
  username: 'hook-user-canary',
  password: 'hook-password-canary',
  allowed_hosts: ['hooks.acme.com', 'hooks.acme.com', 'b.acme.com'],
}
const put = (account: string, name: string, body: object = SECRET, more: object = {}) =>
  call('PUT', `/integrated-account/${account}/secret/${name}`, { body, ...more })
const list = async (account: string) => (await call('GET', `/integrated-account/${account}/secret`)).body

test('a secret is stored, listed without its values, replaced and erased', async () => {
  const account = await connect()
  const stored = await put(account, 'acme_hooks')
  expect([stored.status, stored.body]).toEqual([
    200,
    {
      name: 'acme_hooks',
      allowed_hosts: ['hooks.acme.com', 'b.acme.com'],
      created_at: expect.stringMatching(/Z$/),
      updated_at: expect.stringMatching(/Z$/),
    },
  ])
  const replaced = await put(account, 'acme_hooks', { ...SECRET, allowed_hosts: ['c.acme.com'] })
  expect(replaced.body).toMatchObject({ allowed_hosts: ['c.acme.com'], created_at: stored.body.created_at })
  expect(await list(account)).toEqual({ result: [replaced.body], next_cursor: null })
  expect(stored.text + replaced.text + JSON.stringify(await list(account))).not.toContain('canary')
  const path = `/integrated-account/${account}/secret/acme_hooks`
  expect((await call('DELETE', path)).body).toEqual({ name: 'acme_hooks' })
  expect((await call('DELETE', path)).status).toBe(404)
  expect((await list(account)).result).toEqual([])
})

test.each<[string, object, RegExp]>([
  ['no host', { ...SECRET, allowed_hosts: [] }, /allowed_hosts/],
  ['no list of hosts', { username: 'u', password: 'p' }, /allowed_hosts/],
  [
    'a private host',
    { ...SECRET, allowed_hosts: ['a.acme.com', 'x.internal'] },
    /allowed_hosts\.1: .*private/,
  ],
  ['loopback', { ...SECRET, allowed_hosts: ['127.0.0.1'] }, /not an IP address/],
  ['a wildcard', { ...SECRET, allowed_hosts: ['*.acme.com'] }, /plain DNS name/],
  ['an address', { ...SECRET, allowed_hosts: ['https://hooks.acme.com'] }, /plain DNS name/],
  ['this server', { ...SECRET, allowed_hosts: ['mcp.test'] }, /private use/],
  ['a colon in the name', { ...SECRET, username: 'a:b' }, /username: must not hold a colon/],
  ['a masked password', { ...SECRET, password: '********' }, /password: is a masked value/],
  ['a blank at the end', { ...SECRET, password: 'x ' }, /password: .*blank/],
  ['an invisible character', { ...SECRET, password: 'a\u200bb' }, /password: .*invisible/],
  ['an unknown key', { ...SECRET, host: 'x' }, /"host"/],
])('%s is a 400 that repeats no value', async (_, body, message) => {
  const account = await connect()
  const answer = await put(account, 'acme', body)
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(message)])
  expect(answer.text).not.toContain('canary')
  expect((await list(account)).result).toEqual([])
})

test('this server itself is no receiver, under whatever name clients know it', async () => {
  const account = await connect()
  const settings = { ...env, PUBLIC_URL: 'https://mcp.acme-pay.com' }
  const body = { ...SECRET, allowed_hosts: ['mcp.acme-pay.com'] }
  const answer = await call('PUT', `/integrated-account/${account}/secret/x`, { body }, settings)
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(/this server itself/)])
})

test.each(['Acme', 'a.b', '-a', 'a%20b', 'a'.repeat(65)])('%s is no name', async (name) => {
  expect((await put(await connect(), name)).status).toBe(400)
})

test('only who manages the account may, and unknown accounts are a 404', async () => {
  const [mine, other] = [await connect('mine'), await connect('other')]
  const body = { name: 'x', scopes: [`account:${mine}`] }
  const key = (await call('POST', '/api-token', { body })).body.token
  expect((await put(mine, 'acme', SECRET, { key })).status).toBe(200)
  expect((await put(other, 'acme', SECRET, { key })).status).toBe(404)
  expect((await put(crypto.randomUUID(), 'acme')).status).toBe(404)
  const mcp = (await call('POST', '/api-token', { body: { name: 'x', scopes: ['mcp'] } })).body.token
  expect((await call('GET', `/integrated-account/${mine}/secret`, { key: mcp })).status).toBe(403)
  expect((await call('GET', `/integrated-account/${mine}/secret`, { key: null })).status).toBe(401)
  expect((await call('POST', `/integrated-account/${mine}/secret/acme`)).status).toBe(405)
})

test('the trail names the secret and what was sent, and holds no value', async () => {
  const account = await connect()
  await put(account, 'acme_hooks')
  await call('DELETE', `/integrated-account/${account}/secret/acme_hooks`)
  const query = `log_type=management&log_type_filter[integrated_account_id]=${account}`
  const { text } = await call('GET', `/log?${query}`)
  expect(text).toContain('PUT /integrated-account/:account/secret/:name')
  expect(text).toMatch(/"target_id":"acme_hooks"/)
  expect(text).toMatch(/username.*password.*allowed_hosts/)
  expect(text).not.toContain('canary')
})

test('nobody keeps credentials of webhooks in the configuration of a server', async () => {
  const account = await connect()
  const fixed = { create_a_finexio_webhook: { password: 'hook-password-canary' } }
  for (const entries of [fixed, { '*': { username: 'u' } }]) {
    const body = { name: 'x', config: { methods: ['write'], fixed: entries } }
    const answer = await call('POST', `/integrated-account/${account}/mcp`, { body })
    expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(/stored as a secret/)])
    expect(answer.text).not.toContain('canary')
  }
  const named = { create_a_finexio_webhook: { credential_ref: 'acme_hooks' } }
  const body = { name: 'x', config: { methods: ['write'], fixed: named } }
  expect((await call('POST', `/integrated-account/${account}/mcp`, { body })).status).toBe(201)
})
