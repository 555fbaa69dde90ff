/** How composites read: never more than six at once, nothing after a failure, every page once. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { payments } from '../../../schemas/payments.ts'
import { FinexioFailure } from '../../../src/finexio/failure.ts'
import type { FailureKind, FinexioRequest } from '../../../src/finexio/types.ts'
import { partyNames } from '../../../src/tools/reading/parties.ts'
import { readWhole } from '../../../src/tools/reading/read-list.ts'
import { newReading, stopWords } from '../../../src/tools/reading/reading.ts'
import { envelope, environment, fakeFinexio, NOW } from '../fake-finexio.ts'

const failureOf = (kind: FailureKind, status: number) =>
  new FinexioFailure({ kind, status, message: 'no', rate: null, retryAfter: 20, sent: true })
const throttle = () => failureOf('throttled', 429)

const soon = (turns: number) =>
  Array.from({ length: turns }).reduce<Promise<void>>((all) => all.then(() => undefined), Promise.resolve())

/** A list of numbered rows in pages, as Finexio would give it. */
const paged =
  (rows: number, perPage: number, count: number | null = rows) =>
  ({ query }: FinexioRequest) => {
    const page = Number(query?.page ?? 1)
    const all = Array.from({ length: rows }, (_, index) => ({ id: `p${index}`, amount_cents: index }))
    if (page > 1 && (page - 1) * perPage >= rows) throw failureOf('not_found', 404)
    const results = all.slice((page - 1) * perPage, page * perPage)
    return envelope(results, { count, next: page * perPage < rows ? `https://x/?page=${page + 1}` : null })
  }

const readingOver = (answer: (request: FinexioRequest) => unknown, most = 200, now = () => NOW) => {
  const { finexio, sent } = fakeFinexio(answer)
  return { reading: newReading({ ...environment(finexio), finexio, now }, most), sent }
}

describe('a reading', () => {
  test('has at most six requests under way, and uses all six', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(9), { minLength: 7, maxLength: 40 }), async (turns) => {
        let underWay = 0
        let most = 0
        const { reading } = readingOver(() => null)
        const asked = turns.map((wait) =>
          reading.ask(async () => {
            most = Math.max(most, ++underWay)
            await soon(wait)
            underWay--
            return wait
          }),
        )
        expect(await Promise.all(asked)).toEqual(turns)
        expect(most).toBe(6)
      }),
    )
  })

  test('sends the first request alone: what fails at once is asked once', async () => {
    const { reading } = readingOver(() => null)
    let started = 0
    const asked = Array.from({ length: 9 }, () =>
      reading.ask(async () => {
        started++
        await soon(3)
        throw throttle()
      }),
    )
    expect(await Promise.all(asked)).toEqual(Array(9).fill(null))
    expect([started, reading.requests]).toEqual([1, 1])
  })

  test('starts nothing after a failure, and keeps what was under way', async () => {
    const { reading } = readingOver(() => null)
    const started: number[] = []
    const asked = Array.from({ length: 20 }, (_, index) =>
      reading.ask(async () => {
        started.push(index)
        await soon(index)
        if (index === 3) throw throttle()
        return index
      }),
    )
    const answers = await Promise.all(asked)
    expect(started.length).toBeLessThan(12)
    expect(answers.filter((answer) => answer !== null)).toEqual(started.filter((index) => index !== 3))
    expect(reading.requests).toBe(started.length)
    expect(stopWords(reading)).toMatch(/Partial: stopped at request \d+: .*Wait 20 s/)
  })

  test('ends at its bound of requests and when time is short', async () => {
    const { reading } = readingOver(() => null, 2)
    expect(await Promise.all([1, 2, 3].map((one) => reading.ask(async () => one)))).toEqual([1, 2, null])
    expect(stopWords(reading)).toMatch(/bound of 2 requests/)
    let now = NOW
    const late = readingOver(
      () => null,
      9,
      () => now,
    ).reading
    expect(await late.ask(async () => 1)).toBe(1)
    now += 15_000
    expect(await late.ask(async () => 2)).toBeNull()
    expect(stopWords(late)).toMatch(/time for one call ran out after 1 request/)
  })

  test('a fault of ours is no failure of Finexio: it comes through', async () => {
    const { reading } = readingOver(() => null)
    await expect(reading.ask(() => Promise.reject(new TypeError('ours')))).rejects.toThrow('ours')
    expect(await reading.ask(async () => 'on')).toBe('on')
  })
})

