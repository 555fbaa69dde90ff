import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ROUTES } from '../../src/api/routes.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { call, connect, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const NOBODY = crypto.randomUUID()
const filled = (path: string, account: string) =>
  path
    .replace(':account', account)
    .replace(':approval', mintDraftId(account))
    .replaceAll(/:[a-z]+/g, NOBODY)

const keyWith = async (grant: string, name = 'neighbor'): Promise<string> =>
  (await call('POST', '/api-token', { body: { name, grants: [grant] } })).body.token

/** A key that manages an account of its own and nothing else. */
const keyOf = (account: string) => keyWith(`manage:${account}`)

test('every route says who may call it, what it does and what it answers, once', () => {
  expect(ROUTES.length).toBeGreaterThan(35)
  for (const { verb, path, role, says, answer } of ROUTES)
    expect([verb, path, role.length > 0, says.length > 10, typeof answer]).toEqual([
      verb,
      path,
      true,
      true,
      'object',
    ])
  const names = ROUTES.map(({ verb, path }) => `${verb} ${path}`)
  expect(new Set(names).size).toBe(names.length)
  expect(ROUTES.filter(({ role }) => role === 'public').map(({ path }) => path)).toEqual(['/openapi.json'])
})

const sent = ({ verb, path, body }: (typeof ROUTES)[number], account: string, key: string | null) =>
  call(verb, filled(path, account), { key, ...(body && { body: {} }) })

const GUARDED = ROUTES.filter(({ role }) => role !== 'public')

test.each(GUARDED)('$verb $path asks for a key', async (route) => {
  expect((await sent(route, NOBODY, null)).status).toBe(401)
})

const isOfAccount = ({ path }: { path: string }) => /:(account|approval)/.test(path)

test.each(GUARDED.filter(isOfAccount))('$verb $path says nothing of the account of others', async (route) => {
  const key = await keyOf(await connect())
  expect((await sent(route, await connect(), key)).status).toBe(404)
})

test.each(GUARDED.filter((route) => route.whole))(
  '$verb $path is for the whole deployment',
  async (route) => {
    expect((await sent(route, NOBODY, await keyOf(await connect()))).status).toBe(403)
  },
)

test.each(GUARDED)('$verb $path is refused to a key that only calls MCP servers', async (route) => {
  const account = await connect()
  const { status, headers, body } = await sent(route, account, await keyWith(`use:${account}`, account))
  expect([status, body.missing_scopes]).toEqual([403, [route.role].flat()])
  if (route.verb === 'GET') return
  const trail = isOfAccount(route) ? account : 'deployment'
  const rows = (await call('GET', `/log?log_type=management&integrated_account_id=${trail}&limit=100`)).body
  const ours = (row: Record<string, unknown>) => row.request_id === headers.get('x-request-id')
  expect(rows.result.filter(ours)).toMatchObject([
    { refused_by: 'needs_role', refused_facts: { id: body.missing_scopes.join(' or ') } },
  ])
})

const PATHS = [...Map.groupBy(ROUTES, ({ path }) => path)].map(([path, routes]) => ({
  path,
  verbs: routes.map(({ verb }) => verb as string),
}))

test.each(PATHS)('$path answers another verb with 405 and the verbs that it has', async ({ path, verbs }) => {
  const other = ['DELETE', 'PATCH', 'PUT', 'POST', 'GET'].find((verb) => !verbs.includes(verb))!
  const { status, headers } = await call(other, filled(path, NOBODY))
  expect([status, headers.get('allow')?.split(', ').sort()]).toEqual([405, [...verbs].sort()])
})

const CHANGING = ROUTES.filter(({ verb }) => verb !== 'GET')

test.each(CHANGING)('$verb $path leaves one row in the audit trail', async (route) => {
  const account = await connect()
  const { status, headers } = await sent(route, account, 'the-root-of-all-tests-4f8Kq2Zx7-Lm')
  const trail = isOfAccount(route) ? account : 'deployment'
  const { body } = await call('GET', `/log?log_type=management&integrated_account_id=${trail}`)
  const ours = (row: Record<string, unknown>) => row.request_id === headers.get('x-request-id')
  expect(body.result.filter(ours)).toMatchObject([
    { action: `${route.verb} ${route.path}`, http_status_code: status, actor_kind: 'root' },
  ])
})
