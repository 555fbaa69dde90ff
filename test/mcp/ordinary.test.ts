import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import type { Env } from '../../src/core/env.ts'
import { createEndpoint } from '../../src/mcp/server/endpoint.ts'
import { ordinaryAnswer, ordinaryCall, ordinaryList, ordinaryListing } from '../../src/mcp/server/ordinary.ts'
import { roundsOf } from '../../src/mcp/server/rounds.ts'
import { finish } from '../../src/mcp/server/serve.ts'
import { type Answered, type RunTool, serverFor } from '../../src/mcp/server/server.ts'
import { withTools } from '../../src/mcp/server/tool-list.ts'
import type { ToolOutcome } from '../../src/tools/contract.ts'
import { assets } from '../support/assets.ts'
import { runs } from '../support/size.ts'

const view = { list: { tools: [] }, has: () => true }
const endpoint = createEndpoint()

const SUCCESS: ToolOutcome = {
  result: {
    content: [{ type: 'text', text: 'ü "quoted"' }],
    structuredContent: { a: [1, null] },
    _meta: { k: 1 },
  },
  headers: { 'ratelimit-remaining': '4' },
}
const FAILURE: ToolOutcome = {
  result: { content: [{ type: 'text', text: 'no' }], isError: true },
  headers: {},
}
const BARE: ToolOutcome = { result: { content: [{ type: 'text', text: 'é\u2028' }] }, headers: {} }
const THROTTLE: ToolOutcome = {
  ...FAILURE,
  headers: { 'retry-after': '3' },
  http: { status: 429, code: 42_900, message: 'limited', data: { reset: 3 } },
}

const rounds = roundsOf(randomSecrets() as unknown as Env, 'srv')

const bySdk = async (request: Request, message: unknown, run: RunTool): Promise<Response> => {
  const answered: Answered = {}
  const response = await endpoint.answer(request, message, {
    server: () => serverFor(view, { runTool: run, complete: async () => [], rounds, assets }, answered),
  })
  return answered.list
    ? withTools(await response.text(), answered.list, response.status)
    : finish(response, message, answered.outcome)
}

const byUs = async (request: Request, message: unknown, run: RunTool): Promise<Response | null> => {
  const call = ordinaryCall(request.headers, message)
  if (!call) return null
  const outcome = await run(call.name, call.args)
  return finish(ordinaryAnswer(call, outcome), message, outcome)
}

/** Byte by byte: at af087568 the members of an answer of the modern era came in another order than the SDK's. */
const told = async (response: Response) => ({
  status: response.status,
  headers: Object.fromEntries([...response.headers].filter(([name]) => name !== 'content-length')),
  body: await response.text(),
})

const requestWith = (headers: Record<string, string>) =>
  new Request('https://mcp.test/mcp/x', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
  })

const KEY = 'io.modelcontextprotocol/'
const META = { [`${KEY}protocolVersion`]: '2026-07-28', [`${KEY}clientCapabilities`]: {} }
const HEADERS = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/call', 'mcp-name': 'echo' }
const legacy = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name: 'echo', arguments: { x: 1 } } }
const modern = { ...legacy, id: 'a', params: { ...legacy.params, _meta: META } }

const withMeta = (more: object) => ({ ...modern, params: { ...modern.params, _meta: { ...META, ...more } } })

const ORDINARY: [string, object, Record<string, string>][] = [
  ['legacy', legacy, {}],
  ['legacy without arguments', { ...legacy, params: { name: 'echo' } }, {}],
  ['legacy with its version', legacy, { 'mcp-protocol-version': '2025-06-18' }],
  ['modern', modern, HEADERS],
  [
    'modern with a client',
    withMeta({ [`${KEY}clientInfo`]: { name: 'c', version: '1', title: 'C' } }),
    HEADERS,
  ],
  [
    'modern with bare capabilities',
    withMeta({ [`${KEY}clientCapabilities`]: { elicitation: {}, roots: {} } }),
    HEADERS,
  ],
]

