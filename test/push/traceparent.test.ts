/** `traceparent` is read as W3C Trace Context says, or not at all. */
import { expect, test } from 'vitest'
import { traceparentIn } from '../../src/mcp/transport/http.ts'
import { knownTraceparent, traceOf } from '../../src/rules/traceparent.ts'

const TRACE = '0af7651916cd43dd8448eb211c80319c'
const SPAN = 'b7ad6b7169203331'

test.each([
  ['sampled', `00-${TRACE}-${SPAN}-01`, 1],
  ['not sampled', `00-${TRACE}-${SPAN}-00`, 0],
  ['with flags that this version does not know', `00-${TRACE}-${SPAN}-ff`, 255],
  ['of a later version', `01-${TRACE}-${SPAN}-01`, 1],
  ['of a later version that says more', `cc-${TRACE}-${SPAN}-01-what-comes-next`, 1],
])('one %s is read', (_, text, flags) => {
  expect(traceOf(text)).toEqual({ traceId: TRACE, spanId: SPAN, flags })
  expect(knownTraceparent(text)).toBe(`00-${TRACE}-${SPAN}-${flags.toString(16).padStart(2, '0')}`)
})

test.each([
  ['absent', null],
  ['no text', 7],
  ['empty', ''],
  ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['of a trace of zeros', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['of a span of zeros', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['of the version that is not allowed', `ff-${TRACE}-${SPAN}-01`],
  ['of version 00 that says more', `00-${TRACE}-${SPAN}-01-more`],
  ['of a later version that goes on without a dash', `01-${TRACE}-${SPAN}-01more`],
  ['too short', `00-${TRACE.slice(1)}-${SPAN}-01`],
  ['too long', `00-${TRACE}0-${SPAN}-01`],
  ['with blanks around it', ` 00-${TRACE}-${SPAN}-01 `],
  ['with a line end', `00-${TRACE}-${SPAN}-01\n`],
  ['of two in one header', `00-${TRACE}-${SPAN}-01,00-${TRACE}-${SPAN}-01`],
  ['of other letters', `00-${TRACE.replace('a', 'g')}-${SPAN}-01`],
  ['without flags', `00-${TRACE}-${SPAN}`],
])('one that is %s is nothing', (_, text) => {
  expect(traceOf(text)).toBeNull()
})

const given = (header: string | null, meta?: unknown) => {
  const headers = new Headers(header === null ? {} : { traceparent: header })
  return traceparentIn(new Request('https://mcp.test/', { headers }), { params: { _meta: meta } })
}
const [inHeader, inMessage] = [`00-${TRACE}-${SPAN}-01`, `00-${TRACE}-${'a'.repeat(16)}-01`]

test('what the message says counts before the header, and what is not valid in it does not hide the header', () => {
  expect(given(inHeader)).toBe(inHeader)
  expect(given(null, { traceparent: inMessage })).toBe(inMessage)
  expect(given(inHeader, { traceparent: inMessage })).toBe(inMessage)
  expect(given(inHeader, { traceparent: 'x' })).toBe(inHeader)
  expect(given('x', { traceparent: { a: 1 } })).toBeNull()
  expect(given(null, 'no object')).toBeNull()
})
