/**
 * G8: Finexio's OpenAPI has the list of webhooks at the root of the host, and the credential check reads it below the base.
 * At b8f2a26 its 404 was "Finexio has no API at this base_url", which sent people to look at the wrong setting. Siblings:
 * verifying, renewing, and a deployment that asks at the root of a host which has webhooks below the base.
 */
import { afterEach, expect, test, vi } from 'vitest'
import { BASE, call, connect, credentials, env, fakeFinexio } from './support.ts'

afterEach(() => {
  vi.unstubAllGlobals()
})

const notThere = () => Response.json({ detail: 'Not found.' }, { status: 404 })
const SAME = `It asked ${BASE}/webhooks/: if base_url is right, the setting FINEXIO_WEBHOOK_BASE of this deployment has to be "root" (it is "same").`

test('connecting where webhooks are elsewhere names the setting, asks once and stores nothing', async () => {
  const sent = fakeFinexio(notThere)
  const { status, body } = await call('POST', '/integrated-account', { body: { name: 'Acme', credentials } })
  expect([status, sent.length]).toEqual([502, 1])
  expect(body.message).toBe(
    `Finexio has nothing where the credential check lists webhooks. ${SAME} Nothing was stored.`,
  )
})

test.each([
  ['verifying', 'POST', '/verify', undefined],
  ['renewing', 'PATCH', '', { credentials: { username: 'next', password: 'next' } }],
])('%s says the same, and the account stays as it is', async (_, method, path, body) => {
  fakeFinexio()
  const id = await connect()
  fakeFinexio(notThere)
  const refused = await call(method, `/integrated-account/${id}${path}`, body ? { body } : {})
  expect([refused.status, refused.body.message]).toEqual([502, expect.stringContaining(SAME)])
  expect((await call('GET', `/integrated-account/${id}`)).body.status).toBe('active')
})

test('a deployment that asks at the root is told of the other way', async () => {
  fakeFinexio(notThere)
  const settings = { ...env, FINEXIO_WEBHOOK_BASE: 'root' as const }
  const { body } = await call(
    'POST',
    '/integrated-account',
    { body: { name: 'Acme', credentials } },
    settings,
  )
  expect(body.message).toContain('It asked https://finexio.test/webhooks/:')
  expect(body.message).toContain('has to be "same" (it is "root")')
})
