import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { dashboard } from '../../src/dashboard/dashboard.tsx'
import { dispatch } from '../../src/routes.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { filledWith, formIn } from './forms-in.ts'
import { browser } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

const EVIL = '<img src=x onerror=alert(1)>"\'</script><script>alert(2)</script>'

const { routes } = dashboard({
  dispatch,
  mcp: () => async () => new Response(),
})
const OPEN = ['/dashboard/sign-in', '/dashboard/sign-in-link']
const pathsOf = (method: string) =>
  [...new Set(routes.filter((route) => route.method === method).map(({ path }) => path))].filter(
    (path) => !OPEN.includes(path) && !/assets|sign-in/.test(path),
  )

/** An account and a server with hostile names, as a person signed in sees them. */
const furnished = async () => {
  const account = await connect(EVIL)
  const server = (await call('POST', `/integrated-account/${account}/mcp`, { body: { name: EVIL } })).body
  // Whoever goes by a name that another has needs an id.
  const name = `${EVIL} ${crypto.randomUUID()}`
  const token = (await call('POST', '/api-token', { body: { name, scopes: ['admin'] } })).body
  const person = (await call('POST', '/person', { body: { name: EVIL, email: 'a@example.com' } })).body
  const ann = browser()
  expect(token.token).toBeDefined()
  await ann.signIn(token.token)
  const at = (path: string) =>
    path
      .replace(':account', account)
      .replace(':server', server.id)
      .replace(':token', token.id)
      .replace(':id', 'apr_1')
      .replace(':person', person.id)
      .replace(':grant', crypto.randomUUID())
  return { ann, at, server, token, account }
}

test('every POST needs the token of its own session, from a page of this dashboard', async () => {
  const { ann, at } = await furnished()
  const other = browser()
  await other.signIn()
  const [own, foreign] = [await ann.csrf(), await other.csrf()]
  expect(own).not.toBe(foreign)
  const paths = pathsOf('POST')
  expect(paths.length).toBeGreaterThanOrEqual(16)
  const tries: [string, { form?: Record<string, string>; headers?: Record<string, string> }][] = [
    ['no token', { form: {} }],
    ['token of another session', { form: { csrf: foreign } }],
    ['another origin', { form: { csrf: own }, headers: { origin: 'https://evil.test' } }],
    ['hidden origin', { form: { csrf: own }, headers: { origin: 'null' } }],
    ['another site', { form: { csrf: own }, headers: { 'sec-fetch-site': 'cross-site' } }],
    ['JSON', { form: { csrf: own }, headers: { 'content-type': 'application/json' } }],
  ]
  for (const path of paths)
    for (const [what, sent] of tries) {
      const { status } = await ann.send('POST', at(path), sent)
      expect([what, path, status]).toEqual([what, path, 403])
    }
  expect((await ann.get(at('/dashboard/accounts/:account'))).status).toBe(200)
})

test('without a session every POST is refused and every page leads to the sign-in', async () => {
  const { at } = await furnished()
  const stranger = browser()
  for (const path of pathsOf('POST'))
    expect([path, (await stranger.send('POST', at(path), { form: { csrf: 'x' } })).status]).toEqual([
      path,
      401,
    ])
  for (const path of pathsOf('GET')) {
    const { status, location } = await stranger.get(at(path))
    expect([path, status, location?.startsWith('/dashboard/sign-in?next=')]).toEqual([path, 303, true])
  }
})

const HEADERS = {
  'x-frame-options': 'DENY',
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'same-origin',
  'cross-origin-opener-policy': 'same-origin',
}

/** Needs a draft, or a lost write: see the browser tests and test/writes/settle.worker.test.ts. */
const LATER = /payees\/:|(approval|settings-drafts)\/:id|unknown-writes\/:account/

