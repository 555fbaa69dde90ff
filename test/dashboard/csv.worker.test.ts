/** Tables that a compliance person takes along: whole, as a spreadsheet reads them, and without formulas. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { csvCutLine } from '../../src/api/log/stream.ts'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { browser } from './support.ts'

let account: string
const { signIn, send } = browser()

beforeAll(async () => {
  fakeFinexio()
  account = await connect()
  await signIn()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

/** Bytes, as they arrive: `text()` would take the byte order mark away. */
const file = async (path: string) => {
  const { status, headers, text } = await send('GET', path)
  return { status, type: headers.get('content-type'), name: headers.get('content-disposition'), text }
}

/** What a spreadsheet makes of a file (RFC 4180). */
const cellsOf = (text: string): string[][] =>
  text
    .split('\r\n')
    .slice(0, -1)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^",]*))/g)].map(
        ([, cell, bare]) => cell?.replaceAll('""', '"') ?? bare!,
      ),
    )

const FORMULAS = ['=1+1', '+1;=cmd', '@SUM(A1)|=2', '-2+3,=4']

// Seen at b8f2a26: servers, people and keys could be read page by page alone.
test('all servers of an account, those of later pages too, with what each may do and no formula', async () => {
  for (const name of [...FORMULAS, ...Array.from({ length: 101 }, (_, index) => `Agent ${index}`)])
    await call('POST', `/integrated-account/${account}/mcp`, { body: { name } })
  const { status, type, name, text } = await file(`/dashboard/accounts/${account}/servers.csv`)
  expect([status, type, name]).toEqual([
    200,
    'text/csv; charset=utf-8',
    'attachment; filename="finexio-mcp-servers.csv"',
  ])
  const [head, ...rows] = cellsOf(text)
  expect(head!.slice(0, 2).map((cell) => cell.replace('\ufeff', ''))).toEqual([
    'MCP server',
    'What it may do',
  ])
  expect(rows).toHaveLength(FORMULAS.length + 101)
  expect(new Set(rows.map(({ length }) => length))).toEqual(new Set([head!.length]))
  for (const [, says] of rows) expect(says).toBe('Reads everything. Changes nothing. Never ends.')
  for (const row of rows) for (const cell of row) expect(cell).not.toMatch(/(^|[,;\t])[=+@-](?!$)/)
})

// Siblings: every other table of who may act and who is paid.
test.each([
  ['/dashboard/people.csv', 'Ann', 'Name'],
  ['/dashboard/tokens.csv', 'Ann', 'API token'],
])('%s has whoever is there', async (path, who, heading) => {
  await call('POST', '/api-token', { body: { name: 'Ann', kind: 'person', grants: ['audit'] } })
  const [head, ...rows] = cellsOf((await file(path)).text)
  expect(head![0]!.replace('\ufeff', '')).toBe(heading)
  expect(rows.map(([name]) => name)).toContain(who)
})

test('payees of an account; an account that is not there is a page that says so, and no file', async () => {
  expect((await file(`/dashboard/payees/${account}/payees.csv`)).text).toMatch(/"Supplier","State"/)
  const gone = await file(`/dashboard/accounts/${crypto.randomUUID()}/servers.csv`)
  expect([gone.status, gone.type]).toEqual([404, 'text/html; charset=UTF-8'])
})

// At d9f6ffd2 the trail's export alone said where it was cut and took a next_cursor. Siblings: every other file.
test('a file goes on from the cursor with which another one was cut', async () => {
  const own = await connect('Goes on')
  for (const name of ['First', 'Second'])
    await call('POST', `/integrated-account/${own}/mcp`, { body: { name } })
  const { next_cursor } = (await call('GET', `/integrated-account/${own}/mcp?limit=1`)).body
  const rest = cellsOf((await file(`/dashboard/accounts/${own}/servers.csv?next_cursor=${next_cursor}`)).text)
  expect(rest.slice(1).map(([name]) => name)).toEqual(['First'])
  const accounts = (await call('GET', '/history/accounts?limit=1')).body
  const access = async (query: string) => cellsOf((await file(`/dashboard/access/export${query}`)).text)
  const [whole, later] = [await access(''), await access(`?next_cursor=${accounts.next_cursor}`)]
  expect(later.length).toBeGreaterThan(1)
  expect(later.length).toBeLessThan(whole.length)
})

test.each(['approval/export', 'payee/review/export'])('%s takes a next_cursor alone', async (path) => {
  const wrong = await call('GET', `/integrated-account/${account}/${path}?next_cursor=yesterday`)
  expect([wrong.status, wrong.body.message]).toEqual([400, expect.stringContaining('next_cursor')])
})

test('the last line of a file that is cut has the cursor', () => {
  const text = csvCutLine('17')
  expect(text).toMatch(/^"CUT HERE: further rows are missing\..*","17"\r\n$/)
})

// At d9f6ffd2 the file of people left out what they may do by their tokens: whoever reviewed access by it saw nobody with a role.
test('the file of people has the roles of their API tokens', async () => {
  await call('POST', '/api-token', { body: { name: 'Bea', kind: 'person', grants: ['audit', 'approve'] } })
  const [head, ...rows] = cellsOf((await file('/dashboard/people.csv')).text)
  const at = head!.indexOf('Roles by API tokens')
  expect(
    rows
      .find(([name]) => name === 'Bea')!
      [at]!.split(' ')
      .sort(),
  ).toEqual(['approve', 'audit'])
})