describe.each(ORDINARY)('%s', (_, message, headers) => {
  it.each([
    ['a success', SUCCESS],
    ['a failure', FAILURE],
    ['a result without structure', BARE],
    ['an HTTP error', THROTTLE],
  ])('%s is answered as the SDK answers it', async (_name, outcome) => {
    const run = async () => outcome
    const ours = await byUs(requestWith(headers), message, run)
    expect(ours).not.toBeNull()
    expect(await told(ours!)).toEqual(await told(await bySdk(requestWith(headers), message, run)))
  })

  it('hands the same arguments to the tool', async () => {
    const seen: unknown[] = []
    const run: RunTool = async (name, args) => {
      seen.push([name, args])
      return SUCCESS
    }
    await byUs(requestWith(headers), message, run)
    await bySdk(requestWith(headers), message, run)
    expect(seen[0]).toEqual(seen[1])
  })
})

// H5: rows whose JSON was made already are put into the answer as they are. Hostile in every place: cells, names, notes, text, id.
const PLACE = '"structuredContent":{"result":[]'
const units = fc.array(fc.integer({ min: 0, max: 0xffff })).map((codes) => String.fromCharCode(...codes))
const texts = fc.oneof(
  units,
  fc.constantFrom(
    PLACE,
    JSON.stringify(PLACE),
    '\ud800',
    '\udc00\ud800',
    '\u2028',
    '$&',
    '\\',
    '"',
    '[]',
    '',
  ),
)
const cells = fc.letrec((tie) => ({
  any: fc.oneof(
    { maxDepth: 3 },
    texts,
    fc.double(),
    fc.maxSafeInteger(),
    fc.constantFrom(undefined, null, true, -0, Number.NaN, Number.POSITIVE_INFINITY, 1e21),
    fc.array(tie('any'), { maxLength: 3 }),
    fc.dictionary(texts, tie('any'), { maxKeys: 3 }),
  ),
})).any
const pages = fc.array(fc.dictionary(texts, cells, { maxKeys: 6 }), { maxLength: 5 })

it('an answer with the JSON of its rows is the same as one that is made of the rows, byte by byte', async () => {
  await fc.assert(
    fc.asyncProperty(
      pages,
      fc.constantFrom(...ORDINARY),
      fc.record({ text: texts, note: texts, id: texts, meta: fc.boolean() }),
      async (rows, [, sent, headers], { text, note, id, meta }) => {
        const result = {
          content: [{ type: 'text' as const, text }],
          structuredContent: { result: rows, next_cursor: null, nested: { result: [] }, note },
          ...(meta && { _meta: { [text]: { structuredContent: { result: [] } } } }),
        }
        const [message, made] = [
          { ...sent, id },
          { result, headers: {} },
        ]
        const run = async () => ({ ...made, rows: JSON.stringify(rows) })
        const ours = await told((await byUs(requestWith(headers), message, run))!)
        expect(ours).toEqual(await told((await byUs(requestWith(headers), message, async () => made))!))
      },
    ),
    runs(3_000),
  )
})

it.each(ORDINARY)(
  '%s: rows whose JSON was made are answered as the SDK answers them',
  async (_name, message, headers) => {
    const rows = [{ id: 'p1', note: PLACE, amount: null, absent: undefined }, { 'é\ud800': -0 }]
    const structuredContent = { result: rows, next_cursor: null, note: PLACE }
    const result = { content: [{ type: 'text' as const, text: PLACE }], structuredContent }
    const run = async () => ({ result, headers: {}, rows: JSON.stringify(rows) })
    const ours = await byUs(requestWith(headers), message, run)
    expect(await told(ours!)).toEqual(await told(await bySdk(requestWith(headers), message, run)))
  },
)

const { name: _, arguments: __, ...listing } = modern.params as Record<string, unknown>
const LIST = { jsonrpc: '2.0', id: 1, method: 'tools/list' }
const LIST_HEADERS = { 'mcp-protocol-version': '2026-07-28', 'mcp-method': 'tools/list' }
const LISTS: [string, object, Record<string, string>][] = [
  ['legacy list', LIST, {}],
  ['legacy list with empty parameters', { ...LIST, params: {} }, { 'mcp-protocol-version': '2025-06-18' }],
  ['modern list', { ...LIST, id: 'a', params: listing }, LIST_HEADERS],
]

