import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import * as outbox from '../../src/accounts/outbox-rows.ts'
import { makeAccount, makeServer } from '../accounts/support.ts'

const HOUR = 3_600_000
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
    for (let now = outbox.nextOutbox(sql); now !== null; now = outbox.nextOutbox(sql)) {
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

test('a server is told of once, a day before it ends, unless it was made for less', async () => {
  const now = Date.now()
  const { id, object } = await makeAccount()
  const long = await makeServer(id, now + 48 * HOUR)
  await makeServer(id, now + 2 * HOUR)
  await makeServer(id)
  const told = await runInDurableObject(object, (_, { storage: { sql } }) => [
    outbox.takeExpiring(sql, now + 23 * HOUR).length,
    outbox.nextOutbox(sql),
    outbox.takeExpiring(sql, now + 25 * HOUR),
    outbox.takeExpiring(sql, now + 26 * HOUR).length,
  ])
  expect(told).toEqual([0, now + 24 * HOUR, [expect.objectContaining({ id: long.id })], 0])
  await object.updateServer(long.id, { expires_at: now + 72 * HOUR })
  const again = await runInDurableObject(object, (_, { storage: { sql } }) =>
    outbox.takeExpiring(sql, now + 49 * HOUR),
  )
  expect(again).toHaveLength(1)
})
