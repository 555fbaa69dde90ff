import { expect, test } from 'vitest'
import { Bursts } from '../../src/account/audit/bursts.ts'
import type { ManagementEntry } from '../../src/account/audit/entry.ts'

const at = (ms: number): string => new Date(ms).toISOString()
/** As a row that was held back says it. */
const held = (first: number, last: number) => ({ first_at: at(first), last_at: at(last) })

const refused = (more: Partial<ManagementEntry> = {}): ManagementEntry => ({
  type: 'management',
  request_id: 'r',
  actor_id: 'unknown',
  actor_name: 'nobody',
  actor_kind: 'unknown',
  action: 'POST /x',
  target_id: null,
  changed: [],
  http_status_code: 401,
  ...more,
})

test('a burst is a row at once and a row with the count, and no repetition is lost', () => {
  const bursts = new Bursts()
  const rows = Array.from({ length: 500 }, (_, index) => bursts.thinned(refused(), index)).flat()
  expect(rows).toEqual([refused()])
  expect(bursts.ended(59_999)).toEqual([])
  expect(bursts.ended(60_000)).toEqual([refused({ repeated: 498, ...held(1, 499) })])
  expect(bursts.ended(60_001)).toEqual([])
})

test('the count also comes before the next row, whatever that is about', () => {
  const bursts = new Bursts()
  bursts.thinned(refused(), 0)
  bursts.thinned(refused({ request_id: 'second' }), 1)
  const done = refused({ http_status_code: 200 })
  // Seen at main: asked at 21:06:09, the row said 21:07:33, when it was written. Siblings: several, calls of tools, both exports.
  expect(bursts.thinned(done, 70_000)).toEqual([refused({ request_id: 'second', ...held(1, 1) }), done])
})

test('what succeeded, other people, other drafts and other answers are rows of their own', () => {
  const bursts = new Bursts()
  const all = [
    refused(),
    refused({ actor_id: 'ann' }),
    refused({ target_id: 'draft' }),
    refused({ http_status_code: 403 }),
    refused({ http_status_code: 200 }),
    refused({ http_status_code: 200 }),
  ]
  expect(all.flatMap((entry) => bursts.thinned(entry, 0))).toEqual(all)
})

/** Seen at commit 0de9742c: whoever may not decide made a row with every id of a draft that they made up. */
test.each([
  ['drafts', 'POST /approval/:approval/approve', 403],
  // Siblings: another verb, another status, servers.
  ['drafts, with a body that is none', 'POST /approval/:approval/reject', 400],
  ['changes of settings', 'POST /settings-draft/:draft/approve', 403],
  ['MCP servers', 'PATCH /integrated-account/:account/mcp/:server', 409],
])(
  'made-up ids of %s are twenty kinds at most, and each refusal is counted',
  (_, action, http_status_code) => {
    const bursts = new Bursts()
    const of = (target: number) => refused({ action, http_status_code, target_id: `made up ${target}` })
    const rows = Array.from({ length: 500 }, (_, at) => bursts.thinned(of(at), at)).flat()
    expect(rows).toEqual(Array.from({ length: 21 }, (_, at) => of(at)))
    expect(bursts.thinned(of(3), 600)).toEqual([])
    expect(bursts.thinned(refused({ actor_id: 'ann', target_id: 'made up 999' }), 600)).toHaveLength(1)
    const rest = bursts.ended(70_000)
    expect(rest).toContainEqual({ ...of(499), repeated: 478, ...held(21, 499) })
    expect(rest).toContainEqual({ ...of(3), ...held(600, 600) })
  },
)
