/** What nobody knows yet is held until somebody knows it: by the account's object, whatever the key, the tool and the server. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { DAY_MS } from '../../src/core/time.ts'
import { SHOWN_MS } from '../../src/rules/unknown.ts'
import type { ClaimRequest } from '../../src/rules/write-contract.ts'
import { refusalOf } from '../../src/tools/writing/answers.ts'
import { writesAt } from '../../src/tools/writing/writes.ts'
import { env } from '../accounts/support.ts'
import { accountWithServer, print } from './claims.ts'

afterEach(() => {
  vi.useRealTimers()
})

const at = (time: number) => {
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(time)
}

type Account = Awaited<ReturnType<typeof accountWithServer>>

const centsOf = ({ object }: Account) =>
  runInDurableObject(object, (_, { storage }) =>
    storage.sql
      .exec<{ cents: number }>('SELECT cents FROM movement')
      .toArray()
      .map(({ cents }) => cents),
  )

/** A write whose answer was lost. */
const lost = async (account: Account, more: Partial<ClaimRequest> = {}) => {
  expect(await account.object.claimWrite(account.request(more))).toMatchObject({ kind: 'claimed' })
  await account.object.settleWrite({ key: more.key ?? 'key-of-caller', state: 'unknown', kept: null })
}

const NEW = { movements: [], largest: 0, tool: 'create_a_finexio_supplier_contact', target: { id: 'sup_1' } }

// At b8f2a26 a contact, created again under a new key, was there twice (B13). Siblings: a webhook, a supplier made as a
// counterparty, the same record with another note.
test.each<[string, Partial<ClaimRequest>, Partial<ClaimRequest>]>([
  ['a contact', NEW, NEW],
  [
    'a webhook',
    { ...NEW, tool: 'create_a_finexio_webhook', target: {} },
    { ...NEW, tool: 'create_a_finexio_webhook', target: {} },
  ],
  [
    'a supplier and the same as a counterparty',
    { ...NEW, tool: 'create_a_finexio_supplier', target: {}, subjects: [print('supplier')] },
    {
      ...NEW,
      tool: 'create_a_finexio_counterparty',
      target: {},
      fingerprint: print('b'),
      subjects: [print('counterparty')],
      equals: [print('counterparty'), print('supplier')],
    },
  ],
  ['a contact with another note', NEW, { ...NEW, fingerprint: print('b') }],
])('%s: one that is unknown holds its equals back under every key', async (_, first, equal) => {
  const account = await accountWithServer()
  await lost(account, first)
  for (const key of [null, crypto.randomUUID()]) {
    const met = await account.object.claimWrite(account.request({ ...equal, key }))
    expect(met).toMatchObject({
      kind: 'possible_repeat',
      earlier: { key: 'key-of-caller', state: 'unknown' },
    })
  }
  const other = account.request({ ...equal, key: 'other', fingerprint: print('c'), target: { id: 'sup_2' } })
  expect((await account.object.claimWrite(other)).kind).toBe('claimed')
})

// At b8f2a26 the ledger was not asked where duplicate_guard.requests is 0: stored three times (B27).
test('the same buyer, supplier and number is held back whatever was looked up: lost, under way, done', async () => {
  for (const state of ['unknown', 'claimed', 'succeeded'] as const) {
    const account = await accountWithServer()
    await account.object.claimWrite(account.request())
    if (state !== 'claimed') await account.object.settleWrite({ key: 'key-of-caller', state, kept: null })
    for (const guard of [null, { free: [], absent: [0] }]) {
      const again = account.request({ key: crypto.randomUUID(), fingerprint: print('one cent more'), guard })
      expect(await account.object.claimWrite(again)).toEqual({
        kind: 'in_ledger',
        rows: [{ index: 0, key: 'key-of-caller', state, elsewhere: false }],
      })
    }
  }
})

const batchOf = (length: number) => {
  const invoices = Array.from({ length }, (_, at) => ({
    buyer: 'b',
    supplier: `sup_${at}`,
    number: `N-${at}`,
  }))
  const movements = invoices.map(({ buyer, supplier }, at) => ({
    ...{ buyer, supplier, cents: 100 + at, count: 1, invoices: [[at, 100 + at] as const] },
  }))
  return { invoices, facts: { movements, largest: 0, fields: [], changes: null } }
}

