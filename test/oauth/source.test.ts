import { expect, test } from 'vitest'
import { sourceOf } from '../../src/oauth/http.ts'

const from = (address?: string) =>
  sourceOf(
    new Request('https://mcp.test/', {
      headers: address === undefined ? {} : { 'cf-connecting-ip': address },
    }),
  )

test.each([
  ['203.0.113.9', '203.0.113.9'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2'],
  ['2001:DB8:1:2::9', '2001:db8:1:2'],
  ['2001:db8::9', '2001:db8:0:0'],
  ['::1', '0:0:0:0'],
  ['2001:db8:1:2::', '2001:db8:1:2'],
])('%s is the source %s', (address, source) => {
  expect(from(address)).toBe(source)
})

test('without an address all are one source', () => {
  expect(from()).toBe(from(''))
})
