/**
 * What one more write reads does not grow with those before it, apart from the windows of limits. Seen on 2026-12-01: what a payee was
 * called was looked for in every payment that it ever had, where none of them named it. Siblings: the settlement, many payees.
 */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import type { Authority } from '../../src/account/authority.ts'
import { WriteDecisions } from '../../src/account/writes/write-decisions.ts'
import { accountWithServer, print } from './claims.ts'

const AUTHORITY = {
  callerMayUse: true,
  callerIdentity: null,
  callerIssuers: [],
  decider: null,
  writes_stopped: false,
  second_person_for_settings: false,
} as unknown as Authority

const NOW = Date.now()

/** The statements of a write after so many others, each with the rows that it read. */
const readBy = async (before: number, supplier: (index: number) => string) => {
  const { object, request } = await accountWithServer()
  return runInDurableObject(object, (_, { storage }) => {
    const read: [statement: string, rows: number][] = []
    const counting = (statement: string, ...values: unknown[]) => {
      const cursor = storage.sql.exec(statement, ...values)
      const counted = [statement.replaceAll(/\s+/g, ' '), 0] as [string, number]
      read.push(counted)
      const ended = <Value>(value: Value): Value => {
        counted[1] = cursor.rowsRead
        return value
      }
      return {
        toArray: () => ended(cursor.toArray()),
        one: () => ended(cursor.one()),
        raw: () => ended([...cursor.raw()]),
        [Symbol.iterator]: () => ended(cursor.toArray())[Symbol.iterator](),
      }
    }
    const sql = { exec: counting }
    const own = { sql, transactionSync: (act: () => unknown) => act() } as unknown as DurableObjectStorage
    const writes = new WriteDecisions(own)
    const write = (index: number) => {
      const key = `key-${index}`
      const subjects = [print(`invoice ${index}`)]
      const movements = [{ buyer: 'b', supplier: supplier(index), cents: 5, count: 1 }]
      const asked = request({ key, fingerprint: print(key), subjects, equals: subjects, movements })
      const claimed = writes.claim(asked, { authority: AUTHORITY, now: NOW + index })
      expect(claimed).toEqual({ kind: 'claimed', key })
      writes.settle({ key, requestId: 'request', state: 'succeeded', kept: null }, NOW + index)
    }
    for (let index = 0; index < before; index++) write(index)
    read.length = 0
    write(before)
    return read
  })
}

const sum = (read: readonly [string, number][]) => read.reduce((rows, [, own]) => rows + own, 0)

test.each<[string, (index: number) => string]>([
  ['one payee that nobody named', () => 's'],
  ['a payee each', (index) => `s${index}`],
])('of %s: the six-hundredth write reads no more rows than the third', async (_, supplier) => {
  const [few, many] = [await readBy(2, supplier), await readBy(600, supplier)]
  expect(many.filter(([, rows]) => rows > 20)).toEqual([])
  expect(sum(many)).toBeLessThanOrEqual(sum(few) + 5)
})
