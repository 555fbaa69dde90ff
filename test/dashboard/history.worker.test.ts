/** History and "Access on date" as a compliance person reads them. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { browser } from './support.ts'

let account: string
let server: string
beforeAll(async () => {
  fakeFinexio()
  account = await connect('Acme & Sons')
  const limits = { per_invoice: { cents: 500_000 } }
  const body = { name: '=Pay "bills"', config: { methods: ['read', 'write'], limits } }
  server = (await call('POST', `/integrated-account/${account}/mcp`, { body })).body.id
  await call('PATCH', `/integrated-account/${account}/mcp/${server}`, {
    body: { config: { limits: { per_invoice: { cents: 90_000_000 } } } },
  })
  await call('PUT', `/integrated-account/${account}/writes`, { body: { stopped: true } })
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const signedIn = async (name: string, grants: string[]) => {
  const made = await call('POST', '/api-token', { body: { name, kind: 'person', grants } })
  const person = browser()
  await person.signIn(made.body.token)
  return person
}

/** What a reader sees: without markup, blanks as one. */
const textOf = (html: string): string =>
  html
    .replace(/<[^>]+>/g, ' ')
    .replaceAll('&amp;', '&')
    .replaceAll('&quot;', '"')
    .replace(/\s+/g, ' ')

const page = async (path: string, who = 'Ada', grants = ['audit']) => {
  const { status, text } = await (await signedIn(who, grants)).get(path)
  expect(status, text).toBe(200)
  return textOf(text)
}

test('a server’s history says old and new in words, who and when, also once it is deleted', async () => {
  const path = `/dashboard/accounts/${account}/servers/${server}/history`
  const text = await page(path)
  expect(text).toContain(
    'Could move money, or change who is paid and how; change records that no money follows; look things up',
  )
  expect(text).toMatch(/Limit: each invoice: \$5,000\.00 → \$900,000\.00/i)
  expect(text).toContain('admin key')
  const gone = (
    await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'Gone', config: {} } })
  ).body.id
  await call('DELETE', `/integrated-account/${account}/mcp/${gone}`)
  const deleted = await page(`/dashboard/accounts/${account}/servers/${gone}/history`)
  expect(deleted).toContain('History of Gone')
  expect(deleted).toContain('MCP server “Gone” was deleted')
  expect(deleted).toContain('There was no such MCP server then')
})

test('the account’s history tells stop from resume, and is a tab for whoever audits', async () => {
  const text = await page(`/dashboard/accounts/${account}/history`)
  expect(text).toContain('Account “Acme & Sons”: writes were stopped')
  expect(text).toContain('All writes of this account were stopped.')
  expect(text).toContain('Ada person')
  const tab = `href="/dashboard/accounts/${account}/history"`
  const auditor = await signedIn('Ann', ['audit'])
  expect((await auditor.get(`/dashboard/accounts/${account}`)).text).toContain(tab)
  const manager = await signedIn('Mia', ['manage'])
  expect((await manager.get(`/dashboard/accounts/${account}`)).text).not.toContain(tab)
  expect((await manager.get(`/dashboard/accounts/${account}/history`)).status).toBe(403)
  expect((await manager.get(`/dashboard/accounts/${account}/servers/${server}/history`)).status).toBe(200)
})

test('access on date: who could move money, through which URL, under which limits; and a day before the trail is said to be one', async () => {
  const text = await page('/dashboard/access')
  for (const said of [
    'Acme & Sons',
    '=Pay "bills"',
    'each invoice $900,000.00',
    'whoever had its URL',
    'read everything',
    // Seen at main: the admin key was left out.
    'The admin key',
    'whoever holds it',
    'first act kept: ',
    'and so could whoever holds the admin key.',
  ])
    expect(text).toContain(said)
  const early = await page('/dashboard/access?on=2020-02-29')
  expect(early).toContain('This is not the whole of it')
  expect(early).not.toContain('Pay "bills"')
})

