/** Whom a name or an id names: as holder of a key, or of an MCP server; and what stops with them. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { admitToken } from '../../src/account/door/admission.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'

vi.mock('../../src/account/lease.ts', async (load) => {
  const real = await load<typeof import('../../src/account/lease.ts')>()
  return { ...real, afterLease: vi.fn(real.afterLease) }
})

let account = ''
beforeAll(async () => {
  fakeFinexio()
  account = await connect('Holders')
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const ok = async (method: string, path: string, body?: object, key?: string) => {
  const answer = await call(method, path, { body, ...(key && { key }) })
  expect([answer.status, answer.text]).toEqual([expect.toBeOneOf([200, 201]), answer.text])
  return answer.body
}
const person = (name: string, kind = 'person'): Promise<{ id: string }> =>
  ok('POST', '/person', { name, kind })
const keyOf = async (name: string, grants: string[]): Promise<{ holder: string; token: string }> =>
  ok('POST', '/api-token', { name, kind: 'person', grants })
const refused = async (body: object) => {
  const { status, body: answer } = await call('POST', '/api-token', { body: { grants: ['use'], ...body } })
  return [status, answer.message]
}

// O5: until this change the oldest of the name got the key, or somebody new was made past the limit of people.
describe('a key that is asked for by name', () => {
  test("is nobody's where two have the name", async () => {
    await person('Kim')
    const second = await person('Kim')
    expect(await refused({ name: 'Kim', kind: 'person' })).toEqual([
      409,
      expect.stringMatching(/2 of this kind.*Send holder/),
    ])
    expect((await ok('POST', '/api-token', { holder: second.id, grants: ['use'] })).holder).toBe(second.id)
  })

  // Siblings: another case, another width.
  test.each(['robin', 'Ｒobin', 'ROBIN'])('is nobody\'s where a name reads alike: "%s"', async (name) => {
    if ((await call('GET', '/person')).text.includes('"Robin"') === false) await person('Robin')
    expect(await refused({ name, kind: 'person' })).toEqual([
      409,
      expect.stringMatching(/"Robin", which reads alike|must/),
    ])
  })

  test("is nobody's where a person has the name of what would be a system", async () => {
    await person('Sasha')
    expect(await refused({ name: 'Sasha' })).toEqual([
      409,
      expect.stringMatching(/There is a person of this name/),
    ])
    expect((await ok('POST', '/api-token', { name: 'Sasha', kind: 'system', grants: ['use'] })).kind).toBe(
      'system',
    )
  })

  test("is nobody's where who has the name is disabled", async () => {
    const { id } = await person('Gone')
    await ok('PATCH', `/person/${id}`, { disabled: true })
    expect(await refused({ name: 'Gone', kind: 'person' })).toEqual([409, expect.stringMatching(/disabled/)])
  })

  test('makes no person beyond what a deployment can hold', async () => {
    const tables = await import('../../src/account/tables/principals/people.ts')
    const most = vi.spyOn(tables, 'countPeople').mockReturnValue(10_000)
    expect(await refused({ name: 'One too many' })).toEqual([409, expect.stringMatching(/as many people/)])
    most.mockRestore()
  })
})

// O6: until this change whoever managed could name every approver, and nobody was left to decide.
describe('the holder of a server', () => {
  const servers = () => `/integrated-account/${account}/mcp`
  const status = async (method: string, path: string, body: object, key: string) => {
    const answer = await call(method, path, { body, key })
    return [answer.status, answer.body.message]
  }
  const refusal = [403, expect.stringMatching(/Naming another person as holder needs the role admin/)]

  test('is another person only where an administrator says so', async () => {
    const manager = await keyOf('Mo', [`manage:${account}`])
    const other = await keyOf('Olga', ['approve'])
    const robot = await person('Holding robot', 'system')
    const local = await keyOf('Lea', [`admin:${account}`])
    const named = (holder: string) => ({ name: 'AP', holder })
    expect(await status('POST', servers(), named(other.holder), manager.token)).toEqual(refusal)
    for (const holder of [manager.holder, robot.id])
      expect(await status('POST', servers(), named(holder), manager.token)).toEqual([201, undefined])
    const { id } = await ok('POST', servers(), named(other.holder), local.token)
    const path = `${servers()}/${id}`
    // Siblings: by a change, together with other keys, and back after somebody else was named.
    expect(await status('PATCH', path, { holder: manager.holder }, manager.token)).toEqual([200, undefined])
    expect(await status('PATCH', path, { holder: other.holder }, manager.token)).toEqual(refusal)
    const beside = { holder: local.holder, config: { methods: ['read'] } }
    expect(await status('PATCH', path, beside, manager.token)).toEqual(refusal)
    expect(await status('PATCH', path, { holder: null, name: 'Renamed' }, manager.token)).toEqual([
      200,
      undefined,
    ])
  })
})

// O7: until this change reads went on through the URL of who was disabled; only writes stopped.
describe('a URL', () => {
  const kindOf = async (url: string, bearer: string | null = null) =>
    (await admitToken(env, url.split('/mcp/')[1]!, { bearer, counts: false })).kind

  test('stops with its holder for reads, for whoever brings a key too, and goes on with them', async () => {
    const servers = `/integrated-account/${account}/mcp`
    const { id } = await person('Held')
    const clerk = await keyOf('Another clerk', ['use'])
    const held = await ok('POST', servers, { name: 'AP', holder: id })
    const keyed = await ok('POST', servers, {
      name: 'AP',
      holder: id,
      config: { require_api_token_auth: true },
    })
    const beside = await ok('POST', servers, { name: 'AP' })
    const kinds = () => Promise.all([kindOf(held.url), kindOf(keyed.url, clerk.token), kindOf(beside.url)])
    expect(await kinds()).toEqual(['admitted', 'admitted', 'admitted'])
    await ok('PATCH', `/person/${id}`, { disabled: true })
    expect(await kinds()).toEqual(['unknown', 'unknown', 'admitted'])
    await ok('PATCH', `/person/${id}`, { disabled: false })
    expect(await kinds()).toEqual(['admitted', 'admitted', 'admitted'])
    await ok('DELETE', `/person/${id}`)
    expect(await kinds()).toEqual(['unknown', 'unknown', 'admitted'])
  })
})
