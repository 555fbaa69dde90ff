/** A stored webhook secret over HTTP: what an agent tries, where the secret goes, and that it shows nowhere. */
import { afterAll, beforeAll, beforeEach, expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { callOver } from '../support/call-over.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

const { sandboxUrl, finexioBaseUrl } = inject('stack')
const HOOK = { username: 'hook-user-canary', password: 'hook-password-canary' }
const [CREATE, PUT, PATCH] = [
  'create_a_finexio_webhook',
  'update_a_finexio_webhook_by_id',
  'finexio_webhooks_partial_update',
]
const url = 'https://hooks.acme.com/f'
const EVIL = 'https://collector.evil.com/f'
const made = { event: 'payment.changed', url, credential_ref: 'acme' }

const logs: string[] = []
/** All that anybody was told. */
const told: string[] = []
let stack: Stack
let tenant: Tenant
let server: string

const secret = (tenant: Tenant, name = '') => `/integrated-account/${tenant.accountId}/secret/${name}`
const store = (hosts = ['hooks.acme.com'], credentials = HOOK, of = tenant) =>
  manage<object>(stack, 'PUT', secret(of, 'acme'), { ...credentials, allowed_hosts: hosts })

const call = async (name: string, args: object, at = server) => {
  const reads = /^(list|get)_/.test(name)
  const answer = await callOver(at, name, reads ? args : { ...args, idempotency_key: crypto.randomUUID() })
  told.push(answer.text, JSON.stringify(answer.data ?? null), JSON.stringify([...answer.headers]))
  return answer
}
const create = async () => (await call(CREATE, made)).data.id as string

beforeAll(async () => {
  stack = await startBuilt({ finexioBaseUrl, onLog: (line) => logs.push(line) })
  tenant = await newTenant({ ...stack, sandboxUrl })
  server = await tenant.serve({ methods: ['read', 'write'] })
  told.push(JSON.stringify(await store()))
})
afterAll(() => stack.stop())
beforeEach(() => tenant.sandbox.forgetRequests())

type Hook = { url?: string; username?: string; password?: string }
const sent = async () =>
  (await tenant.requests()).filter(({ method }) => method !== 'GET').map(({ body }) => body as Hook)

test('Finexio gets the secret in one request; every answer shows it masked', async () => {
  const id = await create()
  expect(await sent()).toEqual([{ event: made.event, url, ...HOOK }])
  const list = await call('list_all_finexio_webhooks', { fields: ['*'] })
  expect(list.text).toContain('****nary')
  await call('get_single_finexio_webhook_by_id', { id })
  const moved = await call(PATCH, { id, url: `${url}/2`, credential_ref: 'acme' })
  expect(moved.data).toEqual({ outcome: 'succeeded', id, idempotency_key: expect.any(String) })
  expect((await call(PUT, { id, ...made })).data.outcome).toBe('succeeded')
  expect(await sent()).toEqual([
    { event: made.event, url, ...HOOK },
    { url: `${url}/2`, ...HOOK },
    { event: made.event, url, ...HOOK },
  ])
})

test('a dry run and a replay hold the reference alone', async () => {
  const dry = await call(CREATE, { ...made, dry_run: true })
  expect(dry.data.would_send.body).toMatchObject({ username: '********', password: '********' })
  expect(await tenant.requestCount()).toBe(0)
  const idempotency_key = crypto.randomUUID()
  const answers = []
  for (const _ of [1, 2]) answers.push(await callOver(server, CREATE, { ...made, idempotency_key }))
  told.push(JSON.stringify(answers))
  expect(answers[1]!.data).toMatchObject({ replayed: true, id: answers[0]!.data.id })
  expect(await sent()).toHaveLength(1)
})

test('a hostile agent gets the secret nowhere but to its own host, and writes no masked value back', async () => {
  const id = await create()
  const whole = { id, event: made.event }
  const own = { username: 'mine', password: 'mine-too' }
  const attempts: [string, object, RegExp][] = [
    [CREATE, { ...made, url: EVIL }, /not for collector\.evil\.com/],
    [PUT, { ...whole, url: EVIL, credential_ref: 'acme' }, /not for collector/],
    [PATCH, { id, url: EVIL, credential_ref: 'acme' }, /not for collector/],
    [PATCH, { id, url: EVIL }, /only with a credential_ref/],
    [PATCH, { id, url: EVIL, username: 'x' }, /only with a credential_ref/],
    [PATCH, { id, url: EVIL, ...own }, /only with a credential_ref/],
    [PUT, { ...whole, url: EVIL, ...own }, /only with a credential_ref/],
    [PATCH, { id, url: EVIL, username: 'x', password: '' }, /must not be blank/],
    [PATCH, { id, url: EVIL, username: '****nary', password: '********' }, /masked value/],
    [PUT, { ...whole, url: EVIL, username: '****nary', password: '********' }, /masked value/],
    [PATCH, { id, credential_ref: 'acme' }, /needs url/],
    [PATCH, { id, url: 'https://hooks.acme.com@evil.com/', credential_ref: 'acme' }, /user name/],
    [PATCH, { id, url: 'https://hooks.acme.com\\@evil.com/', credential_ref: 'acme' }, /url/],
    [PATCH, { id, url: 'https://hooks.acme.com.evil.com/', credential_ref: 'acme' }, /not for hooks/],
    [CREATE, { ...made, credential_ref: 'Acme' }, /lower-case/],
    [CREATE, { ...made, credential_ref: 'other' }, /no webhook secret "other"/],
    [CREATE, { ...made, password: 'x' }, /not both/],
  ]
  await tenant.sandbox.forgetRequests()
  for (const [name, args, words] of attempts) {
    const { isError, text } = await call(name, args)
    expect([isError, text]).toEqual([true, expect.stringMatching(words)])
  }
  expect(await sent()).toEqual([])
  expect((await call(PATCH, { id, url: `${url}/3`, refund_reason: true })).data.outcome).toBe('succeeded')
  expect(await sent()).toEqual([{ url: `${url}/3`, refund_reason: true }])
})

test('another account does not have it', async () => {
  const other = await newTenant({ ...stack, sandboxUrl })
  const at = await other.serve({ methods: ['write'] })
  expect((await call(CREATE, made, at)).text).toMatch(/no webhook secret "acme"/)
})

test.each([
  ['shows', {}, (name: string, args: object) => [name, args] as const],
  [
    'finds',
    { tool_exposure: 'discovery' },
    (name: string, args: object) => ['call_write_tool', { tool_name: name, arguments: args }] as const,
  ],
])('a vault_only server that %s tools takes no plain credentials, by name neither', async (_, config, as) => {
  const at = await tenant.serve({ methods: ['write'], webhook_secrets: 'vault_only', ...config })
  const plain = { username: 'plain', password: 'plain-too' }
  const { credential_ref: __, ...bare } = made
  for (const args of [
    { ...bare, ...plain },
    { ...made, ...plain },
    { ...made, password: 'x' },
  ]) {
    const { text } = await callOver(at, ...as(CREATE, args))
    expect(text).toMatch(/unknown argument "(username|password)"/)
  }
  expect((await callOver(at, ...as(CREATE, bare))).text).toMatch(/credential_ref: required/)
  expect(await tenant.requestCount()).toBe(0)
  const args = { ...made, idempotency_key: crypto.randomUUID() }
  expect((await callOver(at, ...as(CREATE, args))).data).toMatchObject({ outcome: 'succeeded' })
})

const careless = { detail: `${HOOK.username} and ${HOOK.password} are wrong` }
test.each([
  ['a refusal', { status: 400, json: careless }],
  [
    'a refusal of fields',
    { status: 400, json: { password: [`${HOOK.password} is weak`], url: [HOOK.username] } },
  ],
  ['a throttle', { status: 429, json: careless }],
  ['a fault', { status: 500, json: careless }],
  ['no permission', { status: 403, json: careless }],
  ['a careless answer', { status: 200, json: { id: 'hook_x', ...HOOK, error: careless.detail } }],
])('%s that quotes the secret is told without it', async (_, fault) => {
  await tenant.sandbox.addFault({ ...fault, path: '/webhooks/' })
  // Of the unknown ones each holds back its equals.
  const { text } = await call(CREATE, { ...made, url: `${url}/${crypto.randomUUID()}` })
  await tenant.sandbox.clearFaults()
  await manage(stack, 'POST', `/integrated-account/${tenant.accountId}/verify`)
  expect(text).not.toBe('')
  expect(await sent()).toEqual([expect.objectContaining(HOOK)])
})

test('a replaced secret counts from the next write, a deleted one is gone, as are those of a deleted account', async () => {
  const other = await newTenant({ ...stack, sandboxUrl })
  const at = await other.serve({ methods: ['write'] })
  await store(['hooks.acme.com'], { ...HOOK, password: 'hook-renewed-canary' }, other)
  await call(CREATE, made, at)
  await store(['elsewhere.acme.com'], HOOK, other)
  expect((await call(CREATE, made, at)).text).toMatch(/elsewhere\.acme\.com only/)
  const bodies = (await other.requests()).filter(({ method }) => method === 'POST').map(({ body }) => body)
  expect(bodies).toEqual([expect.objectContaining({ password: 'hook-renewed-canary' })])
  expect(await manage(stack, 'DELETE', secret(other, 'acme'))).toEqual({ name: 'acme' })
  expect((await call(CREATE, made, at)).text).toMatch(/no webhook secret/)
  await store(['hooks.acme.com'], HOOK, other)
  await manage(stack, 'DELETE', `/integrated-account/${other.accountId}`)
  const key = { authorization: `Bearer ${stack.adminApiKey}` }
  expect((await fetch(`${stack.baseUrl}${secret(other).slice(0, -1)}`, { headers: key })).status).toBe(404)
})

test('no answer, log line, listing, audit row or export of all the above holds a word of it', async () => {
  const get = async (path: string) => {
    const response = await fetch(new URL(path, stack.baseUrl), {
      headers: { authorization: `Bearer ${stack.adminApiKey}` },
    })
    return response.text()
  }
  const filter = `log_type=all&log_type_filter[integrated_account_id]=${tenant.accountId}`
  const rows = await get(`/log?${filter}&limit=100`)
  const csv = await get(`/log/export?${filter}&format=csv`)
  const jsonl = await get(`/log/export?${filter}&format=jsonl`)
  const listed = await get(`${secret(tenant).slice(0, -1)}`)
  expect(listed).toContain('"name":"acme"')
  for (const text of [rows, csv, jsonl]) expect(text).toContain(CREATE)
  expect(rows).toContain('secret/:name')
  expect(told.length).toBeGreaterThan(80)
  const all = [...told, ...logs, rows, csv, jsonl, listed].join('\n')
  expect(all.match(/.{60}canary/g) ?? []).toEqual([])
})
