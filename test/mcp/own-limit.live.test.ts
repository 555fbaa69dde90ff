/** This server's own limit over HTTP, with the product's default of 50 tool calls in 10 seconds per account. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Stack } from '../../scripts/local/stack.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant } from '../support/tenant.ts'
import { legacy, modern } from './fake.ts'

let stack: Stack
beforeAll(async () => {
  stack = await startBuilt({ bindings: { OWN_LIMIT: '' } })
})
afterAll(() => stack.stop())

const NAME = 'list_all_finexio_webhooks'
const call = legacy('tools/call', { name: NAME, arguments: {} })

const burst = (url: string, count: number) =>
  Promise.all(Array.from({ length: count }, async () => (await fetch(url, call)).status))

test('the 51st call within 10 seconds is refused as ours with its numbers, and nothing is sent to Finexio', async () => {
  const tenant = await newTenant(stack)
  const [url, second] = [await tenant.serve(), await tenant.serve()]
  expect(new Set(await burst(url, 50))).toEqual(new Set([200]))
  const sent = await tenant.requestCount()
  // A second URL of the same account is no way round.
  for (const [again, init] of [
    [url, call],
    [second, modern('tools/call', { name: NAME, arguments: {} })],
  ] as const) {
    const response = await fetch(again, init)
    expect(response.status).toBe(429)
    const reset = Number(response.headers.get('ratelimit-reset'))
    expect(reset).toBeGreaterThanOrEqual(1)
    expect(reset).toBeLessThanOrEqual(10)
    const { headers } = response
    const numbers = ['ratelimit-limit', 'ratelimit-remaining', 'retry-after'].map((name) => headers.get(name))
    expect(numbers).toEqual(['50', '0', String(reset)])
    expect(await response.json()).toMatchObject({
      id: 1,
      error: { code: 429, data: { source: 'server', limit: 50, remaining: 0, reset } },
    })
  }
  expect(await tenant.requestCount()).toBe(sent)
})

test('what is no tool call is served all the same', async () => {
  const url = await (await newTenant(stack)).serve()
  await burst(url, 60)
  for (const method of ['tools/list', 'ping']) expect((await fetch(url, legacy(method))).status).toBe(200)
})

test('a burst of one tenant is no matter to another', async () => {
  const [loud, quiet] = [await newTenant(stack), await newTenant(stack)]
  const [loudUrl, quietUrl] = [await loud.serve(), await quiet.serve()]
  const [noise, answers] = await Promise.all([burst(loudUrl, 80), burst(quietUrl, 20)])
  expect(noise.filter((status) => status === 429)).toHaveLength(30)
  expect(answers).toEqual(Array(20).fill(200))
})

test('an old SSE client is told on its stream, which stays open', async () => {
  const url = await (await newTenant(stack)).serve()
  await burst(url, 50)
  const stream = await fetch(`${url}/sse`)
  const reader = stream.body!.pipeThrough(new TextDecoderStream()).getReader()
  const endpoint = (await reader.read()).value!.split('data: ')[1]!.trim()
  const messages = new URL(endpoint, `${url}/sse`)
  expect((await fetch(messages, call)).status).toBe(202)
  const { value } = await reader.read()
  expect(JSON.parse(value!.split('data: ')[1]!)).toMatchObject({
    id: 1,
    error: { data: { source: 'server' } },
  })
  await fetch(messages, legacy('ping'))
  expect((await reader.read()).value).toContain('"result":{}')
  await reader.cancel()
})
