import { runInDurableObject } from 'cloudflare:test'
import { expect, test } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { IDLE_MS, SESSION_MS } from '../../src/account/tables/principals/sessions.ts'
import { call, env } from '../api/support.ts'
import { browser } from './support.ts'

const COOKIE = '__Host-finexio_mcp'
const HOME = '/dashboard'

/** Moves all sessions into the past. */
const age = (change: { opened?: number; seen?: number }) =>
  runInDurableObject(directoryObject(env), (_, { storage }) => {
    storage.sql.exec(
      'UPDATE session SET opened_at = opened_at - ?, seen_at = seen_at - ?',
      change.opened ?? 0,
      change.seen ?? 0,
    )
  })

const token = async (scopes: string[], name = 'Ann') =>
  (await call('POST', '/api-token', { body: { name, kind: 'person', scopes } })).body as {
    id: string
    token: string
  }

test('the admin key opens a session, in a cookie that only this host over https gets back', async () => {
  const ann = browser()
  const answer = await ann.signIn()
  expect(answer.location).toBe(HOME)
  const cookie = answer.headers.get('set-cookie')!
  expect(cookie).toMatch(
    /^__Host-finexio_mcp=[0-9a-f]{128}; Max-Age=43200; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
  )
  expect((await ann.get(HOME)).status).toBe(200)
})

test('what is stored cannot open a session, and holds no key', async () => {
  const ann = browser()
  await ann.signIn()
  const rows = await runInDurableObject(directoryObject(env), (_, { storage }) =>
    JSON.stringify(
      storage.sql.exec('SELECT hex(digest) AS digest, hex(admin_key_digest) AS key FROM session').toArray(),
    ),
  )
  expect(rows).toMatch(/"digest":"[0-9A-F]{64}"/)
  expect(rows.toLowerCase()).not.toContain(ann.jar.get(COOKIE))
  expect(rows).not.toContain('the-root-of-all-tests-4f8Kq2Zx7-Lm')
})

test.each([
  '/dashboard/../oauth/authorize?x=1',
  '/dashboard/%2e%2e/oauth/authorize',
  '/dashboard/accounts/../../api-token',
  '/dashboard/./accounts',
  '/dashboard/..',
  // Siblings that are not in the list of faults: mixed spellings, a dot that is nothing, a tab that browsers take out.
  '/dashboard/.%2E/oauth/authorize',
  '/dashboard/accounts/%2e/%2E%2e/%2e./oauth/authorize',
  '/dashboard/.\t./oauth/authorize',
])('a sign-in does not lead out of the dashboard: %s', async (next) => {
  const answer = await browser().send('POST', '/dashboard/sign-in', {
    form: { key: 'the-root-of-all-tests-4f8Kq2Zx7-Lm', next },
  })
  expect(answer.location).toBe(HOME)
})

test.each([undefined, '', 'true', 'on', '2', 'false'])(
  'the kill switch takes 0 or 1 and nothing else: %s changes nothing',
  async (stopped) => {
    const ann = browser()
    await ann.signIn()
    await call('PUT', '/writes', { body: { stopped: true } })
    const { status } = await ann.post('/dashboard/stop', stopped === undefined ? {} : { stopped })
    expect(status).toBe(400)
    expect((await call('GET', '/writes')).body).toMatchObject({ stopped: true })
    await call('PUT', '/writes', { body: { stopped: false } })
  },
)

test('without a session every page leads to the sign-in and back', async () => {
  const { status, location } = await browser().get('/dashboard/approval/apr_123')
  expect([status, location]).toEqual([303, '/dashboard/sign-in?next=%2Fdashboard%2Fapproval%2Fapr_123'])
  const ann = browser()
  const answer = await ann.send('POST', '/dashboard/sign-in', {
    form: { key: 'the-root-of-all-tests-4f8Kq2Zx7-Lm', next: '/dashboard/approval/apr_123' },
  })
  expect(answer.location).toBe('/dashboard/approval/apr_123')
})

test.each(['https://evil.test/', '//evil.test', '/dashboard//evil.test', '/dashboard/\\evil.test', '/mcp/x'])(
  'the sign-in leads nowhere else: %s',
  async (next) => {
    const answer = await browser().send('POST', '/dashboard/sign-in', {
      form: { key: 'the-root-of-all-tests-4f8Kq2Zx7-Lm', next },
    })
    expect(answer.location).toBe(HOME)
  },
)

