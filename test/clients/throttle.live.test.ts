/** Whatever client, whatever mode, the numbers of a 429 can be read, and one request was sent. */
import { describe, expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'
import { sdkClients } from './sdk-clients.ts'

const META = 'dev.finexio-mcp/rate-limit'
const NUMBERS = { source: 'finexio', status: 429, limit: 60, remaining: 0, reset: 17, retry_after: 17 }

/** A client that has listed the tools checks results against their output schemas; one that has not does not. */
const knowledge = [
  { label: 'knowing the output schema', listFirst: true },
  { label: 'without knowing it', listFirst: false },
]

describe.each(sdkClients)('$name', ({ connect }) => {
  test.each(knowledge)('reads the numbers from the result, $label', async ({ listFirst }) => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'] }))
    if (listFirst) await client.toolNames()
    await tenant.throttleNext()
    const before = await tenant.requestCount()
    const result = await client.call('list_all_finexio_payments', {})
    expect(result.isError).toBe(true)
    expect(result.structuredContent).toBeUndefined()
    expect(result.content[0]?.text).toMatch(/17 s/)
    expect(result._meta?.[META]).toEqual(NUMBERS)
    expect(await tenant.requestCount()).toBe(before + 1)
    await client.close()
  })

  test.each(knowledge)('reads the numbers from the HTTP error, $label', async ({ listFirst }) => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'], upstream_429: 'http' }))
    if (listFirst) await client.toolNames()
    await tenant.throttleNext()
    const before = await tenant.requestCount()
    const thrown: unknown = await client.call('list_all_finexio_payments', {}).then(
      () => null,
      (error: unknown) => error,
    )
    expect(thrown).toBeInstanceOf(Error)
    expect(String(thrown)).toMatch(/17 s/)
    expect(String(thrown)).toContain(`"data":${JSON.stringify(NUMBERS)}`)
    expect(await tenant.requestCount()).toBe(before + 1)
    await client.close()
  })
})
