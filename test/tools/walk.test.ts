import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { Order, Position } from '../../src/tools/derived/cursor.ts'
import type { Row } from '../../src/tools/derived/request.ts'
import { isAll, type Page, type Walk, walkPages } from '../../src/tools/derived/walk.ts'
import { runs } from '../support/size.ts'

const rowsOf = (count: number): Row[] => Array.from({ length: count }, (_, i) => ({ id: `r${i}`, at: i }))

/** An upstream list of `count` rows, `r<count-1>` being the newest. */
const upstream = (rows: readonly Row[], order: 'newest' | 'oldest', size = 10) => {
  const listed = order === 'newest' ? rows.toReversed() : [...rows]
  const asked: number[] = []
  const page = async (number: number): Promise<Page> => {
    asked.push(number)
    const next = number * size < listed.length ? number + 1 : null
    return { rows: listed.slice((number - 1) * size, number * size), next, count: listed.length }
  }
  return { page, asked }
}

const orderOf = (rows: readonly Row[]): Order => {
  if (rows.length < 2) return 'unknown'
  return Number(rows[0]!.at) > Number(rows.at(-1)!.at) ? 'newest' : 'oldest'
}

const walkOver = (page: Walk['page'], more: Partial<Walk> = {}): Walk => ({
  page,
  orderOf,
  timeOf: ({ at }) => Number(at),
  learned: 'unknown',
  keep: () => true,
  keyOf: (row) => String(row.id),
  limit: 5,
  start: null,
  mostPages: 10,
  mayGoOn: () => true,
  ...more,
})

const ids = (rows: readonly Row[]) => rows.map(({ id }) => id)

describe('walkPages', () => {
  it('reads one page when the newest rows stand first', async () => {
    const { page, asked } = upstream(rowsOf(35), 'newest')
    expect(ids((await walkPages(walkOver(page))).rows)).toEqual(['r34', 'r33', 'r32', 'r31', 'r30'])
    expect(asked).toEqual([1])
  })

  it('goes to the last page when the oldest rows stand first', async () => {
    const { page, asked } = upstream(rowsOf(35), 'oldest')
    const walked = await walkPages(walkOver(page, { limit: 8 }))
    expect(ids(walked.rows)).toEqual(['r34', 'r33', 'r32', 'r31', 'r30', 'r29', 'r28', 'r27'])
    expect(asked).toEqual([1, 4, 3])
  })

  // Until 2026-11-30 a row that came twice stood for the one that did not come. Siblings: within a page, at its start, on three pages.
  it.each([
    [[['r0', 'r0']], 2],
    [
      [
        ['r0', 'r1'],
        ['r0', 'r2'],
      ],
      4,
    ],
    [
      [
        ['r0', 'r1'],
        ['r2', 'r0'],
      ],
      4,
    ],
    [
      [
        ['r0', 'r1'],
        ['r2', 'r3'],
        ['r4', 'r1'],
      ],
      6,
    ],
  ])('is not whole where a row comes twice in place of another: %j', async (pages, total) => {
    const page = async (number: number): Promise<Page> => ({
      rows: pages[number - 1]!.map((id) => ({ id })),
      next: number < pages.length ? number + 1 : null,
      count: total,
    })
    const walked = await walkPages(walkOver(page, { limit: 50, orderOf: () => 'unknown' }))
    expect(isAll(walked)).toBe(false)
    expect(walked.flaw).toBe(`it counts ${total} and ended after ${total - 1}`)
  })

  it.each(['newest', 'oldest'] as const)(
    'gives every row exactly once over all cursors (%s)',
    async (order) => {
      await fc.assert(
        fc.asyncProperty(
          fc.integer({ min: 0, max: 60 }),
          fc.integer({ min: 1, max: 25 }),
          async (count, limit) => {
            const { page } = upstream(rowsOf(count), order)
            const all: unknown[] = []
            let start: Position | null = null
            do {
              const walked = await walkPages(walkOver(page, { limit, start }))
              all.push(...ids(walked.rows))
              start = walked.next
            } while (start)
            expect(all).toEqual(ids(rowsOf(count).toReversed()))
          },
        ),
        runs(200),
      )
    },
  )

  it('finds its place again when new rows have shifted the pages', async () => {
    const rows = rowsOf(30)
    const first = await walkPages(walkOver(upstream(rows, 'newest').page))
    rows.push({ id: 'new', at: 99 })
    const second = await walkPages(walkOver(upstream(rows, 'newest').page, { start: first.next }))
    expect(ids(second.rows)).toEqual(['r24', 'r23', 'r22', 'r21', 'r20'])
  })

  it('says that it stopped at its bound and where to go on', async () => {
    const { page, asked } = upstream(rowsOf(200), 'newest')
    const walked = await walkPages(walkOver(page, { keep: ({ at }) => at === 3, mostPages: 4 }))
    expect(walked).toMatchObject({
      rows: [],
      stopped: 'bound',
      requests: 4,
      looked: 40,
      next: { page: 5, skip: 0 },
    })
    expect(asked).toEqual([1, 2, 3, 4])
  })

  it('keeps what it has when a later page fails, and asks no more', async () => {
    const { page, asked } = upstream(rowsOf(50), 'newest')
    const failing = async (number: number) => {
      if (number < 3) return page(number)
      asked.push(number)
      throw new FinexioFailure({ kind: 'throttled', status: 429, message: 'limited', rate: null, sent: true })
    }
    const walked = await walkPages(walkOver(failing, { limit: 50 }))
    expect(walked.rows).toHaveLength(20)
    expect(walked.stopped).toBeInstanceOf(FinexioFailure)
    expect(walked.next).toMatchObject({ page: 3, skip: 0 })
    expect(asked).toEqual([1, 2, 3])
  })

  it('fails as a whole when the first page fails', async () => {
    const failure = new FinexioFailure({
      kind: 'no_answer',
      status: null,
      message: 'gone',
      rate: null,
      sent: true,
    })
    await expect(walkPages(walkOver(() => Promise.reject(failure)))).rejects.toBe(failure)
  })

  it('sorts a list of one page whatever its order', async () => {
    const mixed: Row[] = [
      { id: 'b', at: 2 },
      { id: 'c', at: 3 },
      { id: 'a', at: 1 },
    ]
    const walked = await walkPages(walkOver(async () => ({ rows: mixed, next: null, count: 3 })))
    expect(ids(walked.rows)).toEqual(['c', 'b', 'a'])
    expect(walked.order).toBe('newest')
  })

  it('leaves an order alone that it cannot recognise', async () => {
    const { page } = upstream(rowsOf(35), 'oldest')
    const walked = await walkPages(walkOver(page, { orderOf: () => 'unknown' }))
    expect(ids(walked.rows)).toEqual(['r0', 'r1', 'r2', 'r3', 'r4'])
    expect(walked.order).toBe('unknown')
  })

  it('trusts what was learned where a page tells nothing', async () => {
    const { page } = upstream(rowsOf(35), 'oldest')
    const walked = await walkPages(walkOver(page, { orderOf: () => 'unknown', learned: 'oldest' }))
    expect(ids(walked.rows)[0]).toBe('r34')
  })
})