test('also what left through another MCP server, of which only that one answers', async () => {
  const account = await accountWithServer()
  await account.object.claimWrite(account.request())
  await runInDurableObject(account.object, (_, { storage }) =>
    storage.sql.exec("UPDATE ledger SET server_id = 'another', state = 'unknown'"),
  )
  const met = await account.object.claimWrite(account.request({ key: 'new', fingerprint: print('b') }))
  expect(met).toMatchObject({ kind: 'in_ledger', rows: [{ elsewhere: true }] })
  if (met.kind !== 'in_ledger') throw new Error()
  expect(refusalOf('tool', met, () => true, batchOf(1)).message).toMatch(/left through another MCP server/)
})

// At b8f2a26: "Leave these rows out", and an invoice that was never stored was never paid (B29).
test('a row of an unknown write is not called paid: the answer names the tool that finds out', () => {
  const rows = (['unknown', 'claimed', 'rejected', 'succeeded'] as const).map((state, index) => ({
    ...{ index, key: `key-${state}`, state, elsewhere: false },
  }))
  const { message } = refusalOf('tool', { kind: 'in_ledger', rows }, () => true, batchOf(4))
  // At d9f6ffd2 only place and key: a reader of the refusal could not tell which bill.
  expect(message).toContain(
    'body[3] (invoice "N-3", $1.03, supplier sup_3, idempotency_key key-succeeded, succeeded). Leave these rows out.',
  )
  expect(message).toMatch(/body\[0\] .*body\[1\] .*body\[2\] .*resolve_finexio_write.*nor drop them/)
  for (const row of rows.slice(0, 3)) {
    const alone = refusalOf('tool', { kind: 'in_ledger', rows: [row] }, () => true, batchOf(4)).message
    expect(alone).not.toMatch(/Leave these rows out/)
    expect(alone).toMatch(/resolve_finexio_write/)
  }
})

// At b8f2a26 rows were deleted after 7 days, and their money was free (B15). Siblings: 8, 31 and 400 days.
test('an unknown write is kept until it is settled, and holds its invoices', async () => {
  const account = await accountWithServer()
  const start = Date.now()
  await lost(account)
  await account.object.claimWrite(account.request({ key: 'done', fingerprint: print('d'), subjects: [] }))
  await account.object.settleWrite({ key: 'done', state: 'succeeded', kept: null })
  for (const days of [7, 8, 31, 400]) {
    at(start + days * DAY_MS + 1_000)
    await runDurableObjectAlarm(account.object)
    const again = account.request({ key: crypto.randomUUID(), fingerprint: print('other') })
    expect(await account.object.claimWrite(again)).toMatchObject({
      kind: 'in_ledger',
      rows: [{ state: 'unknown' }],
    })
    expect(await account.object.readWrite('done')).toBeNull()
  }
  await account.object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept: null })
  expect((await account.object.claimWrite(account.request({ key: 'free' }))).kind).toBe('claimed')
})

const refuseInPart = async (account: Account) => {
  const two = [print('invoice 1'), print('invoice 2')]
  const batch = account.request({ subjects: two, equals: two })
  await account.object.claimWrite(batch)
  await account.object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept: { partial: true } })
  return batch
}

// At b8f2a26 the reservation was counted twice for 30 days, and rows that were stored in part were sent again (B28).
test('rows of a batch that was refused in part are held until they were looked up, and counted once', async () => {
  const account = await accountWithServer()
  const batch = await refuseInPart(account)
  const held = { kind: 'in_ledger', rows: [{ index: 0, state: 'rejected' }, { index: 1 }] }
  expect(await account.object.claimWrite(batch)).toMatchObject(held)
  expect(await account.object.claimWrite({ ...batch, key: 'new' })).toMatchObject(held)
  const looked = (absent: number[]) => ({ ...batch, guard: { free: [], absent } })
  expect(await account.object.claimWrite(looked([0, 1]))).toMatchObject(held)
  at(Date.now() + SHOWN_MS + 1_000)
  expect(await account.object.claimWrite(looked([0]))).toMatchObject({
    kind: 'in_ledger',
    rows: [{ index: 1 }],
  })
  expect((await account.object.claimWrite(looked([0, 1]))).kind).toBe('claimed')
  expect(await centsOf(account)).toEqual([500])
  await account.object.settleWrite({ key: 'key-of-caller', state: 'not_sent', kept: null })
  expect(await centsOf(account)).toEqual([])
})

