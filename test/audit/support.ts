/** Rows of the trail as calls and management leave them. */
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
export const called = (more: Partial<CallEntry> = {}): CallEntry => ({
  type: 'mcp',
  request_id: 'd616542c-286c-4a39-a992-60db757ffb5c',
  mcp_server_id: '0b0f4a5e-8a5e-4d3c-9d1e-5f8f0d9a7c11',
  mcp_server_name: 'Month-end close',
  mcp_method: 'tools/call',
  tool_name: 'list_all_finexio_payments',
  resource: 'payments',
  method: 'list',
  effect: 'read',
  outcome: 'succeeded',
  http_status_code: 200,
  http_method: 'GET',
  http_url: '/payments/',
  upstream_requests: 1,
  duration: 143,
  fetch_duration: 131,
  result_count: 50,
  client_name: 'claude-ai',
  client_version: '0.1.0',
  caller_id: null,
  caller_name: null,
  oauth_grant_id: null,
  oauth_client_id: null,
  oauth_client_name: null,
  arguments_digest: 'ab'.repeat(32),
  reason: null,
  ...more,
})

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
