import { afterEach, expect, test, vi } from 'vitest'
import { accountObject, credentialsOf } from '../../src/account/account-stub.ts'
import { openCredential } from '../../src/account/vault/vault.ts'
import { call, connect, credentials, env, fakeFinexio } from './support.ts'

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const refusal = () => Response.json({ detail: 'Invalid username/password.' }, { status: 403 })
const show = async (id: string) => (await call('GET', `/integrated-account/${id}`)).body

test('refused credentials show as needs_reauth until verified or renewed', async () => {
  fakeFinexio()
  const id = await connect()
  expect(await show(id)).toMatchObject({ status: 'active', read_only: false })
  await accountObject(env, id).setStatus('needs_reauth', 1)
  expect((await show(id)).status).toBe('needs_reauth')
  const verified = await call('POST', `/integrated-account/${id}/verify`)
  expect(verified).toMatchObject({ status: 200, body: { id, status: 'active' } })
  await accountObject(env, id).setStatus('needs_reauth', 1)
  await call('PATCH', `/integrated-account/${id}`, { body: { credentials } })
  expect((await show(id)).status).toBe('active')
  await accountObject(env, id).setStatus('needs_reauth', 1)
  expect((await show(id)).status).toBe('active')
})

test('verifying bad credentials marks the account, another failure does not', async () => {
  fakeFinexio()
  const id = await connect()
  fakeFinexio(() => new Response('{}', { status: 500 }))
  expect((await call('POST', `/integrated-account/${id}/verify`)).status).toBe(502)
  expect((await show(id)).status).toBe('active')
  fakeFinexio(refusal)
  const answer = await call('POST', `/integrated-account/${id}/verify`)
  expect(answer).toMatchObject({ status: 401, body: { truto_is_remote_error: true } })
  expect((await show(id)).status).toBe('needs_reauth')
})

test('a missing record is a fault of ours and blames no credential', async () => {
  const sent = fakeFinexio()
  const id = await connect()
  await env.VAULT.delete(`cred/${id}/1`)
  const asked = sent.length
  // It may only be late, so that it is looked for during five seconds: here they pass quickly.
  const { setTimeout } = globalThis
  vi.stubGlobal('setTimeout', (run: () => void, ms: number) => setTimeout(run, ms > 2_500 ? ms : 1))
  const { status, body } = await call('POST', `/integrated-account/${id}/verify`)
  expect([status, body.message]).toEqual([500, expect.stringMatching(/missing.*PATCH the account/)])
  expect([(await show(id)).status, sent.length]).toEqual(['active', asked])
})

test('an account is made read-only and writable again', async () => {
  fakeFinexio()
  const made = await call('POST', '/integrated-account', {
    body: { name: 'Sandbox', credentials, read_only: true },
  })
  expect(made.body.read_only).toBe(true)
  const path = `/integrated-account/${made.body.id}`
  expect((await call('PATCH', path, { body: { read_only: false } })).body).toMatchObject({
    read_only: false,
    name: 'Sandbox',
  })
})

test('every record is brought under a new master key, one page after another, and none is lost', async () => {
  // An account of another test has lost its record: it is reported and keeps nobody else waiting.
  vi.spyOn(console, 'error').mockReturnValue()
  fakeFinexio()
  const ids = [await connect('a'), await connect('b'), await connect('c')]
  const second = { MASTER_KEY_V2: btoa('another secret of 32 whole bytes'), MASTER_KEY_PRIMARY: '2' }
  const settings = { ...env, ...second }
  const outcomes = new Map<string, string>()
  const pass = async () => {
    let cursor: string | null = ''
    while (cursor !== null) {
      const query: string = cursor ? `&next_cursor=${cursor}` : ''
      const { body } = await call('POST', `/key/reseal?limit=2${query}`, {}, settings)
      for (const { id, outcome } of body.result) outcomes.set(id, outcome)
      cursor = body.next_cursor
    }
  }
  await pass()
  expect(ids.map((id) => outcomes.get(id))).toEqual(['resealed', 'resealed', 'resealed'])
  const withoutFirst = { ...settings, MASTER_KEY_V1: '' }
  for (const id of ids) {
    const pointer = (await credentialsOf(accountObject(env, id)).pointer())!
    expect(pointer.version).toBe(2)
    expect(await openCredential(withoutFirst, id, pointer)).toEqual(credentials)
    expect(await env.VAULT.get(`cred/${id}/1`)).toBeNull()
  }
  await pass()
  expect(ids.map((id) => outcomes.get(id))).toEqual(['already', 'already', 'already'])
})
