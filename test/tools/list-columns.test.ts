/**
 * What a list reads and shows of its rows, against reading all and presenting all, as commit b8f2a26 did (H5: 2,232 µs for 100 rows). Siblings:
 * every list there is, any choice of columns in any order, and values that Finexio should not send.
 */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { resources } from '../../schemas/index.ts'
import { readAs } from '../../schemas/readable.ts'
import { picked } from '../../src/tools/derived/request.ts'
import { fitting, present, presentColumns } from '../../src/tools/present/present.ts'

const lists = resources.flatMap(({ name, methods }) =>
  methods.list?.gives ? [{ name, gives: methods.list.gives }] : [],
)

const value = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom('123456789', 'a\u202eb', 45_000, '45000', null, undefined),
)

test.each(lists)('$name shows the same as when everything was read and presented', ({ gives }) => {
  const names = Object.keys(gives.shape)
  const record = fc.record(Object.fromEntries(names.map((name) => [name, value])), { requiredKeys: [] })
  const columns = fc.shuffledSubarray([...names, 'amount'], { minLength: 1 })
  fc.assert(
    fc.property(record, columns, fc.subarray(names), (raw, shown, more) => {
      const whole = readAs(gives, raw)
      const row = readAs(
        gives,
        raw,
        new Set([...shown, ...more, ...(shown.includes('amount') ? ['amount_cents'] : [])]),
      )
      expect(row === null).toBe(whole === null)
      if (!row || !whole) return
      // Decimals are those of the cents, shown or not: `fields: ["amount"]` alone was dropped at commit b8f2a26 (D3).
      const cents = shown.includes('amount') ? ['amount_cents'] : []
      const slow = picked(present(picked(whole, [...shown, ...cents])), shown)
      expect(JSON.stringify(presentColumns(shown)(row))).toBe(JSON.stringify(slow))
    }),
  )
})

test('lines that surely fit are not counted, and those that are fit to the byte', () => {
  const bytes = (lines: readonly string[]) => Buffer.byteLength(lines.join('\n')) + 1
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.nat(200), (lines, most) => {
      const fits = fitting(lines, most)
      if (fits > 0) expect(bytes(lines.slice(0, fits))).toBeLessThanOrEqual(most)
      if (fits < lines.length) expect(bytes(lines.slice(0, fits + 1))).toBeGreaterThan(most)
    }),
  )
})
