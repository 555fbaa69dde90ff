/** Attacks on four eyes by one person with two hands: through keys of keys, payees, identities and names of others. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { managementApi } from '../../src/api/routes.ts'
import { actorOfPerson } from '../../src/identity/actor.ts'
import { call, connect, env } from '../api/support.ts'
import { http } from '../oauth/support.ts'

const SUPPLIER = 'a1b2c3d4-0000-4000-8000-00000000abcd'
const BATCH = 'finexio_invoices_bulk_create'
const today = new Date().toISOString().slice(0, 10)
let numbers = 0
let account = ''
/** Made by root: nobody's hands are in it. */
let careful = ''

/** Lists are empty, whatever is written is accepted. */
const finexio = async (input: RequestInfo, init?: RequestInit): Promise<Response> => {
  const request = new Request(input, init)
  const id = new URL(request.url).pathname.split('/').find((part) => /^(sup|buy)_|-4000-/i.test(part))
  if (request.method === 'GET')
    return Response.json(id ? { id, name: 'Acme', payment_method: 'ACH', enabled: true } : [])
  const body = (await request.json()) as object
  const made = (row: object) => ({ ...row, id: id ?? 'sup_new' })
  return Response.json(Array.isArray(body) ? body.map(made) : made(body))
}

beforeAll(async () => {
  vi.stubGlobal('fetch', finexio)
  account = await connect('Hands')
  careful = (await server(undefined, { approval: 'always' })).url
})
afterAll(() => {
  vi.unstubAllGlobals()
})

const ok = async (method: string, path: string, sent: { body?: unknown; key?: string }) => {
  const answer = await call(method, path, sent)
  expect([answer.status, answer.text]).toEqual([expect.toBeOneOf([200, 201]), answer.text])
  return answer.body
}

type Key = { token: string; holder: string; id: string }

/** A key of a person of this name. @param by the key that issues it; absent: root */
const keyFor = (name: string, grants: string[], by?: Key, kind = 'person'): Promise<Key> =>
  ok('POST', '/api-token', { body: { name, kind, grants }, key: by?.token })

type Server = { id: string; url: string }

const server = (by?: Key, config: object = {}, holder?: string): Promise<Server> =>
  ok('POST', `/integrated-account/${account}/mcp`, {
    body: {
      name: 'AP',
      config: { methods: ['read', 'write'], duplicate_guard: { requests: 0 }, ...config },
      ...(holder && { holder }),
    },
    key: by?.token,
  })

const tool = async (url: string, name: string, args: object, bearer?: string) => {
  const response = await http(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(bearer && { authorization: `Bearer ${bearer}` }),
    },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name, arguments: args },
    }),
  })
  // biome-ignore lint/suspicious/noExplicitAny: looked into by assertions
  const { result } = (await response.json()) as any
  return { ...result?.structuredContent, isError: result?.isError, text: result?.content?.[0]?.text }
}

/** What a URL answers that is unknown. */
const NOTHING = { isError: undefined, text: undefined }

const invoice = (supplier = SUPPLIER) => ({
  invoice_number: `H-${++numbers}`,
  receiving_counterparty_id: supplier,
  originating_counterparty_id: 'buy_1',
  amount_cents: 500,
  invoice_date: today,
})

const drafted = async (url: string, supplier?: string, bearer?: string): Promise<string> => {
  const answer = await tool(url, BATCH, { body: [invoice(supplier)] }, bearer)
  expect([answer.outcome, answer.text]).toEqual(['pending_approval', answer.text])
  return answer.approval_id
}

const approve = async (draft: string, key: Key) => {
  const { status, body } = await call('POST', `/approval/${draft}/approve`, { key: key.token, body: {} })
  return [status, body.message ?? body.state]
}

