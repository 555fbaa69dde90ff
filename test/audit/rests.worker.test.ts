/**
 * What is long rests between its slices while calls come, and not while none do. Seen at bf43888c: it rested either way, and a call beside
 * a verification and an export took 1.37 times as long (p99) as alone.
 */
import { runInDurableObject } from 'cloudflare:test'
import { afterEach, expect, test, vi } from 'vitest'
import { fillTrail } from '../../bench/workers/trail.ts'
import type { AuditEntry } from '../../src/account/audit/entry.ts'
import { Trail } from '../../src/account/audit/trail.ts'
import { makeAccount } from '../accounts/support.ts'
import { called, DAY, everything, managed } from './support.ts'

afterEach(() => {
  vi.restoreAllMocks()
})

const ROWS = 1_100
const START = Date.parse('2026-11-01T00:00:00Z')
const never = { ...everything('a'), filters: { tool_name: 'never' } }

const WORKS: Readonly<Record<string, (trail: Trail) => Promise<unknown>>> = {
  verified: (trail) => trail.verify(null),
  searched: (trail) => trail.read(never),
  counted: (trail) => trail.count(),
  tidied: (trail) => trail.tidy(START + 500 * DAY),
}

/** Milliseconds of each pause of a work, after a row that came so long ago. */
const pausesOf = async (work: (trail: Trail) => Promise<unknown>, row: AuditEntry = called(), ago = 0) => {
  const { object } = await makeAccount()
  return runInDurableObject(object, async (_, { storage }) => {
    fillTrail(storage.sql, ROWS, START, 1)
    const trail = new Trail(storage.sql)
    await trail.append([row], Date.now() - ago)
    const paused = vi.spyOn(globalThis, 'setTimeout')
    await work(trail)
    return paused.mock.calls.map(([, ms]) => ms)
  })
}

test.each(Object.entries(WORKS))('a trail that is %s leaves room for calls that come', async (_, work) => {
  const pauses = await pausesOf(work)
  expect(pauses.length).toBeGreaterThan(0)
  expect(pauses).not.toContain(0)
})

// Siblings: calls that came long before, a clock that was set back far since, and rows that no call left.
test.each([
  ['a minute ago', called(), 60_000],
  ['in a minute', called(), -60_000],
  ['now, of management', managed('x'), 0],
])('a trail whose last row came %s is verified without a rest', async (_, row, ago) => {
  const pauses = await pausesOf(WORKS.verified!, row, ago)
  expect(pauses.length).toBeGreaterThan(0)
  expect(new Set(pauses)).toEqual(new Set([0]))
})

const REST_MS = 30

// Seen at af087568: where calls left as many rows in a rest as a slice has, each verification stopped after 20,000 rows farther from the end than it began.
// Siblings: as many, a few less, several times as many.
test.each([130, 125, 110, 500])(
  '%i rows that calls leave in each rest keep no verification from ending',
  async (count) => {
    const { object } = await makeAccount()
    await runInDurableObject(object, async (_, { storage }) => {
      fillTrail(storage.sql, ROWS, START, 1)
      const trail = new Trail(storage.sql)
      await trail.append([called()], Date.now())
      const wait = globalThis.setTimeout
      const paused = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((
        then: () => void,
        ms: number,
      ) => {
        if (ms === REST_MS) fillTrail(storage.sql, count, Date.now(), 0)
        return wait(then, 0)
      }) as typeof setTimeout)
      expect(await trail.verify(null)).toMatchObject({ valid: true, next: null, rows_left: 0 })
      expect(paused.mock.calls.map(([, ms]) => ms)).toContain(REST_MS)
    })
  },
)
