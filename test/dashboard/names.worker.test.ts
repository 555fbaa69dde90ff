/** Who made, renewed, changed, holds or issued something is said by name. At b8f2a26 pages said none of it. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { browser } from './support.ts'

const root = browser()
let account: string
let server: string
const keys: Record<string, { token: string; holder: string }> = {}

const key = async (name: string, grants: string[], by?: string) => {
  const { body } = await call('POST', '/api-token', {
    body: { name, kind: 'person', grants },
    ...(by && { key: by }),
  })
  keys[name] = body
  return body
}

beforeAll(async () => {
  fakeFinexio()
  account = await connect('Acme')
  for (const name of ['Erin Maker', 'Ron Renewer', 'Chris Changer']) await key(name, ['admin'])
  await key('Ivo Issued', ['approve'], keys['Erin Maker']!.token)
  const path = `/integrated-account/${account}/mcp`
  const holder = keys['Ivo Issued']!.holder
  server = (await call('POST', path, { body: { name: 'S', holder }, key: keys['Erin Maker']!.token })).body.id
  await call('POST', `${path}/${server}/rotate`, { body: {}, key: keys['Ron Renewer']!.token })
  const config = { methods: ['read', 'write'] }
  await call('PATCH', `${path}/${server}`, { body: { config }, key: keys['Chris Changer']!.token })
  await root.signIn()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const textOf = async (path: string) =>
  (await root.get(path)).text.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ')

test('the page of a server names who made it, renewed its URL, changed it last, and works through it', async () => {
  const text = await textOf(`/dashboard/accounts/${account}/servers/${server}`)
  expect(text).toMatch(/Made .* UTC\s+by Erin Maker/)
  expect(text).toContain('URL renewed by Ron Renewer')
  expect(text).toContain('Last changed by Chris Changer')
  expect(text).toContain('Works through it Ivo Issued (person)')
})

// Siblings: the list of servers, the list of API tokens, the page of a person.
test('lists and the page of a person name people, too; the admin key is called so', async () => {
  expect(await textOf(`/dashboard/accounts/${account}`)).toContain('for Ivo Issued')
  const tokens = await textOf('/dashboard/tokens')
  expect(tokens).toMatch(/Ivo Issued person approve writes Erin Maker/)
  expect(tokens).toMatch(/Erin Maker person administer admin key/)
  expect(await textOf(`/dashboard/people/${keys['Ivo Issued']!.holder}`)).toContain('Added by Erin Maker')
})

test('who was removed is said to be removed, and their id stays', async () => {
  const { holder } = keys['Ron Renewer']!
  await call('DELETE', `/person/${holder}`)
  expect(await textOf(`/dashboard/accounts/${account}/servers/${server}`)).toContain(
    `URL renewed by somebody who was removed (${holder})`,
  )
})

test('what lets nobody in yet is marked where it is listed, also where no other person is waited for', async () => {
  await key('Second', ['manage'])
  expect((await call('PATCH', '/deployment', { body: { second_person_for_settings: true } })).status).toBe(
    200,
  )
  const { token } = keys['Erin Maker']!
  await call('POST', `/integrated-account/${account}/mcp`, {
    body: { name: 'Sleeper', config: { methods: ['write'] } },
    key: token,
  })
  await key('Later', ['audit'], token)
  expect(await textOf(`/dashboard/accounts/${account}`)).toContain('Sleeper lets nobody in yet')
  expect(await textOf('/dashboard/tokens')).toContain('Later person lets nobody in yet')
})

/**
 * Seen on main until now: "Revoked." without what. Siblings: a person, an account; and an address, which names nothing.
 */
test('what was taken away is named on the next page, and by no address', async () => {
  const at = `/dashboard/accounts/${account}`
  const said = async (path: string, form: Record<string, string> = {}) => {
    const { location } = await root.post(path, form)
    return (await root.get(location!)).text
  }
  expect(await said(`${at}/servers/${server}/revoke`)).toContain('Revoked “S”. The next call')
  expect((await root.get(`${at}?done=secret-deleted`)).text).not.toContain('“S”')
  const other = browser()
  await other.signIn()
  const plain = (await other.get(`${at}?done=revoked&name=Payroll`)).text
  expect([plain.includes('Revoked. The next call'), plain.includes('Payroll')]).toEqual([true, false])
  const { id: token } = await key('Night job', ['use'])
  expect(await said(`/dashboard/tokens/${token}/revoke`)).toContain('Revoked “Night job”. The next call')
  const { holder } = await key('Gone <b>', ['use'])
  expect(await said(`/dashboard/people/${holder}/remove`)).toContain('Removed “Gone &lt;b&gt;”, with all')
  expect(await said(`${at}/delete`, { confirm: 'Acme' })).toContain('Deleted “Acme”. Its credentials')
})