test('whoever stands behind a key through the key that it was issued with does not decide', async () => {
  const paula = await keyFor('Paula', ['admin'])
  const puppet = await keyFor('Puppet', ['admin'], paula)
  const second = await keyFor('Second puppet', ['approve'], puppet)
  const { url } = await server(paula, { approval: 'always' })
  expect(await approve(await drafted(url), second)).toEqual([403, expect.stringMatching(/created, rotated/)])
  // The other way round: the puppet's puppet touches the server, Paula decides with a key of her own.
  const manager = await keyFor('Third puppet', ['manage'], puppet)
  const eyes = await keyFor('Paula', ['approve'])
  const touched = await server(manager, { approval: 'always' })
  expect(await approve(await drafted(touched.url), eyes)).toEqual([403, expect.any(String)])
  const plain = await server(undefined, { approval: 'always' })
  await ok('POST', `/integrated-account/${account}/mcp/${plain.id}/rotate`, { key: manager.token }).then(
    async ({ url: rotated }) =>
      expect(await approve(await drafted(rotated), eyes)).toEqual([403, expect.any(String)]),
  )
  // And with a caller's key.
  const robot = await keyFor('Robot', ['use'], puppet, 'system')
  const asks = await server(undefined, { approval: 'always', require_api_token_auth: true })
  const answer = await tool(asks.url, BATCH, { body: [invoice()] }, robot.token)
  expect(await approve(answer.approval_id, eyes)).toEqual([403, expect.stringMatching(/issued/)])
})

test.each<[string, string, (id: string) => object]>([
  ['supplier', 'finexio_suppliers_partial_update', (id) => ({ id, remit_email: 'me@evil.test' })],
  [
    'supplier in another spelling',
    'finexio_suppliers_partial_update',
    (id) => ({ id: id.toUpperCase(), remit_email: 'me@evil.test' }),
  ],
  [
    'contact',
    'create_a_finexio_supplier_contact',
    (id) => ({
      supplier_id: id,
      name: 'Me',
      email: 'me@evil.test',
      external_reference_id: 'c1',
      primary: true,
      payment_notification: true,
    }),
  ],
])('who holds a URL that names nobody changed what was changed through it: %s', async (what, name, args) => {
  const id = crypto.randomUUID().replace(/-4...-/, '-4000-')
  const manager = await keyFor(`Mia ${what}`, ['manage'])
  const eyes = await keyFor(`Mia ${what}`, ['approve'])
  const { url } = await server(manager)
  const changed = await tool(url, name, args(id))
  expect([changed.outcome, changed.text]).toEqual(['succeeded', changed.text])
  expect(await approve(await drafted(careful, id), eyes)).toEqual([
    403,
    expect.stringMatching(/changed this payee/),
  ])
})

test('who makes a payee has set all of it', async () => {
  const manager = await keyFor('Nia', ['manage'])
  const eyes = await keyFor('Nia', ['approve'])
  const { url } = await server(manager)
  const made = await tool(url, 'create_a_finexio_supplier', {
    name: 'Mine',
    payment_method: 'ACH',
    bank_account_number: '12345678',
    bank_routing_number: '021000021',
    enabled: true,
    external_reference_id: 'mine',
    remit_email: 'me@evil.test',
  })
  expect([made.outcome, made.text]).toEqual(['succeeded', made.text])
  expect(await approve(await drafted(careful, made.id), eyes)).toEqual([
    403,
    expect.stringMatching(/changed this payee/),
  ])
})

test('a key that nobody asked for moves no blame, and wakes no URL of who was disabled or removed', async () => {
  const robot = await keyFor('Loose robot', ['use'], undefined, 'system')
  const holder = await keyFor('Hal', ['use'])
  const eyes = await keyFor('Hal', ['approve'])
  const { url } = await server(undefined, {}, holder.holder)
  const id = crypto.randomUUID().replace(/-4...-/, '-4000-')
  const change = { id, remit_email: 'me@evil.test' }
  await tool(url, 'finexio_suppliers_partial_update', change, robot.token)
  expect(await approve(await drafted(careful, id), eyes)).toEqual([403, expect.any(String)])
  await ok('PATCH', `/person/${holder.holder}`, { body: { disabled: true } })
  expect(await tool(url, BATCH, { body: [invoice()] }, robot.token)).toEqual(NOTHING)
  await ok('DELETE', `/person/${holder.holder}`, {})
  expect(await tool(url, BATCH, { body: [invoice()] })).toEqual(NOTHING)
})

