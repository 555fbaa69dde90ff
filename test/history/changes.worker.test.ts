/**
 * Fault C1: at commit b8f2a26 a change of settings left "PATCH /integrated-account/:account/mcp/:server, config", neither
 * before nor after, and stop and resume looked alike. Each kind is tried with three siblings that the list does not name.
 */
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { ROUTES } from '../../src/api/routes.ts'
import { call, connect, credentials, fakeFinexio } from '../api/support.ts'

let account: string
beforeAll(async () => {
  fakeFinexio()
  account = await connect('Acme')
})
afterAll(() => {
  vi.unstubAllGlobals()
})

type Row = {
  action: string
  target_kind?: string
  target_id?: string
  target_name?: string
  made?: string
  changes?: { key: string; before: unknown; after: unknown }[]
  actor_name: string
  agreed_by_name?: string
  request_id: string
}

const rowsOf = async (trail: string): Promise<Row[]> =>
  (await call('GET', `/log?log_type=management&limit=100&integrated_account_id=${trail}`)).body.result

/** The rows that one call left, oldest first. */
const leftBy = async (trail: string, method: string, path: string, body?: unknown): Promise<Row[]> => {
  const { status, headers, text } = await call(method, path, body === undefined ? {} : { body })
  if (status >= 300) throw new Error(`${method} ${path}: ${status} ${text}`)
  const id = headers.get('x-request-id')
  return (await rowsOf(trail)).filter(({ request_id }) => request_id === id).toReversed()
}

/** What the only row that it left says. */
const onlyOf = (rows: Row[]) => {
  expect(rows).toHaveLength(1)
  const { made, target_kind, target_name, changes = [] } = rows[0]!
  return [made, target_kind, target_name, ...changes.map(({ key, before, after }) => [key, before, after])]
}

const at = () => `/integrated-account/${account}`

test('an MCP server: made, config (limits; siblings: origins, fixed, duplicate guard), name, end, holder, new URL, removal', async () => {
  const made = await call('POST', `${at()}/mcp`, { body: { name: 'Pay', config: { methods: ['write'] } } })
  const path = `${at()}/mcp/${made.body.id}`
  const patch = async (body: object) => onlyOf(await leftBy(account, 'PATCH', path, body))
  const rows = (await rowsOf(account)).filter(({ target_id }) => target_id === made.body.id)
  expect(onlyOf(rows)).toEqual([
    'created',
    'mcp_server',
    'Pay',
    ['name', null, 'Pay'],
    ['methods', null, ['write']],
  ])
  const limits = { per_day: { cents: 50_000 } }
  expect(await patch({ config: { limits } })).toEqual([
    'changed',
    'mcp_server',
    'Pay',
    ['limits', null, limits],
  ])
  expect(await patch({ config: { limits: null, approval: 'always' } })).toEqual([
    ...['changed', 'mcp_server', 'Pay'],
    ['limits', limits, null],
    ['approval', null, 'always'],
  ])
  const origins = ['https://agents.example.com']
  expect(await patch({ config: { allowed_origins: origins } })).toContainEqual([
    'allowed_origins',
    null,
    origins,
  ])
  const fixed = { create_a_finexio_supplier: { name: 'Fixed' } }
  expect(await patch({ config: { fixed } })).toContainEqual(['fixed', null, fixed])
  expect(await patch({ config: { duplicate_guard: { requests: 3 } } })).toContainEqual([
    ...['duplicate_guard', null],
    { requests: 3 },
  ])
  expect(await patch({ name: 'Pay bills' })).toEqual([
    ...['changed', 'mcp_server', 'Pay bills'],
    ['name', 'Pay', 'Pay bills'],
  ])
  const end = new Date(Date.now() + 86_400_000).toISOString()
  expect(await patch({ expires_at: end })).toContainEqual(['expires_at', null, end])
  const bot = (await call('POST', '/person', { body: { name: 'Bot', kind: 'system' } })).body
  expect(await patch({ holder: bot.id })).toContainEqual([
    ...['holder', null],
    { id: bot.id, kind: 'system', name: 'Bot' },
  ])
  expect(onlyOf(await leftBy(account, 'POST', `${path}/rotate`, {}))).toEqual([
    ...['changed', 'mcp_server', 'Pay bills'],
    ['token', 'the one before', 'replaced'],
  ])
  expect(onlyOf(await leftBy(account, 'DELETE', path))).toEqual(['removed', 'mcp_server', 'Pay bills'])
})

