/** Changing an MCP server and an account in the dashboard: what is stored is shown, what changes is shown, and only that is saved. */
import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { ServerConfigInput } from '../../src/rules/server-settings.ts'
import { call, connect, fakeFinexio } from '../api/support.ts'
import { fromSchema } from '../support/from-schema.ts'
import { times } from '../support/size.ts'
import { filledWith, formIn } from './forms-in.ts'
import { browser } from './support.ts'

beforeEach(() => {
  fakeFinexio()
})
afterEach(() => {
  vi.unstubAllGlobals()
})

type Fields = Record<string, string | string[]>

const CONFIG = {
  methods: ['read', 'write'],
  allowed_suppliers: [] as string[],
  allowed_buyers: ['buy_1'],
  webhook_hosts: [] as string[],
  limits: { per_day: { cents: 2_500_000 } },
  text_format: 'json',
  allowed_origins: ['https://tools.example.com'],
  fixed: { '*': { limit: 5 } },
  duplicate_guard: { requests: 3 },
}

/** A person at the edit page of a server. */
const opened = async (config: object = CONFIG) => {
  const account = await connect()
  await call('PATCH', `/integrated-account/${account}`, { body: { approval: 'always' } })
  const api = `/integrated-account/${account}/mcp`
  const { body: server } = await call('POST', api, { body: { name: 'Month-end agent', config } })
  const ann = browser()
  await ann.signIn()
  const home = `/dashboard/accounts/${account}/servers/${server.id}`
  const path = `${home}/edit`
  const read = async () => (await call('GET', `${api}/${server.id}`)).body
  const patches = async () =>
    (
      await call('GET', `/log?log_type=management&integrated_account_id=${account}&limit=50`)
    ).body.result.filter(
      ({ action }: { action: string }) => action === 'PATCH /integrated-account/:account/mcp/:server',
    ).length
  const fields = async (at = path) => formIn((await ann.get(at)).text, path)
  const sent = async (step: string, change: Fields, from?: URLSearchParams) =>
    ann.send('POST', path, { form: filledWith(from ?? (await fields()), { ...change, step }) })
  return { account, api: `${api}/${server.id}`, ann, home, path, read, patches, fields, sent }
}

// Seen at b8f2a26: the account asks for approval of everything; renaming the server sent `approval: "none"`, and null for each empty list.
test('a server is renamed, and nothing else about it changes (A6, A7)', async () => {
  const { ann, path, home, read, sent, patches } = await opened()
  const { config } = await read()
  expect(config).toEqual(CONFIG)
  const review = await sent('review', { name: 'Renamed' })
  expect(review.status).toBe(200)
  expect(review.text).toMatch(/Name.*Month-end agent.*Renamed/s)
  expect(review.text).not.toContain('Approval by a person')
  expect([(await read()).name, await patches()]).toEqual(['Month-end agent', 0])
  const change = formIn(review.text, path)
  expect(change.get('change')).toBe('{"name":"Renamed"}')
  const saved = await ann.send('POST', path, { form: filledWith(change, { step: 'save' }) })
  expect(saved.location).toBe(`${home}?done=saved`)
  const after = await read()
  expect([after.name, JSON.stringify(after.config)]).toEqual(['Renamed', JSON.stringify(config)])
})

test('the longest lists that there can be go through the form whole', async () => {
  const { ann, api, path, read, sent } = await opened()
  const ids = (name: string) => Array.from({ length: 500 }, (_, at) => `${name}_${at}_`.padEnd(100, 'x'))
  for (const key of ['allowed_suppliers', 'allowed_buyers'])
    expect((await call('PATCH', api, { body: { config: { [key]: ids(key) } } })).status).toBe(200)
  const { config } = await read()
  const review = await sent('review', { name: 'Renamed' })
  expect(formIn(review.text, path).get('change')).toBe('{"name":"Renamed"}')
  await ann.send('POST', path, { form: filledWith(formIn(review.text, path), { step: 'save' }) })
  expect(await read()).toMatchObject({ name: 'Renamed', config })
  const shorter = await sent('review', { allowed_buyers: ids('allowed_buyers').slice(1).join('\r\n') })
  expect(shorter.text).toContain(`removed: ${ids('allowed_buyers')[0]}`)
  await ann.send('POST', path, { form: filledWith(formIn(shorter.text, path), { step: 'save' }) })
  expect((await read()).config.allowed_buyers).toHaveLength(499)
})

