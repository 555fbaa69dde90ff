/** The registry of event streams, with time and admission given. */
import { describe, expect, test } from 'vitest'
import {
  callerKey,
  IDLE_MS,
  MOST_QUEUED,
  MOST_STREAMS,
  type Opening,
  SseStreams,
} from '../../src/mcp/transport/sse-streams.ts'

const opening: Opening = { token: 'fxmcp_secret', bearer: 'fxapi_secret', caller: 'url', base: 'sse/' }

const setUp = () => {
  const world = { now: 1_790_000_000_000, admitted: async (_: Opening): Promise<boolean> => true }
  const streams = new SseStreams(
    (asked) => world.admitted(asked),
    () => world.now,
  )
  return { world, streams }
}

/** A client: what it has read so far, and whether its stream ended. */
const listen = async (stream: ReadableStream<Uint8Array> | null) => {
  const reader = stream!
    .pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>)
    .getReader()
  const next = async () => (await reader.read()).value
  const first = await next()
  const id = first!.split('data: sse/')[1]!.trim()
  return { first, id, next, leave: () => reader.cancel() }
}

describe('an open stream', () => {
  test('says first where messages go, relative and without a secret', async () => {
    const { streams } = setUp()
    const { first, id } = await listen(streams.open(opening))
    expect(first).toBe(`event: endpoint\ndata: sse/${id}\n\n`)
    expect(id).toMatch(/^[0-9a-f-]{36}$/)
    expect(first).not.toContain('secret')
  })

  test('delivers messages in order', async () => {
    const { streams } = setUp()
    const client = await listen(streams.open(opening))
    expect([streams.send(client.id, '{"id":1}'), streams.send(client.id, '{"id":2}')]).toEqual([true, true])
    expect(await client.next()).toBe('event: message\ndata: {"id":1}\n\n')
    expect(await client.next()).toBe('event: message\ndata: {"id":2}\n\n')
  })

  test('serves its own caller alone', async () => {
    const { streams } = setUp()
    const token = callerKey({ kind: 'api_token', id: 'a', name: 'Ann' })
    const { id } = await listen(streams.open({ ...opening, caller: token }))
    expect(streams.use(id, token)).toBe(true)
    for (const caller of ['url', callerKey({ kind: 'api_token', id: 'b', name: 'Ann' })])
      expect(streams.use(id, caller), caller).toBe(false)
    expect(streams.use(crypto.randomUUID(), token)).toBe(false)
  })

  test('that is not read is closed before it fills the memory', async () => {
    const { streams } = setUp()
    const stream = streams.open(opening)!
    const { value } = await stream.getReader().read()
    const id = new TextDecoder().decode(value).split('sse/')[1]!.trim()
    streams.send(id, 'x'.repeat(MOST_QUEUED))
    expect([streams.size, streams.send(id, '{}')]).toEqual([0, false])
  })
})

describe('at most four streams', () => {
  test('a fifth is refused, and welcome once another has left', async () => {
    const { streams } = setUp()
    const clients = []
    for (let count = 0; count < MOST_STREAMS; count++) clients.push(await listen(streams.open(opening)))
    expect(MOST_STREAMS).toBe(4)
    expect(streams.open(opening)).toBeNull()
    await clients[1]!.leave()
    expect(streams.size).toBe(3)
    expect(streams.open(opening)).not.toBeNull()
  })
})

describe('each tick', () => {
  test('keeps an admitted stream alive', async () => {
    const { streams } = setUp()
    const client = await listen(streams.open(opening))
    await streams.tick()
    expect(await client.next()).toBe(': keep-alive\n\n')
  })

  test('asks for each stream what it was opened with', async () => {
    const { world, streams } = setUp()
    streams.open(opening)
    const asked: Opening[] = []
    world.admitted = async (one) => asked.push(one) > 0
    await streams.tick()
    expect(asked).toEqual([opening])
  })

  test.each([
    ['revoked or expired', async () => false],
    ['not to be asked about', () => Promise.reject(new Error('no answer'))],
  ])('closes one that is %s', async (_name, admitted) => {
    const { world, streams } = setUp()
    const client = await listen(streams.open(opening))
    world.admitted = admitted
    await streams.tick()
    expect(await client.next()).toBeUndefined()
    expect([streams.size, streams.use(client.id, 'url')]).toEqual([0, false])
  })

  test('closes one after 15 minutes without a message, not a moment earlier', async () => {
    const { world, streams } = setUp()
    const idle = await listen(streams.open(opening))
    const busy = await listen(streams.open(opening))
    world.now += IDLE_MS - 1
    streams.use(busy.id, 'url')
    await streams.tick()
    expect(streams.size).toBe(2)
    expect(await idle.next()).toBe(': keep-alive\n\n')
    world.now += 1
    await streams.tick()
    expect(await idle.next()).toBeUndefined()
    expect([IDLE_MS, streams.size, streams.use(busy.id, 'url')]).toEqual([900_000, 1, true])
  })
})