test('an account: name, approval, limits; siblings: read_only, payees, retention; credentials are replaced, no more', async () => {
  const patch = async (body: object) => onlyOf(await leftBy(account, 'PATCH', at(), body)).slice(3)
  expect(await patch({ name: 'Acme Ltd' })).toEqual([['name', 'Acme', 'Acme Ltd']])
  expect(await patch({ approval: { over_cents: 500 } })).toEqual([['approval', 'none', { over_cents: 500 }]])
  expect(await patch({ limits: { per_call: { count: 2 } } })).toEqual([
    ['limits', null, { per_call: { count: 2 } }],
  ])
  expect(await patch({ read_only: true })).toEqual([['read_only', false, true]])
  expect(await patch({ payees: 'verified' })).toEqual([['payees', 'open', 'verified']])
  expect(await patch({ audit_retention_days: 90 })).toEqual([['audit_retention_days', 400, 90]])
  expect(
    await patch({
      credentials: { ...credentials, password: 'another password' },
      base_url: 'https://other.test/v2',
    }),
  ).toEqual([
    ['base_url', 'https://finexio.test/v2', 'https://other.test/v2'],
    ['credentials', 'the one before', 'replaced'],
  ])
})

test('stop and resume are told apart: of an account, of the deployment, and of both by who audits', async () => {
  const put = async (trail: string, path: string, stopped: boolean) =>
    onlyOf(await leftBy(trail, 'PUT', path, { stopped })).slice(3)
  expect(await put(account, `${at()}/writes`, true)).toEqual([['writes_stopped', false, true]])
  expect(await put(account, `${at()}/writes`, false)).toEqual([['writes_stopped', true, false]])
  expect(await put('deployment', '/writes', true)).toEqual([['writes_stopped', false, true]])
  expect(await put('deployment', '/writes', false)).toEqual([['writes_stopped', true, false]])
})

test('webhook secrets by name: stored, hosts, value; the value is nowhere', async () => {
  const path = `${at()}/secret/hooks`
  const body = { username: 'u', password: 'canary-of-the-webhook', allowed_hosts: ['a.example.com'] }
  const put = async (more: object = {}) => onlyOf(await leftBy(account, 'PUT', path, { ...body, ...more }))
  expect(await put()).toEqual(['created', 'secret', 'hooks', ['allowed_hosts', null, ['a.example.com']]])
  expect(await put()).toEqual(['changed', 'secret', 'hooks', ['value', 'the one before', 'replaced']])
  expect(await put({ allowed_hosts: ['b.example.com'] })).toContainEqual([
    'allowed_hosts',
    ['a.example.com'],
    ['b.example.com'],
  ])
  expect(onlyOf(await leftBy(account, 'DELETE', path))).toEqual(['removed', 'secret', 'hooks'])
})

test('people, roles and keys: made, roles (siblings: e-mail, identity, disabled), token, removal', async () => {
  const made = await call('POST', '/person', { body: { name: 'Ann', email: 'ann@example.com' } })
  const path = `/person/${made.body.id}`
  const patch = async (body: object) => onlyOf(await leftBy('deployment', 'PATCH', path, body)).slice(3)
  const identity = { issuer: 'https://id.example.com', subject: 'ann-1' }
  expect(await patch(identity)).toEqual([
    ['issuer', null, identity.issuer],
    ['subject', null, identity.subject],
  ])
  expect(await patch({ grants: [`approve:${account}`] })).toEqual([['grants', null, [`approve:${account}`]]])
  expect(await patch({ email: 'a@example.com' })).toEqual([['email', 'ann@example.com', 'a@example.com']])
  expect(await patch({ disabled: true })).toEqual([['disabled', false, true]])
  const token = await call('POST', '/api-token', { body: { holder: made.body.id, grants: ['audit'] } })
  const rows = (await rowsOf('deployment')).filter(({ target_id }) => target_id === token.body.id)
  expect(onlyOf(rows)).toEqual([
    ...['created', 'api_token', 'Ann'],
    ['holder', null, made.body.id],
    ['grants', null, ['audit']],
  ])
  const left = await leftBy('deployment', 'DELETE', path)
  expect(left.map(({ made, target_kind }) => [made, target_kind])).toEqual([
    ['removed', 'person'],
    ['removed', 'api_token'],
  ])
  expect(JSON.stringify(await rowsOf('deployment'))).not.toContain(token.body.token)
})