test('no page can be framed, runs anything inline, takes hostile names for markup or shows a stored secret', async () => {
  const { ann, at, server, token } = await furnished()
  const secrets = [
    server.token,
    token.token,
    'the-root-of-all-tests-4f8Kq2Zx7-Lm',
    'correct horse battery',
    env.TOKEN_PEPPER,
  ]
  const paths = pathsOf('GET').filter(
    (path) => !LATER.test(path) && path !== '/dashboard' && !path.endsWith('/export'),
  )
  expect(paths.length).toBeGreaterThanOrEqual(10)
  for (const path of [...paths, '/dashboard/sign-in', '/dashboard/nope']) {
    const { status, headers, text } = await (path === '/dashboard/sign-in' ? browser() : ann).get(at(path))
    expect([path, status]).toEqual([path, /\/(nope|row)$/.test(path) ? 404 : 200])
    const policy = headers.get('content-security-policy')!
    expect(policy).toContain("default-src 'none'")
    expect(policy).toContain("frame-ancestors 'none'")
    expect(policy).toContain("form-action 'self'")
    expect(policy).not.toMatch(/unsafe|\*|data:|https?:/)
    for (const [name, value] of Object.entries(HEADERS))
      expect([path, headers.get(name)]).toEqual([path, value])
    expect([path, headers.get('cache-control')]).toEqual([path, 'no-store'])
    for (const secret of secrets) expect([path, text.includes(secret)]).toEqual([path, false])
    // A file is not shown by the browser: names stand in it as they are.
    if (path.endsWith('.csv')) {
      expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
      expect(headers.get('content-disposition')).toMatch(/^attachment; /)
      continue
    }
    expect([
      path,
      /<style|\sstyle=|\son[a-z]+="|javascript:|<script(?! src="\/dashboard\/assets\/)/i.exec(text),
    ]).toEqual([path, null])
    expect([path, text.includes('<img')]).toEqual([path, false])
  }
})

test('hostile names do show, as text', async () => {
  const { ann, at } = await furnished()
  const { text } = await ann.get(at('/dashboard/accounts/:account/servers/:server'))
  expect(text).toContain('&lt;img src=x onerror=alert(1)&gt;')
})

test('what an address says was done is a word of ours or nothing', async () => {
  const { ann } = await furnished()
  expect((await ann.get('/dashboard/accounts?done=saved')).text).toContain('Saved.')
  for (const word of ['<b>x</b>', 'constructor', '__proto__'])
    expect((await ann.get(`/dashboard/accounts?done=${encodeURIComponent(word)}`)).text).not.toContain(
      'class="note',
    )
})

test('a key for one account sees that account alone, and manages nothing of the deployment', async () => {
  const { account } = await furnished()
  const hidden = await connect('Hidden Corp')
  const { token } = (
    await call('POST', '/api-token', { body: { name: 'Bob', scopes: [`account:${account}`] } })
  ).body
  const bob = browser()
  await bob.signIn(token)
  const { text } = await bob.get('/dashboard/accounts')
  expect(text).toContain(account)
  expect(text).not.toContain('Hidden Corp')
  expect(text).not.toContain('href="/dashboard/stop"')
  expect((await bob.get(`/dashboard/accounts/${hidden}`)).status).toBe(404)
  expect((await bob.get('/dashboard/tokens')).status).toBe(403)
  expect((await bob.post('/dashboard/stop', { stopped: '1' })).status).toBe(403)
  expect((await call('GET', '/writes')).body).toMatchObject({ stopped: false })
})

test('what somebody does here is in the trail under their name', async () => {
  const { ann, at, account } = await furnished()
  const path = at('/dashboard/accounts/:account/settings')
  const fields = formIn((await ann.get(path)).text, path)
  const { text } = await ann.send('POST', path, { form: filledWith(fields, { name: 'Renamed' }) })
  await ann.send('POST', path, { form: filledWith(formIn(text, path), { step: 'save' }) })
  const { result } = (await call('GET', `/log?log_type=management&integrated_account_id=${account}&limit=1`))
    .body
  expect(result[0]).toMatchObject({
    action: 'PATCH /integrated-account/:account',
    actor_name: expect.stringContaining(EVIL),
    http_status_code: 200,
  })
})
