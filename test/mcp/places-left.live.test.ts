/**
 * However a call ends, its place among those under way is given back (fault H4): each way is gone as often as there are places, and
 * then exactly as many calls as before are let in. At commit b8f2a26 nothing was counted. Kinds: the client leaves, Finexio fails, nothing
 * runs, something waits; each with three siblings at least.
 */
import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Called, callOver } from '../support/call-over.ts'
import { times } from '../support/size.ts'
import { BATCH, invoice, pay } from '../writes/live.ts'
import {
  BOUND,
  CALL,
  type Crowd,
  expectRoom,
  fill,
  newWorld,
  release,
  startCrowd,
  TOOL,
  type World,
} from './crowd.ts'
import { legacy, modern, post } from './fake.ts'

let crowd: Crowd
beforeAll(async () => {
  crowd = await startCrowd()
})
afterAll(() => crowd.stop())

const WRITES = { methods: ['read', 'write'], duplicate_guard: { requests: 0 } }
const RIVAL = 'https://evil.example.com'

/** At once, and as often as there are places. */
const often = (way: (index: number) => Promise<unknown>) =>
  Promise.all(Array.from({ length: BOUND }, (_, index) => way(index)))

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** Sends a call and hangs up after so many milliseconds. */
const hangUp = async (url: string, ms: number, init: RequestInit = CALL) => {
  const leaving = new AbortController()
  const answer = fetch(url, { ...init, signal: leaving.signal }).catch(() => {})
  await pause(ms)
  leaving.abort()
  await answer
}

/** Bytes as no HTTP client would send them; resolves once the connection is closed. */
const raw = (url: string, head: string) =>
  new Promise<void>((resolve) => {
    const { hostname, port, pathname } = new URL(url)
    const socket = connect(Number(port), hostname, () => {
      socket.write(head.replace('PATH', pathname))
      setTimeout(() => socket.destroy(), 30)
    })
    socket.on('close', () => resolve()).on('error', () => {})
  })

type Way = (world: World) => Promise<unknown>

const open = async (url: string) => {
  const leaving = new AbortController()
  const response = await fetch(`${url}/sse`, { signal: leaving.signal })
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader()
  const endpoint = (await reader.read()).value!.split('data: ')[1]!.trim()
  return { messages: new URL(endpoint, `${url}/sse`).href, reader, leave: () => leaving.abort() }
}

const LEFT: [string, Way][] = [
  ['hangs up while Finexio works', async ({ url }) => often(() => hangUp(url, 100))],
  ['hangs up at any moment', async ({ url }) => often(async (at) => hangUp(url, at * 3))],
  [
    'hangs up during a composite',
    async ({ url }) => {
      const params = { name: 'trace_finexio_invoice', arguments: { invoice_number: 'INV-1' } }
      await often(() => hangUp(url, 60, legacy('tools/call', params)))
    },
  ],
  [
    'sends half a body',
    async ({ url }) =>
      often(() =>
        raw(
          url,
          'POST PATH HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"jsonrpc":',
        ),
      ),
  ],
  [
    'closes the stream of 2024-11-05 that would bring the answer',
    async ({ url }) => {
      const { messages, leave } = await open(url)
      await often(() => fetch(messages, CALL))
      leave()
    },
  ],
]

test.concurrent.each(LEFT)('the client %s', async (_, way) => {
  const world = await newWorld(crowd)
  world.proxy.hold(world.tenant.username)
  await way(world)
  await release(world, [])
  await expectRoom(world)
})

test.concurrent('clients that hang up at random leave room for all', async () => {
  const world = await newWorld(crowd)
  for (let round = 0; round < times(8, 200); round++)
    await often((at) => hangUp(world.url, (round + at) % 12))
  await expectRoom(world)
})

test.concurrent.each(['cut', 500, 429, 204] as const)('Finexio ends a call by %s', async (way) => {
  const world = await newWorld(crowd)
  world.proxy.release(world.tenant.username, way)
  const answers = await fill(world)
  world.proxy.release(world.tenant.username, way)
  await Promise.all(answers)
  await expectRoom(world)
})

test.concurrent('Finexio loses the answer to a write', async ({ expect }) => {
  const world = await newWorld(crowd)
  world.proxy.hold(world.tenant.username)
  const writes = often((at) => pay(world.url, [invoice(`L-${at}`)]))
  await expect.poll(() => world.proxy.heldOf(world.tenant.username).length).toBe(BOUND)
  world.proxy.release(world.tenant.username, 'cut')
  for (const { text } of (await writes) as Called[]) expect(text).toMatch(/OUTCOME UNKNOWN/)
  await expectRoom(world)
})

/** Half a minute: at full size alone. */
if (times(0, 1) === 1)
  test.concurrent('Finexio never answers', async () => {
    const world = await newWorld(crowd)
    const answers = await fill(world)
    await Promise.all(answers)
    await release(world, [])
    await expectRoom(world)
  })

