/**
 * Data that a newer version wrote: nothing of it is touched. At b8f2a26 and until now every entry spoke of "a fault on the side of this
 * server", and npm start blamed FINEXIO_BASE_URL. Siblings: the account alone, the sign-in, the MCP endpoint's log.
 */
import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { browser } from '../dashboard/support.ts'
import { BASE, http } from '../oauth/support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const NEWER = /written by a newer version of this product: schema version 99 .* Nothing was changed\./

/** Makes what an object holds that of a later version. */
const makeNewer = async (object: DurableObjectStub) => {
  await runInDurableObject(object, (_, { storage }) => {
    storage.sql.exec('UPDATE schema_version SET version = 99')
  })
  await evictDurableObject(object)
}

test('an account that a newer version wrote says so, by REST and in the log of its MCP endpoint', async () => {
  const id = await connect()
  const { token } = (await call('POST', `/integrated-account/${id}/mcp`, { body: { name: 'S' } })).body
  const logged = vi.spyOn(console, 'error').mockImplementation(() => {})
  await makeNewer(accountObject(env, id))
  const { status, body } = await call('GET', `/integrated-account/${id}`)
  expect([status, body.message]).toEqual([500, expect.stringMatching(NEWER)])
  const answer = await http(`${BASE}/mcp/${token}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  expect(answer.status).toBe(503)
  expect(logged.mock.calls.flat()).toContainEqual({
    event: 'admission_fault',
    error: 'ConfigurationFault',
    message: expect.stringMatching(NEWER),
  })
})

test('a directory that a newer version wrote says so, by REST and on the page', async () => {
  await makeNewer(directoryObject(env))
  const { status, body } = await call('GET', '/integrated-account')
  expect([status, body.message]).toEqual([500, expect.stringMatching(NEWER)])
  const page = await browser().send('POST', '/dashboard/sign-in', { form: { key: env.ADMIN_API_KEY } })
  expect([page.status, page.text]).toEqual([500, expect.stringMatching(NEWER)])
})
