/** What strangers send as a body: refused with the right status and code, never a server fault. */
import { describe, expect, test } from 'vitest'
import { MAX_DEPTH, MAX_ENTRIES, parseJson } from '../../src/core/json.ts'
import { MAX_BODY_BYTES } from '../../src/core/request.ts'
import { readMessage } from '../../src/mcp/transport/http.ts'
import { post, send } from './fake.ts'
import { malformed } from './malformed.ts'

type Raw = string | Uint8Array<ArrayBuffer>

const raw = (body: Raw): RequestInit => ({
  method: 'POST',
  headers: { 'content-type': 'application/json' },
  body,
})
const codeOf = async (response: Response) =>
  ((await response.json()) as { error: { code: number } }).error.code
const message = async (response: Response) =>
  ((await response.json()) as { error: { message: string } }).error.message

const parsed = (text: string) => parseJson(new TextEncoder().encode(text))
const nested = (levels: number) => `${'[{"a":'.repeat(levels / 2)}1${'}]'.repeat(levels / 2)}`

describe('malformed JSON', () => {
  test(`${malformed.length} bodies: each 400 and -32700`, async () => {
    const others: unknown[] = []
    for (const body of malformed) {
      const response = await send(raw(body as Raw))
      const code = await codeOf(response)
      if (response.status !== 400 || code !== -32700) others.push([body, response.status, code])
    }
    expect(malformed.length).toBeGreaterThan(300)
    expect(others).toEqual([])
  })

  test('says which kind of mistake it is', async () => {
    expect(await message(await send(raw('{')))).toContain('not valid JSON')
    expect(await message(await send(raw(new Uint8Array([0x22, 0xff, 0x22]))))).toContain('not valid UTF-8')
  })
})

describe('JSON that is valid but not a message', () => {
  const odd = [
    'null',
    'true',
    '1',
    '1e400',
    '-0',
    '"text"',
    '{}',
    '{"jsonrpc":"2.0"}',
    '{"id":1}',
    '{"method":1}',
  ]
  const messages = [
    { jsonrpc: '1.0', id: 1, method: 'ping' },
    { jsonrpc: 2, id: 1, method: 'ping' },
    { jsonrpc: '2.0', id: {}, method: 'ping' },
    { jsonrpc: '2.0', id: true, method: 'ping' },
    { jsonrpc: '2.0', id: 1, method: 1 },
    { jsonrpc: '2.0', id: 1, method: 'ping', params: 'text' },
    { jsonrpc: '2.0', id: 1, method: 'ping', params: [1] },
    { jsonrpc: '2.0', id: 1 },
    { jsonrpc: '2.0', id: 1, result: {}, error: {} },
    { jsonrpc: '2.0', error: 'text' },
  ]
  test.each([...odd, ...messages.map((value) => JSON.stringify(value))])('%s', async (body) => {
    const response = await send(raw(body))
    expect([response.status, await codeOf(response)]).toEqual([400, -32600])
  })

  test.each(['[]', '[1]', '[{"jsonrpc":"2.0","id":1,"method":"ping"}]', '[[]]'])('batch %s', async (body) => {
    const response = await send(raw(body))
    expect(response.status).toBe(400)
    expect(await codeOf(response)).toBe(-32600)
  })
})

describe('bounds', () => {
  test('depth', () => {
    expect(parsed(nested(MAX_DEPTH)).ok).toBe(true)
    expect(parsed(nested(MAX_DEPTH + 2))).toEqual({
      ok: false,
      message: expect.stringContaining(`${MAX_DEPTH} levels`),
    })
  })

  test('brackets and commas inside strings do not count', () => {
    const text = JSON.stringify({
      a: `${'['.repeat(500)}\\"${'{'.repeat(500)}`,
      b: ','.repeat(MAX_ENTRIES + 1),
    })
    expect(parsed(text)).toEqual({ ok: true, value: JSON.parse(text) })
  })

  test('number of values', () => {
    const zeros = (count: number) => JSON.stringify(Array.from({ length: count }, () => 0))
    expect(parsed(zeros(100_000)).ok).toBe(true)
    expect(parsed(zeros(MAX_ENTRIES + 2))).toEqual({
      ok: false,
      message: expect.stringContaining(`${MAX_ENTRIES} values`),
    })
  })

  test('1 MB of message is served, a body over the cap is a 413 whether declared or not', async () => {
    const call = (size: number) =>
      post({
        jsonrpc: '2.0',
        id: 1,
        method: 'tools/call',
        params: { name: 'echo', arguments: { a: 'x'.repeat(size) } },
      })
    expect((await send(call(1_000_000))).status).toBe(200)
    const large = call(MAX_BODY_BYTES)
    expect((await send(large)).status).toBe(413)
    expect(
      (await send({ ...large, headers: { 'content-type': 'application/json', 'content-length': '9999999' } }))
        .status,
    ).toBe(413)
    const stream = new Blob([large.body as string]).stream()
    expect((await send({ ...large, body: stream, duplex: 'half' })).status).toBe(413)
  })

  const streamed = (start: (controller: ReadableStreamDefaultController) => void) =>
    new Request('https://mcp.test/', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new ReadableStream({ start }),
      duplex: 'half',
    } as RequestInit)
  const statusOf = async (request: Request) => {
    const read = await readMessage(request, 20)
    return read.ok ? 200 : read.response.status
  }

  test('a body that never ends is a 408, one that breaks a 400', async () => {
    expect(await statusOf(streamed((body) => body.enqueue(new TextEncoder().encode('{'))))).toBe(408)
    expect(await statusOf(streamed((body) => body.error(new Error('cut'))))).toBe(400)
  })

  test('prototype keys are plain data', async () => {
    const body =
      '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"__proto__":{"x":1},"a":1}}}'
    const response = await send(raw(body))
    expect(response.status).toBe(200)
    expect(({} as Record<string, unknown>).x).toBeUndefined()
  })
})
