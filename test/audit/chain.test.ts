import fc from 'fast-check'
import { expect, test } from 'vitest'
import { follow, GENESIS, hashOf } from '../../src/account/audit/chain.ts'
import type { AuditRow } from '../../src/account/audit/entry.ts'

const START = { seq: 0, hash: GENESIS }
const trail = fc
  .array(fc.record({ at: fc.nat(), entry: fc.string() }), { minLength: 2, maxLength: 12 })
  .map((rows) => rows.map((row, index): AuditRow => ({ seq: index + 1, ...row, hash: null })))

/** Rows that follow `before`, with their hashes. */
const sealed = (before: string, rows: readonly AuditRow[]): AuditRow[] => {
  let last = before
  return rows.map((row) => {
    last = hashOf(last, row)
    return { ...row, hash: last }
  })
}

test('known answer: a first row is frozen', () => {
  const [row] = sealed(GENESIS, [{ seq: 1, at: 2, entry: '{}', hash: null }])
  // printf '%064d\n1\n2\n{}' 0 | sha256sum
  expect(row!.hash).toBe('dbaf837b80063a915bd0bf2f7cf3ae87b1beeb4fa5c99db3fad7150bae4c443f')
})

test('an untouched trail holds', () => {
  fc.assert(
    fc.property(trail, (rows) => {
      expect(follow(START, sealed(GENESIS, rows)).brokenAt).toBeNull()
    }),
  )
})

test('any row changed, taken out, doubled or moved is found', () => {
  fc.assert(
    fc.property(
      trail,
      fc.nat(),
      fc.constantFrom('edit', 'time', 'remove', 'swap', 'double'),
      (rows, pick, how) => {
        const whole = sealed(GENESIS, rows)
        const at = pick % (whole.length - 1)
        const [row, next] = [whole[at]!, whole[at + 1]!]
        const changed = {
          edit: [...whole.slice(0, at), { ...row, entry: `${row.entry}x` }, ...whole.slice(at + 1)],
          time: [...whole.slice(0, at), { ...row, at: row.at + 1 }, ...whole.slice(at + 1)],
          remove: [...whole.slice(0, at), ...whole.slice(at + 1)],
          swap: [...whole.slice(0, at), next, row, ...whole.slice(at + 2)],
          double: [...whole.slice(0, at), row, row, ...whole.slice(at + 1)],
        }[how]
        expect(follow(START, changed).brokenAt).not.toBeNull()
      },
    ),
  )
})
