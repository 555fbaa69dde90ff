/** Every page of the dashboard and every form of it, in a session of each role. Who may do what is written from the design. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { dashboard } from '../../src/dashboard/dashboard.tsx'
import { dispatch } from '../../src/routes.ts'
import { BASE, call, fakeFinexio } from '../api/support.ts'
import { fieldsOf } from '../attacks/kit.ts'
import { browser } from '../dashboard/support.ts'
import { placesMade } from './matrix/keys.ts'
import { type Asking, expected, type Held } from './matrix/table.ts'

const { routes } = dashboard({ dispatch, mcp: () => async () => new Response() })
const pathsOf = (method: string) =>
  [...new Set(routes.filter((route) => route.method === method).map(({ path }) => path))]
    .filter((path) => !/assets|sign-in|sign-out/.test(path))
    .map((path) => path.replace('/dashboard', ''))

const ACCOUNT = '/accounts/:account'
const SERVER = `${ACCOUNT}/servers/:server`
const SEES: Asking['roles'] = ['manage', 'audit', 'admin']

type Rule = Pick<Asking, 'reach' | 'roles'>
const rule = (reach: Asking['reach'], ...roles: Asking['roles']): Rule => ({ reach, roles })

/** The form alone opens to everybody: what it sends is judged. */
const FORM = rule('some', 'use', 'approve', ...SEES)
const PAGES: Record<string, Rule> = {
  '': rule('some', 'approve', ...SEES),
  '/accounts': rule('some', 'approve', ...SEES),
  '/accounts/new': FORM,
  [ACCOUNT]: rule('account', ...SEES),
  [`${ACCOUNT}/servers.csv`]: rule('account', ...SEES),
  [`${ACCOUNT}/servers/new`]: rule('account', ...SEES),
  [`${SERVER}/edit`]: rule('account', ...SEES),
  [SERVER]: rule('account', ...SEES),
  [`${ACCOUNT}/activity`]: rule('account', ...SEES),
  [`${ACCOUNT}/activity/row`]: rule('account', ...SEES),
  [`${ACCOUNT}/activity/usage`]: rule('account', ...SEES),
  [`${ACCOUNT}/activity/export`]: rule('account', ...SEES),
  [`${SERVER}/history`]: rule('account', ...SEES),
  [`${ACCOUNT}/history`]: rule('account', 'audit', 'admin'),
  [`${ACCOUNT}/history/changes`]: rule('account', 'audit', 'admin'),
  [`${ACCOUNT}/secrets`]: rule('account', ...SEES),
  [`${ACCOUNT}/settings`]: rule('account', ...SEES),
  '/approvals': rule('some', 'approve', 'audit', 'admin'),
  '/approval/:id': rule('account', 'approve', 'audit', 'admin'),
  '/approvals/:account/export': rule('account', 'approve', 'audit', 'admin'),
  '/unknown-writes': rule('some', 'approve', 'audit', 'admin'),
  '/unknown-writes/:account/:key': rule('account', 'approve', 'audit', 'admin'),
  '/payees': rule('some', 'approve', ...SEES),
  '/payees/:account': rule('account', 'approve', ...SEES),
  '/payees/:account/payees.csv': rule('account', 'approve', ...SEES),
  '/payees/:account/review': rule('account', 'approve', 'audit', 'admin'),
  '/payees/:account/review.csv': rule('account', 'approve', 'audit', 'admin'),
  '/payees/:account/:supplier': rule('account', 'approve', 'audit', 'admin'),
  '/settings-drafts': rule('some', 'manage', 'approve', 'audit', 'admin'),
  '/settings-drafts/:id': rule('some', 'manage', 'approve', 'audit', 'admin'),
  '/access': rule('some', 'audit', 'admin'),
  '/access/export': rule('some', 'audit', 'admin'),
  '/activity': rule('some', ...SEES),
  '/activity/row': rule('account', ...SEES),
  '/activity/export': rule('some', ...SEES),
  '/tokens': rule('all', 'audit', 'admin'),
  '/people': rule('all', 'audit', 'admin'),
  '/people.csv': rule('all', 'audit', 'admin'),
  '/tokens.csv': rule('all', 'audit', 'admin'),
  '/people/:person': rule('all', 'audit', 'admin'),
  '/deployment': rule('all', 'audit', 'admin'),
  '/stop': rule('all', 'audit', 'admin'),
  '/times': FORM,
}

const KEY = { username: 'u', password: 'another password' }
/**
 * What is filled in before a form is sent as its page shows it, and who may send it. `stays`: what is let in would take
 * something away that the others need.
 */
