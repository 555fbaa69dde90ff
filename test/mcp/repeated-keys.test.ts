/**
 * A key that an object repeats. At b8f2a26 the last value counted and nobody was told: `{"amount":100,"amount":900}` paid 900.
 * Siblings that no list named: another spelling of the same key, a key of the envelope, arguments that came as JSON text, OIDC_ROLES.
 */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { parseText } from '../../src/core/json.ts'
import { providerOf } from '../../src/identity/provider/settings.ts'
import { asMeant } from '../../src/tools/call/as-meant.ts'
import { runs } from '../support/size.ts'
import { send } from './fake.ts'

const repeats = (text: string) => {
  const read = parseText(text)
  return read.ok ? null : read.repeated
}

test.each([
  ['{"amount":1,"amount":2}', '"amount"'],
  ['{"a":[{"b":{"c":1}},{"b":2,"d":3,"b":2}]}', '"b"'],
  ['{"amount":1,"\\u0061mount":2}', '"amount"'],
  ['{"":1,"":2}', '""'],
  ['{"__proto__":1,"__proto__":2}', '"__proto__"'],
  ['{"constructor":1,"x":{"constructor":1},"constructor":2}', '"constructor"'],
  ['{"1":1,"b":2,"1":3}', '"1"'],
  ['{"a\\"b":1,"a\\"b":2}', '"a\\"b"'],
  ['{"\\\\":1,"\\\\":2}', '"\\\\"'],
  [`{"${'k'.repeat(500)}":1,"${'k'.repeat(500)}":2}`, `"${'k'.repeat(40)}…"`],
  ['{"a\\u202eb":1,"a\\u202eb":2}', '"ab"'],
])('%s is refused by the name of the key', (text, key) => {
  expect(repeats(text)).toBe(key)
})

test.each([
  '{"a":{"a":{"a":1}},"b":[{"a":1},{"a":1}]}',
  '{"a":"b:c","b:":"{\\"a\\":1,\\"a\\":2}"}',
  '{"A":1,"a":2}',
  '{"é":1,"e\\u0301":2}',
  '{"__proto__":{"x":1},"constructor":1,"toString":2,"hasOwnProperty":3}',
  '"a:b"',
])('%s repeats nothing', (text) => {
  expect(parseText(text)).toEqual({ ok: true, value: JSON.parse(text) })
})

/** Objects of an arbitrary value, each written with its first key once more. */
const twice = (value: unknown): string => {
  if (Array.isArray(value)) return `[${value.map(twice).join()}]`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value)
  const members = Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${twice(item)}`)
  return `{${[...members, ...members.slice(0, 1)].join()}}`
}

const hasMembers = (value: unknown): boolean =>
  typeof value === 'object' &&
  value !== null &&
  ((!Array.isArray(value) && Object.keys(value).length > 0) || Object.values(value).some(hasMembers))

test('whatever JSON writes is read, and refused exactly where a key was added once more', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 5 }), (value) => {
      const [text, doubled] = [JSON.stringify(value), twice(value)]
      expect(parseText(text)).toEqual({ ok: true, value: JSON.parse(text) })
      expect(parseText(doubled).ok).toBe(!hasMembers(value))
    }),
    runs(500),
  )
})

const sent = async (body: string) => {
  const headers = { 'content-type': 'application/json' }
  const response = await send({ method: 'POST', headers, body })
  const { error } = (await response.json()) as { error?: { code: number; message: string } }
  return [response.status, error?.code, error?.message]
}

test.each([
  [
    '"amount"',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":{"amount":1,"amount":9}}}',
  ],
  [
    '"name"',
    '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","name":"pay","arguments":{}}}',
  ],
  [
    '"method"',
    '{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call","params":{"name":"echo"}}',
  ],
  ['"id"', '{"jsonrpc":"2.0","id":1,"id":2,"method":"ping"}'],
])('a message that repeats %s is a 400 that names it', async (key, body) => {
  expect(await sent(body)).toEqual([400, -32700, expect.stringContaining(`the key ${key} more than once`)])
})

test('an argument that came as JSON text is refused alike, and not read as its last value', () => {
  const type = z.object({ body: z.array(z.object({ amount: z.number() })) })
  expect(() => asMeant(type, { body: '[{"amount":1,"amount":9}]' })).toThrow(/"amount" more than once/)
  expect(asMeant(type, { body: '[{"amount":1}]' })).toEqual({ body: [{ amount: 1 }] })
})

test('OIDC_ROLES gives nobody a role where one value of a claim stands twice', () => {
  const OIDC_ROLES = '{"claim":"groups","map":{"ap":["use"],"ap":["admin"]}}'
  const company = { OIDC_ISSUER: 'https://login.example', OIDC_CLIENT_ID: 'a', OIDC_CLIENT_SECRET: 'b' }
  expect(() => providerOf({ ...company, OIDC_ROLES })).toThrow(/OIDC_ROLES has "ap" more than once/)
})
