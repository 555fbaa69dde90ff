/** Whatever happens to a call, no secret reaches a log line, an answer, a header or the collector of the trail. */

import { randomBytes } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import type { Fault } from '../../sandbox/wire/faults.ts'
import { manage } from '../../scripts/local/management.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import type { JsonSchema } from '../../src/tools/json-schema.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { listed } from '../tools/listed.ts'

const { sandboxUrl, finexioBaseUrl } = inject('stack')
const secrets = randomSecrets()
const FURTHER = {
  MASTER_KEY_V2: randomBytes(32).toString('base64'),
  NOTIFY_SECRET: `whsec_${randomBytes(32).toString('base64')}`,
  LOG_PUSH_HEADERS: 'x-key=push-header-canary',
}
const TRACE = '0af7651916cd43dd8448eb211c80319c'
const logs: string[] = []
const pushed: string[] = []
const collector = createServer((request, response) => {
  const chunks: Buffer[] = []
  request.on('data', (chunk: Buffer) => chunks.push(chunk))
  request.on('end', () => {
    pushed.push(Buffer.concat(chunks).toString())
    response.setHeader('content-type', 'application/json').end('{}')
  })
})

/** What an agent may send, and what must not come back. */
const GIVEN = {
  password: 'hook-password-canary',
  username: 'hook-user-canary',
  account: '9876543210123',
  routing: '021000021',
  tax: '98-7654321',
  unknown: 'unknown-argument-canary',
}
/** What Finexio says when it is careless. */
const SAID = { account: '5550001112223', header: 'set-cookie-canary', key: 'upstream-key-canary' }

let stack: Stack
let tenant: Tenant
let url: string
let apiToken: string
let old: string
let forbidden: string[]

beforeAll(async () => {
  // Somebody listens there no more: telling of refused credentials fails, and must say nothing either.
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  const LOG_PUSH_URL = `http://127.0.0.1:${(collector.address() as AddressInfo).port}/v1/logs`
  const bindings = { ...FURTHER, LOG_PUSH_URL, NOTIFY_URL: 'http://127.0.0.1:9/hook' }
  stack = await startBuilt({ secrets, bindings, finexioBaseUrl, onLog: (line) => logs.push(line) })
  tenant = await newTenant({ ...stack, sandboxUrl })
  const server = await tenant.create({ methods: ['read', 'write'] })
  const path = `/integrated-account/${tenant.accountId}/mcp/${server.id}/rotate`
  old = server.token
  const rotated = await manage<{ token: string; url: string }>(stack, 'POST', path, { overlap_seconds: 3600 })
  url = rotated.url
  const scopes = ['mcp']
  apiToken = (await manage<{ token: string }>(stack, 'POST', '/api-token', { name: 'x', scopes })).token
  const password = `password of ${tenant.username}`
  forbidden = [
    ...[secrets.ADMIN_API_KEY, secrets.TOKEN_PEPPER, secrets.MASTER_KEY_V1, old, apiToken],
    ...Object.values(FURTHER),
    ...[rotated.token, rotated.token.slice(6, 60), new URL(url).pathname, password],
    ...[btoa(`${tenant.username}:${password}`), GIVEN.password, GIVEN.username],
    ...[GIVEN.account, GIVEN.routing, GIVEN.tax, GIVEN.unknown, ...Object.values(SAID)],
  ]
})
afterAll(async () => {
  await stack.stop()
  collector.close()
})

const textFor = (name: string): string => {
  if (/password/.test(name)) return GIVEN.password
  if (/username/.test(name)) return GIVEN.username
  if (/routing/.test(name)) return GIVEN.routing
  if (/account_number|bank_account/.test(name)) return GIVEN.account
  if (/tax|ein|ssn/.test(name)) return GIVEN.tax
  if (/date|start|end/.test(name)) return '2026-11-01'
  if (/url/.test(name)) return 'https://hooks.example.com/f'
  return 'sup_999'
}

type Parts = {
  type?: string
  enum?: unknown[]
  properties?: Record<string, JsonSchema>
  items?: JsonSchema
  required?: readonly string[]
}

/** A value that a schema admits, with secrets where a field may hold one. */
const sampleOf = (schema: JsonSchema, name: string): unknown => {
  const { type, enum: words, properties, items } = schema as Parts
  if (words) return words[0]
  if (type === 'object') return samplesOf(schema, properties ?? {})
  if (type === 'array') return items ? [sampleOf(items, name)] : []
  if (type === 'integer' || type === 'number') return 5
  return type === 'boolean' ? true : textFor(name)
}

const SECRET_FIELDS = /password|username|routing|account|tax|ein|address|bank|payment/

