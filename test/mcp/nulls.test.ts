/** What clients of the older era write for "nothing", cursors that are none of ours, and a handshake with a header of the newer era (faults F1, F2, F14). */
import { describe, expect, test } from 'vitest'
import { legacy, modern, post, send } from './fake.ts'

const answered = async (init: RequestInit) => {
  const response = await send(init)
  return { status: response.status, body: (await response.json()) as ReturnType<typeof JSON.parse> }
}

describe('null means absent (b8f2a26: -32603, or 400 with a dump of the validator)', () => {
  test.each<[string, unknown]>([
    [
      'completion/complete',
      { ref: { type: 'ref/resource', uri: 'x' }, argument: { name: 'a', value: '' }, context: null },
    ],
    ['tools/list', { cursor: null }],
    ['tools/list', null],
    ['tools/list', { _meta: null }],
    ['tools/list', { _meta: { progressToken: null } }],
    ['tools/call', { name: 'echo', arguments: null }],
    // Siblings: several at once, another list, a handshake.
    ['tools/call', { name: 'echo', arguments: null, _meta: { progressToken: null } }],
    ['prompts/list', { cursor: null, _meta: null }],
    ['initialize', { protocolVersion: null, capabilities: null, clientInfo: null, _meta: null }],
    ['ping', null],
    // At b8f2a26 and in 0.2.0 until now -32603 with the dump: what a client of serde or pydantic writes for an absent capability.
    [
      'initialize',
      {
        protocolVersion: '2025-06-18',
        capabilities: { sampling: null, roots: { listChanged: null }, elicitation: { form: null } },
        clientInfo: { name: 'x', version: null, title: null, icons: null },
      },
    ],
    ['initialize', { capabilities: { experimental: null, tasks: null, extensions: { a: null } } }],
    ['initialize', { clientInfo: {} }],
  ])('%s %j', async (method, params) => {
    const { status, body } = await answered(post({ jsonrpc: '2.0', id: 1, method, params }))
    expect([status, body.error]).toEqual([200, undefined])
  })

  test('arguments as JSON text are read', async () => {
    const { body } = await answered(legacy('tools/call', { name: 'echo', arguments: '{"a":1}' }))
    expect(body.result.structuredContent).toEqual({ a: 1 })
  })

  // Seen at b8f2a26 and until now: "the request body is not a valid JSON-RPC message", which says nothing of the id.
  test.each<[object, string]>([
    [{ id: null }, 'id must be'],
    [{ id: 1.5 }, 'id must be'],
    [{ id: 2 ** 53 }, 'id must be'],
    [{ id: [] }, 'id must be'],
    [{ jsonrpc: '1.0' }, 'jsonrpc must be "2.0"'],
    [{ jsonrpc: null }, 'jsonrpc must be "2.0"'],
  ])('%j is refused by name in both eras', async (wrong, words) => {
    for (const init of [legacy('tools/list'), modern('tools/list')]) {
      const sent = { ...JSON.parse(String(init.body)), ...wrong }
      const { status, body } = await answered({ ...init, body: JSON.stringify(sent) })
      expect([status, body.error.code]).toEqual([400, -32600])
      expect(body.error.message).toContain(words)
    }
  })

  // Seen at b8f2a26: the validator's dump, for the handshake under -32603. The words of the last part are the deployment's.
  test.each<[string, object, RegExp]>([
    ['initialize', { protocolVersion: 1.5 }, /^Invalid params: params\.protocolVersion /],
    ['initialize', { capabilities: [] }, /^Invalid params: params\.capabilities /],
    ['tools/call', { name: 'echo', task: 'x' }, /^Invalid params: params\.task /],
    // Siblings: deeper, in a list, and in what names the client.
    ['initialize', { capabilities: { roots: 1 } }, /^Invalid params: params\.capabilities\.roots /],
    [
      'initialize',
      { clientInfo: { name: 'x', version: '1', icons: [7] } },
      /^Invalid params: params\.clientInfo\.icons\.0 /,
    ],
    ['initialize', { clientInfo: 'x' }, /^Invalid params: params\.clientInfo /],
    ['initialize', { clientInfo: { name: [], version: {} } }, /^Invalid params: params\.clientInfo\.name /],
  ])('%s %j gets the first finding in words', async (method, params, words) => {
    const { status, body } = await answered(post({ jsonrpc: '2.0', id: 7, method, params }))
    expect([status, body.id, body.error.code]).toEqual([200, 7, -32602])
    expect(body.error.message).toMatch(words)
    expect(body.error.message).not.toMatch(/[[{]|invalid_type/)
  })

  test.each<[string, unknown, string]>([
    ['tools/list', [], 'params must be an object'],
    ['tools/list', 'x', 'params must be an object'],
    ['tools/list', { cursor: 5 }, 'params.cursor must be a text'],
    ['tools/list', { _meta: 'x' }, 'params._meta must be an object'],
    ['tools/list', { _meta: { progressToken: {} } }, 'params._meta.progressToken must be'],
    ['tools/call', { name: 'echo', arguments: [1] }, 'params.arguments must be an object'],
    ['tools/call', { name: 'echo', arguments: 'x' }, 'params.arguments must be an object'],
    ['tools/call', {}, 'params.name must name a tool'],
    ['tools/call', null, 'params.name must name a tool'],
    // Siblings, seen at b8f2a26 and long after: -32603 with the validator's dump.
    ['prompts/get', null, 'params.name must name a prompt'],
    ['prompts/get', { name: 7 }, 'params.name must name a prompt'],
    ['prompts/get', { name: 'x', arguments: { month: 7 } }, 'params.arguments must be texts'],
    ['resources/read', {}, 'params.uri must be'],
    ['resources/read', { uri: null }, 'params.uri must be'],
    ['completion/complete', null, 'params.ref must be'],
    [
      'completion/complete',
      { ref: { type: 'nope' }, argument: { name: 'a', value: 'b' } },
      'params.ref must be',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt' }, argument: { name: 'a', value: 'b' } },
      'params.ref must be',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: null } },
      'params.argument must have',
    ],
    [
      'completion/complete',
      { ref: { type: 'ref/prompt', name: 'x' }, argument: { name: 'a', value: '' }, context: 'x' },
      'params.context must be an object',
    ],
    ['skills/get', {}, 'uri: required'],
  ])('%s %j is refused in plain words', async (method, params, words) => {
    const { body } = await answered(post({ jsonrpc: '2.0', id: 7, method, params }))
    expect([body.id, body.error.code]).toEqual([7, /^params must/.test(words) ? -32600 : -32602])
    expect(body.error.message).toContain(words)
    expect(body.error.message).not.toMatch(/^[{[]|invalid_type|expected/)
  })

  test.each<[string, Record<string, unknown>]>([
    ['tools/call', {}],
    ['prompts/get', {}],
    ['prompts/get', { name: 7 }],
    ['prompts/get', { name: 'x', arguments: { month: 7 } }],
    ['resources/read', {}],
    ['completion/complete', {}],
    ['completion/complete', { ref: { type: 'nope' }, argument: {} }],
    ['skills/get', {}],
    ['tools/list', { cursor: 5 }],
  ])('the newer era says %s %j in words as well', async (method, params) => {
    const { body } = await answered(modern(method, params, { 'mcp-name': 'x' }))
    expect(body.error.code).toBe(-32602)
    expect(body.error.message).not.toMatch(/^[{[]|invalid_type/)
  })
})

test.each(['tools/list', 'resources/list', 'resources/templates/list', 'prompts/list'])(
  'a cursor that is none of ours: %s (b8f2a26: page one of the latter three)',
  async (method) => {
    for (const cursor of ['x', '']) {
      for (const init of [legacy(method, { cursor }), modern(method, { cursor })])
        expect((await answered(init)).body.error).toMatchObject({
          code: -32602,
          message: expect.stringContaining('Unknown cursor'),
        })
    }
  },
)

describe('a handshake negotiates, whatever its header says (b8f2a26: -32020)', () => {
  test.each(['2026-07-28', '2099-01-01', '2025-06-18', ''])('header %j', async (version) => {
    const { status, body } = await answered(
      legacy(
        'initialize',
        { protocolVersion: '2025-06-18', capabilities: {}, clientInfo: { name: 'c', version: '1' } },
        version === '' ? {} : { 'mcp-protocol-version': version },
      ),
    )
    expect([status, body.result?.protocolVersion]).toEqual([200, '2025-06-18'])
  })

  test('other messages are still held to theirs', async () => {
    const { body } = await answered(legacy('tools/list', {}, { 'mcp-protocol-version': '2026-07-28' }))
    expect(body.error).toBeDefined()
  })
})
