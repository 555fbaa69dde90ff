/**
 * Counts of calls are kept no longer than somebody asks for them, and go in slices. Seen at commit b8f2a26: usage was counted out of the
 * rows on each question; since then, of a trail of 300 days 7,200 hours were stored, and deleted in one statement that read them all.
 */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { fillTrail, readCall } from '../../bench/workers/trail.ts'
import { usageOf } from '../../src/account/account-stub.ts'
import { tidyUsage } from '../../src/account/tables/usage.ts'
import { makeAccount } from '../accounts/support.ts'
import { DAY } from './support.ts'

const HOUR = DAY / 24
const [thisDay, thisHour] = [() => Math.floor(Date.now() / DAY), () => Math.floor(Date.now() / HOUR)]

const hoursIn = (sql: SqlStorage) => sql.exec<{ n: number }>('SELECT count(*) AS n FROM usage_hour').one().n

const storeHours = (sql: SqlStorage, server: string, hours: number) => {
  for (let ago = 0; ago < hours; ago++)
    sql.exec('INSERT INTO usage_hour VALUES (?, ?, 1)', server, thisHour() - ago)
}

test('of calls long past no hour is stored, and their days are', async () => {
  const { object } = await makeAccount()
  const days = await runInDurableObject(object, (_, { storage }) => {
    fillTrail(storage.sql, 3_000, Date.now() - 10 * DAY, Math.floor((10 * DAY) / 3_000))
  }).then(() => usageOf(object).ofAccount(12))
  expect(days!.days.reduce((sum, { calls }) => sum + calls, 0)).toBe(3_000)
  const stored = await runInDurableObject(object, (_, { storage }) => hoursIn(storage.sql))
  expect(stored).toBeGreaterThanOrEqual(23)
  expect(stored).toBeLessThanOrEqual(25)
})

// Siblings: counts of a server that is gone, of one that was used long ago, and of an hour that is still asked for.
test('old counts go five hundred at a time, by an index, and what is asked for stays', async () => {
  const { object } = await makeAccount()
  const seen = await runInDurableObject(object, (_, { storage: { sql } }) => {
    storeHours(sql, 'here', 2_000)
    for (let day = 100; day > 40; day--)
      for (let server = 0; server < 20; server++)
        sql.exec(
          'INSERT INTO usage_day VALUES (?, ?, 1, 0, 0, 0, 0, ?)',
          `gone ${server}`,
          thisDay() - day,
          0,
        )
    const slices: number[] = []
    const counting = {
      exec: (...args: Parameters<SqlStorage['exec']>) => {
        const cursor = sql.exec(...args)
        const rows = cursor.toArray()
        slices.push(cursor.rowsRead + cursor.rowsWritten)
        return { toArray: () => rows }
      },
    } as unknown as SqlStorage
    let times = 1
    while (tidyUsage(counting, Date.now())) times += 1
    return {
      times,
      longest: Math.max(...slices),
      hours: hoursIn(sql),
      days: sql.exec('SELECT 1 FROM usage_day').toArray().length,
    }
  })
  expect(seen).toMatchObject({ times: 4, hours: 25, days: 0 })
  // Three tables' worth of reading and writing for each that goes.
  expect(seen.longest).toBeLessThanOrEqual(4_000)
})

test('the alarm deletes them all', async () => {
  const { object } = await makeAccount()
  const server = readCall.mcp_server_id
  await runInDurableObject(object, (_, { storage: { sql } }) => {
    storeHours(sql, server, 3_000)
  })
  await runInDurableObject(object, (_, { storage }) => storage.setAlarm(Date.now() + DAY))
  await runDurableObjectAlarm(object)
  expect(await runInDurableObject(object, (_, { storage }) => hoursIn(storage.sql))).toBe(25)
})