test('a wrong key is refused, and not shown again', async () => {
  const ann = browser()
  const { status, text, headers } = await ann.send('POST', '/dashboard/sign-in', {
    form: { key: 'guess-work' },
  })
  expect(status).toBe(401)
  expect(text).toContain('neither the admin key nor an API token')
  expect(text).not.toContain('guess-work')
  expect(headers.get('set-cookie')).toBeNull()
})

test('a session id that somebody planted is never taken over, and the old one ends at sign-in', async () => {
  const planted = 'a'.repeat(128)
  const victim = browser()
  victim.jar.set(COOKIE, planted)
  expect((await victim.get(HOME)).status).toBe(303)
  await victim.signIn()
  const first = victim.jar.get(COOKIE)!
  expect(first).not.toBe(planted)
  await victim.signIn()
  const attacker = browser()
  for (const known of [planted, first]) {
    attacker.jar.set(COOKIE, known)
    expect((await attacker.get(HOME)).status).toBe(303)
  }
  expect((await victim.get(HOME)).status).toBe(200)
})

test('a session ends after 12 hours, and after 2 without use', async () => {
  const ann = browser()
  await ann.signIn()
  await age({ seen: IDLE_MS - 60_000 })
  expect((await ann.get(HOME)).status).toBe(200)
  await age({ seen: IDLE_MS })
  expect((await ann.get(HOME)).status).toBe(303)
  await ann.signIn()
  await age({ opened: SESSION_MS })
  expect((await ann.get(HOME)).status).toBe(303)
  const { status, text } = await ann.send('POST', '/dashboard/stop', { form: { csrf: 'x', stopped: '1' } })
  expect([status, text.includes('Your session is over')]).toEqual([401, true])
})

test('a session of an API token dies with it, one of the admin key when the key changes', async () => {
  const { id, token: key } = await token(['admin'])
  const ann = browser()
  await ann.signIn(key)
  expect((await ann.get(HOME)).text).toContain('Ann')
  await call('DELETE', `/api-token/${id}`)
  expect((await ann.get(HOME)).status).toBe(303)

  const root = browser()
  await root.signIn()
  const changed = browser({ ...env, ADMIN_API_KEY: 'another-key' })
  changed.jar.set(COOKIE, root.jar.get(COOKIE)!)
  expect((await changed.get(HOME)).status).toBe(303)
})

test('a token for MCP clients alone opens nothing', async () => {
  const { token: key } = await token(['mcp'])
  const { status, text } = await browser().send('POST', '/dashboard/sign-in', { form: { key } })
  expect([status, text.includes('nothing to see or decide')]).toEqual([403, true])
})

test('signing out ends this session; everywhere ends all of the same key, and no other', async () => {
  const [desk, phone, other] = [browser(), browser(), browser()]
  const { token: key } = await token(['admin'])
  await Promise.all([desk.signIn(key), phone.signIn(key), other.signIn()])
  const stolen = desk.jar.get(COOKIE)!
  const out = await desk.post('/dashboard/sign-out')
  expect(out.location).toBe('/dashboard/sign-in?done=signed-out')
  expect(desk.jar.has(COOKIE)).toBe(false)
  desk.jar.set(COOKIE, stolen)
  expect((await desk.get(HOME)).status).toBe(303)
  expect((await phone.get(HOME)).status).toBe(200)

  await desk.signIn(key)
  await phone.post('/dashboard/sign-out', { everywhere: '1' })
  expect((await desk.get(HOME)).status).toBe(303)
  expect((await other.get(HOME)).status).toBe(200)
})

test('over plain http nobody signs in, except on the machine itself', async () => {
  const remote = browser(env, 'http://mcp.test')
  expect((await remote.get('/dashboard/sign-in')).status).toBe(403)
  const { status, headers } = await remote.send('POST', '/dashboard/sign-in', {
    form: { key: 'the-root-of-all-tests-4f8Kq2Zx7-Lm' },
  })
  expect([status, headers.get('set-cookie')]).toEqual([403, null])

  const local = browser({ ...env, LOCAL_DEVELOPMENT: 'true' }, 'http://127.0.0.1:8787')
  const answer = await local.signIn()
  expect(answer.headers.get('set-cookie')).toMatch(
    /^finexio_mcp_local=[0-9a-f]{128}; Max-Age=43200; Path=\/; HttpOnly; SameSite=Lax$/,
  )
  expect((await local.get(HOME)).status).toBe(200)
})

const local = () => browser({ ...env, LOCAL_DEVELOPMENT: 'true' }, 'http://127.0.0.1:8787')
const bearer = { headers: { authorization: 'Bearer the-root-of-all-tests-4f8Kq2Zx7-Lm' } }

