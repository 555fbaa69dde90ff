/** What each role is shown: no link that would be refused, no form that would be, and all that it may do. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { browser } from './support.ts'

let account: string
let server: string
let holder: string

beforeAll(async () => {
  fakeFinexio()
  account = await connect('Shown Corp')
  holder = (await call('POST', '/person', { body: { name: 'Casey Clerk' } })).body.id
  const body = { name: 'Pays', config: { methods: ['read', 'write'], approval: 'always' }, holder }
  server = (await call('POST', `/integrated-account/${account}/mcp`, { body })).body.id
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const signedIn = async (grants: string[]) => {
  const made = await call('POST', '/api-token', { body: { name: 'Shown Ann', kind: 'person', grants } })
  const ann = browser()
  await ann.signIn(made.body.token)
  return ann
}

const forA = (...roles: string[]) => roles.map((role) => `${role}:${account}`)
const hrefs = (html: string) =>
  [...html.matchAll(/href="(\/dashboard[^"#]*)"/g)]
    .map(([, href]) => href!.replaceAll('&amp;', '&'))
    .filter((href) => !/assets|export/.test(href) && href !== '/dashboard')
/** Of forms that change something: a filter is a GET. */
const actions = (html: string) =>
  [...html.matchAll(/method="post"[^>]*action="(\/dashboard[^"]*)"/g)].map(([, action]) => action!)

/** All pages that are reached by links from the start. */
const crawl = async (ann: ReturnType<typeof browser>) => {
  const pages = new Map<string, { status: number; text: string }>()
  const open = ['/dashboard']
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (pages.has(path)) continue
    const { status, text } = await ann.get(path)
    pages.set(path, { status, text })
    open.push(...hrefs(text))
  }
  return pages
}

const ROLES: readonly (() => string[])[] = [
  () => ['audit'],
  () => ['approve'],
  () => ['manage'],
  () => ['admin'],
  () => forA('audit'),
  () => forA('approve'),
  () => forA('approve', 'audit'),
  () => forA('manage'),
  () => forA('manage', 'audit'),
]

test('no role is shown a link that it would be refused', async () => {
  for (const grants of ROLES) {
    const pages = await crawl(await signedIn(grants()))
    const refused = [...pages].filter(([, { status }]) => status !== 200).map(([path]) => path)
    expect([grants(), refused]).toEqual([grants(), []])
  }
})

test('whoever audits everything sees who may do what, and no form but those that stop, revoke and test', async () => {
  const pages = await crawl(await signedIn(['audit']))
  const at = `/dashboard/accounts/${account}`
  for (const path of ['/dashboard/people', '/dashboard/tokens', '/dashboard/deployment', '/dashboard/stop'])
    expect([...pages.keys()]).toContain(path)
  const forms = new Set([...pages.values()].flatMap(({ text }) => actions(text)))
  const mine = [...forms].filter(
    (action) => !action.startsWith('/dashboard/accounts/') || action.startsWith(at),
  )
  expect(mine.sort()).toEqual(
    [
      '/dashboard/sign-out',
      '/dashboard/stop',
      '/dashboard/activity/verify',
      `${at}/activity/verify`,
      '/dashboard/times',
      `${at}/writes`,
      `${at}/servers/${server}/revoke`,
      `${at}/servers/${server}/test`,
    ].sort(),
  )
  expect(pages.get('/dashboard/tokens')!.text).toContain('Shown Ann')
  expect(pages.get('/dashboard/deployment')!.text).toMatch(/second person for settings.*not needed/s)
  expect(pages.get(`${at}/servers/${server}`)!.text).toContain('Casey Clerk (person)')
})

test('what was stopped is not offered to go on to whoever may only stop', async () => {
  const auditor = await signedIn(['audit'])
  const admin = await signedIn(['admin'])
  const at = `/dashboard/accounts/${account}/settings`
  await call('PUT', `/integrated-account/${account}/writes`, { body: { stopped: true } })
  expect((await auditor.get(at)).text).toContain('It takes the role admin to let them go on.')
  expect((await auditor.get(at)).text).not.toContain('Let writes go on')
  expect((await admin.get(at)).text).toContain('Let writes go on')
  await call('PUT', `/integrated-account/${account}/writes`, { body: { stopped: false } })
  await call('PUT', '/writes', { body: { stopped: true } })
  expect((await auditor.get('/dashboard/stop')).text).not.toContain('>Let writes go on</button>')
  expect((await admin.get('/dashboard/stop')).text).toContain('>Let writes go on</button>')
  await call('PUT', '/writes', { body: { stopped: false } })
})

test('what belongs to no account can be chosen under Activity by whoever audits everything', async () => {
  const path = '/dashboard/activity?account=deployment'
  const { text } = await (await signedIn(['audit'])).get(path)
  expect(text).toContain('none: the deployment')
  expect(text).toMatch(/<tbody.*The admin key created an API token for /s)
  expect((await (await signedIn(forA('audit'))).get('/dashboard/activity')).text).not.toContain('none: the')
})

test('whoever issues a token to approve with is told that they count as its holder', async () => {
  const make = async (grants: string[], roles: string) => {
    const ann = await signedIn(grants)
    const sent = { roles: ['', roles], accounts_who: 'any', accounts: [''] }
    const form = { name: 'Avery', kind: 'person', expires: '90d', ...sent }
    return (await ann.post('/dashboard/tokens', form)).text
  }
  expect(await make(['admin'], 'approve')).toContain('count as its holder too')
  expect(await make(['admin'], 'audit')).not.toContain('count as its holder too')
})