it.each(LISTS)('%s is answered as the SDK answers it, byte by byte', async (_name, message, headers) => {
  const asked = ordinaryList(new Headers(headers), message)
  const [ours, theirs] = [
    ordinaryListing(asked!, view.list),
    await bySdk(requestWith(headers), message, async () => SUCCESS),
  ]
  expect([ours.status, ours.headers.get('content-type'), await ours.text()]).toEqual([
    theirs.status,
    theirs.headers.get('content-type'),
    await theirs.text(),
  ])
})

it.each([
  ['a cursor', { ...LIST, params: { cursor: 'x' } }, {}],
  ['a cursor of the modern era', { ...LIST, params: { ...listing, cursor: 'x' } }, LIST_HEADERS],
  ['a name in the header', { ...LIST, params: listing }, { ...LIST_HEADERS, 'mcp-name': 'echo' }],
  ['a call in the header', { ...LIST, params: listing }, { ...LIST_HEADERS, 'mcp-method': 'tools/call' }],
  ['no headers', { ...LIST, params: listing }, {}],
  ['no id', { jsonrpc: '2.0', method: 'tools/list' }, {}],
  ['null parameters', { ...LIST, params: null }, {}],
])('a list with %s is left to the SDK', (_name, message, headers) => {
  expect(ordinaryList(new Headers(headers as Record<string, string>), message)).toBeNull()
})

describe('left to the SDK', () => {
  it.each([
    ['another method', { ...legacy, method: 'prompts/get' }, {}],
    ['no jsonrpc', { id: 1, method: 'tools/call', params: legacy.params }, {}],
    ['no id', { jsonrpc: '2.0', method: 'tools/call', params: legacy.params }, {}],
    ['a null id', { ...legacy, id: null }, {}],
    ['arguments that are no object', { ...legacy, params: { name: 'echo', arguments: [1] } }, {}],
    ['an input round', { ...modern, params: { ...modern.params, inputResponses: {} } }, HEADERS],
    ['progress', withMeta({ progressToken: 1 }), HEADERS],
    ['an unknown version', legacy, { 'mcp-protocol-version': '1999-01-01' }],
    ['another name in the header', modern, { ...HEADERS, 'mcp-name': 'other' }],
    ['no method header', modern, { 'mcp-protocol-version': '2026-07-28', 'mcp-name': 'echo' }],
    [
      'no capabilities',
      { ...modern, params: { ...legacy.params, _meta: { [`${KEY}protocolVersion`]: '2026-07-28' } } },
      HEADERS,
    ],
    [
      'capabilities with settings',
      withMeta({ [`${KEY}clientCapabilities`]: { elicitation: { form: {} } } }),
      HEADERS,
    ],
    ['a modern header alone', legacy, HEADERS],
    ['a batch', [legacy], {}],
  ])('%s', (_, message, headers) => {
    expect(ordinaryCall(new Headers(headers), message)).toBeNull()
  })

  it('is all that the SDK would answer otherwise: any change to an ordinary message', async () => {
    const values = fc.oneof(
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('2.0', 'tools/call', 'echo', '2026-07-28', 1),
    )
    const paths = fc.constantFrom(
      'jsonrpc',
      'id',
      'method',
      'params',
      'params.name',
      'params.arguments',
      'params._meta',
      'extra',
      'params.extra',
      ...Object.keys(META).map((key) => `params._meta.${key.replaceAll('.', '|')}`),
      `params._meta.${KEY.replaceAll('.', '|')}clientInfo`,
    )
    const mutated = (message: object, path: string, value: unknown) => {
      const copy = structuredClone(message) as Record<string, unknown>
      const steps = path.split('.').map((step) => step.replaceAll('|', '.'))
      const last = steps.pop()!
      const at = steps.reduce<unknown>(
        (node, step) => (node as Record<string, unknown> | undefined)?.[step],
        copy,
      )
      if (typeof at === 'object' && at !== null) (at as Record<string, unknown>)[last] = value
      return copy
    }
    const run = async () => SUCCESS
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...ORDINARY),
        paths,
        values,
        async ([, message, headers], path, value) => {
          const sent = mutated(message, path, value)
          const ours = await byUs(requestWith(headers), sent, run)
          if (ours) expect(await told(ours)).toEqual(await told(await bySdk(requestWith(headers), sent, run)))
        },
      ),
      runs(1_500),
    )
  })
})
