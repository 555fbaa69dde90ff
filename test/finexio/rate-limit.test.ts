import { execFileSync } from 'node:child_process'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  isThrottle,
  normalizeRateLimit,
  rateLimitHeaders,
  retryAfterSeconds,
} from '../../src/finexio/rate-limit.ts'
import { runs } from '../support/size.ts'
import vectors from './ratelimit-vectors.json' with { type: 'json' }

type Vector = {
  name: string
  now: string
  headers: Record<string, string>
  options?: { resetUnit?: 'milliseconds' }
}

describe.each(['UTC', 'America/New_York', 'Asia/Kolkata'])('the vectors in %s', (zone) => {
  it('are all 79, and all read as expected', () => {
    const script = `
      import { readFileSync } from 'node:fs'
      import { normalizeRateLimit } from './src/finexio/rate-limit.ts'
      const vectors = JSON.parse(readFileSync('./test/finexio/ratelimit-vectors.json', 'utf8'))
      console.log(JSON.stringify(vectors.map((v) => normalizeRateLimit(v.headers, new Date(v.now), v.options))))`
    const args = ['--input-type=module', '--no-warnings', '-e', script]
    const answers = JSON.parse(
      execFileSync(process.execPath, args, { env: { ...process.env, TZ: zone }, encoding: 'utf8' }),
    )
    expect(vectors).toHaveLength(79)
    const read = vectors.map(({ name }, index) => [name, answers[index]])
    expect(read).toEqual(vectors.map(({ name, expect: expected }) => [name, expected]))
  })
})

it.each(vectors as unknown as (Vector & { expect: unknown })[])(
  '$name, as Headers',
  ({ headers, now, options, expect: expected }) => {
    expect(normalizeRateLimit(new Headers(headers), new Date(now), options)).toEqual(expected)
  },
)

const NAMES = [...new Set(vectors.flatMap(({ headers }) => Object.keys(headers)))]
const VALUES = vectors.flatMap(({ headers }) => Object.values(headers) as string[])
const hostile = fc.oneof(
  fc.constantFrom(...VALUES),
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.constantFrom(
    '9'.repeat(400),
    '-1',
    '1e309',
    'NaN',
    '0x10',
    '١٢',
    '"a";r=1',
    '"a;r',
    '1;'.repeat(500),
    ' '.repeat(5_000),
  ),
  fc.tuple(fc.constantFrom(...VALUES), fc.constantFrom(...VALUES)).map(([a, b]) => `${a}, ${b}`),
  fc.double().map(String),
)
const headerSets = fc.dictionary(fc.constantFrom(...NAMES), hostile, { maxKeys: 12 })
const MOST = 999_999_999_999_999

describe('normalizeRateLimit', () => {
  it('never throws, answers bounded integers, and the same ones twice, for 20,000 hostile header sets', () => {
    fc.assert(
      fc.property(headerSets, fc.date({ noInvalidDate: false }), (headers, now) => {
        const numbers = normalizeRateLimit(headers, now)
        expect(normalizeRateLimit(headers, now)).toEqual(numbers)
        if (numbers === null) return
        expect(Object.keys(numbers).toSorted()).toEqual(['limit', 'remaining', 'reset'])
        for (const [name, value] of Object.entries(numbers)) {
          if (value === null) continue
          expect(
            Number.isInteger(value) && value >= 0 && value <= (name === 'reset' ? 31_622_400 : MOST),
          ).toBe(true)
        }
        expect(Object.values(rateLimitHeaders(numbers, null)).join('')).toMatch(/^\d*$/)
      }),
      runs(20_000),
    )
  }, 120_000)

  it('takes anything at all for headers', () => {
    for (const odd of [null, undefined, 7, 'text', [], { a: { b: 1 } }] as unknown[])
      expect(normalizeRateLimit(odd as Record<string, string>, new Date())).toBeNull()
  })

  it('uses the used count of the IETF names', () => {
    const now = new Date()
    expect(normalizeRateLimit({ 'RateLimit-Used': '10', 'RateLimit-Remaining': '5' }, now)).toEqual({
      limit: 15,
      remaining: 5,
      reset: null,
    })
    expect(normalizeRateLimit({ 'RateLimit-Observed': '12', 'RateLimit-Limit': '10' }, now)).toEqual({
      limit: 10,
      remaining: 0,
      reset: null,
    })
    expect(normalizeRateLimit({ 'RateLimit-Used': String(MOST), 'RateLimit-Remaining': '5' }, now)).toEqual({
      limit: null,
      remaining: 5,
      reset: null,
    })
  })

  it('prefers the longest reset among windows with equally little left', () => {
    const headers = { RateLimit: '"a";r=0;t=5, "b";r=0, "c";r=0;t=60', 'RateLimit-Policy': '"c";q=7;w=60' }
    expect(normalizeRateLimit(headers, new Date())).toEqual({ limit: 7, remaining: 0, reset: 60 })
  })

  it('reads RFC 850 dates with the century that is near', () => {
    const now = new Date('2026-11-23T00:00:00Z')
    expect(retryAfterSeconds({ 'Retry-After': 'Monday, 23-Nov-26 00:00:30 GMT' }, now)).toBe(30)
    expect(retryAfterSeconds({ 'Retry-After': 'Sunday, 06-Nov-94 08:49:37 GMT' }, now)).toBe(0)
    expect(retryAfterSeconds({ 'Retry-After': 'Mon, 31 Feb 2027 00:00:00 GMT' }, now)).toBeNull()
  })
})

describe('isThrottle', () => {
  const none = { limit: null, remaining: null, reset: null }
  it.each([
    [429, null, null, true],
    [403, null, null, false],
    [403, { ...none, remaining: 0 }, null, true],
    [403, { ...none, remaining: 3 }, null, false],
    [403, null, 5, true],
    [503, null, null, false],
    [503, null, 5, true],
    [500, { ...none, remaining: 0 }, 5, false],
  ] as const)('%d with %j and Retry-After %j: %j', (status, rate, wait, expected) => {
    expect(isThrottle(status, rate, wait)).toBe(expected)
  })
})

it('emits only what is known', () => {
  expect(rateLimitHeaders({ limit: 10, remaining: 0, reset: null }, 3)).toEqual({
    'ratelimit-limit': '10',
    'ratelimit-remaining': '0',
    'retry-after': '3',
  })
  expect(rateLimitHeaders(null, null)).toEqual({})
})
