/** Rows of a trail reach the collector in order and at least once, whatever happens to either. */
import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from 'cloudflare:test'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { accountObject, auditOf } from '../../src/account/account-stub.ts'
import { deploymentAuditOf, directoryObject } from '../../src/account/directory-stub.ts'
import { GATHER_MS } from '../../src/account/push/pusher.ts'
import { readPush } from '../../src/account/tables/push.ts'
import { env, makeAccount } from '../accounts/support.ts'
import { call } from '../api/support.ts'
import { called, DAY, managed } from '../audit/support.ts'
import { times } from '../support/size.ts'
import { type Arrived, type Behaviour, COLLECTOR, collector, settings } from './support.ts'

const HOUR = 3_600_000
const NOTIFY = { NOTIFY_URL: 'https://ops.test/hook', NOTIFY_SECRET: `whsec_${btoa('x'.repeat(24))}` }

let restore = () => {}
let now = Date.now()

beforeEach(() => {
  restore = settings(COLLECTOR)
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(now)
})
afterEach(() => {
  restore()
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

const pass = (ms: number): void => {
  now = Date.now() + ms
  vi.setSystemTime(now)
}
const ring = (id: string) => runDurableObjectAlarm(accountObject(env, id))
/** Rings as often as something is due within a day. */
const ringOut = async (id: string, rounds = 60): Promise<void> => {
  for (let round = 0; round < rounds; round++) {
    const waiting = (await auditOf(accountObject(env, id)).status())!.push!.waiting
    if (waiting === 0) return
    pass(HOUR)
    await ring(id)
  }
}
const pushOf = async (id: string) => (await auditOf(accountObject(env, id)).status())!.push
const rowsOf = (id: string) =>
  runInDurableObject(accountObject(env, id), (_, { storage }) =>
    storage.sql.exec<{ seq: number; hash: string }>('SELECT seq, hash FROM audit ORDER BY seq').toArray(),
  )
const numbers = (count: number) => Array.from({ length: count }, (_, at) => at + 1)
const abort = (id: string) =>
  runInDurableObject(accountObject(env, id), (_, state) => state.abort('reset')).then(
    () => {},
    () => {},
  )

/** Repeatable: what happens next, out of so many. */
const dice = (seed: number) => {
  let state = seed
  return (sides: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * sides)
  }
}

const CANARIES = [
  'correct horse',
  'ap-user',
  'whsec_',
  'push-header-canary',
  'the-admin-key',
  env.TOKEN_PEPPER,
  env.MASTER_KEY_V1,
]

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'

/** What an aborted object did not write is no row. */
const tenCalls = (id: string, made: number) =>
  Promise.all(
    Array.from({ length: 10 }, (_, at) =>
      accountObject(env, id)
        .record([called({ request_id: `r${made + at}`, ...(at % 2 === 0 && { traceparent }) })])
        .catch(() => {}),
    ),
  )

const disturb = async (id: string, what: number): Promise<void> => {
  // An eviction takes a second.
  if (what === 0) await evictDurableObject(accountObject(env, id))
  else if (what < 4) await Promise.all([ring(id).catch(() => {}), abort(id)])
  else if (what < 8) await ring(id).catch(() => {})
}

/** Numbers in the order in which they first came, and each row as it was sent, every time alike. */
const arrivedFor = (kept: readonly Arrived[], id: string) => {
  const texts = new Map<number, string>()
  for (const { seq, text } of kept.filter(({ chain }) => chain === id)) {
    expect(text).toBe(texts.get(seq) ?? text)
    texts.set(seq, text)
  }
  return { first: [...texts.keys()], texts }
}

test(
  'calls with evictions, aborts and outages: no row is lost, each chain keeps its order, repeats are recognisable, no secret leaves',
  async () => {
    restore()
    restore = settings({ ...COLLECTOR, LOG_PUSH_HEADERS: 'authorization=push-header-canary' })
    const roll = dice(14)
    const outages: Behaviour[] = [
      'away',
      503,
      429,
      'lost',
      'lost',
      'takes',
      'takes',
      'takes',
      'takes',
      'takes',
    ]
    let [mended, asked] = [false, 0]
    const { kept, bodies } = collector(() => {
      if (asked++ === 0) return 'lost'
      return mended ? 'takes' : outages[roll(outages.length)]!
    })
    const accounts = [(await makeAccount()).id, (await makeAccount()).id]
    const calls = times(240, 10_000)
    for (let made = 0; made < calls; made += 20) {
      await Promise.all(accounts.map((id) => tenCalls(id, made)))
      await disturb(accounts[roll(2)]!, made === 60 ? 0 : roll(times(10, 60)) || 4)
      pass(roll(20_000))
    }
    mended = true
    for (const id of accounts) {
      await ringOut(id)
      const rows = await rowsOf(id)
      const { first, texts } = arrivedFor(kept, id)
      expect(rows.length).toBeGreaterThan(calls / 4)
      expect(first).toEqual(numbers(rows.length))
      for (const { seq, hash } of rows) expect(texts.get(seq)).toContain(hash)
    }
    expect(kept.length).toBeGreaterThan(new Set(kept.map(({ chain, seq }) => `${chain} ${seq}`)).size)
    for (const canary of CANARIES) expect(bodies.some((body) => body.includes(canary))).toBe(false)
  },
  times(60_000, 900_000),
)

test('an account of which nothing is pushed yet sends what it has kept, also once it is gone, under its own id', async () => {
  restore()
  const { id, object } = await makeAccount()
  await object.record([called(), managed('DELETE /integrated-account/:id')])
  const { kept } = collector(() => 'takes')
  restore = settings(COLLECTOR)
  await object.eraseAccount()
  await evictDurableObject(object)
  expect(await auditOf(accountObject(env, id)).head()).toMatchObject({ seq: 2 })
  pass(GATHER_MS)
  await ring(id)
  expect(kept.map(({ chain, seq }) => [chain, seq])).toEqual([
    [id, 1],
    [id, 2],
  ])
})

test('the trail of the deployment goes the same way', async () => {
  const { kept } = collector(() => 'takes')
  await directoryObject(env).record([managed('PUT /writes'), managed('POST /person')])
  pass(GATHER_MS)
  await runDurableObjectAlarm(directoryObject(env))
  const own = kept.filter(({ chain }) => chain === 'deployment')
  expect(own.map(({ seq }) => seq)).toEqual(numbers(own.length))
  expect(own.length).toBeGreaterThanOrEqual(2)
  expect((await deploymentAuditOf(env).status()).push).toMatchObject({ waiting: 0, problem: null })
})

test.each([
  ['a key that is wrong', 401, 'refused'],
  ['an address that is wrong', 404, 'refused'],
  ['a partial success', 'partial', 'rejected'],
] as [string, Behaviour, string][])(
  '%s loses nothing: told in the status, notified once, and it goes on where it was',
  async (_, how, problem) => {
    restore()
    restore = settings({ ...COLLECTOR, ...NOTIFY })
    let wrong = true
    const notified: string[] = []
    const { kept } = collector(() => (wrong ? how : 'takes'))
    const toCollector = fetch
    vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
      if (url === COLLECTOR.LOG_PUSH_URL) return toCollector(url, init)
      notified.push(JSON.parse(String(init.body)).type)
      return new Response(null, { status: 204 })
    })
    const { id, object } = await makeAccount()
    await object.record([called()])
    for (let round = 0; round < 3; round++) {
      pass(HOUR)
      await ring(id)
    }
    expect(await pushOf(id)).toMatchObject({ sent_to: 0, waiting: 1, problem })
    await expect.poll(() => notified).toEqual(['audit.push_failing'])
    await object.record([called()])
    wrong = false
    await ringOut(id)
    expect(kept.map(({ seq }) => seq)).toEqual([1, 2])
    expect(await pushOf(id)).toEqual({ sent_to: 2, waiting: 0, problem: null, status: null, since: null })
    expect(notified).toEqual(['audit.push_failing'])
  },
)

