/** What a look says of a lost write: silence is an answer only after a minute, and only where everything was looked at. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { judge, SETTLED_MS } from '../../../src/tools/writing/companions/resolve.ts'

const seenOf = (expected: number, found: readonly number[], whole: boolean) => ({
  expected,
  whole,
  found: new Map(found.map((at) => [at, `id-${at}`])),
})

const looks = fc.integer({ min: 1, max: 20 }).chain((expected) =>
  fc.record({
    expected: fc.constant(expected),
    found: fc.uniqueArray(fc.integer({ min: 0, max: expected - 1 })),
    whole: fc.boolean(),
    age: fc.integer({ min: 0, max: 3 * SETTLED_MS }),
  }),
)

test('all there is done at any age; nothing is called absent before a minute, nor without having seen all', () => {
  fc.assert(
    fc.property(looks, ({ expected, found, whole, age }) => {
      const resolved = judge(seenOf(expected, found, whole), age)
      const missing = Array.from({ length: expected }, (_, at) => at).filter((at) => !found.includes(at))
      expect(resolved.rows).toEqual(missing)
      if (missing.length === 0) expect(resolved).toMatchObject({ kind: 'done', state: 'succeeded' })
      else if (!whole) expect(resolved).toMatchObject({ kind: 'open', because: 'not_far_enough' })
      else if (age < SETTLED_MS) expect(resolved).toMatchObject({ kind: 'open', because: 'too_early' })
      else
        expect(resolved).toMatchObject({ kind: 'done', state: found.length === 0 ? 'rejected' : 'succeeded' })
    }),
  )
})

test('what is partly there is done for the ids that were found, in the order of what was sent', () => {
  expect(judge(seenOf(3, [2, 0], true), SETTLED_MS)).toEqual({
    kind: 'done',
    state: 'succeeded',
    rows: [1],
    kept: {
      resolved: true,
      incomplete: true,
      not_there: '1',
      result: [
        { index: 0, id: 'id-0' },
        { index: 2, id: 'id-2' },
      ],
    },
  })
})
