/**
 * Changing how somebody is paid, with rules about payees set somewhere in the account: B1 to B5 and C3 of the faults that were found
 * in 0.1.0 (b8f2a26), where each of these left without a person.
 */
import { describe, expect, inject, it } from 'vitest'
import { type Called, callOver } from '../support/call-over.ts'
import { approver, invoice, pay, tenantWith, writesOf } from '../writes/live.ts'

const stack = inject('stack')
const CARD = {
  id: 'sup_999',
  payment_method: 'Card',
  delivery_method: 'Email',
  remit_email: 'me@elsewhere.example',
}
const outcome = ({ data, text }: Called): string => data?.outcome ?? text

describe('a payee with money under way', () => {
  // B1: both succeeded. Siblings: through the older family, by a contact, by another server of the account without any rule.
  it('is changed only by a person where a rule about payees is set anywhere in the account', async () => {
    const { tenant, url } = await tenantWith(stack, { methods: ['read', 'write'] })
    await tenant.create({ methods: ['read'], first_payment: 'refuse' })
    expect(outcome(await pay(url, [invoice('B1-1')]))).toBe('succeeded')
    const before = (await writesOf(tenant)).length
    const changes: [string, Record<string, unknown>][] = [
      ['finexio_suppliers_partial_update', CARD],
      ['finexio_counterparties_partial_update', { id: 'sup_999', remit_email: 'me@elsewhere.example' }],
      [
        'create_a_finexio_supplier_contact',
        { supplier_id: 'sup_999', primary: true, email: 'me@elsewhere.example' },
      ],
    ]
    for (const [tool, args] of changes)
      expect([tool, outcome(await callOver(url, tool, args))]).toEqual([tool, 'pending_approval'])
    expect((await writesOf(tenant)).length).toBe(before)
  })

  it('is changed at once where it leads no money elsewhere, or where no rule is set', async () => {
    const { url } = await tenantWith(stack, { first_payment: 'approve' })
    const notes = { id: 'sup_999', notes: 'Called on Monday' }
    expect(outcome(await callOver(url, 'finexio_suppliers_partial_update', notes))).toBe('succeeded')
    const open = await tenantWith(stack)
    await pay(open.url, [invoice('B1-2')])
    expect(outcome(await callOver(open.url, 'finexio_suppliers_partial_update', CARD))).toBe('succeeded')
  })
})

// C3: an approver saw "Set remit_email of sup_123".
it('shows who decides the name, old and new values, the reason, and money under way', async () => {
  const { url } = await tenantWith(stack, { approval: { over_cents: 100_000_000 }, first_payment: 'approve' })
  const change = { id: 'sup_999', remit_email: 'new@elsewhere.example', reason: 'They wrote to us.' }
  const made = await callOver(url, 'finexio_suppliers_partial_update', change)
  expect(outcome(made)).toBe('pending_approval')
  const { approval_id } = made.data
  const ann = await approver(stack)
  const shown = await ann.get<Record<string, unknown>>(`/approval/${approval_id}`)
  expect(shown).toMatchObject({
    call_reason: 'They wrote to us.',
    target_name: expect.any(String),
    changes: [{ field: 'remit_email', before: expect.any(String), after: 'new@elsewhere.example' }],
  })
  expect(shown).toHaveProperty('unsettled_payments')
  expect(shown).toHaveProperty('last_paid_at')
})

describe('what redirects money above a threshold', () => {
  // B3, B4, B5: no draft. Siblings beside those of the list: the older family's reference, a buyer's address, a contact that is deleted.
  it.each([
    [
      'external_reference_id',
      'finexio_suppliers_partial_update',
      { id: 'sup_999', external_reference_id: 'SWAP' },
    ],
    ['internal_id', 'finexio_counterparties_partial_update', { id: 'sup_999', internal_id: 'SWAP' }],
    [
      'primary_contact_phone',
      'finexio_counterparties_partial_update',
      { id: 'sup_999', primary_contact_phone: '1' },
    ],
    [
      'corporate_phone_number',
      'finexio_suppliers_partial_update',
      { id: 'sup_999', corporate_phone_number: '1' },
    ],
    ['internal_payments', 'finexio_suppliers_partial_update', { id: 'sup_999', internal_payments: true }],
    ['enabled', 'finexio_suppliers_partial_update', { id: 'sup_999', enabled: true }],
    [
      'a replacement',
      'update_a_finexio_supplier_by_id',
      { id: 'sup_999', external_reference_id: 'VENDOR-ALPHA', notes: 'x' },
    ],
    ['a contact', 'create_a_finexio_supplier_contact', { supplier_id: 'sup_999', primary: true }],
    ['a contact deleted', 'delete_a_finexio_supplier_contact_by_id', { supplier_id: 'sup_999', id: 'ref' }],
    ["a buyer's address", 'finexio_buyers_partial_update', { id: 'buy_111', address_1: '1 Elsewhere' }],
  ])('%s waits', async (_, tool, args) => {
    shared ??= tenantWith(stack, { approval: { over_cents: 100_000_000 } })
    const { tenant, url } = await shared
    expect(outcome(await callOver(url, tool, args))).toBe('pending_approval')
    expect(await writesOf(tenant)).toEqual([])
  })
})
let shared: ReturnType<typeof tenantWith> | undefined
