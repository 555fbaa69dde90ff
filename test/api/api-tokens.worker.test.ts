import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { admitToken } from '../../src/account/door/admission.ts'
import { isApiToken } from '../../src/rules/mcp-token.ts'
import { call, connect, env, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const create = (body: unknown) => call('POST', '/api-token', { body })
const keyOf = async (body: object): Promise<string> => (await create({ name: 'x', ...body })).body.token

test('a token is created, shown once, listed without its secret, and revoked', async () => {
  const { status, body } = await create({ name: 'CI', grants: ['admin'] })
  const { token, ...shown } = body
  expect(status).toBe(201)
  expect(shown).toEqual({
    id: expect.stringMatching(/^[0-9a-f-]{36}$/),
    name: 'CI',
    kind: 'system',
    holder: expect.stringMatching(/^[0-9a-f-]{36}$/),
    grants: ['admin'],
    issued_by: '00000000-0000-0000-0000-000000000000',
    expires_at: null,
    last_used_at: null,
    created_by: '00000000-0000-0000-0000-000000000000',
    created_at: expect.stringMatching(/Z$/),
  })
  expect(isApiToken(token)).toBe(true)
  expect((await call('GET', '/api-token')).body.result).toContainEqual({
    ...shown,
    names: { '00000000-0000-0000-0000-000000000000': 'admin key' },
  })
  expect((await call('GET', '/integrated-account', { key: token })).status).toBe(200)
  const used = (await call('GET', '/api-token')).body.result.find(
    (one: { id: string }) => one.id === shown.id,
  )
  expect(used.last_used_at).toMatch(/Z$/)
  expect(JSON.stringify(used)).not.toContain(token)
  expect((await call('DELETE', `/api-token/${shown.id}`)).body).toEqual({ id: shown.id, name: shown.name })
  expect((await call('GET', '/integrated-account', { key: token })).status).toBe(401)
  expect((await call('DELETE', `/api-token/${shown.id}`)).status).toBe(404)
})

test.each([
  ['use and approve', { name: 'x', grants: ['use', 'approve'] }, /who calls must not manage or approve/],
  ['manage and approve', { name: 'x', grants: ['manage', 'approve'] }, /together with audit alone/],
  ['mcp and approve of 0.1.0', { name: 'x', scopes: ['mcp', 'approve'] }, /who calls must not approve/],
  [
    'admin confined to an account, as 0.1.0 took it',
    { name: 'x', scopes: ['admin', `account:${crypto.randomUUID()}`] },
    /cannot be confined/,
  ],
  ['a system that approves', { name: 'x', kind: 'system', grants: ['approve'] }, /system cannot approve/],
  ['no grant', { name: 'x', grants: [] }, /at least one role/],
  ['an unknown role', { name: 'x', grants: ['root'] }, /must be use, approve, manage, audit or admin/],
  ['a grant for nothing', { name: 'x', grants: [`use:${crypto.randomUUID()}`] }, /no integrated account/],
  ['no holder', { grants: ['use'] }, /name the holder/],
  ['an unknown holder', { holder: crypto.randomUUID(), grants: ['use'] }, /id of a person or system/],
  ['an early end', { name: 'x', scopes: ['mcp'], expires_at: new Date().toISOString() }, /60 seconds/],
  ['grants and scopes at once', { name: 'x', scopes: ['approve'], grants: ['audit'] }, /not both/],
  ['an unknown key', { name: 'x', scopes: ['mcp'], scope: 'mcp' }, /"scope"/],
])('%s is a 400', async (_, body, message) => {
  const answer = await create(body)
  expect([answer.status, answer.body.message]).toEqual([400, expect.stringMatching(message)])
})

test('a token ends when it said, and who approves is a person', async () => {
  const start = Date.now()
  const { body } = await create({ name: 'Ann', scopes: ['approve'] })
  expect(body.kind).toBe('person')
  const token = await keyOf({ scopes: ['admin'], expires_at: new Date(start + 90_000).toISOString() })
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(start + 89_999)
  expect((await call('GET', '/api-token', { key: token })).status).toBe(200)
  vi.setSystemTime(start + 90_000)
  expect((await call('GET', '/api-token', { key: token })).status).toBe(401)
})

test('a token for one account manages that one and learns nothing of others', async () => {
  const [own, other] = [await connect('Own'), await connect('Other')]
  const key = await keyOf({ scopes: [`account:${own}`] })
  const as = (method: string, path: string, body?: unknown) => call(method, path, { key, body })
  const made = await as('POST', `/integrated-account/${own}/mcp`, { name: 'x' })
  expect(made.status).toBe(201)
  const tokens = (await call('GET', '/api-token')).body.result as { holder: string }[]
  expect(tokens.map(({ holder }) => holder)).toContain(made.body.created_by)
  const { result } = (await as('GET', '/integrated-account')).body
  expect(result.map(({ id }: { id: string }) => id)).toEqual([own])
  const foreign = await as('GET', `/integrated-account/${other}`)
  const missing = await as('GET', `/integrated-account/${crypto.randomUUID()}`)
  expect(foreign).toMatchObject({ status: 404, text: missing.text })
  expect((await as('DELETE', `/integrated-account/${other}`)).status).toBe(404)
  expect((await as('GET', `/integrated-account/${other}/mcp`)).status).toBe(404)
  for (const [method, path, role] of [
    ['POST', '/integrated-account', 'admin'],
    ['POST', '/api-token', 'admin'],
    ['GET', '/api-token', 'audit'],
    ['POST', '/key/reseal', 'admin'],
  ] as const)
    expect(await as(method, path)).toMatchObject({ status: 403, body: { missing_scopes: [role] } })
})

test('tokens for calls or approvals manage nothing', async () => {
  const account = await connect()
  for (const scopes of [['mcp'], ['approve']]) {
    const key = await keyOf({ name: `only ${scopes}`, scopes })
    // Whoever approves has to know whose drafts they decide on: names, and nothing more.
    const listed = (await call('GET', '/integrated-account', { key })).status
    expect(listed).toBe(scopes.includes('approve') ? 200 : 403)
    expect((await call('POST', '/integrated-account', { key, body: {} })).status).toBe(403)
    expect((await call('GET', `/integrated-account/${account}`, { key })).status).toBe(403)
  }
})

test('a token ends with the last account it was made for', async () => {
  const [first, second] = [await connect(), await connect()]
  const both = await keyOf({ scopes: ['mcp', `account:${first}`, `account:${second}`] })
  const one = await keyOf({ scopes: ['mcp', `account:${first}`] })
  await call('DELETE', `/integrated-account/${first}`)
  expect((await call('GET', '/integrated-account', { key: one })).status).toBe(401)
  const left = (await call('GET', '/api-token')).body.result.find((token: { grants: string[] }) =>
    token.grants.includes(`use:${second}`),
  )
  expect([left.grants, (await call('GET', '/integrated-account', { key: both })).status]).toEqual([
    [`use:${second}`],
    403,
  ])
})

test('require_api_token_auth asks for a living token with the role use for that account', async () => {
  const [account, other] = [await connect(), await connect()]
  const config = { require_api_token_auth: true }
  const { body } = await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'x', config } })
  const admitted = async (bearer: string | null) => {
    const verdict = await admitToken(env, body.token, { bearer, counts: false })
    return verdict.kind === 'admitted' ? verdict.admission.caller : verdict.kind
  }
  const good = await create({ name: 'Agent host', scopes: ['mcp'] })
  const holder = { id: good.body.holder, kind: 'system' }
  const caller = {
    kind: 'api_token',
    id: good.body.id,
    name: 'Agent host',
    holder,
    issuers: [],
    issuer_names: [],
  }
  expect(await admitted(good.body.token)).toEqual(caller)
  expect(await admitted(await keyOf({ scopes: ['mcp', `account:${account}`] }))).toMatchObject({
    kind: 'api_token',
  })
  for (const bearer of [
    null,
    '',
    'the-root-of-all-tests-4f8Kq2Zx7-Lm',
    body.token,
    `${good.body.token}x`,
    await keyOf({ scopes: ['admin'] }),
    await keyOf({ scopes: ['approve'] }),
    await keyOf({ scopes: ['mcp', `account:${other}`] }),
  ])
    expect(await admitted(bearer)).toBe('unauthorized')
  await call('DELETE', `/api-token/${good.body.id}`)
  expect(await admitted(good.body.token)).toBe('unauthorized')
})
