/** The first page: what needs whoever looks, the tour of the whole deployment, and the banner while writes are stopped. */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { accountObject } from '../../src/account/account-stub.ts'
import { directoryObject } from '../../src/account/directory-stub.ts'
import { sealDraft, sealPage } from '../../src/account/vault/drafts.ts'
import { mintDraftId } from '../../src/rules/resource-id.ts'
import { call, connect, env, fakeFinexio } from '../api/support.ts'
import { called } from '../audit/support.ts'
import { placesMade } from '../who/matrix/keys.ts'
import { claimRequest, print } from '../writes/claims.ts'
import { browser } from './support.ts'

let places: Awaited<ReturnType<typeof placesMade>>

const as = async (...grants: string[]) => {
  const body = { name: `Looks ${grants.join()}`, kind: 'person', grants }
  const ann = browser()
  await ann.signIn((await call('POST', '/api-token', { body })).body.token)
  return ann
}
const root = async () => {
  const ann = browser()
  await ann.signIn()
  return ann
}
const overview = async (ann: Awaited<ReturnType<typeof as>>) => {
  const { status, text } = await ann.get('/dashboard')
  expect(status).toBe(200)
  return text
}

beforeAll(async () => {
  fakeFinexio()
  places = await placesMade()
})
afterAll(() => {
  vi.unstubAllGlobals()
})

test('roles decide what each person sees of it', async () => {
  const { A } = places
  const waits = '1 write waits for approval'
  const unknown = 'Nobody knows what became of 1 write'
  const money = 'Sent by agents this month'
  for (const [grants, shown] of [
    [[`approve:${A}`], [true, true, false]],
    [[`audit:${A}`], [true, true, true]],
    [[`manage:${A}`], [false, false, true]],
    [['admin'], [true, true, true]],
  ] as const) {
    const text = await overview(await as(...grants))
    expect([grants, [waits, unknown, money].map((one) => text.includes(one))]).toEqual([grants, shown])
    expect(text).not.toContain('NaN')
  }
  // Whoever audits is shown everything and may press nothing but what signs out.
  const text = await overview(await as('audit'))
  expect([...text.matchAll(/action="([^"]*)"/g)].map(([, action]) => action)).toEqual(['/dashboard/sign-out'])
  // Somebody with another account sees nothing of this one.
  expect(await overview(await as(`manage:${places.B}`))).not.toContain('Hidden Corp')
})

test('the API answers each role its part, and how many reads a page costs does not grow with the parts', async () => {
  const { A } = places
  const read = async (role: string) => {
    const body = { name: `Reads ${role}`, kind: 'person', grants: [`${role}:${A}`] }
    const { token } = (await call('POST', '/api-token', { body })).body
    return (await call('GET', `/integrated-account/${A}/overview`, { key: token })).body
  }
  expect(await read('manage')).toMatchObject({
    approvals: null,
    unknown_writes: null,
    limits: [],
    ending: [],
  })
  expect(await read('approve')).toMatchObject({ unknown_writes: 1, limits: null, ending: null })
  // Whoever came after the draft was made does not decide on it.
  expect((await read('approve')).approvals).toMatchObject({ count: 1, mine: 0, first: [{ mine: false }] })
  expect((await read('audit')).approvals.first[0]).toMatchObject({ mcp_server_name: 'Agent', mine: null })
})

test('a URL that ends within two weeks is said, with days; one that ends later is not', async () => {
  const account = await connect('Ending Inc')
  const end = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString()
  for (const [name, days] of [
    ['Soon agent', 5],
    ['Later agent', 20],
  ] as const)
    await call('POST', `/integrated-account/${account}/mcp`, { body: { name, expires_at: end(days) } })
  const text = await overview(await root())
  expect(text).toContain('“Soon agent” ends in 5 days')
  expect(text).not.toContain('Later agent ends')
})

// C10. Seen at b8f2a26: it followed the newest account, so that steps 2 and 3 were open although another one had 40 calls.
// Siblings: an account newer than the one that was used; a server of an older one; a URL made in one and called in another.
test('the tour follows the deployment, not the newest account', async () => {
  const object = accountObject(env, places.B)
  expect(await overview(await root())).toContain('Three steps to your first answer')
  const { body } = await call('POST', `/integrated-account/${places.B}/mcp`, { body: { name: 'Used' } })
  await object.record(Array.from({ length: 40 }, () => called({ mcp_server_id: body.id })))
  await connect('The newest')
  expect(await overview(await root())).not.toContain('Three steps')
  expect(await overview(await as('audit'))).not.toContain('Three steps')
})

test('calls that were refused or failed are counted, and those that wait are none of them', async () => {
  const account = await connect('Counting')
  const { body } = await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'C' } })
  const at = { mcp_server_id: body.id }
  // C11. Siblings of waiting: asked its own user; rehearsed; answered again.
  for (const outcome of [
    'pending_approval',
    'input_required',
    'dry_run',
    'replayed',
    'refused',
    'failed',
  ] as const)
    await accountObject(env, account).record([called({ ...at, outcome })])
  expect(await overview(await root())).toContain('2 of 6 calls since yesterday were refused or failed')
  const usage = (path: string) => call('GET', `/integrated-account/${account}${path}/usage?days=1`)
  for (const path of ['', `/mcp/${body.id}`])
    expect((await usage(path)).body.days).toMatchObject([{ calls: 6, errors: 2 }])
})

