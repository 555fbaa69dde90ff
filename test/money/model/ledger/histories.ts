/** Random histories: few numbers, keys and servers, so that they meet often. */
import fc from 'fast-check'
import { BAD_REQUEST, GOOD, PARTLY, READINGS, REFUSED, SLOW_BUT_GOOD, UNCLEAR } from './fates.ts'
import type { Invoice, Key, Op } from './types.ts'

const row: fc.Arbitrary<Invoice> = fc.record({
  number: fc.constantFrom('A-1', 'A-2', 'A-3', 'B-1'),
  supplier: fc.constantFrom('sup_1', 'sup_2'),
  cents: fc.constantFrom(10_000, 10_001),
})
const different = (rows: Invoice[]) =>
  new Set(rows.map(({ number, supplier }) => `${supplier} ${number}`)).size === rows.length
const rows = fc.oneof(
  { weight: 4, arbitrary: fc.tuple(row) },
  { weight: 1, arbitrary: fc.tuple(row, row).filter(different) },
)
const key: fc.Arbitrary<Key> = fc.constantFrom<Key>(null, null, 0, 1, 2, 'new', 'new')
const server = fc.constantFrom<0 | 1>(0, 1)
const fate = fc.oneof(
  { weight: 6, arbitrary: fc.constant(GOOD) },
  { weight: 8, arbitrary: fc.constantFrom(...UNCLEAR) },
  { weight: 2, arbitrary: fc.constantFrom(...REFUSED) },
  { weight: 1, arbitrary: fc.constantFrom(...SLOW_BUT_GOOD) },
  { weight: 1, arbitrary: fc.constantFrom(BAD_REQUEST, PARTLY) },
)
const reading = fc.oneof(
  { weight: 7, arbitrary: fc.constant(null) },
  { weight: 3, arbitrary: fc.constantFrom(...READINGS).map((make) => make()) },
)

const op: fc.Arbitrary<Op> = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({
      do: fc.constant('call' as const),
      server,
      key,
      rows,
      fate,
      reading,
      lag: fc.constantFrom(0, 0, 60_000, 300_000, 600_000),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('contact' as const),
      server,
      key,
      contact: fc.constantFrom(0, 1),
      fate,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('dry' as const), server, rows }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('resolve' as const), back: fc.nat(4), reading }) },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      seconds: fc.constantFrom(1, 10, 21, 31, 61, 61, 300, 660, 3_600, 90_000),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('crash' as const),
      how: fc.constantFrom<'evict' | 'abort' | 'alarm'>('evict', 'abort', 'alarm'),
    }),
  },
)

/** @param steps about so many */
export const histories = (steps: number): fc.Arbitrary<Op[]> =>
  fc.array(op, { minLength: Math.ceil(steps / 2), maxLength: Math.ceil(steps * 1.5), size: 'max' })
