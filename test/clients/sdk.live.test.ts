import { describe, expect, inject, test } from 'vitest'
import { newTenant } from '../support/tenant.ts'
import { sdkClients } from './sdk-clients.ts'

describe.each(sdkClients)('$name', ({ connect }) => {
  test('connects, lists the visible tools and calls one', async () => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'], tags: ['payments'] }))
    const names = await client.toolNames()
    expect(names).toContain('list_all_finexio_payments')
    expect(names).not.toContain('list_all_finexio_webhooks')
    const result = await client.call('list_all_finexio_payments', { limit: 3 })
    expect(result.isError).toBeFalsy()
    expect(result.structuredContent).toMatchObject({ result_count: 3 })
    await client.close()
  })

  test('cannot call what its server hides', async () => {
    const tenant = await newTenant(inject('stack'))
    const client = await connect(await tenant.serve({ methods: ['read'], tags: ['payments'] }))
    const before = await tenant.requestCount()
    await expect(client.call('list_all_finexio_webhooks', {})).rejects.toThrow(/list_all_finexio_webhooks/)
    expect(await tenant.requestCount()).toBe(before)
    await client.close()
  })
})
