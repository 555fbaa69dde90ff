/** No secret, token, password or bank number reaches a row of the trail or a history, whatever settings are changed. */
import { runInDurableObject } from 'cloudflare:test'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { accountObject, serversOf } from '../../src/account/account-stub.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import type { ServerConfig } from '../../src/rules/server-settings.ts'
import { call, connect, credentials, env, fakeFinexio } from '../api/support.ts'

beforeAll(() => {
  fakeFinexio()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const PASSWORD = 'canary-password-of-finexio'
const SECRET = 'canary-value-of-the-webhook'
const BANK = '998877665544332211'
const MEMO = '123123123123123'

const rowsIn = (object: object): Promise<string> =>
  runInDurableObject(object as never, (_: unknown, { storage }: DurableObjectState) =>
    JSON.stringify(storage.sql.exec('SELECT entry FROM audit').toArray()),
  )

test('credentials, webhook secrets, URLs, API tokens and numbers in fixed arguments', async () => {
  const id = await connect('Acme')
  const at = `/integrated-account/${id}`
  await call('PATCH', at, { body: { credentials: { ...credentials, password: PASSWORD } } })
  await call('PUT', `${at}/secret/hooks`, {
    body: { username: SECRET, password: SECRET, allowed_hosts: ['a.example.com'] },
  })
  const made = await call('POST', `${at}/mcp`, { body: { name: 'Pay', config: { methods: ['write'] } } })
  const rotated = await call('POST', `${at}/mcp/${made.body.id}/rotate`, { body: {} })
  const token = (
    await call('POST', '/api-token', { body: { name: 'Ann', kind: 'person', grants: ['audit'] } })
  ).body
  // What the API refuses today an earlier version may have stored.
  const fixed = {
    '*': { bank_account_number: BANK, '/bank/routing_number': BANK, memo: 'plain', words: `Ref ${MEMO}` },
  }
  const server = { id: crypto.randomUUID(), name: 'Old', config: { fixed } as ServerConfig, expires_at: null }
  const cause = {
    request_id: 'r',
    actor_id: 'a',
    actor_name: 'Ann',
    actor_kind: 'person',
    action: 'x',
    changed: [],
  }
  const more = { digest: new Uint8Array(32).fill(7), holder: null, created_by: 'a' }
  await serversOf(accountObject(env, id)).create({ ...server, ...more }, cause)
  const said = [
    await rowsIn(accountObject(env, id)),
    await rowsIn(directoryObject(env)),
    (await call('GET', `${at}/history`)).text,
    (await call('GET', `${at}/mcp/${server.id}/history`)).text,
    (await call('GET', `${at}/mcp/${made.body.id}/history`)).text,
  ].join('\n')
  const canaries = [
    PASSWORD,
    SECRET,
    BANK,
    MEMO,
    made.body.token,
    rotated.body.token,
    token.token,
    credentials.password,
  ]
  expect(canaries.filter((one) => said.includes(one))).toEqual([])
  // They are there as what they are: replaced, or their last four.
  expect(said).toContain('"credentials"')
  expect(said).toContain('****2211')
  expect(said).toContain('Ref ****3123')
})
