import { expect, test } from 'vitest'
import { Bursts } from '../../src/account/audit/bursts.ts'
import type { ManagementEntry } from '../../src/account/audit/entry.ts'

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
  expect(bursts.ended(60_000)).toEqual([refused({ repeated: 498 })])
  expect(bursts.ended(60_001)).toEqual([])
})

test('the count also comes before the next row, whatever that is about', () => {
  const bursts = new Bursts()
  bursts.thinned(refused(), 0)
  bursts.thinned(refused({ request_id: 'second' }), 1)
  const done = refused({ http_status_code: 200 })
  expect(bursts.thinned(done, 70_000)).toEqual([refused({ request_id: 'second' }), done])
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