test('an account that goes takes grants with it: what each of them lost stands in the trail of the deployment', async () => {
  const other = await connect('Gone')
  const body = { name: 'Eve', kind: 'person', grants: [`audit:${other}`, `audit:${account}`] }
  const token = (await call('POST', '/api-token', { body })).body
  const rows = await leftBy('deployment', 'DELETE', `/integrated-account/${other}`)
  expect(rows.map(({ made, target_kind, target_name }) => [made, target_kind, target_name])).toEqual([
    ['removed', 'integrated_account', 'Gone'],
    ['changed', 'api_token', 'Eve'],
  ])
  expect(rows[1]).toMatchObject({
    target_id: token.id,
    changes: [{ key: 'grants', before: body.grants, after: [`audit:${account}`] }],
  })
})

test('what was agreed to names who asked, who agreed and why; what sleeps says so and wakes by a row', async () => {
  const person = async (name: string) => {
    const body = { name, kind: 'person', grants: ['admin'] }
    return (await call('POST', '/api-token', { body })).body.token as string
  }
  const [mia, noa] = [await person('Mia'), await person('Noa')]
  const bot = (await call('POST', '/person', { body: { name: 'Pay bot', kind: 'system' } })).body
  await call('PATCH', at(), { body: { read_only: false, payees: 'open' } })
  const asked = await call('PATCH', '/deployment', { body: { second_person_for_settings: true } })
  expect(asked.status).toBe(200)
  const looser = await call('PATCH', at(), { key: mia, body: { approval: 'none' } })
  expect(looser.status).toBe(202)
  const agree = (id: string) =>
    call('POST', `/settings-draft/${id}/agree`, { key: noa, body: { reason: 'asked by treasury' } })
  expect((await agree(looser.body.settings_draft_id)).status).toBe(200)
  const made = await call('POST', `${at()}/mcp`, {
    key: mia,
    body: { name: 'New', config: { methods: ['write'] }, holder: bot.id },
  })
  expect((await agree(made.body.settings_draft_id)).status).toBe(200)
  const rows = await rowsOf(account)
  expect(rows.find(({ changes }) => changes?.some(({ key }) => key === 'approval'))).toMatchObject({
    actor_name: 'Mia',
    agreed_by_name: 'Noa',
    agreed_reason: 'asked by treasury',
    settings_draft_id: looser.body.settings_draft_id,
    changes: [{ key: 'approval', before: { over_cents: 500 }, after: 'none' }],
  })
  expect(rows.filter(({ target_id }) => target_id === made.body.id).toReversed()).toMatchObject([
    { made: 'created', actor_name: 'Mia', settings_draft_id: made.body.settings_draft_id },
    {
      ...{ made: 'changed', actor_name: 'Mia', agreed_by_name: 'Noa' },
      changes: [{ key: 'asleep', before: made.body.settings_draft_id, after: null }],
    },
  ])
  await call('PATCH', '/deployment', { key: mia, body: { second_person_for_settings: false } })
})

/** Routes that change no setting: what they do has rows of its own. */
const NO_SETTING = [
  'POST /integrated-account/:account/verify',
  'POST /integrated-account/:account/payee/:supplier/callback',
  'POST /integrated-account/:account/payee/acceptance',
  'POST /approval/:approval/approve',
  'POST /approval/:approval/reject',
  'POST /integrated-account/:account/unknown-write/:key/settle',
  'DELETE /integrated-account/:account/mcp/:server/grant/:grant',
  'POST /settings-draft/:settings/reject',
  'POST /key/reseal',
  'POST /log/verify',
]

/** Of a row of what somebody tried: the agreement itself changes nothing, the call that it lets act does. */
const BY_ANOTHER = ['POST /settings-draft/:settings/agree']

test('every route that changes settings has left a row with changes above, and a new route has to be named', async () => {
  const rows = [...(await rowsOf(account)), ...(await rowsOf('deployment'))]
  const seen = new Set(rows.filter(({ made }) => made !== undefined).map(({ action }) => action))
  seen.add('DELETE /api-token/:token')
  const changing = ROUTES.filter(({ verb }) => verb !== 'GET').map(({ verb, path }) => `${verb} ${path}`)
  const missing = changing.filter(
    (one) => !seen.has(one) && !NO_SETTING.includes(one) && !BY_ANOTHER.includes(one),
  )
  expect(missing).toEqual([])
})
