/** What counts as taken by the collector, and what the settings may say. */
import { afterEach, expect, test, vi } from 'vitest'
import { pauseOf } from '../../src/account/push/attempts.ts'
import { headersOf, push, pushSetting } from '../../src/account/push/collector.ts'
import type { Env } from '../../src/core/env.ts'

const URL_ = 'https://collector.test/v1/logs'
const settings = (more: Partial<Env> = {}): Env => ({ LOG_PUSH_URL: URL_, ...more }) as Env

afterEach(() => {
  vi.unstubAllGlobals()
})

const answering = (answer: () => Response | Promise<Response>) => {
  const requests: Request[] = []
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    requests.push(new Request(url, init))
    return answer()
  })
  return requests
}

test.each([
  ['a 200 with an empty answer', () => new Response(''), 'taken'],
  ['a 200 that says {}', () => Response.json({}), 'taken'],
  ['a 202 with words', () => new Response('accepted', { status: 202 }), 'taken'],
  [
    'a partial success that rejects nothing and warns',
    () => Response.json({ partialSuccess: { errorMessage: 'old' } }),
    'taken',
  ],
  ['a partial success', () => Response.json({ partialSuccess: { rejectedLogRecords: '3' } }), 'rejected'],
  [
    'a partial success that writes a number',
    () => Response.json({ partialSuccess: { rejectedLogRecords: 1 } }),
    'rejected',
  ],
  ['a 400', () => new Response(null, { status: 400 }), 'rejected'],
  ['a 413', () => new Response(null, { status: 413 }), 'rejected'],
  ['a 401', () => new Response(null, { status: 401 }), 'refused'],
  ['a 404', () => new Response(null, { status: 404 }), 'refused'],
  [
    'a redirect',
    () => new Response(null, { status: 307, headers: { location: 'https://elsewhere.test' } }),
    'refused',
  ],
  ['a 429', () => new Response(null, { status: 429, headers: { 'retry-after': '7' } }), 'unreachable'],
  ['a 503', () => new Response(null, { status: 503 }), 'unreachable'],
  ['no answer', () => Promise.reject(new TypeError('gone')), 'unreachable'],
] as const)('%s: %#', async (_, answer, kind) => {
  answering(answer)
  expect((await push(settings(), '{}')).kind).toBe(kind)
})

test('how long the collector asks to wait is kept, where it is a number of seconds', async () => {
  for (const [said, waitMs] of [
    ['7', 7_000],
    ['Fri, 31 Dec 2027 23:59:59 GMT', null],
    ['-1', null],
  ] as const) {
    answering(() => new Response(null, { status: 429, headers: { 'retry-after': said } }))
    expect(await push(settings(), '{}')).toMatchObject({ waitMs })
  }
})

test('the headers of the setting go with it, and none of them changes what the body is', async () => {
  const requests = answering(() => new Response())
  await push(
    settings({ LOG_PUSH_HEADERS: 'Authorization=Basic%20dTpw, x-tenant = a%2Cb ,content-type=text/plain' }),
    '{}',
  )
  const { headers } = requests[0]!
  expect([headers.get('authorization'), headers.get('x-tenant'), headers.get('content-type')]).toEqual([
    'Basic dTpw',
    'a,b',
    'application/json',
  ])
})

test.each([
  [undefined, {}],
  ['', {}],
  ['a=', { a: '' }],
  ['a=b=c', { a: 'b=c' }],
  ['a', null],
  ['=b', null],
  ['a b=c', null],
  ['a=%0d%0ax: y', null],
  ['a=%', null],
  ['a=ü', null],
])('headers %s', (text, headers) => {
  expect(headersOf(text)).toEqual(headers)
})

test('an address or a header that is not usable sends nothing, and is logged once without the values', () => {
  const log = vi.spyOn(console, 'error').mockReturnValue()
  const local = { LOG_PUSH_URL: 'http://127.0.0.1:4318/v1/logs' }
  const kept = [{}, settings(), { ...local, LOCAL_DEVELOPMENT: 'true' }].map((env) => pushSetting(env as Env))
  expect([kept, log.mock.calls]).toEqual([['off', 'on', 'on'], []])
  const wrong = [
    local,
    { LOG_PUSH_URL: 'http://collector.test/v1/logs', LOCAL_DEVELOPMENT: 'true' },
    { LOG_PUSH_URL: 'https://user:canary@collector.test/v1/logs' },
    { LOG_PUSH_URL: 'collector.test' },
    settings({ LOG_PUSH_HEADERS: 'canary' }),
  ]
  expect(wrong.map((env) => pushSetting(env as Env))).toEqual(wrong.map(() => 'unusable'))
  expect(log.mock.calls).toHaveLength(1)
  expect(JSON.stringify(log.mock.calls)).not.toMatch(/canary|collector\.test/)
  log.mockRestore()
})

test('pauses double up to an hour, differ among accounts, and are as long as the collector asks, but no longer than an hour', () => {
  expect([1, 2, 3, 20].map((failures) => pauseOf(failures, null, 1) / 1_000)).toEqual([30, 60, 120, 3_600])
  expect(pauseOf(1, null, 0)).toBe(15_000)
  expect(pauseOf(1, 600_000, 0)).toBe(600_000)
  expect(pauseOf(1, 86_400_000, 0)).toBe(3_600_000)
})