test('money that moved under a key which is forgotten by now counts beside what is claimed under it anew', async () => {
  const account = await accountWithServer()
  const start = Date.now()
  await account.object.claimWrite(account.request())
  await account.object.settleWrite({ key: 'key-of-caller', state: 'succeeded', kept: null })
  at(start + 8 * DAY_MS)
  await runDurableObjectAlarm(account.object)
  expect((await account.object.claimWrite(account.request({ subjects: [print('new')] }))).kind).toBe(
    'claimed',
  )
  expect(await centsOf(account)).toEqual([500, 500])
})

test('a settlement that comes twice is written down once', async () => {
  const account = await accountWithServer()
  await account.object.claimWrite(account.request())
  for (const partial of [true, true])
    await account.object.settleWrite({ key: 'key-of-caller', state: 'rejected', kept: { partial } })
  const settled = await runInDurableObject(account.object, (_, { storage }) =>
    storage.sql.exec("SELECT 1 FROM audit WHERE entry LIKE '%concluded%'").toArray(),
  )
  expect(settled).toHaveLength(1)
})

/** The account's namespace, whose objects are reset at the first settlement: before it is committed, or before that is said. */
const resetting = (when: 'before' | 'after', times: number) => {
  let left = times
  const get: typeof env.ACCOUNTS.get = (...id) => {
    const stub = env.ACCOUNTS.get(...id)
    const settleWrite = async (settlement: unknown) => {
      const settle = () => (stub as unknown as Account['object']).settleWrite(settlement as never)
      if (left-- <= 0) return settle()
      if (when === 'after') await settle()
      throw new Error('reset')
    }
    return new Proxy(stub, {
      get: (at, name) => (name === 'settleWrite' ? settleWrite : Reflect.get(at, name)),
    })
  }
  return { idFromName: (name: string) => env.ACCOUNTS.idFromName(name), get } as typeof env.ACCOUNTS
}

// At b8f2a26 a settlement was sent once, by the stub of the claim (B20). Siblings: the answer to it was lost, or both were.
test.each([
  ['before', 1, 'succeeded', 1],
  ['after', 1, 'succeeded', 1],
  ['before', 2, 'claimed', 0],
] as const)(
  'a settlement whose object was reset %s it committed, %i times: %s',
  async (when, times, state, rows) => {
    const account = await accountWithServer()
    const reported: unknown[] = []
    const writes = writesAt({
      ...{
        env: { ...env, ACCOUNTS: resetting(when, times) },
        accountId: account.id,
        serverId: account.server.id,
      },
      ...{ requestId: 'request', settings: {}, origin: 'https://mcp.test', sees: () => true },
      letIn: account.request().letIn,
      report: (error) => reported.push(error),
    })
    expect((await writes.claim(account.request())).kind).toBe('claimed')
    await writes.settle({ key: 'key-of-caller', state: 'succeeded', kept: { id: 'inv_1' } })
    expect((await account.object.readWrite('key-of-caller'))?.state).toBe(state)
    const settled = await runInDurableObject(account.object, (_, { storage }) =>
      storage.sql.exec("SELECT 1 FROM audit WHERE entry LIKE '%concluded%'").toArray(),
    )
    expect([settled.length, reported.length]).toEqual([rows, times - 1])
  },
)

// At b8f2a26 the second failure was swallowed, and the alarm was never armed again (B26). Siblings: the first setAlarm alone,
// a fault of the tidying, both.
test.each([
  ['every setAlarm', 9, false, true],
  ['one setAlarm', 1, false, false],
  ['the tidying', 0, true, false],
  ['the tidying and setAlarm', 9, true, true],
] as const)(
  'an alarm in which %s fails is thrown on, unless it is armed again',
  async (_, times, breaks, throws) => {
    const account = await accountWithServer()
    await account.object.claimWrite(account.request())
    const outcome = await runInDurableObject(account.object, async (object, { storage }) => {
      // As the platform does before it runs an alarm.
      await storage.deleteAlarm()
      let left: number = times
      const real = storage.setAlarm.bind(storage)
      const failing = vi.spyOn(storage, 'setAlarm').mockImplementation((at) => {
        if (left-- > 0) throw new Error('storage is down')
        return real(at)
      })
      if (breaks) storage.sql.exec('ALTER TABLE ledger RENAME TO gone')
      const ended = await object.alarm().then(
        () => 'done',
        () => 'thrown',
      )
      failing.mockRestore()
      if (breaks) storage.sql.exec('ALTER TABLE gone RENAME TO ledger')
      return { ended, armed: (await storage.getAlarm()) !== null }
    })
    expect(outcome.ended).toBe(throws ? 'thrown' : 'done')
    if (!throws) expect(outcome.armed).toBe(true)
  },
)