/** As a page asks for somebody who signed in at the company's identity provider. */
const approveAs = async (personId: string, draft: string) => {
  const person = (await directoryObject(env).readPerson(personId))!
  const api = managementApi(async (c, next) => {
    c.set('actor', actorOfPerson(person, person.grants))
    await next()
  })
  const url = `https://mcp.test/approval/${draft}/approve`
  return (await api.fetch(new Request(url, { method: 'POST', body: '{}' }), env)).status
}

test('one identity is one human being, whatever person it is given to next', async () => {
  const identity = { issuer: 'https://login.test', subject: 'paul' }
  const paul = await keyFor('Paul', ['admin'])
  await ok('PATCH', `/person/${paul.holder}`, { body: identity })
  const { url } = await server(paul, { approval: 'always' })
  const key = paul.token
  await ok('PATCH', `/person/${paul.holder}`, { body: { issuer: null, subject: null }, key })
  const body = { name: 'Sock', ...identity, grants: ['approve'] }
  const sock = await ok('POST', '/person', { body, key })
  expect(await approveAs(sock.id, await drafted(url))).toBe(403)
  // Removed and added anew.
  await ok('DELETE', `/person/${sock.id}`, { key })
  const again = await ok('POST', '/person', { body: { ...body, name: 'Sock again' }, key })
  expect(await approveAs(again.id, await drafted(url))).toBe(403)
  const other = { ...body, name: 'Ruth', subject: 'ruth' }
  const ruth = await ok('POST', '/person', { body: other })
  const taken = await call('PATCH', `/person/${ruth.id}`, { body: { subject: 'paul' } })
  expect([taken.status, taken.body.message]).toEqual([409, expect.stringContaining('Somebody else')])
  expect(await approveAs(ruth.id, await drafted(url))).toBe(200)
})

test('who administers one account ends no key that reaches further, also while its holder is disabled', async () => {
  const chief = await keyFor('Chief', ['admin'])
  const local = await keyFor('Local', [`admin:${account}`])
  await ok('PATCH', `/person/${chief.holder}`, { body: { disabled: true } })
  const { status } = await call('DELETE', `/api-token/${chief.id}`, { key: local.token })
  expect(status).toBe(403)
})

test('a new name of the server hides nobody who changed more before', async () => {
  const manager = await keyFor('Washer', ['manage'])
  const eyes = await keyFor('Washer', ['approve'])
  const innocent = await keyFor('Innocent', ['manage'])
  const { id, url } = await server(undefined, { approval: 'always', limits: { per_call: { cents: 100 } } })
  const path = `/integrated-account/${account}/mcp/${id}`
  await ok('PATCH', path, { body: { config: { limits: null } }, key: manager.token })
  await ok('PATCH', path, { body: { name: 'Renamed' }, key: innocent.token })
  expect(await approve(await drafted(url), eyes)).toEqual([403, expect.stringMatching(/last changed/)])
})

