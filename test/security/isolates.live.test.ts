/** What one isolate revoked, another one refuses, whatever old copies its KV still holds. */
import { afterAll, beforeAll, expect, inject, test } from 'vitest'
import { inLanes } from '../../bench/lanes.ts'
import { manage } from '../../scripts/local/management.ts'
import { legacy } from '../mcp/fake.ts'
import { times } from '../support/size.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { startTwoIsolates, type TwoIsolates } from '../support/two-isolates.ts'

const { sandboxUrl, finexioBaseUrl } = inject('stack')
const CALLS = times(200, 10_000)
const call = legacy('tools/call', { name: 'list_all_finexio_webhooks', arguments: {} })

let two: TwoIsolates
let tenant: Tenant
beforeAll(async () => {
  two = await startTwoIsolates(finexioBaseUrl)
})
afterAll(() => two.stop())

/** A server whose calls the second isolate serves from its own copy of the credential. */
const servedByBoth = async () => {
  tenant = await newTenant({ ...two.first, sandboxUrl, finexioBaseUrl })
  const { id, url } = await tenant.create()
  expect(await two.freezeKv()).toBeGreaterThan(0)
  const there = `${two.second}${new URL(url).pathname}`
  for (const address of [url, there]) {
    const { result } = (await (await fetch(address, call)).json()) as { result: { isError?: boolean } }
    expect(result.isError).toBeUndefined()
  }
  return { there, path: `/integrated-account/${tenant.accountId}`, id }
}

/** How many of many calls were let in by the second isolate, and how many requests reached Finexio. */
const tried = async (url: string) => {
  const before = await tenant.requestCount()
  let accepted = 0
  await inLanes(CALLS, 16, async () => {
    const response = await fetch(url, call)
    await response.arrayBuffer()
    if (response.status !== 404) accepted++
  })
  return { accepted, sent: (await tenant.requestCount()) - before }
}

test('a deleted server is dead in the other isolate at once', async () => {
  const { there, path, id } = await servedByBoth()
  await manage(two.first, 'DELETE', `${path}/mcp/${id}`)
  expect(await tried(there)).toEqual({ accepted: 0, sent: 0 })
})

test('so are the servers of a deleted account, though its credential still lies in that KV', async () => {
  const { there, path } = await servedByBoth()
  await manage(two.first, 'DELETE', path)
  expect(await tried(there)).toEqual({ accepted: 0, sent: 0 })
})

test('so is a token that was rotated away, and the new one lives there', async () => {
  const { there, path, id } = await servedByBoth()
  const { url } = await manage<{ url: string }>(two.first, 'POST', `${path}/mcp/${id}/rotate`)
  expect(await tried(there)).toEqual({ accepted: 0, sent: 0 })
  expect((await fetch(`${two.second}${new URL(url).pathname}`, call)).status).toBe(200)
})
