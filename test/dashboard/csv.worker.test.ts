/** Tables that a compliance person takes along: whole, as a spreadsheet reads them, and without formulas. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
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