const FORMS: Record<string, Rule & { form: Record<string, string>; stays?: true }> = {
  '/accounts/new': { ...rule('all', 'admin'), form: { name: 'New', base_url: BASE, ...KEY } },
  [`${ACCOUNT}/servers/new`]: { ...rule('account', 'manage', 'admin'), form: { name: 'N', step: 'create' } },
  [`${SERVER}/edit`]: { ...rule('account', 'manage', 'admin'), form: { name: 'Changed #', step: 'save' } },
  [`${SERVER}/rotate`]: { ...rule('account', 'manage', 'admin'), form: { overlap: '0' } },
  [`${SERVER}/revoke`]: { ...rule('account', ...SEES), form: {}, stays: true },
  [`${SERVER}/test`]: { ...rule('account', ...SEES), form: { url: 'https://mcp.test/mcp/x' }, stays: true },
  [`${SERVER}/grants/:grant`]: { ...rule('account', ...SEES), form: {}, stays: true },
  '/activity/verify': { ...rule('some', ...SEES), form: {} },
  [`${ACCOUNT}/activity/verify`]: { ...rule('account', ...SEES), form: {} },
  '/approval/:id': { ...rule('account', 'approve'), form: { decision: 'reject' }, stays: true },
  '/unknown-writes/:account/:key': {
    ...rule('account', 'approve'),
    form: { outcome: 'carried_out', reason: '' },
    stays: true,
  },
  '/payees/:account': { ...rule('account', 'approve'), form: {}, stays: true },
  '/payees/:account/:supplier': {
    ...rule('account', 'approve'),
    form: { called: 'Ann Example', number: '+1 555 010 0100', number_from: 'last_vouched' },
    stays: true,
  },
  '/settings-drafts/:id': {
    ...rule('some', 'manage', 'approve', 'admin'),
    form: { decision: 'reject' },
    stays: true,
  },
  [`${ACCOUNT}/secrets`]: {
    ...rule('account', 'manage', 'admin'),
    form: { name: 'erp', allowed_hosts: 'erp.example.com', ...KEY },
  },
  [`${ACCOUNT}/secrets/delete`]: { ...rule('account', 'manage', 'admin'), form: { name: 'no' }, stays: true },
  [`${ACCOUNT}/settings`]: {
    ...rule('account', 'admin'),
    form: { audit_retention_days: '1#', step: 'save' },
  },
  [`${ACCOUNT}/credentials`]: { ...rule('account', 'admin'), form: KEY },
  [`${ACCOUNT}/verify`]: { ...rule('account', 'manage', 'admin'), form: {} },
  // Starting again: stopping is for those who see.
  [`${ACCOUNT}/writes`]: { ...rule('account', 'admin'), form: { stopped: '0' } },
  [`${ACCOUNT}/delete`]: { ...rule('account', 'admin'), form: { confirm: 'Hidden Corp' }, stays: true },
  '/tokens': {
    ...rule('all', 'admin'),
    form: { name: 'Mallory', kind: 'person', roles: 'admin', expires: '90d' },
  },
  '/people': { ...rule('all', 'admin'), form: { name: 'Mallory', kind: 'person' } },
  '/people/:person': { ...rule('all', 'admin'), form: { name: 'Renamed #', step: 'save' } },
  '/people/:person/remove': { ...rule('all', 'admin'), form: {}, stays: true },
  '/deployment': {
    ...rule('all', 'admin'),
    form: { one_person: '', second_person_for_settings: '1', step: 'save' },
    stays: true,
  },
  '/tokens/:token/revoke': { ...rule('all', 'admin'), form: {}, stays: true },
  '/stop': { ...rule('all', 'admin'), form: { stopped: '0' } },
  // A cookie of one's own browser.
  '/times': { ...FORM, form: { times: 'utc', zone: '' } },
}

const HELD: readonly (readonly Held[])[] = [
  ...(['approve', 'manage', 'audit', 'admin'] as const).flatMap((role) => [
    [role] as const,
    [`${role}:A`] as const,
    [`${role}:B`] as const,
  ]),
  ['approve', 'audit'],
]

type Session = { name: string; held: readonly Held[]; csrf: string } & Pick<
  ReturnType<typeof browser>,
  'get' | 'send'
>
let places: Awaited<ReturnType<typeof placesMade>>
const sessions: Session[] = []
/** Somebody with no part in this. */
let person: string
/** Where the newest row of account A stands. */
let row: string

const opened = async (name: string, held: readonly Held[], key: string): Promise<void> => {
  const { signIn, csrf, get, send } = browser()
  await signIn(key)
  sessions.push({ name, held, csrf: await csrf('/dashboard/accounts/new'), get, send })
}

/** Finexio has every supplier that is asked for, and nothing else. */
const finexio = (url: string): Response => {
  const id = /\/suppliers\/([^/]+)\/$/.exec(new URL(url).pathname)?.[1]
  if (id) return Response.json({ id, name: 'Imaginary Tyres', contacts: [] })
  const whole = { count: 0, next: null, previous: null, results: [] }
  return Response.json(url.includes('/counterparties/') ? whole : [])
}

