/** Rows of the trail as calls and management leave them. */
import { readCall } from '../../bench/workers/trail.ts'
import type { CallEntry, ManagementEntry } from '../../src/account/audit/entry.ts'

export const DAY = 86_400_000

export const managed = (action = 'x', more: Partial<ManagementEntry> = {}): ManagementEntry => ({
  type: 'management',
  request_id: 'r',
  actor_id: 'a',
  actor_name: 'Ann',
  actor_kind: 'person',
  action,
  target_id: null,
  changed: [],
  http_status_code: 200,
  ...more,
})

/** A read call as a chat client makes it through a URL. */
export const called = (more: Partial<CallEntry> = {}): CallEntry => ({ ...readCall, ...more })

/** Everything of a trail, newest first. */
export const everything = (account: string) => ({
  account,
  types: ['mcp', 'management', 'write', 'payee', 'gap', 'trail'],
  after: 0,
  before: Number.MAX_SAFE_INTEGER,
  filters: {},
  cursor: null,
  limit: 100,
})