test('a collector that is away is told of after an hour, and is not asked by every call meanwhile', async () => {
  const { requests } = collector(() => 'away')
  const { id, object } = await makeAccount()
  for (let count = 0; count < 5; count++) {
    await object.record([called()])
    pass(GATHER_MS / 5)
  }
  await ring(id)
  expect(requests()).toBe(1)
  const alarm = () => runInDurableObject(object, (_, { storage }) => storage.getAlarm())
  const { next_at, failures } = await runInDurableObject(object, (_, { storage }) => readPush(storage.sql))
  expect([failures, await alarm()]).toEqual([1, next_at])
  await object.record([called()])
  expect([requests(), await alarm()]).toEqual([1, next_at])
})

test('a row that the collector rejects holds up what follows for a day, then it is passed over and told in its place', async () => {
  const { kept } = collector((records) => (records.some(({ seq }) => seq === 7) ? 400 : 'takes'))
  const { id, object } = await makeAccount()
  await object.record(Array.from({ length: 20 }, () => called()))
  pass(GATHER_MS)
  await ring(id)
  expect(kept.map(({ seq }) => seq)).toEqual([1, 2, 3, 4, 5, 6])
  expect(await pushOf(id)).toMatchObject({ sent_to: 6, problem: 'rejected', status: 400 })
  pass(HOUR)
  await ring(id)
  expect(kept).toHaveLength(6)
  pass(DAY)
  await ring(id)
  await ring(id)
  expect(kept.slice(6).map(({ seq, name }) => (name === 'finexio_mcp.not_sent' ? name : seq))).toEqual([
    'finexio_mcp.not_sent',
    ...numbers(20).slice(7),
  ])
  expect((await rowsOf(id)).map(({ seq }) => seq)).toEqual(numbers(20))
})