const sent = (init: RequestInit): Way => {
  return ({ url }) => often(() => fetch(url, init))
}

const RAN_NOTHING: [string, Way][] = [
  ['an unknown tool', sent(legacy('tools/call', { name: 'nope', arguments: {} }))],
  ['wrong arguments', sent(legacy('tools/call', { name: TOOL, arguments: { nope: 1 } }))],
  ['a call without a name', sent(legacy('tools/call', {}))],
  ['a call without params', sent(legacy('tools/call'))],
  ['a call whose arguments are a list', sent(legacy('tools/call', { name: TOOL, arguments: [] }))],
  ['a call of 2026 without its headers', sent(modern('tools/call', { name: TOOL }, { 'mcp-name': '' }))],
  [
    'a call of a version that nobody speaks',
    sent(legacy('tools/call', { name: TOOL }, { 'mcp-protocol-version': '1999-01-01' })),
  ],
  ['a call as a notification', sent(post({ jsonrpc: '2.0', method: 'tools/call', params: { name: TOOL } }))],
  ['a call without a JSON-RPC version', sent(post({ id: 1, method: 'tools/call', params: { name: TOOL } }))],
  ['a call as a task', sent(legacy('tools/call', { name: TOOL, arguments: {}, task: { ttl: 60_000 } }))],
  [
    'a call in a batch',
    sent(post([{ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: TOOL } }])),
  ],
  [
    'a completion of nothing',
    sent(legacy('completion/complete', { ref: { type: 'ref/prompt', name: 'x' } })),
  ],
  [
    'a completion that gives nothing',
    sent(
      legacy('completion/complete', {
        ref: { type: 'ref/prompt', name: 'reconcile-drawdown' },
        argument: { name: 'other', value: 'd' },
      }),
    ),
  ],
  ['a page of another origin', sent(legacy('tools/call', { name: TOOL }, { origin: RIVAL }))],
  ['GET', sent({ method: 'GET' })],
  ['DELETE', sent({ method: 'DELETE' })],
  [
    'a message to a stream that is not open',
    async ({ url }) => often(() => fetch(`${url}/sse/${crypto.randomUUID()}`, CALL)),
  ],
  [
    'a write to a stream that was closed',
    async ({ url }) => {
      const { messages, leave } = await open(url)
      leave()
      const params = { name: BATCH, arguments: { body: [invoice('S-1')] } }
      await often(() => fetch(messages, legacy('tools/call', params)))
    },
  ],
]

test.concurrent.each(RAN_NOTHING)('nothing runs: %s', async (_, way) => {
  const world = await newWorld(crowd, WRITES)
  await way(world)
  await expectRoom(world)
})

const WAITS: [string, Record<string, unknown>, Way][] = [
  [
    'a draft waits for approval',
    { ...WRITES, approval: 'always' },
    ({ url }) => often((at) => pay(url, [invoice(`W-${at}`)])),
  ],
  [
    'a form waits for the client',
    { ...WRITES, approval: { over_cents: 1 }, approval_door: 'confirm' },
    ({ url }) => often((at) => pay(url, [invoice(`F-${at}`)])),
  ],
  ['a dry run', WRITES, ({ url }) => often((at) => pay(url, [invoice(`D-${at}`)], { dry_run: true }))],
  [
    'a repeat of a write',
    WRITES,
    ({ url }) => often(() => pay(url, [invoice('R-1')], { idempotency_key: 'places-0001' })),
  ],
  [
    'a composite that reads many pages',
    WRITES,
    ({ url }) => often(() => callOver(url, 'analyze_finexio_payables', { over: 'payments' })),
  ],
]

test.concurrent.each(WAITS)('%s', async (_, config, way) => {
  const world = await newWorld(crowd, config)
  await way(world)
  await expectRoom(world)
})

describe('nobody gives back the place of another', () => {
  test.concurrent('a cancellation of what is under way ends nothing, and lets nobody in', async () => {
    const world = await newWorld(crowd)
    const answers = await fill(world)
    for (const requestId of [1, '1', 0, null])
      await fetch(
        world.url,
        post({ jsonrpc: '2.0', method: 'notifications/cancelled', params: { requestId } }),
      )
    expect((await fetch(world.url, CALL)).status).toBe(503)
    expect(await release(world, answers)).toEqual(Array(BOUND).fill(200))
  })

  test.concurrent('refused calls, foreign pages and malformed ones let nobody in', async () => {
    const world = await newWorld(crowd)
    const answers = await fill(world)
    for (const init of [
      CALL,
      legacy('tools/call', {}),
      legacy('tools/call', { name: TOOL }, { origin: RIVAL }),
    ])
      await often(() => fetch(world.url, init))
    expect((await fetch(world.url, CALL)).status).toBe(503)
    await release(world, answers)
    await expectRoom(world)
  })
})
