/** Requests to Finexio are counted beside calls (fault B23). At commit b8f2a26 one dry run cost 56 requests, and 50 calls in 10 s made 2,800. */
import { describe, expect, test } from 'vitest'
import type { AuditEntry } from '../../src/account/audit/entry.ts'
import { ownLimit, ownLimits } from '../../src/account/door/limiter.ts'
import { COUNTED_AT_ONCE, type Limits, OwnLimits } from '../../src/account/door/own-limits.ts'
import { callWith, envelope } from '../tools/fake-finexio.ts'

const T = Date.parse('2026-11-30T12:00:00Z')
const requests = { limit: 600, windowSeconds: 60 }

const refusedBy = (limits: OwnLimits, of: Partial<Limits>, now: number) => {
  const taken = limits.take({ calls: null, requests: null, at_once: null, ...of }, now)
  return 'refused' in taken ? taken.refused : null
}

test('settings: 600 in a minute where nothing is said, off, and what is no setting is named', () => {
  expect(ownLimits({})).toEqual({ calls: { limit: 50, windowSeconds: 10 }, requests, at_once: 50 })
  expect(ownLimit('off', 'OWN_REQUESTS')).toBeNull()
  expect(ownLimit('100/5', 'OWN_REQUESTS')).toEqual({ limit: 100, windowSeconds: 5 })
  for (const wrong of ['many', '0/60', '600', '600/60/1', 'OFF'])
    expect(() => ownLimit(wrong, 'OWN_REQUESTS')).toThrow(/^OWN_REQUESTS must be requests per seconds/)
})

describe('what is let in', () => {
  test('50 calls of 56 requests each are not: the twelfth waits, and which limit it is stands in the verdict', () => {
    const limits = new OwnLimits()
    let passed = 0
    for (let call = 0; call < 50; call++) {
      if (refusedBy(limits, { requests }, T + call * 200) !== null) continue
      passed++
      limits.noteRequests(56, T + call * 200)
    }
    expect(passed).toBe(11)
    expect(refusedBy(limits, { requests }, T + 10_000)).toMatchObject({
      counted: 'requests',
      limit: 600,
      remaining: 0,
      reset: 50,
    })
    expect(refusedBy(limits, { requests }, T + 61_000)).toBeNull()
  })

  test('a call that is refused for requests takes none of the calls', () => {
    const limits = new OwnLimits()
    limits.noteRequests(600, T)
    const both = { calls: { limit: 1, windowSeconds: 600 }, requests }
    expect(refusedBy(limits, both, T)?.counted).toBe('requests')
    expect(refusedBy(limits, both, T + 60_000)).toBeNull()
    expect(refusedBy(limits, both, T + 60_001)?.counted).toBe('calls')
  })

  test('nobody is shut out for longer than a window, whatever one call did', () => {
    const limits = new OwnLimits()
    limits.noteRequests(1_000_000, T)
    expect(refusedBy(limits, { requests }, T + 60_000)).toBeNull()
  })
})

test('what a busy account did is forgotten with its window, and none of it while it counts', () => {
  const limits = new OwnLimits()
  for (let call = 0; call < 30_000; call++) limits.noteRequests(1, T + call)
  const counted = { limit: 9_999, windowSeconds: 10 }
  const take = (requests: typeof counted, now: number) => {
    const taken = limits.take({ calls: null, requests, at_once: null }, now)
    return 'refused' in taken ? taken.refused : null
  }
  expect(take(counted, T + 29_999)?.counted).toBe('requests')
  expect(take(counted, T + 30_001)).toBeNull()
  expect(take({ limit: 9_998, windowSeconds: 10 }, T + 30_001)?.reset).toBe(1)
})

test('a call under way is never cut, and its account hears of every request once', async () => {
  const counted: number[] = []
  const page = (at: number) =>
    envelope(
      Array.from({ length: 100 }, (_, row) => ({
        id: `p-${at}-${row}`,
        created: new Date(T - (at * 100 + row) * 60_000).toISOString(),
      })),
      { count: 5_000, next: 'https://finexio.test/v2/invoices/?page=2' },
    )
  const { sent, ran } = await callWith(
    'analyze_finexio_payables',
    { over: 'invoices' },
    ({ query }) => page(Number(query?.page ?? 1)),
    { countRequests: (count) => counted.push(count) },
  )
  expect(sent.length).toBeGreaterThan(COUNTED_AT_ONCE)
  const limits = new OwnLimits()
  for (const count of counted) limits.noteRequests(count, T)
  limits.noteCalls([{ type: 'mcp', upstream_requests: ran!.upstream.requests } as AuditEntry], T)
  const exactly = (limit: number) => refusedBy(limits, { requests: { limit, windowSeconds: 60 } }, T)
  expect([exactly(sent.length + 1), exactly(sent.length)?.counted]).toEqual([null, 'requests'])
})