test('opened and sent untouched, nothing is saved', async () => {
  const { home, read, sent, patches } = await opened()
  const before = await read()
  expect((await sent('review', {})).location).toBe(`${home}?done=unchanged`)
  expect([await read(), await patches()]).toEqual([before, 0])
})

/** What the API takes as the configuration of a server. */
const storable = fromSchema(ServerConfigInput, {
  methods: fc.subarray(['read', 'write', 'custom'], { minLength: 1 }),
  tags: fc.subarray(['invoices', 'payments', 'suppliers'], { minLength: 1 }),
  tools: fc.subarray(['list_all_finexio_payments', 'finexio_invoices_bulk_create'], { minLength: 1 }),
  fixed: fc.constant({ '*': { limit: 5 } }),
  allowed_origins: fc.subarray(['https://tools.example.com', 'https://b.example.com']),
})

test('whatever is stored: opened and saved untouched, it stays to the byte; one thing changed, all others do', async () => {
  const { ann, account } = await opened()
  const api = `/integrated-account/${account}/mcp`
  await fc.assert(
    fc.asyncProperty(storable, async (config) => {
      const { status, body } = await call('POST', api, { body: { name: 'Any', config } })
      fc.pre(status === 201)
      const read = async () => (await call('GET', `${api}/${body.id}`)).body
      const before = await read()
      const path = `/dashboard/accounts/${account}/servers/${body.id}/edit`
      const fields = formIn((await ann.get(path)).text, path)
      const untouched = await ann.send('POST', path, { form: filledWith(fields, { step: 'review' }) })
      expect([untouched.location, await read()]).toEqual([path.replace('/edit', '?done=unchanged'), before])
      const days = before.config.changed_supplier?.days === 77 ? 78 : 77
      const asked = filledWith(fields, {
        changed_action: 'refuse',
        changed_days: String(days),
        step: 'review',
      })
      const review = await ann.send('POST', path, { form: asked })
      await ann.send('POST', path, { form: filledWith(formIn(review.text, path), { step: 'save' }) })
      const { changed_supplier, ...others } = (await read()).config
      const { changed_supplier: _, ...were } = before.config
      expect(changed_supplier).toEqual({ days, action: 'refuse' })
      expect(JSON.stringify(others)).toBe(JSON.stringify(were))
    }),
    { numRuns: times(10, 100) },
  )
})

// Seen at b8f2a26: the form came filled from the address, and pressing Save took approval, limits and lists away (A8).
test.each([
  'name=x&methods=write&approval=none',
  'name=x&step=save&change={"config":{"approval":"none"}}',
  'allowed_suppliers_who=any&allowed_suppliers=',
  'base={"name":"x","config":{},"expires_at":null}&expires=never',
])('a link fills nothing on the page of a server: ?%s', async (query) => {
  const { fields, path } = await opened()
  expect([...(await fields(`${path}?${query}`))]).toEqual([...(await fields())])
})

test('a link fills nothing on the page for a new server, of an account, of tokens or of connecting one', async () => {
  const { ann, account } = await opened()
  const query =
    '?name=x&methods=write&approval=none&roles=admin&accounts_who=any&kind=system&expires=never&read_only=0&base_url=x&step=create'
  const pages: [string, string][] = [
    [`/dashboard/accounts/${account}/servers/new`, `/dashboard/accounts/${account}/servers/new`],
    [`/dashboard/accounts/${account}/settings`, `/dashboard/accounts/${account}/settings`],
    ['/dashboard/tokens', '/dashboard/tokens'],
    ['/dashboard/accounts/new', '/dashboard/accounts/new'],
  ]
  for (const [page, action] of pages) {
    const [plain, linked] = [await ann.get(page), await ann.get(page + query)]
    expect([page, linked.status]).toEqual([page, 200])
    expect([...formIn(linked.text, action)]).toEqual([...formIn(plain.text, action)])
  }
})

