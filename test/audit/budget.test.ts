/**
 * What callers can fill. Seen at commit b8f2a26 (C7): a row of 784 bytes for each unknown tool and each refusal, 60 KB for one refused
 * PATCH, names with signs that nobody sees.
 */
import { expect, test } from 'vitest'
import { Bursts } from '../../src/account/audit/bursts.ts'
import type { AuditEntry, CallEntry } from '../../src/account/audit/entry.ts'
import { Shares } from '../../src/account/audit/share.ts'
import { entryIn, storedText } from '../../src/account/audit/stored.ts'
import { called, DAY, managed } from './support.ts'

const rowsOf = (entries: readonly AuditEntry[]): AuditEntry[] => {
  const bursts = new Bursts()
  return [...entries.flatMap((entry) => bursts.thinned(entry, 0)), ...bursts.ended(60_000)]
}
const many = (entry: (index: number) => Partial<CallEntry>) =>
  Array.from({ length: 300 }, (_, index) => called(entry(index)))

test.each([
  [
    'C7: unknown tools, each by another name',
    many((index) => ({ outcome: 'unknown_tool', tool_name: `t${index}` })),
  ],
  ['C7: a refused call, over and over', many(() => ({ outcome: 'refused' }))],
  // Siblings: refusals with another reason each, with other arguments each, by one key.
  ['reasons', many((index) => ({ outcome: 'refused', reason: `r${index}` }))],
  ['arguments', many((index) => ({ outcome: 'refused', arguments_digest: `${index}`, caller_id: 'key' }))],
  ['names of clients', many((index) => ({ outcome: 'unknown_tool', client_name: `c${index}` }))],
])('%s: two rows a minute, and no call is uncounted', (_, entries) => {
  const rows = rowsOf(entries) as CallEntry[]
  expect(rows).toHaveLength(2)
  expect(rows.reduce((sum, { repeated = 0 }) => sum + 1 + repeated, 0)).toBe(300)
  expect(rows[1]).toMatchObject(entries.at(-1)!)
})

test('other servers, other callers, other refused tools and whatever was done are rows of their own', () => {
  const entries = [
    called({ outcome: 'refused' }),
    called({ outcome: 'refused', tool_name: 'search' }),
    called({ outcome: 'refused', caller_id: 'key' }),
    called({ outcome: 'refused', mcp_server_id: 'other' }),
    called({ outcome: 'unknown_tool' }),
    called(),
    called(),
    called({ outcome: 'rejected' }),
    called({ outcome: 'rejected' }),
  ]
  expect(rowsOf(entries)).toEqual(entries)
})

test('a thousand kinds at once lose no count', () => {
  const kinds = Array.from({ length: 1_100 }, (_, index) =>
    managed('x', { actor_id: `${index}`, http_status_code: 404 }),
  )
  const rows = rowsOf([...kinds, ...kinds])
  expect(rows).toHaveLength(2_200)
})

const HIDDEN = '\u202e\u2066\u{e0041}\u{e0042}'

test.each([
  ['C7: the name of a tool', { tool_name: `${HIDDEN}pay\u200b_all${'x'.repeat(500)}` }, 'tool_name'],
  // Siblings: whatever else a client says of itself.
  ['a client', { client_name: `${HIDDEN}Cl\naude${'x'.repeat(500)}` }, 'client_name'],
  ['its version', { client_version: `1${HIDDEN}${'.0'.repeat(500)}` }, 'client_version'],
  ['a client that signed in', { oauth_client_name: `${HIDDEN}App${'x'.repeat(500)}` }, 'oauth_client_name'],
])('%s is cleaned and at most 60 letters', (_, more, name) => {
  const text = storedText(called(more))
  const kept = entryIn(text)[name] as string
  expect(kept.length).toBeLessThanOrEqual(60)
  expect(kept).not.toMatch(/[\u202e\u2066\u200b\n\u{e0041}]/u)
})

test('C7: a refused PATCH leaves a row of bounded size, whatever its keys are', () => {
  const changed = Array.from({ length: 500 }, (_, index) => `${index}${HIDDEN}${'k'.repeat(2_000)}`)
  const text = storedText(managed('PATCH /x', { changed, target_id: 'y'.repeat(50_000) }))
  const kept = entryIn(text).changed as string[]
  expect(kept).toHaveLength(41)
  expect(kept.at(-1)).toBe('… and 460 more')
  expect(text.length).toBeLessThan(5_000)
})

test('nested values are bounded as well, and kept as they are otherwise', () => {
  const fields = [{ field: 'name', before: `a${'x'.repeat(5_000)}`, after: 7 }]
  const entry: AuditEntry = { type: 'payee', event: 'changed', request_id: null, supplier_id: 's', fields }
  const kept = entryIn(storedText(entry)) as { fields: { before: string; after: number }[] }
  expect(kept.fields[0]!.before.length).toBeLessThanOrEqual(1_001)
  expect(kept.fields[0]!.after).toBe(7)
})

test('a server that fills more than its share waits; the others do not, and a day lets it go on', () => {
  const shares = new Shares()
  let rows = 0
  while (shares.wait('greedy', 0) === null) {
    shares.note('greedy', 500, 0)
    rows += 1
  }
  expect(rows).toBeGreaterThan(30_000)
  expect(shares.wait('greedy', 0)).toMatchObject({ reset: expect.any(Number) })
  expect(shares.wait('other', 0)).toBeNull()
  const { reset } = shares.wait('greedy', 0)!
  expect(shares.wait('greedy', reset * 1_000)).toBeNull()
  // 64 MB a day, however it calls: a clock that was set back does not lock it out.
  let bytes = 0
  for (let at = 0; at < DAY; at += 1_000)
    if (shares.wait('steady', at) === null) {
      shares.note('steady', 5_000, at)
      bytes += 5_000
    }
  expect(bytes).toBeGreaterThan(64_000_000)
  expect(bytes).toBeLessThan(82_000_000)
  expect(shares.wait('greedy', -DAY)).toBeNull()
})
