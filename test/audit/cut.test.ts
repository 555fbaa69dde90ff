/**
 * An export that is cut looks cut, and says where to go on. Seen at commit b8f2a26: over more than ten trails of a million rows it asked
 * more often than the platform lets one request ask (10,000, on the free plan 1,000), and broke off without a word of how to get the rest.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { decodeCursor, encodeLogCursor } from '../../src/api/log/query.ts'
import { cutLine } from '../../src/api/log/rows.ts'
import { streamed } from '../../src/api/log/stream.ts'

beforeEach(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** What a client has when the download is over, and why it broke; null: it did not. */
const downloaded = async (body: ReadableStream<Uint8Array>) => {
  const reader = body.getReader()
  const decoder = new TextDecoder()
  let text = ''
  try {
    for (;;) {
      const { done, value } = await reader.read()
      if (done) return { text, broke: null }
      text += decoder.decode(value, { stream: true })
    }
  } catch (error) {
    return { text, broke: (error as Error).message }
  }
}

const LAST = 9

/** Parts of one line each, of which one fails. */
const parts =
  (failing: number, rows = 1) =>
  async (cursor: number | null) => {
    const at = cursor ?? 0
    if (at === failing) throw new Error('Too many subrequests.')
    return { lines: `${at}\n`, rows, next: at === LAST ? null : at + 1 }
  }
const onward = (cursor: number) => `go on at ${cursor}\n`
const BEGIN = { from: null, cutLine: onward }

test('where the platform lets one request ask no more, the last line says where to go on, and the download breaks', async () => {
  const { text, broke } = await downloaded(streamed('head\n', parts(3), BEGIN))
  expect(text).toBe('head\n0\n1\n2\ngo on at 3\n')
  expect(broke).toContain('was cut')
})

// Siblings: a file that is too long, one that goes on after a cut, one that cannot even begin, and one that has no way to go on.
test('so it is after a million rows', async () => {
  const { text, broke } = await downloaded(streamed('', parts(-1, 400_000), BEGIN))
  expect(text).toBe('0\n1\n2\ngo on at 3\n')
  expect(broke).toContain('was cut')
})

test('what was cut and what goes on from there are the whole', async () => {
  const first = await downloaded(streamed('', parts(3), BEGIN))
  const second = await downloaded(streamed('', parts(-1), { from: 3, cutLine: onward }))
  expect(second.broke).toBeNull()
  expect(first.text.replace('go on at 3\n', '') + second.text).toBe(
    Array.from({ length: LAST + 1 }, (_, at) => `${at}\n`).join(''),
  )
})

test.each([
  ['cannot begin', parts(0), onward, ''],
  ['has no way to go on', parts(2), () => '', '0\n1\n'],
])('a file that %s is a broken download', async (_, part, cutLine, text) => {
  const body = streamed('', part, { from: null, cutLine })
  expect(await downloaded(body)).toEqual({ text, broke: expect.stringContaining('was cut') })
})

test('a million rows that are all there are no cut', async () => {
  const whole = await downloaded(
    streamed('', async () => ({ lines: 'all\n', rows: 1_000_000, next: null }), BEGIN),
  )
  expect(whole).toEqual({ text: 'all\n', broke: null })
})

test.each(['csv', 'jsonl'] as const)(
  'the last line of %s has the cursor that the next request takes',
  (format) => {
    const cursor = { at: 1_764_000_000_000, seq: 77, account: '0b0f4a5e-8a5e-4d3c-9d1e-5f8f0d9a7c11' }
    const line = cutLine(format, encodeLogCursor(cursor))
    expect(line).toContain('CUT HERE')
    const text = format === 'csv' ? /,"(.+)"\r\n$/.exec(line)![1] : (JSON.parse(line).next_cursor as string)
    expect(decodeCursor(text)).toEqual(cursor)
  },
)
