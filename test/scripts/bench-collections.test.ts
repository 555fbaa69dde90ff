/** What a call was without the isolate's garbage collection, which holds up a call that nothing is beside just as long. */
import { expect, test } from 'vitest'
import { Collections, collectedIn } from '../../bench/targets/collections.ts'

const line = (ended: number, took: number) =>
  `[4711:0x53327fd14000:0] ${String(ended).padStart(8)} ms: GC: {"pause":${took},"mutator":88.4,"gc":"mc","reduce_memory":false}`

test('collections stand on the clock of who reads them, by the line that came quickest', () => {
  const collections = new Collections()
  collections.read(line(200, 5.5), 10_900)
  collections.read(line(1_000, 120.25), 11_003)
  collections.read('a line of something else', 11_100)
  collections.read(line(1_500, 2), 12_000)
  expect(collections.all()).toEqual([
    { ended: 10_203, took: 5.5 },
    { ended: 11_003, took: 120.25 },
    { ended: 11_503, took: 2 },
  ])
})

// Siblings: one before, one after, several at once, one that began before the call.
test.each([
  ['in it', 1_100, 120],
  ['before it', 900, 0],
  ['after it', 1_400, 0],
  ['that it began in', 1_010, 120],
])('a collection %s', (_, ended, counted) => {
  expect(collectedIn([{ ended, took: 120 }], 1_000, 1_150)).toBe(counted)
})

test('of several the longest counts, and of none nothing', () => {
  const all = [3, 90, 7].map((took, at) => ({ ended: 1_050 + at, took }))
  expect(collectedIn(all, 1_000, 1_100)).toBe(90)
  expect(collectedIn([], 1_000, 1_100)).toBe(0)
})