// Siblings: ahead of UTC, behind it, and by half an hour; a day that there is not is now.
test.each([
  ['Pacific/Kiritimati', '29 Feb 2020, 23:59 GMT+14', '2020-02-29T09:59:59.999Z'],
  ['America/New_York', '29 Feb 2020, 23:59 EST', '2020-03-01T04:59:59.999Z'],
  ['Australia/Adelaide', '29 Feb 2020, 23:59 GMT+10:30', '2020-02-29T13:29:59.999Z'],
])('a day ends where the reader is: %s', async (zone, shown, moment) => {
  const ada = await signedIn('Ada', ['audit'])
  ada.jar.set('finexio_zone', encodeURIComponent(zone))
  for (const path of ['', `/servers/${server}`]) {
    const text = textOf((await ada.get(`/dashboard/accounts/${account}${path}/history?on=2020-02-29`)).text)
    expect(text).toContain(`on ${shown}`)
    expect(text).toContain(`As it was on (${zone})`)
    const none = textOf((await ada.get(`/dashboard/accounts/${account}${path}/history?on=2026-02-30`)).text)
    expect(none).toMatch(new RegExp(`on \\d+ \\w+ ${new Date().getUTCFullYear()}`))
  }
  const early = textOf((await ada.get('/dashboard/access?on=2020-02-29')).text)
  expect([early, early]).toEqual([
    expect.stringContaining('Not known: the trail begins on'),
    expect.not.stringContaining('There was no'),
  ])
  const server_ = textOf(
    (await ada.get(`/dashboard/accounts/${account}/servers/${server}/history?on=2020-02-29`)).text,
  )
  expect(server_).toContain('Not known: the trail begins on')
  expect((await ada.get('/dashboard/access/export?on=2020-02-29')).text).toContain(moment)
})

