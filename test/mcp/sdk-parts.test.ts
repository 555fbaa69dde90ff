/** What the product has of its own so that an ordinary tool call needs no SDK says the same as the SDK. */
import * as sdk from '@modelcontextprotocol/server'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import * as keys from '../../src/mcp/meta-keys.ts'
import { isJsonContentType } from '../../src/mcp/transport/http.ts'
import { runs } from '../support/size.ts'

test('the keys of _meta are those of the SDK', () => {
  expect({ ...keys }).toEqual({
    PROTOCOL_VERSION_META_KEY: sdk.PROTOCOL_VERSION_META_KEY,
    CLIENT_INFO_META_KEY: sdk.CLIENT_INFO_META_KEY,
    CLIENT_CAPABILITIES_META_KEY: sdk.CLIENT_CAPABILITIES_META_KEY,
    SERVER_INFO_META_KEY: sdk.SERVER_INFO_META_KEY,
  })
})

const PIECES = [
  'application/json',
  'Application/JSON',
  'text/json',
  ';',
  ',',
  ' ',
  '\t',
  'charset',
  '=',
  'utf-8',
  '"',
  '"a,b"',
  '\\',
  'q',
]

test('what counts as JSON is what the SDK counts, commas in parameters left out: parameters do, a second type does not', () => {
  for (const header of ['application/json', ' application/json ; charset="a"', 'APPLICATION/JSON;q'])
    expect(isJsonContentType(header), header).toBe(true)
  for (const header of [null, '', 'text/plain', 'application/json, text/html', 'application/jsonp'])
    expect(isJsonContentType(header), String(header)).toBe(false)
  const tail = fc.array(fc.constantFrom(...PIECES), { maxLength: 8 })
  const header = fc
    .tuple(fc.constantFrom('', ' ', 'application/json'), tail)
    .map(([head, rest]) => head + rest.join(''))
  fc.assert(
    fc.property(header, (text) => {
      expect(isJsonContentType(text), JSON.stringify(text)).toBe(
        sdk.isJsonContentType(text) && !text.includes(','),
      )
    }),
    runs(2_000),
  )
})
