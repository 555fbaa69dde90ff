/** Dead URLs, revocation, hostile headers, a tool list that does not change. */
import { createHash } from 'node:crypto'
import { request } from 'node:http'
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { inLanes } from '../../bench/lanes.ts'
import { manage } from '../../scripts/local/management.ts'
import type { Stack } from '../../scripts/local/stack.ts'
import { mintToken } from '../../src/rules/mcp-token.ts'
import { catalogue } from '../../src/tools/catalogue.ts'
import { legacy, modern } from '../mcp/fake.ts'
import { times } from '../support/size.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'

const stack = inject('stack')
const list = legacy('tools/list')

const seen = async (url: string, init: RequestInit) => {
  const response = await fetch(url, init)
  const headers = [...response.headers].filter(([name]) => name !== 'date' && name !== 'x-request-id')
  return JSON.stringify([response.status, headers, await response.text()])
}

test('malformed, unknown, rotated and revoked URLs answer with the same bytes, over HTTP', async () => {
  const tenant = await newTenant(stack)
  const path = `/integrated-account/${tenant.accountId}/mcp`
  const revoked = await tenant.create()
  await manage(stack, 'DELETE', `${path}/${revoked.id}`)
  const rotated = await tenant.create()
  await manage(stack, 'POST', `${path}/${rotated.id}/rotate`)
  const unknown = mintToken(tenant.accountId)
  const elsewhere = mintToken(crypto.randomUUID())
  const urls = [
    revoked.url,
    rotated.url,
    `${stack.baseUrl}/mcp/${unknown}`,
    `${stack.baseUrl}/mcp/${elsewhere}`,
  ]
  const malformed = ['x', unknown.slice(0, -1), `${unknown}0`, unknown.replace('fxmcp_', 'fxapi_')]
  const all = [...urls, ...malformed.map((text) => `${stack.baseUrl}/mcp/${text}`)]
  for (const init of [list, modern('tools/list'), legacy('tools/call', { name: 'x', arguments: {} })])
    expect(new Set(await Promise.all(all.map((url) => seen(url, init)))).size).toBe(1)
})

test('once DELETE returned, no call is served, whoever asks and how often', async () => {
  const tenant = await newTenant(stack)
  const { id, url } = await tenant.create()
  const call = legacy('tools/call', { name: 'list_all_finexio_webhooks', arguments: {} })
  expect((await fetch(url, call)).status).toBe(200)
  await manage(stack, 'DELETE', `/integrated-account/${tenant.accountId}/mcp/${id}`)
  const sent = await tenant.requestCount()
  let accepted = 0
  await inLanes(times(200, 10_000), 16, async () => {
    const response = await fetch(url, call)
    await response.arrayBuffer()
    if (response.status !== 404) accepted++
  })
  expect([accepted, await tenant.requestCount()]).toEqual([0, sent])
})

const HOSTILE = [
  ['authorization', 'Basic ZXZpbDpldmls'],
  ['cookie', 'session=evil'],
  ['host-override', 'evil.test'],
  ['x-forwarded-for', '10.0.0.1'],
  ['x-forwarded-host', 'evil.test'],
  ['x-forwarded-proto', 'http'],
  ['x-forwarded-prefix', '/evil'],
  ['forwarded', 'for=10.0.0.1;host=evil.test'],
  ['x-real-ip', '10.0.0.1'],
  ['true-client-ip', '10.0.0.1'],
  ['x-original-url', '/evil'],
  ['x-rewrite-url', '/evil'],
  ['x-http-method-override', 'DELETE'],
  ['x-method-override', 'DELETE'],
  ['x-api-key', 'evil'],
  ['api-key', 'evil'],
  ['x-auth-token', 'evil'],
  ['x-access-token', 'evil'],
  ['x-csrf-token', 'evil'],
  ['proxy-authorization', 'Basic ZXZpbA=='],
  ['x-finexio-username', 'evil'],
  ['x-finexio-password', 'evil'],
  ['x-tenant-id', 'evil'],
  ['x-account-id', 'evil'],
  ['x-user', 'evil'],
  ['idempotency-key', 'evil'],
  ['via', '1.1 evil'],
  ['referer', 'https://evil.test/'],
  ['traceparent', '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'],
  ['baggage', 'evil=1'],
] as const

