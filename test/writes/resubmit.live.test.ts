/** An invoice whose payment was refunded: Finexio frees its number, and it can be submitted again through the same server. */
import { expect, inject, test } from 'vitest'
import { callOver } from '../support/call-over.ts'
import { invoice, pay, tenantWith } from './live.ts'

const stack = inject('stack')

test('a refunded invoice can be submitted again, also with another amount; one that is paid cannot', async () => {
  const { tenant, url } = await tenantWith(stack)
  await pay(url, [invoice('AGAIN-1'), invoice('AGAIN-2', 22_222, 'sup_123')])
  await tenant.sandbox.advance(90)
  const traced = await callOver(url, 'trace_finexio_invoice', { invoice_number: 'AGAIN-1' })
  const payment = `payments/${traced.data.payment.id}`
  await tenant.sandbox.act(`${payment}/outcome`, { outcome: 'complete' })
  const paid = await pay(url, [invoice('AGAIN-1', 15_000)])
  expect(paid.text).toMatch(/duplicate_invoice/)
  await tenant.sandbox.act(`${payment}/refund`, { reason: 'Account closed' })
  expect((await pay(url, [invoice('AGAIN-1', 15_000)], { dry_run: true })).data.verdict).not.toBe('refused')
  expect((await pay(url, [invoice('AGAIN-1', 15_000)])).data).toMatchObject({ outcome: 'succeeded' })
  expect((await pay(url, [invoice('AGAIN-1', 16_000)])).isError).toBe(true)
})