test('its CSV opens right in Excel: a mark for UTF-8, cells quoted, no formula', async () => {
  const ada = await signedIn('Ada', ['audit'])
  const { headers, text } = await ada.get('/dashboard/access/export')
  expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
  expect(headers.get('content-disposition')).toMatch(/access-on-\d{4}-\d\d-\d\d\.csv/)
  expect(text).toContain(`"'=Pay ""bills"""`)
  expect(text).toMatch(/could move money/)
  for (const could of ['manage its servers', 'read everything', 'administer it'])
    expect(text).toContain(`"The admin key","00000000-0000-0000-0000-000000000000","${could}"`)
  expect(text).not.toMatch(/The admin key"[^\n]*approve what waits/)
  expect(text).not.toMatch(/(^|[,;\n])"?=/)
})

test('whoever audits one account sees that one', async () => {
  const other = await connect('Hidden Corp')
  const text = await page('/dashboard/access', 'Eve', [`audit:${account}`])
  expect(text).toContain('Acme & Sons')
  expect(text).not.toContain('Hidden Corp')
  expect(text).not.toContain(other)
})

/**
 * Seen at main: an account was missing from the report of the day on which it was still there, once it was disconnected. Siblings:
 * its own history, that of its server, and the CSV.
 */
test('an account that was disconnected since is in the report of a day before, and its histories open', async () => {
  const id = await connect('Parted Ltd')
  const config = { methods: ['read', 'write'] }
  const { body } = await call('POST', `/integrated-account/${id}/mcp`, {
    body: { name: 'Parted agent', config },
  })
  const there = new Date().toISOString()
  await new Promise((done) => setTimeout(done, 2))
  expect((await call('DELETE', `/integrated-account/${id}`)).status).toBe(200)
  const then = await page(`/dashboard/access?on=${there}`)
  for (const said of ['Parted Ltd disconnected since', 'Parted agent could move money'])
    expect(then).toContain(said)
  expect(await page('/dashboard/access')).not.toContain('Parted agent could move money')
  const own = await page(`/dashboard/accounts/${id}/history?on=${there}`)
  for (const said of [
    'History of Parted Ltd',
    'This account was disconnected',
    'Parted agent could move money',
  ])
    expect(own).toContain(said)
  expect(await page(`/dashboard/accounts/${id}/history`)).toContain('Account “Parted Ltd” was deleted')
  expect(await page(`/dashboard/accounts/${id}/servers/${body.id}/history`)).toContain(
    'History of Parted agent',
  )
  const csv = await (await signedIn('Ada', ['audit'])).get(`/dashboard/access/export?on=${there}`)
  expect(csv.text).toContain('Parted agent')
  // One that never was is no account, and one of others neither.
  const stranger = await signedIn('Sue', [`audit:${account}`])
  for (const path of [`${crypto.randomUUID()}/history`, `${id}/history`])
    expect([403, 404]).toContain((await stranger.get(`/dashboard/accounts/${path}`)).status)
  expect((await stranger.get(`/dashboard/access?on=${there}`)).text).not.toContain('Parted')
})

// Seen at main: an account that was disconnected at noon was missing, with its servers, from the report of that day, page and CSV.
test('an account that was disconnected within a day is carried for that day, with its servers and from and until', async () => {
  const id = await connect('Noon Ltd')
  await call('PATCH', `/integrated-account/${id}`, { body: { limits: { per_day: { cents: 700 } } } })
  const body = { name: 'Noon agent', config: { methods: ['read', 'write'] } }
  await call('POST', `/integrated-account/${id}/mcp`, { body })
  await call('DELETE', `/integrated-account/${id}`)
  const today = new Date().toISOString().slice(0, 10)
  const text = await page(`/dashboard/access?on=${today}`)
  expect(text).toMatch(/Noon Ltd disconnected \d+ \w+ \d{4}, \d\d:\d\d/)
  expect(text).toMatch(/Noon agent could move money.*ended with its account, from .*, until/)
  expect(text).toContain('all MCP servers together: in 24 hours $7.00')
  const { text: csv } = await (await signedIn('Ada', ['audit'])).get(`/dashboard/access/export?on=${today}`)
  const line = csv.split('\r\n').find((one) => one.includes('Noon agent'))
  expect(line).toMatch(/"Noon Ltd",.*"20\d\d-.*Z","MCP server","Noon agent".*"ended with its account, from/)
  // At a moment after it there is none, as before.
  expect(await page('/dashboard/access')).not.toContain('Noon agent')
})

// Seen at main: the limits of its account, which bound it as well, were in no history of a server. Siblings: read only, the stop.
test('a server’s history tells what of its account bound it, while there was such a server', async () => {
  const id = await connect('Bounding Ltd')
  const at = `/integrated-account/${id}`
  await call('PATCH', at, { body: { limits: { per_day: { cents: 100 } } } })
  const { body } = await call('POST', `${at}/mcp`, {
    body: { name: 'Bound', config: { methods: ['write'] } },
  })
  await call('PATCH', at, { body: { limits: { per_day: { cents: 5_000_000 } }, read_only: true } })
  await call('PUT', `${at}/writes`, { body: { stopped: true } })
  await call('PATCH', at, { body: { name: 'Bounding & Sons' } })
  const text = await page(`/dashboard/accounts/${id}/servers/${body.id}/history`)
  for (const said of [
    'all MCP servers together: in 24 hours $50,000.00',
    'Limits of the account: in 24 hours $1.00 → in 24 hours $50,000.00',
    'Read only: no → yes: no write leaves',
    'writes were stopped',
  ])
    expect(text).toContain(said)
  expect(text).not.toContain('Name: ')
  await call('DELETE', `${at}/mcp/${body.id}`)
  await call('PATCH', at, { body: { payees: 'verified' } })
  expect(await page(`/dashboard/accounts/${id}/servers/${body.id}/history`)).not.toContain('vouched')
})
