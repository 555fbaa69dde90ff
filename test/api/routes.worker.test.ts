import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ROUTES } from '../../src/api/routes.ts'
import { call, connect, fakeFinexio } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const NOBODY = crypto.randomUUID()
const filled = (path: string, account: string) =>
  path.replace(':account', account).replaceAll(/:[a-z]+/g, NOBODY)

/** A key that manages an account of its own and nothing else. */
const keyOf = async (account: string): Promise<string> => {
  const body = { name: 'neighbour', scopes: [`account:${account}`] }
  return (await call('POST', '/api-token', { body })).body.token
}

test('every route says who may call it, what it does and what it answers, once', () => {
  expect(ROUTES.length).toBeGreaterThan(35)
  for (const { verb, path, role, says, answer } of ROUTES)
    expect([verb, path, typeof role, says.length > 10, typeof answer]).toEqual([
      verb,
      path,
      'string',
      true,
      'object',
    ])
  const names = ROUTES.map(({ verb, path }) => `${verb} ${path}`)
  expect(new Set(names).size).toBe(names.length)
  expect(ROUTES.filter(({ role }) => role === 'public').map(({ path }) => path)).toEqual(['/openapi.json'])
})

const sent = ({ verb, path, body }: (typeof ROUTES)[number], account: string, key: string | null) =>
  call(verb, filled(path, account), { key, ...(body && { body: {} }) })

const withRole = (...roles: string[]) => ROUTES.filter(({ role }) => roles.includes(role))

test.each(withRole('key', 'admin', 'manage', 'decide'))('$verb $path asks for a key', async (route) => {
  expect((await sent(route, NOBODY, null)).status).toBe(401)
})

test.each(withRole('admin'))('$verb $path is refused to a key of one account', async (route) => {
  expect((await sent(route, NOBODY, await keyOf(await connect()))).status).toBe(403)
})

test.each(withRole('manage', 'decide'))(
  '$verb $path says nothing of the account of others',
  async (route) => {
    const key = await keyOf(await connect())
    expect((await sent(route, await connect(), key)).status).toBe(404)
  },
)