// O9: until this change only the very last change of a server was remembered, whatever it was about.
test.each([
  ['another limit of the filter', { tags: ['invoices', 'suppliers'] }],
  ['a tighter guard', { duplicate_guard: { requests: 40 } }],
  ['who works through it', { holder: null }],
  ['its end', { expires_at: new Date(Date.now() + 86_400_000).toISOString() }],
])('nor does a later change of another key: %s', async (_, later) => {
  const name = `Washer of ${Object.keys(later)[0]}`
  const manager = await keyFor(name, ['manage'])
  const eyes = await keyFor(name, ['approve'])
  const innocent = await keyFor('Innocent', ['manage'])
  const other = await keyFor('Innocent', ['approve'])
  const config = { approval: 'always', limits: { per_call: { cents: 100 } } }
  const { id, url } = await server(undefined, config, innocent.holder)
  const path = `/integrated-account/${account}/mcp/${id}`
  await ok('PATCH', path, { body: { config: { limits: null } }, key: manager.token })
  const body = 'tags' in later || 'duplicate_guard' in later ? { config: later } : later
  await ok('PATCH', path, { body, key: innocent.token })
  const draft = await drafted(url)
  expect(await approve(draft, eyes)).toEqual([403, expect.stringMatching(/last changed/)])
  // Whoever changed the same key after them takes their place.
  await ok('PATCH', path, {
    body: { config: { limits: { per_call: { cents: 9_000_000 } } } },
    key: innocent.token,
  })
  expect(await approve(draft, other)).toEqual([403, expect.any(String)])
  expect(await approve(await drafted(url), eyes)).toEqual([200, 'executed'])
})

test('one-person mode is refused while there are others, and sleeps when somebody comes', async () => {
  const robot = await keyFor('Own robot', ['use'], undefined, 'system')
  const owner = await keyFor('Owner', ['admin'])
  const eyes = await keyFor('Owner', ['approve'])
  const one_person = owner.holder
  const mode = () => call('PATCH', '/deployment', { body: { one_person }, key: owner.token })
  expect((await mode()).status).toBe(409)
  const others = (await call('GET', '/person?limit=100')).body.result.filter(
    ({ id, kind, disabled }: { id: string; kind: string; disabled: boolean }) =>
      kind === 'person' && !disabled && id !== owner.holder,
  )
  const disable = (disabled: boolean) =>
    Promise.all(others.map(({ id }: Key) => ok('PATCH', `/person/${id}`, { body: { disabled } })))
  await disable(true)
  expect((await mode()).status).toBe(200)
  const { url } = await server(owner, { approval: 'always', require_api_token_auth: true })
  const draft = () => drafted(url, SUPPLIER, robot.token)
  const [first, second] = [await draft(), await draft()]
  expect(await approve(first, eyes)).toEqual([200, 'executed'])
  await disable(false)
  expect(await approve(second, eyes)).toEqual([403, expect.stringMatching(/created, rotated/)])
})

const rowsOf = async (type: string, query = `integrated_account_id=${account}`) =>
  (await ok('GET', `/log?log_type=${type}&limit=20&${query}`, {})).result as Record<string, unknown>[]

// Until this change such drafts stayed pending for three days, with a button that could only fail.
test('a draft ends with its URL or its server, and says why the call was made while it waits', async () => {
  const stateOf = async (draft: string) => {
    const { state, decision_reason } = await ok('GET', `/approval/${draft}`, {})
    return [state, decision_reason]
  }
  const made = async () => {
    const { id, url } = await server(undefined, { approval: 'always' })
    const reason = 'Month end; account 123456789012'
    const answer = await tool(url, BATCH, { body: [invoice()], reason })
    return { path: `/integrated-account/${account}/mcp/${id}`, draft: answer.approval_id as string }
  }
  const [rotated, overlapping, deleted, ending] = [await made(), await made(), await made(), await made()]
  expect((await ok('GET', `/approval/${rotated.draft}`, {})).call_reason).toBe('Month end; account ••••')
  await ok('POST', `${rotated.path}/rotate`, {})
  await ok('POST', `${overlapping.path}/rotate`, { body: { overlap_seconds: 60 } })
  await ok('DELETE', deleted.path, {})
  await ok('PATCH', ending.path, { body: { expires_at: new Date(Date.now() + 70_000).toISOString() } })
  expect(await stateOf(rotated.draft)).toEqual(['canceled', 'the URL through which it was made ended'])
  expect(await stateOf(overlapping.draft)).toEqual(['pending', null])
  expect(await stateOf(deleted.draft)).toEqual(['canceled', 'its MCP server ended'])
  expect(await stateOf(ending.draft)).toEqual(['pending', null])
  vi.useFakeTimers({ toFake: ['Date'] })
  vi.setSystemTime(Date.now() + 80_000)
  // Siblings: the time in which the old URL went on is over; the server's own end has come.
  expect(await stateOf(overlapping.draft)).toEqual(['canceled', 'the URL through which it was made ended'])
  expect(await stateOf(ending.draft)).toEqual(['canceled', 'its MCP server ended'])
  // Seen at de564f5: no row said that they had ended.
  const rows = await rowsOf('write')
  const ended = rows.filter(({ event }) => event === 'canceled').map(({ approval_id }) => approval_id)
  expect(ended.toSorted()).toEqual(
    [rotated, overlapping, deleted, ending].map(({ draft }) => draft).toSorted(),
  )
  vi.useRealTimers()
})

