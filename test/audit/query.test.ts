import fc from 'fast-check'
import { expect, test } from 'vitest'
import { encodeLogCursor, LogParameters, logQueryOf } from '../../src/api/log/query.ts'
import { logHead, logLine, shownRow } from '../../src/api/log/rows.ts'

const NOW = Date.parse('2026-11-23T12:00:00Z')
const DAY = 86_400_000
const readLogQuery = (raw: Record<string, string>, now: number) => {
  const parsed = LogParameters.safeParse(raw)
  return parsed.success
    ? { ok: true as const, query: logQueryOf(parsed.data, now) }
    : { ok: false as const, problems: parsed.error.issues.map(({ path, message }) => ({ path, message })) }
}
const ID = 'd616542c-286c-4a39-a992-60db757ffb5c'

test('without bounds the last month is meant', () => {
  const read = readLogQuery({}, NOW)
  expect(read).toMatchObject({
    ok: true,
    query: { types: ['mcp'], limit: 50, trail: null, after: NOW + 1 - 31 * DAY },
  })
  // A row that a clock which was ahead dated after now is shown as well.
  expect(read.ok && read.query.before).toBeGreaterThan(NOW + 1_000 * DAY)
})

test.each([
  [{ log_type: 'sync' }, /log_type/],
  [{ limit: '101' }, /limit/],
  [{ 'created_at[gt]': 'yesterday' }, /ISO date/],
  [{ from: '2026-11-31' }, /ISO date/],
  [{ until: '2026-11-22T10:00:00' }, /with zone/],
  [{ from: '2026-11-01', 'created_at[gt]': '2026-11-02' }, /either from or created_at/],
  [{ from: '2026-10-01', until: '2026-11-01' }, /one month/],
  // At d9f6ffd2 a range that ends before it begins was an empty answer.
  [{ from: '2026-11-02', until: '2026-11-01' }, /from lies after until/],
  [{ 'created_at[gt]': '2026-11-02T00:00:00Z', 'created_at[lt]': '2026-11-01T00:00:00Z' }, /lies after/],
  [{ person: 'Ann' }, /write log_type_filter\[person\]/],
  [{ 'log_type_filter[outcome]': 'waiting' }, /known outcomes are .*pending_approval/],
  [{ 'created_at[gt]': '2026-09-01T00:00:00Z', 'created_at[lt]': '2026-11-01T00:00:00Z' }, /one month/],
  [{ next_cursor: 'x' }, /next_cursor/],
  [{ tool_name: 'search' }, /write log_type_filter\[tool_name\]/],
  [{ 'created_at[gte]': '2026-11-01T00:00:00Z' }, /write created_at\[gt\] or created_at\[lt\]/],
  [{ created_at: '2026-11-01T00:00:00Z' }, /write created_at/],
  // Seen by a new user: a misspelled bound was ignored, and the whole trail was exported.
  [{ form: '2026-11-01' }, /form.*did you mean from/],
  [{ untill: '2026-11-01' }, /did you mean until/],
  [{ logtype: 'all' }, /did you mean log_type/],
  [{ 'log_type_filter[Tool]': 'x' }, /log_type_filter\[<key>\]/],
  [{ 'log_type_filter[nothing]': 'x' }, /known keys are/],
  [{ 'log_type_filter[integration]': 'xero' }, /known keys are/],
  [{ integrated_account_id: 'x' }, /id of an integrated account, or \\"deployment/],
  [{ 'log_type_filter[integrated_account_id]': 'x' }, /id of an integrated account/],
])('%j is refused with what is wrong', (query, words) => {
  const read = readLogQuery(query, NOW)
  expect(read.ok ? '' : JSON.stringify(read.problems)).toMatch(words)
})

test('every key of the contract is taken', () => {
  const keys = [
    'mcp_server_id',
    'tool_name',
    'mcp_method',
    'resource',
    'method',
    'client_name',
    'client_version',
  ]
  const query = Object.fromEntries([...keys, 'request_id'].map((key) => [`log_type_filter[${key}]`, 'v']))
  const read = readLogQuery(
    {
      ...query,
      'log_type_filter[integration]': 'finexio',
      'log_type_filter[environment_id]': 'any',
      'log_type_filter[integrated_account_id]': ID.toUpperCase(),
    },
    NOW,
  )
  expect(read).toMatchObject({ ok: true, query: { trail: ID } })
  expect(read.ok && Object.keys(read.query.filters)).toHaveLength(8)
})

test('an empty cursor is the first page, and keys that restrict nothing are let be', () => {
  const query = { next_cursor: '', log_type: 'mcp', tenant_id: 'x' }
  expect(readLogQuery(query, NOW)).toMatchObject({ ok: true, query: { cursor: null } })
})

test('a cursor comes back as it was', () => {
  fc.assert(
    fc.property(fc.nat(), fc.uuid(), fc.nat(), (at, account, seq) => {
      const read = readLogQuery({ next_cursor: encodeLogCursor({ at, account, seq }) }, NOW)
      expect(read.ok && read.query.cursor).toEqual({ at, account, seq })
    }),
  )
})

test('the export has a mark for Excel, and a line for each row', () => {
  expect(logHead.startsWith('\ufeff"timestamp","log_type"')).toBe(true)
  const entry = JSON.stringify({
    type: 'mcp',
    reason: '=HYPERLINK("x"),\n',
    result_count: 3,
    changed: ['a', 'b'],
  })
  const line = logLine(shownRow('a', { seq: 1, at: NOW, entry, hash: null }))
  expect(line).toContain('"\'=HYPERLINK(""x""),\n"')
  expect(line).toContain('"3"')
  expect(line).toContain('"a b"')
  expect(line.endsWith('\r\n')).toBe(true)
})

test.each([
  [{ from: '2026-11-22', until: '2026-11-22' }, '2026-11-21T23:59:59.999Z', '2026-11-23T00:00:00.000Z'],
  [
    { 'created_at[gt]': '2026-11-22', 'created_at[lt]': '2026-11-22' },
    '2026-11-21T23:59:59.999Z',
    '2026-11-23T00:00:00.000Z',
  ],
  // Siblings: a moment of the contract is left out, ours is not; a zone of one's own; a month of 31 whole days.
  [
    { 'created_at[gt]': '2026-11-22T00:00:00Z', 'created_at[lt]': '2026-11-22T23:59:59Z' },
    '2026-11-22T00:00:00.000Z',
    '2026-11-22T23:59:59.000Z',
  ],
  [
    { from: '2026-11-22T00:00:00+02:00', until: '2026-11-22T23:59:59.999+02:00' },
    '2026-11-21T21:59:59.999Z',
    '2026-11-22T22:00:00.000Z',
  ],
  [{ from: '2026-10-01', until: '2026-10-31' }, '2026-09-30T23:59:59.999Z', '2026-11-01T00:00:00.000Z'],
])('C6: %j means whole days at both ends (seen: the last second was lost)', (query, after, before) => {
  const read = readLogQuery(query as Record<string, string>, NOW)
  expect(read).toMatchObject({ ok: true, query: { after: Date.parse(after), before: Date.parse(before) } })
})

test('empty fields are left out of a row', () => {
  const entry = JSON.stringify({
    type: 'mcp',
    reason: null,
    client_name: '',
    http_status_code: 404,
    changed: [],
  })
  expect(shownRow('a', { seq: 1, at: NOW, entry, hash: 'h' })).toEqual({
    timestamp: '2026-11-23T12:00:00.000Z',
    log_type: 'mcp',
    integrated_account_id: 'a',
    integration: 'finexio',
    sentence: 'Mcp',
    http_status_code: 404,
    http_status_category: '4xx',
    seq: 1,
    hash: 'h',
  })
})
