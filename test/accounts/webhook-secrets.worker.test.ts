import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { credentialsOf, secretsOf } from '../../src/account/account-stub.ts'
import { openSecret, resealSecrets, sealSecret } from '../../src/account/vault/webhook-secrets.ts'
import { env, makeAccount } from './support.ts'

const hook = { username: 'hook-user-canary', password: 'hook-password-canary 密码' }
const HOSTS = ['hooks.acme.com']
type Made = Awaited<ReturnType<typeof makeAccount>>

const store = async ({ id, object }: Made, name: string, credentials = hook, settings = env) => {
  const version = (await credentialsOf(object).takeVersion())!
  const sealed = await sealSecret(settings, id, name, version, credentials)
  return { sealed, stored: await secretsOf(object).put(sealed, HOSTS) }
}

const V2 = btoa('k'.repeat(32))
const rotated = { ...env, MASTER_KEY_V2: V2, MASTER_KEY_PRIMARY: '2' }

test('a secret comes back as it was; what is listed has no value; storage and KV hold no word of it', async () => {
  const account = await makeAccount()
  await store(account, 'acme')
  const { allowed_hosts, ...sealed } = (await secretsOf(account.object).read('acme'))!
  expect([allowed_hosts, await openSecret(env, account.id, sealed)]).toEqual([HOSTS, hook])
  const [listed] = (await secretsOf(account.object).list())!
  expect(Object.keys(listed!).sort()).toEqual(['allowed_hosts', 'created_at', 'name', 'updated_at'])
  const stored = await runInDurableObject(account.object, (_, { storage }) =>
    JSON.stringify(storage.sql.exec('SELECT * FROM webhook_secret').toArray(), (_key, value) =>
      value instanceof ArrayBuffer ? new TextDecoder('latin1').decode(value) : value,
    ),
  )
  expect(stored).toContain('hooks.acme.com')
  for (const word of ['hook-user-canary', 'hook-password-canary']) expect(stored).not.toContain(word)
  const keys = (await env.VAULT.list({ prefix: `cred/${account.id}/` })).keys.map(({ name }) => name)
  expect(keys).toEqual([`cred/${account.id}/1`])
})

test('a secret opens nowhere else: not under another name, version, account or purpose', async () => {
  const [one, two] = [await makeAccount(), await makeAccount()]
  const { sealed } = await store(one, 'acme')
  expect(await openSecret(env, one.id, { ...sealed, name: 'other' })).toBeNull()
  expect(await openSecret(env, one.id, { ...sealed, version: sealed.version + 1 })).toBeNull()
  expect(await openSecret(env, two.id, sealed)).toBeNull()
  const credential = { ...one.credential, name: 'credential', ciphertext: sealed.ciphertext }
  expect(await openSecret(env, one.id, credential)).toBeNull()
})

test('every stored version has a data key of its own, and an older one does not come back', async () => {
  const account = await makeAccount()
  const first = await store(account, 'acme')
  const second = await store(account, 'acme', { ...hook, password: 'renewed' })
  expect(second.sealed.version).toBeGreaterThan(first.sealed.version)
  expect(second.sealed.wrapped_key).not.toEqual(first.sealed.wrapped_key)
  expect(await secretsOf(account.object).put(first.sealed, HOSTS)).toBe('changed_meanwhile')
  const kept = (await secretsOf(account.object).read('acme'))!
  expect((await openSecret(env, account.id, kept))?.password).toBe('renewed')
})

test('an account holds 100 secrets; replacing one is possible even then', async () => {
  const account = await makeAccount()
  for (let index = 0; index < 100; index++) await store(account, `s${index}`)
  expect((await store(account, 'one-more')).stored).toBe('too_many')
  expect((await store(account, 's7')).stored).toMatchObject({ name: 's7' })
})

test('resealing brings secrets under the primary key, and leaves alone what was replaced meanwhile', async () => {
  const account = await makeAccount()
  await store(account, 'acme')
  expect(await resealSecrets(env, account.id)).toEqual(['already'])
  expect(await resealSecrets(rotated, account.id)).toEqual(['resealed'])
  expect(await resealSecrets(rotated, account.id)).toEqual(['already'])
  const withoutFirst = { ...rotated, MASTER_KEY_V1: '' }
  const moved = (await secretsOf(account.object).read('acme'))!
  expect(await openSecret(withoutFirst, account.id, moved)).toEqual(hook)
  const late = await sealSecret(rotated, account.id, 'acme', 99, { ...hook, password: 'late' })
  expect(await secretsOf(account.object).move(late, moved.version - 1)).toBe(false)
  expect(await openSecret(env, account.id, moved).catch((fault) => fault.name)).toBe('ConfigurationFault')
})

test('a secret that does not open keeps no other from its new key', async () => {
  const account = await makeAccount()
  const { sealed } = await store(account, 'broken')
  await secretsOf(account.object).move(
    { ...sealed, ciphertext: sealed.ciphertext.map((byte, at) => (at > 20 ? byte ^ 1 : byte)) },
    sealed.version,
  )
  await store(account, 'good')
  expect(await resealSecrets(rotated, account.id)).toEqual(['failed', 'resealed'])
})

test('deleting a secret or its account leaves nothing to open', async () => {
  const account = await makeAccount()
  await store(account, 'acme')
  await store(account, 'other')
  expect(await secretsOf(account.object).delete('acme')).toBe(true)
  expect(await secretsOf(account.object).delete('acme')).toBe(false)
  expect(await secretsOf(account.object).read('acme')).toBeNull()
  await account.object.eraseAccount()
  expect([await secretsOf(account.object).read('other'), await secretsOf(account.object).list()]).toEqual([
    null,
    null,
  ])
  const { sealed } = await store(await makeAccount(), 'x')
  expect(await secretsOf(account.object).put(sealed, HOSTS)).toBeNull()
  const tables = await runInDurableObject(account.object, (_, { storage }) =>
    storage.sql.exec("SELECT name FROM sqlite_master WHERE name = 'webhook_secret'").toArray(),
  )
  expect(tables).toEqual([])
})