test('what was not shown is not saved: somebody changed the server between the difference and the button', async () => {
  const { ann, path, api, read, sent } = await opened()
  const shown = formIn((await sent('review', { name: 'Mine' })).text, path)
  await call('PATCH', api, { body: { name: 'Theirs', config: { first_payment: 'refuse' } } })
  const late = await ann.send('POST', path, { form: filledWith(shown, { step: 'save' }) })
  expect([late.status, late.text.includes('nothing was saved')]).toEqual([409, true])
  expect(late.text).toMatch(/Theirs.*Mine/s)
  expect((await read()).name).toBe('Theirs')
  const again = filledWith(formIn(late.text, path), { step: 'save' })
  expect((await ann.send('POST', path, { form: again })).status).toBe(303)
  expect(await read()).toMatchObject({ name: 'Mine', config: { first_payment: 'refuse' } })
})

test('what somebody else changed while the form was open is not put back', async () => {
  const { ann, path, api, read, sent, fields } = await opened()
  const mine = await fields()
  await call('PATCH', api, { body: { name: 'Theirs', config: { approval: 'always' } } })
  const review = await sent('review', { per_day: '10,000' }, mine)
  expect(formIn(review.text, path).get('change')).toBe('{"config":{"limits":{"per_day":{"cents":1000000}}}}')
  await ann.send('POST', path, { form: filledWith(formIn(review.text, path), { step: 'save' }) })
  expect(await read()).toMatchObject({ name: 'Theirs', config: { approval: 'always' } })
})

test('of changes that were all made from one state, one is saved', async () => {
  const { api, read } = await opened()
  const { updated_at } = await read()
  await new Promise((resolve) => setTimeout(resolve, 5))
  const answers = await Promise.all(
    Array.from({ length: 8 }, (_, index) =>
      call('PATCH', api, { body: { name: `Name ${index}`, if_updated_at: updated_at } }),
    ),
  )
  const saved = answers.filter(({ status }) => status === 200)
  expect([saved.length, answers.filter(({ status }) => status === 409).length]).toEqual([1, 7])
  expect((await read()).name).toBe(saved[0]!.body.name)
})

// Siblings of the race: the account's own approval, which the words of the difference depend on, and a rotation.
test('a change of what the difference was explained with counts as a change', async () => {
  const { ann, path, account, api, read, sent } = await opened({ methods: ['write'], approval: 'always' })
  const shown = formIn((await sent('review', { approval: 'account' })).text, path)
  await call('PATCH', `/integrated-account/${account}`, { body: { approval: 'none' } })
  expect((await ann.send('POST', path, { form: filledWith(shown, { step: 'save' }) })).status).toBe(409)
  const second = formIn((await sent('review', { approval: 'account' })).text, path)
  await new Promise((resolve) => setTimeout(resolve, 5))
  await call('POST', `${api}/rotate`)
  expect((await ann.send('POST', path, { form: filledWith(second, { step: 'save' }) })).status).toBe(409)
  expect((await read()).config.approval).toBe('always')
})

test('“change something else” goes on from the change; what the API would refuse is said at its field, with nothing lost', async () => {
  const { ann, path, read, sent } = await opened()
  const shown = formIn((await sent('review', { name: 'Renamed', webhook_hosts_who: 'any' })).text, path)
  const again = await ann.send('POST', path, { form: filledWith(shown, { step: 'again' }) })
  const fields = formIn(again.text, path)
  expect([fields.get('name'), fields.get('webhook_hosts_who'), fields.get('allowed_suppliers_who')]).toEqual([
    'Renamed',
    'any',
    'none',
  ])
  const wrong = await sent(
    'review',
    { webhook_hosts_who: 'only', webhook_hosts: 'Not A Host', per_day: 'ten' },
    fields,
  )
  expect(wrong.status).toBe(400)
  const kept = formIn(wrong.text, path)
  expect([kept.get('name'), kept.get('webhook_hosts'), kept.get('per_day')]).toEqual([
    'Renamed',
    'Not A Host',
    'ten',
  ])
  expect(wrong.text).toContain('must be an amount in dollars')
  expect((await read()).name).toBe('Month-end agent')
})

test('the preview shows what the fields ask for, and saves nothing', async () => {
  const { ann, account, read, sent } = await opened()
  const before = await read()
  expect((await sent('preview', { methods: ['', 'read'] })).text).toContain('data-writes="0"')
  expect(await read()).toEqual(before)
  const page = `/dashboard/accounts/${account}/servers/new`
  const fields = formIn((await ann.get(page)).text, page)
  const form = filledWith(fields, { name: 'New one', methods: ['', 'write'], step: 'preview' })
  expect((await ann.send('POST', page, { form })).text).toContain('data-money="1"')
  const { result } = (await call('GET', `/integrated-account/${account}/mcp`)).body
  expect(result).toHaveLength(1)
})

