/** An account whose credential Finexio refuses, and one that is read-only, as a client meets them. */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { callOver } from '../support/call-over.ts'
import { newTenant } from '../support/tenant.ts'

const stack = inject('stack')
test('a refused credential stops every later call here, until it is verified', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve()
  await tenant.sandbox.addFault({ status: 403, json: { detail: 'Invalid username/password.' } })
  expect((await callOver(url, 'list_all_finexio_webhooks')).text).toMatch(/refuses the credentials/)
  const path = `/integrated-account/${tenant.accountId}`
  await expect
    .poll(async () => (await manage<{ status: string }>(stack, 'GET', path)).status)
    .toBe('needs_reauth')
  const before = await tenant.requestCount()
  expect((await callOver(url, 'list_all_finexio_webhooks')).text).toMatch(/renew or verify/)
  expect(await tenant.requestCount()).toBe(before)
  expect((await manage<{ status: string }>(stack, 'POST', `${path}/verify`)).status).toBe('active')
  expect((await callOver(url, 'list_all_finexio_webhooks')).isError).toBe(false)
})

test('a read-only account refuses every write, whatever the filter lets through', async () => {
  const tenant = await newTenant(stack)
  const url = await tenant.serve({ methods: ['read', 'write'] })
  await manage(stack, 'PATCH', `/integrated-account/${tenant.accountId}`, { read_only: true })
  const refused = await callOver(url, 'delete_a_finexio_webhook_by_id', { id: 'w' })
  expect([refused.isError, refused.text]).toEqual([true, expect.stringMatching(/read-only \(405\)/)])
  expect((await callOver(url, 'list_all_finexio_webhooks')).isError).toBe(false)
})