describe('a whole list', () => {
  test('every row once, every page asked for once, whatever Finexio counts', async () => {
    const counts = fc.constantFrom('right', 'none', 'page', 'more')
    await fc.assert(
      fc.asyncProperty(fc.nat(95), fc.integer({ min: 1, max: 10 }), counts, async (rows, perPage, kind) => {
        const count = { right: rows, none: null, page: Math.min(rows, perPage), more: rows + perPage }[kind]!
        const { reading, sent } = readingOver(paged(rows, perPage, kind === 'none' ? null : count))
        const whole = await readWhole(reading, payments, {})
        expect(whole.rows.map(({ id }) => id)).toEqual(
          Array.from({ length: rows }, (_, index) => `p${index}`),
        )
        expect([whole.next, reading.stopped]).toEqual([null, null])
        const pages = sent.map(({ query }) => Number(query?.page ?? 1))
        expect(new Set(pages).size).toBe(pages.length)
        if (kind !== 'more') expect(pages).toHaveLength(Math.max(1, Math.ceil(rows / perPage)))
      }),
    )
  })

  test('pages that cannot be read end it; the next call goes on, and both make the whole', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 11, max: 95 }),
        fc.integer({ min: 2, max: 12 }),
        async (rows, broken) => {
          const answer = paged(rows, 5)
          const first = readingOver((request) => {
            if (Number(request.query?.page ?? 1) === broken) throw throttle()
            return answer(request)
          })
          const part = await readWhole(first.reading, payments, {})
          const isReached = broken <= Math.ceil(rows / 5)
          expect(part.next?.page ?? null).toBe(isReached ? broken : null)
          const rest = part.next
            ? (await readWhole(readingOver(answer).reading, payments, {}, part.next)).rows
            : []
          expect([...part.rows, ...rest]).toHaveLength(rows)
        },
      ),
    )
  })

  test('a row that came in between two calls shifts nothing', async () => {
    const start = { page: 2, last: 'p5' }
    const whole = await readWhole(readingOver(paged(12, 5)).reading, payments, {}, start)
    expect(whole.rows.map(({ id }) => id)).toEqual(['p6', 'p7', 'p8', 'p9', 'p10', 'p11'])
  })
})

describe('names of parties', () => {
  const party = (index: number) => ({ id: `c${index}`, name: `Party ${index}` })

  /** 60 parties on 6 pages, and each by its id; `c99` is gone. */
  const answer = (request: FinexioRequest) => {
    const id = /^\/counterparties\/(c\d+)\/$/.exec(request.path)?.[1]
    if (id === 'c99') throw failureOf('not_found', 404)
    if (id) return party(Number(id.slice(1)))
    const page = Number(request.query?.page ?? 1)
    const rows = Array.from({ length: 10 }, (_, index) => party((page - 1) * 10 + index))
    return envelope(rows, { count: 60, next: page < 6 ? `https://x/?page=${page + 1}` : null })
  }

  test('all that there are, by never more requests than the list has pages', async () => {
    const ids = fc.uniqueArray(fc.oneof(fc.nat(59), fc.constant(99)))
    await fc.assert(
      fc.asyncProperty(ids, async (wanted) => {
        const { reading, sent } = readingOver(answer)
        const names = await partyNames(reading, [...wanted.map((index) => `c${index}`), null, ''])
        for (const index of wanted)
          expect(names.get(`c${index}`)).toBe(index === 99 ? undefined : `Party ${index}`)
        const beyond = wanted.filter((index) => index > 9).length
        const expected = wanted.length === 0 ? 0 : beyond < 5 ? 1 + beyond : 6
        expect(sent).toHaveLength(expected)
        expect(reading.stopped).toBeNull()
      }),
    )
  })
})
