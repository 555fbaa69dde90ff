import { evictDurableObject, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { accountObject, credentialsOf, serversOf } from '../../src/account/account-stub.ts'
import { admitToken } from '../../src/account/door/admission.ts'
import type { Env } from '../../src/core/env.ts'
import { digestOf } from '../../src/core/keys.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { admitted } from '../support/admitted.ts'
import { times } from '../support/size.ts'
import { credentials, env, makeAccount, makeServer } from './support.ts'

/** Unknown tokens are mostly presented to the object itself, which is quicker; the rest come in as a request would. */
const ATTEMPTS = times(1_000, 10_000)
const INSIDE = 0.9 * ATTEMPTS

afterEach(() => {
  vi.useRealTimers()
})

test('a live token is answered with all that a call needs, and nothing secret', async () => {
  const { id, credential, object } = await makeAccount()
  const { id: serverId, token } = await makeServer(id)
  await object.learnOrder('payments', 'oldest')
  const admission = await admitted(env, token)
  expect(admission).toEqual({
    account: {
      id,
      name: 'Acme',
      base_url: 'https://finexio.test/v2',
      credential,
      status: 'active',
      read_only: false,
    },
    server: {
      id: serverId,
      name: 'Agent',
      config: { methods: ['read'] },
      expires_at: null,
      holder: null,
      holder_name: null,
    },
    orders: { payments: 'oldest' },
    caller: { kind: 'url' },
    digest: expect.any(Uint8Array),
    revision: '1.1',
  })
  expect(JSON.stringify(admission)).not.toContain(credentials.password)
})

test('unknown, revoked and foreign tokens are null', async () => {
  const { id, object } = await makeAccount()
  const { id: serverId, token } = await makeServer(id)
  expect(await admitted(env, mintToken(id))).toBeNull()
  expect(await admitted(env, mintToken(crypto.randomUUID()))).toBeNull()
  const other = await makeAccount()
  expect(await other.object.admit(await digestOf(env, token), null, { kind: 'url' })).toEqual({
    kind: 'unknown',
  })
  expect(await admitted({ ...env, TOKEN_PEPPER: btoa('x'.repeat(32)) }, token)).toBeNull()
  expect(await admitted(env, token)).not.toBeNull()
  expect(await serversOf(object).delete(serverId)).toBe('Agent')
  expect(await admitted(env, token)).toBeNull()
  expect(await serversOf(object).delete(serverId)).toBe(null)
})

test('a digest of another length is null', async () => {
  const { id, object } = await makeAccount()
  const { digest } = await makeServer(id)
  for (const wrong of [new Uint8Array(), digest.slice(1), new Uint8Array([...digest, 0])])
    expect(await object.admit(wrong, null, { kind: 'url' })).toEqual({ kind: 'unknown' })
})

/** An environment that counts how often an account's object is asked for. */
const counted = () => {
  let hops = 0
  const ACCOUNTS = {
    idFromName: (name: string) => env.ACCOUNTS.idFromName(name),
    get: (id: DurableObjectId) => {
      hops++
      return env.ACCOUNTS.get(id)
    },
  }
  return { env: { ...env, ACCOUNTS } as unknown as Env, hops: () => hops }
}

test(`${ATTEMPTS} bad shapes and checksums ask no object; a good token asks once`, async () => {
  const { id } = await makeAccount()
  const { token } = await makeServer(id)
  const watched = counted()
  const last = token.at(-1)!
  const letters = [...'0123456789abcdefghijklmnopqrstuvwxyz'].filter((letter) => letter !== last)
  for (let count = 0; count < ATTEMPTS; count++) {
    const bad = mintToken(id).slice(0, -6) + String(count).padStart(6, '0')
    const odd = count % 2 ? bad : token.slice(0, -1) + letters[count % letters.length]
    if ((await admitted(watched.env, odd)) !== null) expect.fail('a bad token was let in')
  }
  expect(watched.hops()).toBe(0)
  await admitted(watched.env, token)
  expect(watched.hops()).toBe(1)
})

const FEW = { calls: { limit: 1, windowSeconds: 60 }, requests: null, at_once: null }

test(`${ATTEMPTS} unknown tokens with good checksums write nothing`, async () => {
  const { id, object } = await makeAccount()
  await makeServer(id)
  const before = await runInDurableObject(object, (_, { storage }) => storage.sql.databaseSize)
  const written = await runInDurableObject(object, async (instance, { storage }) => {
    const exec = vi.spyOn(storage.sql, 'exec')
    for (let count = 0; count < INSIDE; count++) {
      const { kind } = await instance.admit(crypto.getRandomValues(new Uint8Array(32)), FEW, { kind: 'url' })
      if (kind !== 'unknown') expect.fail('let in')
    }
    const rows = exec.mock.results.map(({ value }) => value.rowsWritten as number)
    exec.mockRestore()
    return { queries: rows.length, rows: rows.reduce((sum, count) => sum + count, 0) }
  })
  expect(written).toEqual({ queries: 2 * INSIDE, rows: 0 })
  expect(await runInDurableObject(object, (_, { storage }) => storage.sql.databaseSize)).toBe(before)
  for (let count = 0; count < ATTEMPTS - INSIDE; count++) {
    if ((await admitted(env, mintToken(id))) !== null) expect.fail('let in')
  }
  expect(await runInDurableObject(object, (_, { storage }) => storage.sql.databaseSize)).toBe(before)
})

test('an account id that never existed leaves no table and no alarm, whatever is asked of it', async () => {
  for (let count = 0; count < 50; count++) {
    const id = crypto.randomUUID()
    const object = accountObject(env, id)
    expect(await admitted(env, mintToken(id))).toBeNull()
    expect(await object.readAccount()).toBeNull()
    expect(await object.changeAccount({ name: 'x' })).toBeNull()
    expect(await credentialsOf(object).takeVersion()).toBeNull()
    expect(
      await credentialsOf(object).replace({ version: 2, wrapped_key: new Uint8Array(1) }, 'x'),
    ).toBeNull()
    expect(await serversOf(object).list(10)).toBeNull()
    expect(await serversOf(object).read(id)).toBeNull()
    expect(await serversOf(object).update(id, { name: 'x' }, ['editor'])).toBeNull()
    expect(await serversOf(object).delete(id)).toBe(null)
    expect(await object.eraseAccount()).toBe(false)
    await object.learnOrder('payments', 'newest')
    expect((await makeServer(id)).outcome).toEqual({ refused: 'unknown_account' })
    const left = await runInDurableObject(object, async (_, { storage }) => ({
      tables: storage.sql.exec('SELECT name FROM sqlite_master').toArray(),
      alarm: await storage.getAlarm(),
      keys: (await storage.list()).size,
    }))
    expect(left).toEqual({ tables: [], alarm: null, keys: 0 })
  }
})

test('expiry is judged on every call', async () => {
  const start = Date.now()
  const { id } = await makeAccount()
  const { token } = await makeServer(id, start + 60_000)
  expect(await admitted(env, token)).toMatchObject({
    server: { expires_at: new Date(start + 60_000).toISOString() },
  })
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(start + 59_999)
  expect(await admitted(env, token)).not.toBeNull()
  vi.setSystemTime(start + 60_000)
  expect(await admitted(env, token)).toBeNull()
  vi.setSystemTime(start + 10 * 365 * 86_400_000)
  expect(await admitted(env, token)).toBeNull()
})

test('calls are counted per account, over all its tokens, and only once a token is let in', async () => {
  const few = { calls: { limit: 2, windowSeconds: 60 }, requests: null, at_once: null }
  const present = async (object: ReturnType<typeof accountObject>, digest: Uint8Array, counted = true) =>
    object.admit(digest, counted ? few : null, { kind: 'url' })
  const { id, object } = await makeAccount()
  const [first, second] = [await makeServer(id), await makeServer(id)]
  await present(object, crypto.getRandomValues(new Uint8Array(32)))
  expect((await present(object, first.digest)).kind).toBe('admitted')
  expect((await present(object, second.digest)).kind).toBe('admitted')
  for (const { digest } of [first, second])
    expect(await present(object, digest)).toEqual({
      kind: 'limited',
      counted: 'calls',
      limit: 2,
      remaining: 0,
      reset: 60,
      allowed_origins: [],
    })
  expect((await present(object, first.digest, false)).kind).toBe('admitted')
  const other = await makeAccount()
  expect((await present(other.object, (await makeServer(other.id)).digest)).kind).toBe('admitted')
})

test('OWN_LIMIT decides what a tool call is counted under; a wrong value is named', async () => {
  const { id } = await makeAccount()
  const { token } = await makeServer(id)
  const kinds = async (OWN_LIMIT: string | undefined, counts: boolean, times: number) => {
    const verdicts = []
    for (let time = 0; time < times; time++)
      verdicts.push((await admitToken({ ...env, OWN_LIMIT }, token, { bearer: null, counts })).kind)
    return verdicts.join()
  }
  expect(await kinds('1/60', true, 2)).toBe('admitted,limited')
  expect(await kinds('1/60', false, 2)).toBe('admitted,admitted')
  expect(await kinds('off', true, 2)).toBe('admitted,admitted')
  await expect(kinds('lots', true, 1)).rejects.toThrow(/^OWN_LIMIT must be/)
  expect(await kinds('lots', false, 1)).toBe('admitted')
})

/** Kind: a place is given back however the account hears of it. Siblings: by a row, by a gap in the rows, by an object that starts anew. */
test('calls under way are bounded per account, over all its tokens; what comes back makes room, and an evicted object forgets', async () => {
  const one = { calls: null, requests: null, at_once: 1 }
  const { id, object } = await makeAccount()
  const [first, second] = [await makeServer(id), await makeServer(id)]
  const present = (digest: Uint8Array) => object.admit(digest, one, { kind: 'url' })
  const placed = async () => {
    const verdict = await present(first.digest)
    return verdict.kind === 'admitted' ? verdict.admission.place : undefined
  }
  const full = async () =>
    expect(await present(second.digest)).toEqual({
      kind: 'limited',
      counted: 'at_once',
      limit: 1,
      remaining: 0,
      reset: expect.any(Number),
      allowed_origins: [],
    })
  // Unknown tokens are unknown under any load, and take no place.
  expect(await present(crypto.getRandomValues(new Uint8Array(32)))).toEqual({ kind: 'unknown' })
  for (const back of [
    (place: string) => object.leave(place),
    (place: string) => object.record([], place),
    (place: string) => object.recordGap(1, place),
    () => evictDurableObject(object),
  ]) {
    const place = (await placed())!
    await full()
    expect(await present(crypto.getRandomValues(new Uint8Array(32)))).toEqual({ kind: 'unknown' })
    expect((await object.admit(second.digest, null, { kind: 'url' })).kind).toBe('admitted')
    await back(place)
  }
  const last = (await placed())!
  await object.leave(crypto.randomUUID())
  await full()
  await object.leave(last)
  const other = await makeAccount()
  expect((await other.object.admit((await makeServer(other.id)).digest, one, { kind: 'url' })).kind).toBe(
    'admitted',
  )
})
