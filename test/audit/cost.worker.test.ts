/** What a read call costs its trail, as the benchmark prints it. Seen at commit b8f2a26: 6 billed rows and 920 bytes (H3). */
import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import limits from '../../bench/targets.json'
import { costOfCall } from '../../bench/workers/trail.ts'
import { makeAccount } from '../accounts/support.ts'

const CALLS = 2_000

test('a read call costs three billed rows, a hundredth for its count, and half a kilobyte', async () => {
  const { object } = await makeAccount()
  const { rows, bytes } = await runInDurableObject(object, (_, { storage }) => costOfCall(storage.sql, CALLS))
  console.log(`A read call costs its trail ${rows.toFixed(2)} billed rows and ${bytes.toFixed(0)} bytes.`)
  expect(rows).toBeLessThanOrEqual(limits['read call'].billed_rows)
  expect(bytes).toBeLessThanOrEqual(limits['read call'].bytes)
})
