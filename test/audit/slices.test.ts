/** An export of many rows lets others go on: seen at commit b8f2a26, a thousand rows were written in one go (H2). */
import { afterEach, expect, test, vi } from 'vitest'
import { linesOf } from '../../src/api/log/stream.ts'
import { rest } from '../../src/core/time.ts'

afterEach(() => {
  vi.useRealTimers()
})

const numbers = Array.from({ length: 260 }, (_, index) => index)

/** Counts the calls of `line` before anybody else has a turn. */
const counting = () => {
  const seen = { inOneGo: 0, longest: 0 }
  const line = (row: number) => {
    if (seen.inOneGo === 0) setTimeout(() => (seen.inOneGo = 0), 0)
    seen.longest = Math.max(seen.longest, ++seen.inOneGo)
    return `${row}\n`
  }
  return { seen, line }
}

test.each([true, false])(
  'rows are written 25 at a time, all of them and in order; calls come: %s',
  async (isCalled) => {
    const { seen, line } = counting()
    expect(await linesOf(numbers, line, isCalled)).toBe(numbers.map((row) => `${row}\n`).join(''))
    expect(seen.longest).toBe(25)
  },
)

// Siblings: none, one, and exactly one slice.
test.each([0, 1, 25])('of %i rows none is lost', async (count) => {
  const { seen, line } = counting()
  const rows = numbers.slice(0, count)
  expect(await linesOf(rows, line, true)).toBe(rows.map((row) => `${row}\n`).join(''))
  expect(seen.longest).toBe(count)
})

test.each([
  ['ends when it is over, on a machine that has time', 0, 6],
  ['does so where a few milliseconds are missing', 5, 6],
  ['goes on twice as long as it was kept waiting', 20, 46],
  ['goes on no longer than a tenth of a second', 500, 106],
])('a rest %s', async (_, late, ends) => {
  vi.useFakeTimers()
  let isOver = false
  const resting = rest(6).then(() => {
    isOver = true
  })
  vi.setSystemTime(Date.now() + late)
  await vi.advanceTimersByTimeAsync(ends - 1)
  expect(isOver).toBe(false)
  await vi.advanceTimersByTimeAsync(1)
  expect(isOver).toBe(true)
  await resting
})