test(`of ${HOSTILE.length} hostile headers none reaches Finexio`, async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve()
  await tenant.sandbox.forgetRequests()
  const init = legacy('tools/call', { name: 'list_all_finexio_webhooks', arguments: {} })
  for (const [name, value] of HOSTILE) {
    const headers = new Headers(init.headers)
    headers.set(name, value)
    expect((await fetch(url, { ...init, headers })).status, name).toBe(200)
  }
  const requests = await tenant.requests()
  expect(requests).toHaveLength(HOSTILE.length)
  const arrived = JSON.stringify(requests)
  expect(arrived).not.toMatch(/evil|10\.0\.0\.1|0af7651916cd43dd/)
  expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set([true]))
})

/** `fetch` does not let a caller choose its Host. */
const withHost = (url: string, headers: Record<string, string>) =>
  new Promise<number | undefined>((resolve, reject) => {
    const { body, headers: usual } = legacy('tools/call', {
      name: 'list_all_finexio_webhooks',
      arguments: {},
    })
    const all = { ...(usual as Record<string, string>), ...headers }
    request(url, { method: 'POST', headers: all }, (response) => {
      response.resume().on('end', () => resolve(response.statusCode))
    })
      .on('error', reject)
      .end(body)
  })

test('another Host neither reaches Finexio nor makes its own pages welcome', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve()
  await tenant.sandbox.forgetRequests()
  expect(await withHost(url, { host: 'evil.test' })).toBe(200)
  expect(JSON.stringify(await tenant.requests())).not.toContain('evil')
  // A page whose name was made to point here (DNS rebinding): Origin and Host agree, and still it is foreign.
  expect(await withHost(url, { host: 'evil.test', origin: 'http://evil.test' })).toBe(403)
  expect(await tenant.requestCount()).toBe(1)
})

let second: Stack
beforeAll(async () => {
  second = await startBuilt()
})
afterAll(() => second.stop())

test('the tool list is the same in every call, isolate and era, and hidden tools do not run', async () => {
  const hashes = new Map<string, Set<string>>()
  const config = { methods: ['read'], tags: ['payments', 'webhooks'] }
  for (const one of [stack, second]) {
    const tenant = await newTenant(one)
    const url = await tenant.serve(config)
    for (const [era, init] of [
      ['legacy', list],
      ['modern', modern('tools/list')],
    ] as const)
      await inLanes(times(50, 500), 16, async () => {
        const { result } = (await (await fetch(url, init)).json()) as { result: { tools: unknown } }
        const hash = createHash('sha256').update(JSON.stringify(result.tools)).digest('hex')
        hashes.set(era, (hashes.get(era) ?? new Set()).add(hash))
      })
  }
  expect([...hashes.values()].map(({ size }) => size)).toEqual([1, 1])
  expect(hashes.get('legacy')).toEqual(hashes.get('modern'))
})

test('every tool outside the filter is unknown at call time and asks nobody', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['get'], tags: ['webhooks'] })
  const hidden = catalogue.filter(({ name }) => name !== 'get_single_finexio_webhook_by_id')
  await tenant.sandbox.forgetRequests()
  for (const { name } of hidden)
    for (const init of [legacy, modern].map((make) => make('tools/call', { name, arguments: {} }))) {
      const body = (await (await fetch(url, init)).json()) as { error?: { code: number; message: string } }
      expect([body.error?.code, body.error?.message]).toEqual([-32602, `Unknown tool: ${name}`])
    }
  expect(await tenant.requestCount()).toBe(0)
})