beforeAll(async () => {
  fakeFinexio(finexio)
  places = await placesMade()
  const { A, B } = places
  for (const held of HELD) {
    const grants = held.map((one) => one.replace(':A', `:${A}`).replace(':B', `:${B}`))
    const body = { name: held.join(), kind: 'person', grants }
    await opened(held.join(' + '), held, (await call('POST', '/api-token', { body })).body.token)
  }
  person = (await call('POST', '/person', { body: { name: 'Somebody' } })).body.id
  const log = { log_type: 'all', integrated_account_id: A!, limit: '1' }
  const [newest] = (await call('GET', `/log?${new URLSearchParams(log)}`)).body.result
  row = `?at=${Date.parse(newest.timestamp)}&seq=${newest.seq}`
  await opened('root', ['admin'], 'the-root-of-all-tests-4f8Kq2Zx7-Lm')
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const at = (path: string) =>
  `/dashboard${path}`
    .replace(':account', places.A)
    .replace(':server', places.server.id)
    .replace(':id', places.draft)
    .replace(':key', places.unknown)
    .replace(':person', person)
    .replaceAll(/:[a-z]+/g, crypto.randomUUID())
    .replace(/\/row$/, `/row${row}`)

const wanted = (one: Rule, { held }: Session) => expected({ route: '', ...one }, held)

/** No change of settings waits here: test/dashboard/settings-drafts.worker.test.ts opens one. */
const NEEDS_A_CHANGE = '/settings-drafts/:id'

test('every page opens to those who may see it, and to nobody else', async () => {
  expect(Object.keys(PAGES).sort()).toEqual(pathsOf('GET').sort())
  const wrong: string[] = []
  for (const [path, one] of Object.entries(PAGES).filter(([path]) => path !== NEEDS_A_CHANGE))
    for (const session of sessions) {
      const { status, text } = await session.get(at(path))
      const want = wanted(one, session)
      const fits = want === 'in' ? status === 200 : status === 403 || (want === '404' && status === 404)
      if (!fits) wrong.push(`${path} in a session with ${session.name}: ${status}, not ${want}`)
      if (want === '404' && text.includes('Hidden Corp'))
        wrong.push(`${path} shows ${session.name} what it hides`)
    }
  console.log(
    `${Object.keys(PAGES).length} pages x ${sessions.length} sessions, ${wrong.length} answers that should not be`,
  )
  expect(wrong).toEqual([])
})

const grouped = (fields: [string, string][]) =>
  Object.fromEntries(
    [...Map.groupBy(fields, ([name]) => name)].map(([name, own]) => [name, own.map(([, value]) => value)]),
  )

let count = 100

/** As a browser would send it from the page that the form is on, and where that shows what changes first, from there. */
const filled = async (path: string, form: Record<string, string>) => {
  const root = sessions.find(({ name }) => name === 'root')!
  const end = path.includes('/:person') ? person : path.split('/').at(-1)!
  const shown = PAGES[path] ? fieldsOf((await root.get(at(path))).text, end) : []
  // Another value each time: what changes nothing is not saved.
  count++
  const values = Object.entries(form).map(([name, value]) => [name, value.replace('#', `${count}`)])
  const whole = { ...grouped(shown), ...Object.fromEntries(values) }
  if (form.step !== 'save') return whole
  const review = { ...whole, step: 'review', csrf: root.csrf }
  const { text } = await root.send('POST', at(path), { form: review })
  return { ...grouped(fieldsOf(text, end)), step: 'save' }
}

const standing = async () => {
  const paths = ['', '/mcp', '/secret', '/writes', '/approval'].map(
    (one) => `/integrated-account/${places.A}${one}`,
  )
  const all = await Promise.all(
    [...paths, '/integrated-account', '/api-token', '/person', '/deployment', '/writes'].map((one) =>
      call('GET', one),
    ),
  )
  // What was refused has left rows.
  return JSON.stringify(all.map(({ body }) => body)).replaceAll(/"(last_used_at|bytes)":[^,}]+/g, '')
}

test('every form is refused to those who may not send it, and then nothing changed', async () => {
  expect(Object.keys(FORMS).sort()).toEqual(pathsOf('POST').sort())
  const before = await standing()
  const wrong: string[] = []
  for (const [path, { form: own, ...one }] of Object.entries(FORMS)) {
    const form = await filled(path, own)
    for (const session of sessions.filter((session) => wanted(one, session) !== 'in')) {
      const { status } = await session.send('POST', at(path), { form: { ...form, csrf: session.csrf } })
      if (![400, 403, 404].includes(status))
        wrong.push(`${path} in a session with ${session.name}: ${status}`)
    }
  }
  expect(wrong).toEqual([])
  expect(await standing()).toBe(before)
})

test('the same form is taken from those who may send it', async () => {
  const wrong: string[] = []
  for (const [path, { form: own, stays, ...one }] of Object.entries(FORMS))
    for (const session of sessions.filter((session) => !stays && wanted(one, session) === 'in')) {
      const form = { ...(await filled(path, own)), csrf: session.csrf }
      const { status } = await session.send('POST', at(path), { form })
      if (status !== 200 && status !== 303) wrong.push(`${path} in a session with ${session.name}: ${status}`)
    }
  expect(wrong).toEqual([])
})

test('a key that only calls MCP servers opens no session', async () => {
  const body = { name: 'Clerk', kind: 'person', grants: ['use'] }
  const { token } = (await call('POST', '/api-token', { body })).body
  const { send, jar } = browser()
  expect((await send('POST', '/dashboard/sign-in', { form: { key: token } })).status).toBe(403)
  expect(jar.size).toBe(0)
})
