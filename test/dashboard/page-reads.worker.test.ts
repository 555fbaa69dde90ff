/** How often a page asks Durable Objects: each is a round trip, and to the one directory of all accounts. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { Env } from '../../src/core/env.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { browser } from './support.ts'

const asked = { directory: 0, account: 0 }

const counting = (namespace: DurableObjectNamespace, what: keyof typeof asked): DurableObjectNamespace =>
  new Proxy(namespace, {
    get: (target, name) => {
      if (name === 'get') asked[what]++
      const value = Reflect.get(target, name)
      return typeof value === 'function' ? value.bind(target) : value
    },
  })

const counted: Env = {
  ...env,
  DIRECTORY: counting(env.DIRECTORY, 'directory'),
  ACCOUNTS: counting(env.ACCOUNTS, 'account'),
}

let account: string
let server: string
const { signIn, get } = browser(counted)

beforeAll(async () => {
  fakeFinexio()
  account = await connect()
  server = (await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'S' } })).body.id
  await signIn()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

// At b8f2a26 plus what issue 11 had added, the first one asked the directory six times and the account four times, in
// four steps one after the other. Siblings: every other page of an account.
test.each([
  ['', 1, 3],
  ['/settings', 1, 2],
  ['/secrets', 1, 2],
  ['/activity', 1, 3],
  // One more of each than at 3fc9183b: which drafts revoking would cancel.
  ['/servers/:server', 2, 5],
])(
  'page %j of an account asks the directory %i times, and the account %i times',
  async (path, directory, own) => {
    Object.assign(asked, { directory: 0, account: 0 })
    const { status } = await get(`/dashboard/accounts/${account}${path.replace(':server', server)}`)
    expect({ status, ...asked }).toEqual({ status: 200, directory, account: own })
  },
)

test('the first page asks the directory four times, and each account twice', async () => {
  Object.assign(asked, { directory: 0, account: 0 })
  const { status } = await get('/dashboard')
  expect({ status, ...asked }).toEqual({ status: 200, directory: 4, account: 2 })
})

test('an account that is not there is not made for a page about it', async () => {
  Object.assign(asked, { directory: 0, account: 0 })
  expect((await get(`/dashboard/accounts/${crypto.randomUUID()}`)).status).toBe(404)
  expect(asked).toEqual({ directory: 2, account: 0 })
})
