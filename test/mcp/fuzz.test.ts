/** Whatever arrives, the endpoint answers like a server in good health. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { MAX_DEPTH, parseJson } from '../../src/core/json.ts'
import { lenient } from '../../src/mcp/server/as-sent.ts'
import { runs } from '../support/size.ts'
import { META, post, send } from './fake.ts'

const RUNS = runs(10_000)
const encode = (text: string) => new TextEncoder().encode(text)

test('JSON within bounds is read as JSON.parse reads it', () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 8 }), (text) => {
      expect(parseJson(encode(text))).toEqual({ ok: true, value: JSON.parse(text) })
    }),
    RUNS,
  )
})

test('reading bytes never throws, and refuses what JSON.parse refuses', () => {
  const texts = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'[]{}",:\\1e-. \ntrufalsn') }),
    fc.string({ unit: 'binary' }),
  )
  const refusedByPlatform = (text: string) => {
    try {
      return JSON.parse(text) === undefined
    } catch {
      return true
    }
  }
  fc.assert(
    fc.property(texts, (text) => {
      if (refusedByPlatform(text)) expect(parseJson(encode(text)).ok).toBe(false)
    }),
    RUNS,
  )
  fc.assert(
    fc.property(fc.uint8Array(), (bytes) => void parseJson(bytes)),
    RUNS,
  )
})

test('depth is bounded exactly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 * MAX_DEPTH }), fc.boolean(), (depth, array) => {
      const text = array
        ? '['.repeat(depth) + ']'.repeat(depth)
        : `${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`
      expect(parseJson(encode(text)).ok).toBe(depth <= MAX_DEPTH)
    }),
  )
})

const anything = fc.jsonValue({ maxDepth: 3 })
const methods = fc.constantFrom(
  'initialize',
  'tools/list',
  'tools/call',
  'ping',
  'server/discover',
  'subscriptions/listen',
  'x',
)
const mostly = <T>(usual: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 3, arbitrary: usual as fc.Arbitrary<unknown> }, { weight: 1, arbitrary: anything })

const params = fc.record(
  {
    name: mostly(fc.constantFrom('echo', 'throttled', 'throttled_http', 'nope')),
    arguments: mostly(fc.dictionary(fc.string(), anything)),
    _meta: mostly(fc.constant({ ...META, progressToken: 1 })),
    protocolVersion: anything,
    cursor: anything,
    inputResponses: anything,
    requestState: anything,
  },
  { requiredKeys: [] },
)

const message = fc.record(
  {
    jsonrpc: mostly(fc.constant('2.0')),
    id: mostly(fc.integer()),
    method: mostly(methods),
    params: mostly(params),
    result: anything,
    error: anything,
  },
  { requiredKeys: [] },
)

const headers = fc.record(
  {
    'mcp-protocol-version': fc.constantFrom('2026-07-28', '2025-11-25', '1999-01-01', ''),
    'mcp-method': methods,
    'mcp-name': fc.constantFrom('echo', '=?base64?ZWNobw==?=', '=?base64?%%?='),
    accept: fc.constantFrom('*/*', 'application/json', 'text/event-stream'),
  },
  { requiredKeys: [] },
)

/** Null means absent (fault F1), for the members of a message's parameters. */
const withoutNulls = (value: Record<string, unknown>): Record<string, unknown> => {
  const kept = (record: unknown, depth: number): unknown =>
    depth < 3 && typeof record === 'object' && record !== null && !Array.isArray(record)
      ? Object.fromEntries(
          Object.entries(record)
            .filter(([, member]) => depth === 0 || member !== null)
            .map(([name, member]) => [
              name,
              ['params', '_meta'].includes(name) ? kept(member, depth + 1) : member,
            ]),
        )
      : record
  const { params, ...rest } = kept(value, 0) as Record<string, unknown>
  return params === null || params === undefined ? rest : { ...rest, params }
}

test('leniency changes nothing twice, and nothing that was sent', () => {
  fc.assert(
    fc.property(message, (value) => {
      const once = lenient(value)
      expect(lenient(once)).toBe(once)
      expect(once).toMatchObject(withoutNulls(value))
    }),
    RUNS,
  )
})

test('messages near to valid ones never cause a server fault', async () => {
  await fc.assert(
    fc.asyncProperty(message, headers, async (body, given) => {
      const response = await send(post(body, given as Record<string, string>))
      expect(response.status).toBeLessThan(500)
      await response.body?.cancel()
    }),
    runs(5_000),
  )
})