const samplesOf = (schema: JsonSchema, properties: Record<string, JsonSchema>): Record<string, unknown> => {
  const { required = [] } = schema as Parts
  const wanted = Object.entries(properties).filter(
    ([name]) => required.includes(name) || SECRET_FIELDS.test(name),
  )
  return Object.fromEntries(wanted.map(([name, inner]) => [name, sampleOf(inner, name)]))
}

const careless = {
  detail: `Denied for ${SAID.key}`,
  account_number: SAID.account,
  results: [
    { id: 'x', bank_account_number: SAID.account, payment_preferences: { account_number: SAID.account } },
  ],
}

const OUTCOMES = [
  ['an ordinary answer', null],
  ['a careless answer', { status: 200, json: careless, headers: { 'x-debug': SAID.header } }],
  ['a careless refusal', { status: 400, json: { account_number: [`${SAID.account} is taken`] } }],
  ['a throttle', { status: 429, json: careless, headers: { 'set-cookie': `a=${SAID.header}` } }],
  ['a fault', { status: 500, body: `<h1>${SAID.key}</h1>`, content_type: 'text/html' }],
  ['refused credentials', { status: 403, json: { detail: 'Invalid username/password.' } }],
] satisfies [string, Partial<Fault> | null][]

const post = async (name: string, args: object, target: string) => {
  const response = await fetch(target, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      authorization: `Bearer ${apiToken}`,
      traceparent: `00-${TRACE}-b7ad6b7169203331-01`,
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: args } }),
  })
  return `${response.status} ${JSON.stringify([...response.headers])} ${await response.text()}`
}

const leaks = (text: string): string[] => forbidden.filter((secret) => text.includes(secret))

test.each(OUTCOMES)('no secret in any tool’s answer, header or log line: %s', async (_, fault) => {
  logs.length = 0
  const found: string[] = []
  for (const { name, inputSchema } of catalogue.map(listed)) {
    await tenant.sandbox.clearFaults()
    if (fault) await tenant.sandbox.addFault({ ...fault, times: null })
    const args = samplesOf(
      inputSchema,
      (inputSchema as { properties?: Record<string, JsonSchema> }).properties ?? {},
    )
    for (const [sent, target] of [
      [args, url],
      [{ ...args, [GIVEN.unknown.slice(0, 8)]: GIVEN.unknown }, url],
    ] as const) {
      const text = await post(name, sent, target)
      found.push(...leaks(text).map((secret) => `${name}: ${secret.slice(0, 12)}… in ${text.slice(0, 400)}`))
    }
    await tenant.sandbox.clearFaults()
    if (fault?.status === 403) await manage(stack, 'POST', `/integrated-account/${tenant.accountId}/verify`)
  }
  expect(found).toEqual([])
  expect(leaks(logs.join('\n'))).toEqual([])
})

test('the management API and dead URLs keep them too', async () => {
  logs.length = 0
  const texts: string[] = []
  const note = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(`${stack.baseUrl}${path}`, init)
    texts.push(JSON.stringify([...response.headers]), await response.text())
  }
  const key = { authorization: `Bearer ${secrets.ADMIN_API_KEY}` }
  for (const path of [
    '/integrated-account',
    '/api-token',
    `/integrated-account/${tenant.accountId}/mcp`,
    '/health',
  ])
    await note(path, { headers: key })
  await note(`/mcp/${old}x`, { method: 'POST', body: '{' })
  await note('/integrated-account', { headers: { authorization: `Bearer ${apiToken}` } })
  await note('/integrated-account', {
    method: 'POST',
    headers: key,
    body: JSON.stringify({
      name: 'x',
      credentials: { username: GIVEN.username, password: 7, secret: GIVEN.password },
    }),
  })
  expect(leaks(texts.join('\n'))).toEqual([])
  expect(leaks(logs.join('\n'))).toEqual([])
})

test('the collector gets the rows of these calls, in the traces of their callers, and none of the secrets', async () => {
  const about = (chain: string) => pushed.filter((body) => body.includes(`"stringValue":"${chain}"`)).length
  await expect
    .poll(() => Math.min(about(tenant.accountId), about('deployment')), { timeout: 60_000 })
    .toBeGreaterThan(0)
  expect(pushed.join('\n')).toContain(`"traceId":"${TRACE}","spanId":"b7ad6b7169203331","flags":1`)
  expect(leaks(pushed.join('\n'))).toEqual([])
})

test('the check itself finds a secret where there is one', () => {
  expect(leaks(`x ${secrets.TOKEN_PEPPER} y`)).toHaveLength(1)
  expect(forbidden.every((secret) => secret.length >= 9)).toBe(true)
  expect(new Set(forbidden).size).toBeGreaterThanOrEqual(20)
})
