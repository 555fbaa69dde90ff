import { runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { serversOf } from '../../src/account/account-stub.ts'
import { Notifier } from '../../src/account/notify/notifier.ts'
import * as outbox from '../../src/account/tables/outbox.ts'
import { nextWarning, takeExpiring } from '../../src/account/tables/servers.ts'
import { env, makeAccount, makeServer } from '../accounts/support.ts'

const HOUR = 3_600_000

afterEach(() => {
  vi.unstubAllGlobals()
})

/** A notifier of a deployment that asks for notifications; what it sends, and how the receiver answers. */
const notifierWith = (answers: number[]) => {
  const sent: { headers: Headers; body: { type: string; data: object } }[] = []
  vi.stubGlobal('fetch', async (input: RequestInfo, init?: RequestInit) => {
    const request = new Request(input, init)
    sent.push({ headers: request.headers, body: await request.json() })
    return new Response(null, { status: answers.shift() ?? 204 })
  })
  const settings = {
    ...env,
    NOTIFY_URL: 'https://ops.test/hook',
    NOTIFY_SECRET: `whsec_${btoa('x'.repeat(24))}`,
  }
  return { sent, on: (ctx: DurableObjectState) => new Notifier(ctx, settings) }
}
const inside = async <Result>(task: (sql: SqlStorage) => Result): Promise<Result> => {
  const { object } = await makeAccount()
  return runInDurableObject(object, (_, { storage }) => task(storage.sql))
}
const event = {
  type: 'approval.pending',
  data: { integrated_account_id: 'a', approval_id: 'b', mcp_server_id: 'c' },
} as const

test('a message is tried at growing distances under one id, then given up', async () => {
  const tries = await inside((sql) => {
    outbox.enqueue(sql, event, 0)
    const seen: { at: number; id: string }[] = []
    for (let now = outbox.nextAttempt(sql); now !== null; now = outbox.nextAttempt(sql)) {
      for (const { id } of outbox.takeDue(sql, now)) seen.push({ at: now, id })
    }
    return seen
  })
  expect(tries.map(({ at }) => at / 1000)).toEqual([0, 30, 330, 2_130, 9_330, 52_530])
  expect(new Set(tries.map(({ id }) => id)).size).toBe(1)
})

test('what was delivered is gone, and a receiver that is away fills nothing', async () => {
  const left = await inside((sql) => {
    for (let count = 0; count < 1_000; count++) outbox.enqueue(sql, event, 0)
    const { n } = sql.exec<{ n: number }>('SELECT count(*) AS n FROM outbox').one()
    for (const { id } of outbox.takeDue(sql, 0)) outbox.delivered(sql, id)
    return [n, sql.exec<{ n: number }>('SELECT count(*) AS n FROM outbox').one().n]
  })
  expect(left).toEqual([200, 180])
})

test('the operator is warned of a server once, a day before it ends, unless it was made for less', async () => {
  const now = Date.now()
  const { id, object } = await makeAccount()
  const long = await makeServer(id, now + 48 * HOUR)
  await makeServer(id, now + 2 * HOUR)
  await makeServer(id)
  const taken = await runInDurableObject(object, (_, { storage: { sql } }) => [
    takeExpiring(sql, now + 23 * HOUR).length,
    nextWarning(sql),
    takeExpiring(sql, now + 25 * HOUR),
    takeExpiring(sql, now + 26 * HOUR).length,
  ])
  expect(taken).toEqual([0, now + 24 * HOUR, [expect.objectContaining({ id: long.id })], 0])
  await serversOf(object).update(long.id, { expires_at: now + 72 * HOUR }, ['editor'])
  const again = await runInDurableObject(object, (_, { storage: { sql } }) =>
    takeExpiring(sql, now + 49 * HOUR),
  )
  expect(again).toHaveLength(1)
})

test('the operator is notified of a server about to expire, under one id until the receiver takes it', async () => {
  const now = Date.now()
  const { id, object } = await makeAccount()
  const ends = now + 48 * HOUR
  const server = await makeServer(id, ends)
  const { sent, on } = notifierWith([503, 302, 204])
  await runInDurableObject(object, async (_, ctx) => {
    const notifier = on(ctx)
    expect(notifier.next()).toBe(ends - 24 * HOUR)
    notifier.warn(id, ends - 24 * HOUR)
    for (let at = notifier.next(); at !== null; at = notifier.next()) await notifier.flush(at)
  })
  expect(sent.map(({ body }) => body)).toEqual(
    Array(3).fill({
      type: 'mcp_server.expiring',
      timestamp: new Date(ends - 24 * HOUR).toISOString(),
      text: `The URL of “Agent” ends on ${new Date(ends).toISOString().slice(0, 10)}`,
      data: {
        integrated_account_id: id,
        mcp_server_id: server.id,
        name: 'Agent',
        expires_at: new Date(ends).toISOString(),
      },
    }),
  )
  expect(new Set(sent.map(({ headers }) => headers.get('webhook-id'))).size).toBe(1)
})

test.each([
  { type: 'account.needs_reauth', data: { integrated_account_id: 'a', name: 'Acme' } },
  { type: 'own_limit.reached', data: { integrated_account_id: 'a', limit: 50, window_seconds: 10 } },
  { type: 'audit.filling', data: { integrated_account_id: 'a', bytes: 5, bound_bytes: 6 } },
  event,
] as const)('$type leaves signed, at once', async (notification) => {
  const { object } = await makeAccount()
  const { sent, on } = notifierWith([])
  await runInDurableObject(object, async (_, ctx) => {
    const notifier = on(ctx)
    notifier.send(notification, Date.now())
    await expect.poll(() => sent.length).toBe(1)
    await expect.poll(() => notifier.next()).toBeNull()
  })
  expect(sent[0]!.body).toMatchObject(notification)
  expect(sent[0]!.headers.get('webhook-signature')).toMatch(/^v1,[A-Za-z0-9+/]{43}=$/)
})

test('nobody is notified where no endpoint is configured', async () => {
  const { sent } = notifierWith([])
  const { object } = await makeAccount()
  await runInDurableObject(object, async (_, ctx) => {
    const notifier = new Notifier(ctx, env)
    notifier.send(event, Date.now())
    expect(notifier.next()).toBeNull()
  })
  expect(sent).toEqual([])
})