test.each([
  ['no step', {}],
  ['a step that is none', { step: 'publish' }],
  ['a change that is no JSON', { step: 'save', change: 'x', seen: '' }],
  ['a change of what is no setting', { step: 'save', change: '{"id":"x"}', seen: '' }],
  ['no base', { step: 'review' }],
])('a form of the server that is not ours is 400: %s', async (_, form: Record<string, string>) => {
  const { ann, path, read, patches } = await opened()
  const before = await read()
  expect((await ann.post(path, form)).status).toBe(400)
  expect([await read(), await patches()]).toEqual([before, 0])
})

test('the settings of an account send what was changed, after it was shown', async () => {
  const { ann, account } = await opened()
  const path = `/dashboard/accounts/${account}/settings`
  const read = async () => (await call('GET', `/integrated-account/${account}`)).body
  const fields = formIn((await ann.get(path)).text, path)
  expect((await ann.send('POST', path, { form: filledWith(fields, {}) })).location).toBe(
    `${path}?done=unchanged`,
  )
  await call('PATCH', `/integrated-account/${account}`, { body: { read_only: true } })
  const review = await ann.send('POST', path, { form: filledWith(fields, { name: 'Acme Corp' }) })
  expect(formIn(review.text, path).get('change')).toBe('{"name":"Acme Corp"}')
  expect(await read()).toMatchObject({ name: 'Acme', read_only: true })
  await ann.send('POST', path, { form: filledWith(formIn(review.text, path), { step: 'save' }) })
  expect(await read()).toMatchObject({ name: 'Acme Corp', read_only: true, approval: 'always' })
  for (const name of [
    'read_only',
    'approval',
    'approval_over',
    'name',
    'audit_retention_days',
    'base',
    'step',
  ])
    expect([
      name,
      (await ann.send('POST', path, { form: filledWith(fields, { [name]: [] }) })).status,
    ]).toEqual([name, 400])
})

// Seen at b8f2a26: a kill-switch form without its value let writes go on. Siblings: every other closed set of the dashboard.
test('a closed set takes exactly what its form offers; missing is refused, and nothing happens', async () => {
  const { ann, account, home, read } = await opened()
  const accountPage = `/dashboard/accounts/${account}`
  const token = {
    name: 'Ann',
    roles: ['', 'approve'],
    accounts: '',
    accounts_who: 'any',
    kind: 'person',
    expires: 'never',
  }
  const connecting = {
    name: 'B',
    username: 'u',
    password: 'p',
    base_url: 'https://finexio.test/v2',
    read_only: '0',
  }
  const tries: [string, Fields, string][] = [
    [`${accountPage}/writes`, { stopped: '1' }, 'stopped'],
    ['/dashboard/stop', { stopped: '1' }, 'stopped'],
    [`${home}/rotate`, { overlap: '0' }, 'overlap'],
    ['/dashboard/tokens', token, 'kind'],
    ['/dashboard/tokens', token, 'expires'],
    // Seen before: with the list of accounts cut out, a role for one became a role for all.
    ['/dashboard/tokens', token, 'accounts_who'],
    ['/dashboard/tokens', token, 'roles'],
    ['/dashboard/accounts/new', connecting, 'read_only'],
    ['/dashboard/accounts/new', connecting, 'base_url'],
  ]
  await call('PUT', `/integrated-account/${account}/writes`, { body: { stopped: true } })
  const counts = async () => [
    (await call('GET', '/api-token')).body.result.length,
    (await call('GET', '/integrated-account')).body.result.length,
    await read(),
  ]
  const before = await counts()
  for (const [path, form, name] of tries)
    for (const value of [[], '', 'true', 'on', ' 0', ['0', '1', '1'], '__proto__']) {
      const { status } = await ann.post(path, { ...form, [name]: value })
      expect([path, name, value, status]).toEqual([path, name, value, 400])
    }
  expect((await call('GET', `/integrated-account/${account}/writes`)).body).toMatchObject({ stopped: true })
  expect((await call('GET', '/writes')).body).toMatchObject({ stopped: false })
  expect(await counts()).toEqual(before)
})