// Siblings: of the deployment, of an account, of one that was stopped before anybody kept who did it.
test('every page says that writes are stopped, by whom, when and why, until they go on', async () => {
  const { A, B } = places
  const body = { name: 'Stella Stops', kind: 'person', grants: ['audit'] }
  const { token: key } = (await call('POST', '/api-token', { body })).body
  const pages = ['', '/accounts', '/approvals', '/activity', '/stop', `/accounts/${A}/settings`, '/times']
  const ann = await as('admin')
  const stop = (stopped: boolean, reason?: string) => ({
    body: { stopped, reason },
    key: stopped ? key : undefined,
  })
  const at = `/integrated-account/${A}/writes`

  await call('PUT', '/writes', stop(true, 'Odd batch <b>&\n of invoices'))
  await call('PUT', '/writes', stop(true, 'somebody else, later'))
  for (const path of pages) {
    const { text } = await ann.get(`/dashboard${path}`)
    expect([path, text]).toEqual([path, expect.stringContaining('No write leaves this deployment')])
    expect(text).toMatch(/Stella Stops stopped them .*“Odd batch &lt;b&gt;&amp; of invoices”/)
  }
  await call('PUT', '/writes', stop(false))
  expect((await ann.get('/dashboard/accounts')).text).not.toContain('No write leaves')

  await call('PUT', at, stop(true, 'Called by the bank'))
  for (const path of pages)
    expect((await ann.get(`/dashboard${path}`)).text).toMatch(
      /No write leaves the account Hidden Corp.*Stella Stops.*“Called by the bank”/,
    )
  expect((await (await as(`manage:${B}`)).get('/dashboard')).text).not.toContain('Hidden Corp')
  await call('PUT', at, stop(false))
  expect((await ann.get('/dashboard')).text).not.toContain('No write leaves')

  await accountObject(env, A).changeAccount({ writes_stopped: true })
  expect((await ann.get(`/dashboard/accounts/${A}`)).text).toContain('It is not known who stopped them')
  await call('PUT', at, stop(false))
})

test('the forms of both switches take a reason, and the trail says it', async () => {
  const ann = await as('admin')
  for (const path of ['/dashboard/stop', `/dashboard/accounts/${places.B}/writes`]) {
    await ann.post(path, { stopped: '1', reason: 'Looks wrong' })
    expect((await ann.get('/dashboard')).text).toContain('“Looks wrong”')
    await ann.post(path, { stopped: '0' })
  }
  const { text } = await ann.get('/dashboard/activity?type=management')
  expect(text).toContain('stopped all writes of the deployment: “Looks wrong”')
  expect(text).toContain('stopped all writes of Another: “Looks wrong”')
  expect(text).toContain('resumed all writes of Another')
})