test('a one-time link signs in once, within five minutes, on the machine itself', async () => {
  const made = await local().send('POST', '/dashboard/sign-in-link', bearer)
  expect(made.status).toBe(201)
  const { url } = JSON.parse(made.text) as { url: string }
  const ann = local()
  expect((await ann.send('POST', url)).location).toBe(HOME)
  expect((await ann.get(HOME)).status).toBe(200)
  expect((await local().send('POST', url)).status).toBe(401)

  const late = JSON.parse((await local().send('POST', '/dashboard/sign-in-link', bearer)).text) as {
    url: string
  }
  await runInDurableObject(directoryObject(env), (_, { storage }) => {
    storage.sql.exec('UPDATE sign_in_code SET expires_at = expires_at - 300001')
  })
  expect((await local().send('POST', late.url)).status).toBe(401)
})

test('the page of a one-time link says as whom it signs in, and of a used one that it opens nothing', async () => {
  const { token: key } = await token(['approve'], 'Paula Press')
  const made = await local().send('POST', '/dashboard/sign-in-link', {
    headers: { authorization: `Bearer ${key}` },
  })
  const { url } = JSON.parse(made.text) as { url: string }
  const { text } = await local().get(url)
  expect(text).toMatch(/As <strong>Paula Press<\/strong>\s*, with the role approve for every account\./)
  await local().send('POST', url)
  const used = await local().get(url)
  expect([used.status, used.text]).toEqual([401, expect.stringContaining('This link was used before')])
})

// A24, seen at b8f2a26: HEAD used the link up, and so did any GET. Siblings: GET of a chat preview, of a browser that
// fetches ahead, a form sent from another site.
test.each([
  ['HEAD', 'HEAD', {}],
  ['a preview', 'GET', { 'user-agent': 'Slackbot-LinkExpanding 1.0' }],
  ['fetching ahead', 'GET', { 'sec-purpose': 'prefetch' }],
  ['a form of another site', 'POST', { origin: 'https://evil.test' }],
])('a one-time link is not used up by %s: only by its button', async (_, method, headers) => {
  const made = await local().send('POST', '/dashboard/sign-in-link', bearer)
  const { url } = JSON.parse(made.text) as { url: string }
  const machine = local()
  const looked = await machine.send(method, url, { headers })
  expect([looked.headers.get('set-cookie'), machine.jar.size]).toEqual([null, 0])
  const ann = local()
  const { text } = await ann.get(url)
  expect(text).toContain('<form class="card stack" method="post">')
  // At b8f2a26 nobody could tell whose link it was.
  expect(text).toContain('<strong>holder of the admin key</strong>')
  expect((await ann.send('POST', url)).location).toBe(HOME)
})

test('a deployment makes no such link, and takes none', async () => {
  expect((await browser().send('POST', '/dashboard/sign-in-link', bearer)).status).toBe(404)
  expect((await local().send('POST', '/dashboard/sign-in-link')).status).toBe(404)
  const { url } = JSON.parse((await local().send('POST', '/dashboard/sign-in-link', bearer)).text) as {
    url: string
  }
  for (const method of ['GET', 'POST'])
    expect((await browser().send(method, new URL(url).pathname)).status).toBe(401)
})

test('assets may be kept for ever; other versions are not found', async () => {
  const { text } = await browser().get('/dashboard/sign-in')
  const paths = [...text.matchAll(/(?:href|src)="(\/dashboard\/assets\/[^"]+)"/g)].map(([, path]) => path!)
  expect(paths).toHaveLength(3)
  for (const path of paths) {
    const { status, headers } = await browser().get(path)
    expect([status, headers.get('cache-control')]).toEqual([200, 'public, max-age=31536000, immutable'])
  }
  expect((await browser().get('/dashboard/assets/style.00000000.css')).status).toBe(404)
})

// Seen by the first new user: after a link that was used, the page named the admin key alone, which approves nothing.
test('whoever comes by a link that opens nothing learns where a key of their own is', async () => {
  const path = '/dashboard/sign-in/0123456789abcdef'
  const deployed = (await browser().get(path)).text
  expect(deployed).toMatch(/asks an administrator for one/)
  expect(deployed).toMatch(/Your own API token, which an administrator made for you/)
  expect(deployed).toMatch(/admin key is for setting up, and approves nothing/)
  expect(deployed).not.toMatch(/demo\.env|npm start again/)
  const local = browser({ ...env, LOCAL_DEVELOPMENT: 'true' }, 'http://127.0.0.1:8787')
  for (const { text } of [await local.post(path, {}), await local.get('/dashboard/sign-in')])
    expect(text).toMatch(/APPROVER (of|in) \.data\/demo\.env/)
})
