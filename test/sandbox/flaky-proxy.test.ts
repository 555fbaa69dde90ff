import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type FlakyProxy, startFlakyProxy } from '../../sandbox/flaky-proxy.ts'

let reached: string[] = []
const upstream = createServer((request, response) => {
  reached.push(`${request.method} ${request.url} ${request.headers.host}`)
  response
    .writeHead(200, { 'content-type': 'application/json' })
    .end(JSON.stringify({ text: 'x'.repeat(5_000) }))
})
let proxy: FlakyProxy

beforeEach(async () => {
  reached = []
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve))
  proxy = await startFlakyProxy({ target: `http://127.0.0.1:${(upstream.address() as AddressInfo).port}` })
})

afterEach(async () => {
  await proxy.close()
  upstream.closeAllConnections()
  await new Promise((resolve) => upstream.close(resolve))
})

test('passes requests on unchanged and counts them', async () => {
  const response = await fetch(`${proxy.url}/v2/payments/?page=2`)
  expect(await response.json()).toEqual({ text: 'x'.repeat(5_000) })
  expect(reached).toEqual([`GET /v2/payments/?page=2 ${new URL(proxy.url).host}`])
  expect(proxy.seen).toBe(1)
})

test('before: the connection ends without an answer, as often as asked', async () => {
  proxy.drop('before', { times: 2 })
  await expect(fetch(proxy.url)).rejects.toThrow()
  await expect(fetch(proxy.url)).rejects.toThrow()
  expect(reached).toEqual([])
  expect((await fetch(proxy.url)).status).toBe(200)
  expect(proxy.seen).toBe(3)
})

test('before with forward: the request takes effect, its answer is lost', async () => {
  proxy.drop('before', { forward: true })
  await expect(fetch(proxy.url, { method: 'POST', body: '{}' })).rejects.toThrow()
  expect(reached).toHaveLength(1)
})

test('middle: head and half the body arrive, then the connection ends', async () => {
  proxy.drop('middle')
  const response = await fetch(proxy.url)
  expect(response.status).toBe(200)
  await expect(response.text()).rejects.toThrow()
  expect(reached).toHaveLength(1)
})

test('never: silence until the client gives up', async () => {
  proxy.drop('never')
  await expect(fetch(proxy.url, { signal: AbortSignal.timeout(200) })).rejects.toThrow()
  expect([proxy.seen, reached.length]).toEqual([1, 0])
})