/** Before, the page was about the fifty newest accounts, whatever waited in the others. */
test('of many accounts those where something waits come first, and it is said how many the page was about', async () => {
  const many = Array.from({ length: 60 }, () => ({ id: crypto.randomUUID(), name: 'Newer', created_at: 0 }))
  for (const one of many) await directoryObject(env).put(one)
  await directoryObject(env).noteWaiting(places.A, 1)
  try {
    const ann = await root()
    const text = await overview(ann)
    expect(text).toMatch(/This is about accounts 1 to 50 of \d+ accounts/)
    expect(text).toContain('1 write waits for approval')
    expect(text).not.toContain('Nothing needs you now')
    const [, from, more] = /href="\/dashboard\?from=(\d+)">Look at the next of (\d+) more/.exec(text) ?? []
    expect(from).toBe('50')
    const next = (await ann.get('/dashboard?from=50')).text
    expect(next).toContain(
      `This is about accounts 51 to ${50 + Number(more)} of ${50 + Number(more)} accounts`,
    )
    expect(next).not.toContain('Nothing needs you now')
    expect(next).not.toContain('Look at the next')
    // What is no place in the list is its beginning.
    for (const odd of ['-1', '1e9', 'x', '0.5', ''])
      expect((await ann.get(`/dashboard?from=${odd}`)).text).toContain('accounts 1 to 50 of')
  } finally {
    for (const { id } of many) await directoryObject(env).remove(id)
  }
})

// Seen on main until now: "a change of a supplier", of nobody. Siblings: a payment to one, to two, and a page that was not kept.
test('a write that waits says whom it is about, by name where that was read', async () => {
  const account = await connect('Waits Inc')
  const config = { methods: ['read', 'write'], approval: 'always' }
  const { id: serverId } = (
    await call('POST', `/integrated-account/${account}/mcp`, { body: { name: 'Agent', config } })
  ).body
  const paid = (id: string) => ({ id, count: 1, cents: 500, first_payment: null, changed_at: null })
  const changed = { tool: 'finexio_suppliers_partial_update', movements: [] }
  const drafts = [
    [changed, { target: 's1', suppliers: [], cents: 0 }, { s1: 'Acme <Paper>' }],
    [{}, { target: null, suppliers: ['s1'], cents: 500 }, { s1: 'Acme <Paper>' }],
    [{}, { target: null, suppliers: ['s1', 's2'], cents: 1_000 }, { s1: 'Acme <Paper>' }],
    [changed, { target: 's3', suppliers: [], cents: 0 }, {}],
  ] as const
  for (const [at, [about, { target, suppliers, cents }, names]] of drafts.entries()) {
    const id = mintDraftId(account)
    const key = `${account}-${at}`
    const { wrapped_key, ciphertext } = await sealDraft(env, account, id, { args: {}, payees: [] })
    const request = claimRequest({
      ...{ serverId, key, fingerprint: print(key), subjects: [print(key)], ...about, movements: [] },
    })
    const summary = { count: suppliers.length, total_cents: cents, target, fields: ['name'] }
    const page = { would_send: { request: 'PATCH /' }, names }
    await accountObject(env, account).draftWrite({
      ...{ id, request, reasons: [{ kind: 'always' }], reason: null, caller: { kind: 'url' }, notice: {} },
      ...{ summary: { ...summary, suppliers: suppliers.map(paid) }, wrapped_key, body: ciphertext },
      page: await sealPage(env, account, id, page),
    })
  }
  const text = await overview(await as(`approve:${account}`))
  const shown = [...text.matchAll(/<a href="\/dashboard\/approval\/[^"]+">([^<]*)/g)].map(([, what]) => what)
  expect(shown).toEqual([
    'a change of a supplier: “Acme &lt;Paper&gt;”',
    '$5.00 to “Acme &lt;Paper&gt;”',
    '$10.00 to 2 suppliers',
    'a change of a supplier: s3',
  ])
})
