/** Several trails, read in bounded parts, are one list: no row is lost or comes twice. Seen at commit b8f2a26 (H2): no bound. */
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { AuditCursor, AuditPage } from '../../src/account/audit/trail.ts'
import { merged } from '../../src/api/log/pages.ts'

type Row = { at: number; seq: number; fits: boolean }

/** What a trail answers that looks at `most` rows at a time. */
const readTrail = (
  account: string,
  rows: readonly Row[],
  { cursor, limit, most }: { cursor: AuditCursor | null; limit: number; most: number },
): AuditPage => {
  const older = [...rows]
    .sort((a, b) => b.at - a.at || b.seq - a.seq)
    .filter(
      ({ at, seq }) =>
        !cursor ||
        at < cursor.at ||
        (at === cursor.at && (account > cursor.account || (account === cursor.account && seq < cursor.seq))),
    )
  const found: AuditPage['rows'] = []
  for (const [index, { at, seq, fits }] of older.entries()) {
    if (fits) found.push({ at, seq, entry: '', hash: null })
    const last = index === older.length - 1
    if (found.length === limit || (index + 1 === most && !last))
      return { rows: found, stopped: { at, seq }, since: 0 }
  }
  return { rows: found, stopped: null, since: 0 }
}

const row = fc.record({ at: fc.nat(6), fits: fc.boolean() })
const trails = fc
  .array(fc.array(row, { maxLength: 15 }), { minLength: 1, maxLength: 4 })
  .map((all) => all.map((rows) => rows.map((one, index) => ({ ...one, seq: index + 1 }))))

test('pages lead through every row that fits once, newest first, over any trails and any bound', () => {
  fc.assert(
    fc.property(
      trails,
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 6 }),
      (all, limit, most) => {
        const names = all.map((_, index) => `t${index}`)
        const seen: AuditCursor[] = []
        let cursor: AuditCursor | null = null
        let requests = 0
        do {
          const pages = all.map(
            (rows, index) =>
              [names[index]!, readTrail(names[index]!, rows, { cursor, limit: limit + 1, most })] as const,
          )
          const { rows, next } = merged(new Map(pages), limit)
          expect(rows.length).toBeLessThanOrEqual(limit)
          seen.push(...rows.map(({ at, account, seq }) => ({ at, account, seq })))
          cursor = next
          requests += 1
        } while (cursor !== null && requests < 200)
        const every = all.flatMap((rows, index) =>
          rows.filter(({ fits }) => fits).map(({ at, seq }) => ({ at, account: names[index]!, seq })),
        )
        const sorted = every.sort(
          (a, b) => b.at - a.at || (a.account < b.account ? -1 : a.account > b.account ? 1 : b.seq - a.seq),
        )
        expect(cursor).toBeNull()
        expect(seen).toEqual(sorted)
      },
    ),
  )
})
