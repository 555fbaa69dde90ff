/** What a read call costs its trail. Seen at commit b8f2a26: 6 billed rows and 920 bytes (H3). */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { appendAudit } from '../../src/account/tables/audit.ts'
import { awaitsCount, countCalls } from '../../src/account/tables/usage.ts'
import { makeAccount } from '../accounts/support.ts'
import { called } from './support.ts'

const ROWS = 2_000

/** Billed rows of whatever `work` does. */
const billed = (sql: SqlStorage, work: (counting: SqlStorage) => void): number => {
  let written = 0
  work({
    exec: (...args: Parameters<SqlStorage['exec']>) => {
      const cursor = sql.exec(...args)
      const rows = cursor.toArray()
      written += cursor.rowsWritten
      return { toArray: () => rows, one: () => rows[0] }
    },
  } as unknown as SqlStorage)
  return written
}

test('a read call costs three billed rows, a hundredth for its count, and half a kilobyte', async () => {
  const { object } = await makeAccount()
  const { rows, bytes } = await runInDurableObject(object, (_, { storage }) => {
    const before = storage.sql.databaseSize
    let rows = 0
    for (let count = 0; count < ROWS; count++)
      rows += billed(storage.sql, (sql) => {
        appendAudit(sql, called(), 1_764_000_000_000 + count)
        if (awaitsCount(sql)) countCalls(sql)
      })
    return { rows: rows / ROWS, bytes: (storage.sql.databaseSize - before) / ROWS }
  })
  console.log(`A read call costs its trail ${rows.toFixed(2)} billed rows and ${bytes.toFixed(0)} bytes.`)
  expect(rows).toBeLessThanOrEqual(3.05)
  expect(bytes).toBeLessThanOrEqual(512)
})