test('rows that outlive the retention before they went are told as a gap', async () => {
  let away = true
  const { kept } = collector(() => (away ? 'away' : 'takes'))
  const { id, object } = await makeAccount()
  await object.changeAccount({ audit_retention_days: 30 })
  await object.record([called(), called(), called()])
  pass(31 * DAY)
  await object.record([called()])
  await ring(id)
  away = false
  await ringOut(id)
  const [gap, row] = kept
  expect(gap).toMatchObject({ name: 'finexio_mcp.not_sent' })
  expect([gap!.attributes.get('from'), gap!.attributes.get('to'), row!.seq]).toEqual([
    { intValue: '1' },
    { intValue: '3' },
    4,
  ])
})

test('rows are sent in parts that no collector finds too large', async () => {
  const { bodies, kept } = collector(() => 'takes')
  const { id, object } = await makeAccount()
  const long = Array.from({ length: 40 }, (_, at) => `${at} ${'x'.repeat(50)}`)
  const entry = managed('PATCH /x', { changed: long, why: 'y'.repeat(900) })
  await object.record(Array.from({ length: 600 }, () => entry))
  pass(GATHER_MS)
  await ring(id)
  expect(kept.map(({ seq }) => seq)).toEqual(numbers(600))
  expect(bodies.length).toBeGreaterThan(2)
  for (const body of bodies) expect(body.length).toBeLessThan(1_100_000)
})

test('a change by the management API is in the trace of whoever asked for it, and what is no trace leaves nothing', async () => {
  const { kept } = collector(() => 'takes')
  for (const sent of [traceparent, 'canary'])
    await call('POST', '/person', {
      body: { name: sent.slice(0, 8), kind: 'person' },
      headers: { traceparent: sent },
    })
  pass(GATHER_MS)
  await runDurableObjectAlarm(directoryObject(env))
  const made = kept
    .filter(({ attributes }) => attributes.get('action')?.stringValue === 'POST /person')
    .slice(-2)
  expect(made.map(({ text }) => (JSON.parse(text) as { spanId?: string }).spanId)).toEqual([
    'b7ad6b7169203331',
    undefined,
  ])
})

test('a clock that was ahead for a while delays neither the rows it dated nor the next attempt', async () => {
  let away = true
  const { kept } = collector(() => (away ? 'away' : 'takes'))
  const { id, object } = await makeAccount()
  const start = Date.now()
  pass(400 * DAY)
  await object.record([called()])
  pass(GATHER_MS)
  await ring(id)
  away = false
  now = start + HOUR
  vi.setSystemTime(now)
  await object.record([called()])
  // Before, both waited until the clock had come so far again.
  pass(GATHER_MS)
  await ring(id)
  expect(kept.filter(({ chain }) => chain === id).map(({ seq }) => seq)).toEqual([1, 2])
})
