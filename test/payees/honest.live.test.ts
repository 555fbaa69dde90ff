/** An honest batch is one call and no hold: with default settings, after an acceptance of the present, and after call-backs. */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { callOver } from '../support/call-over.ts'
import { approver, invoice, pay, tenantWith, writesOf } from '../writes/live.ts'

const stack = inject('stack')

const batch = (prefix: string, ...suppliers: string[]) =>
  Array.from({ length: 12 }, (_, at) =>
    invoice(`${prefix}-${at}`, 100 + at, suppliers[at % suppliers.length]),
  )

const expectPaid = ({ data, text }: Awaited<ReturnType<typeof pay>>) =>
  expect(data, text).toMatchObject({ outcome: 'succeeded', result_count: 12 })

test('12 invoices to known suppliers, with default settings', async () => {
  const { tenant, url } = await tenantWith(stack)
  expectPaid(await pay(url, batch('D', 'sup_123', 'sup_999')))
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('12 invoices where payees are verified: after an acceptance, and after a call-back for each', async () => {
  const { tenant, url } = await tenantWith(stack)
  const path = `/integrated-account/${tenant.accountId}`
  await manage(stack, 'PATCH', path, { payees: 'verified' })
  const ann = await approver(stack)
  const as = { ...stack, adminApiKey: ann.token }
  await manage(as, 'POST', `${path}/payee/acceptance`, {})
  expectPaid(await pay(url, batch('A', 'sup_123')))
  const { seen } = await ann.get<{ seen: string }>(`${path}/payee/sup_999`)
  await manage(as, 'POST', `${path}/payee/sup_999/callback`, {
    ...{ called: 'Rita', called_at: new Date().toISOString(), number: '+1 555 010 9999', seen },
    ...{ number_from: 'outside_source', source: 'contract of 2024' },
  })
  expectPaid(await pay(url, batch('B', 'sup_123', 'sup_999')))
  expect(await writesOf(tenant)).toHaveLength(2)
})

test('a supplier with contacts is created and changed, and the receipts say so plainly', async () => {
  const { url } = await tenantWith(stack)
  const supplier = {
    name: 'Honest Works',
    external_reference_id: 'honest-007',
    ...{ payment_method: 'ACH', bank_account_number: '00123456', bank_routing_number: '021000021' },
    contacts: [{ external_reference_id: 'c-1', name: 'Rita', email: 'rita@honest.example', primary: true }],
  }
  const made = await callOver(url, 'create_a_finexio_supplier', supplier)
  expect(made.data, made.text).toMatchObject({ outcome: 'succeeded' })
  const changed = await callOver(url, 'finexio_suppliers_partial_update', {
    ...{ id: made.data.id, corporate_phone_number: '5550100123', payment_terms: 30 },
  })
  expect(changed.data, changed.text).toMatchObject({ outcome: 'succeeded' })
})