// O4: until this change a row named the holder of a key alone, not who else has seen it.
test('each row that a key leaves says who issued it', async () => {
  const issuer = await keyFor('Issuing admin', ['admin'])
  const between = await keyFor('Issued admin', ['admin'], issuer)
  const expected = {
    issued_by: [between.holder, issuer.holder],
    issued_by_names: ['Issued admin', 'Issuing admin'],
  }
  const clerk = await keyFor('Issued clerk', ['use'], between, 'system')
  const chief = await keyFor('Other admin', ['admin'])
  const eyes = await keyFor('Issued eyes', ['approve'], chief)
  const other = { issued_by: [chief.holder], issued_by_names: ['Other admin'] }
  const { url } = await server(undefined, { approval: 'always', require_api_token_auth: true })
  const draft = await drafted(url, undefined, clerk.token)
  const [called] = await rowsOf('mcp')
  expect(called).toMatchObject({ caller_name: 'Issued clerk', ...expected })
  // Siblings: a decision, a refusal, and what leaves no trace in an account.
  expect(await approve(draft, eyes)).toEqual([200, 'executed'])
  const written = await rowsOf('write')
  expect(written.find(({ event }) => event === 'approved')).toMatchObject({
    actor_name: 'Issued eyes',
    ...other,
  })
  const managed = await rowsOf('management')
  expect(managed[0]).toMatchObject({ actor_name: 'Issued eyes', ...other })
  await call('POST', '/person', { body: { name: 'x' }, key: eyes.token })
  const [refused] = await rowsOf('management', 'integrated_account_id=deployment')
  expect(refused).toMatchObject({ http_status_code: 403, ...other })
  const verified = await ok('GET', `/log/verify?integrated_account_id=${account}`, {})
  expect(verified.valid).toBe(true)
  // A key of root's was seen by nobody else.
  await call('POST', '/person', { body: { name: 'x' }, key: (await keyFor('Own eyes', ['approve'])).token })
  const [own] = await rowsOf('management', 'integrated_account_id=deployment')
  expect([own!.actor_name, own!.issued_by]).toEqual(['Own eyes', undefined])
})

test('nor does whoever stands behind a key agree to what was asked for with it', async () => {
  const asker = await keyFor('Asker', ['admin'])
  const puppet = await keyFor('Asker puppet', ['admin'], asker)
  const second = await keyFor('Second asker puppet', ['approve'], puppet)
  await keyFor('Another admin', ['admin'])
  await ok('PATCH', '/deployment', { body: { second_person_for_settings: true } })
  const { id } = await server(undefined, { methods: ['read'] })
  const body = { config: { limits: null, methods: ['read', 'write'] } }
  const path = `/integrated-account/${account}/mcp/${id}`
  const waits = await call('PATCH', path, { body, key: asker.token })
  expect([waits.status, waits.body.settings_draft_id]).toEqual([202, expect.any(String)])
  const agreed = await call('POST', `/settings-draft/${waits.body.settings_draft_id}/agree`, {
    body: {},
    key: second.token,
  })
  expect([agreed.status, agreed.body.message]).toEqual([403, expect.stringMatching(/issued/)])
})
