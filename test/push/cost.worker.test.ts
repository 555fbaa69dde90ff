/** What pushing costs a call: nothing where it is off, and an alarm for many calls where it is on. */
import { runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { GATHER_MS } from '../../src/account/push/pusher.ts'
import { makeAccount } from '../accounts/support.ts'
import { called } from '../audit/support.ts'
import { COLLECTOR, collector, settings } from './support.ts'

const CALLS = 500

let restore = () => {}
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] })
})
afterEach(() => {
  restore()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

/** Billed rows and alarms that were set, of so many calls, one after the other, and of the alarm that follows. */
const costOf = async (
  changed: object,
): Promise<{ written: number; read: number; alarms: number; requests: number }> => {
  restore = settings(changed)
  const { requests } = collector(() => 'takes')
  const { object } = await makeAccount()
  const counted = await runInDurableObject(object, (_, { storage }) => {
    const counts = { written: 0, read: 0, alarms: 0 }
    const exec = storage.sql.exec.bind(storage.sql)
    vi.spyOn(storage.sql, 'exec').mockImplementation((...given) => {
      const cursor = exec(...given)
      const rows = cursor.toArray()
      counts.written += cursor.rowsWritten
      counts.read += cursor.rowsRead
      return { toArray: () => rows, one: () => rows[0] } as unknown as ReturnType<typeof exec>
    })
    const setAlarm = storage.setAlarm.bind(storage)
    vi.spyOn(storage, 'setAlarm').mockImplementation((at) => {
      counts.alarms += 1
      return setAlarm(at)
    })
    return counts
  })
  for (let made = 0; made < CALLS; made += 50)
    await Promise.all(Array.from({ length: 50 }, () => object.record([called()])))
  vi.setSystemTime(Date.now() + GATHER_MS)
  await runDurableObjectAlarm(object)
  vi.restoreAllMocks()
  restore()
  return { ...counted, requests: requests() }
}

test('500 calls: where it is on, one request and a handful of rows and alarms more than where it is off', async () => {
  const off = await costOf({})
  const on = await costOf(COLLECTOR)
  expect([off.requests, on.requests]).toEqual([0, 1])
  expect(on.alarms - off.alarms).toBeLessThanOrEqual(3)
  expect(on.written - off.written).toBeLessThanOrEqual(CALLS / 100)
  expect(on.read - off.read).toBeLessThanOrEqual(3 * CALLS)
})
