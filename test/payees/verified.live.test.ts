/** Verified payees end to end: nothing leaves for a supplier for whom nobody vouched as it is now. At b8f2a26 each attack here was paid. */
import { describe, expect, inject, it } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import type { Tenant } from '../support/tenant.ts'
import { approver, atFinexio, invoice, pay, tenantWith } from '../writes/live.ts'

const stack = inject('stack')

const SUPPLIER = '/counterparties/suppliers/'
const call = (more: object = {}) => ({
  called: 'Rita Receivable',
  called_at: new Date().toISOString(),
  number: '+1 555 010 9999',
  number_from: 'outside_source',
  source: 'contract of 2024',
  ...more,
})

type Person = Awaited<ReturnType<typeof approver>>

const as = (person: Person) => ({ ...stack, adminApiKey: person.token })
const payeePath = ({ accountId }: Tenant, id: string) => `/integrated-account/${accountId}/payee/${id}`
const callBack = (person: Person, tenant: Tenant, id: string, more: object = {}) =>
  manage<{ result: { state: string }[] }>(as(person), 'POST', `${payeePath(tenant, id)}/callback`, call(more))

const verifiedTenant = async (config: Record<string, unknown> = {}) => {
  const made = await tenantWith(stack, config)
  await manage(stack, 'PATCH', `/integrated-account/${made.tenant.accountId}`, { payees: 'verified' })
  return { ...made, ann: await approver(stack), bob: await approver(stack, ['approve'], 'Bob Approver') }
}

const rejected = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (fault: Error) => fault.message,
  )

describe('an account whose payees are verified', () => {
  it('holds an invoice until somebody called back, and another person approves it', async () => {
    const { tenant, url, ann, bob } = await verifiedTenant()
    const held = await pay(url, [invoice('V-1', 100, 'sup_123'), invoice('V-2', 100, 'sup_999')])
    expect(held.data).toMatchObject({ outcome: 'pending_approval', rows_of_verified_payees: [] })
    const { approval_id } = held.data
    expect(await rejected(ann.approve(approval_id))).toMatch(/unverified_payee/)
    expect(await rejected(callBack(ann, tenant, 'sup_123', { source: undefined }))).toMatch(/name where/)
    expect(
      (await callBack(ann, tenant, 'sup_123', { others: [{ supplier_id: 'sup_999', number: '5550109998' }] }))
        .result,
    ).toMatchObject([{ state: 'called_back' }, { state: 'called_back' }])
    expect(await rejected(ann.approve(approval_id))).toMatch(/vouched for a supplier/)
    expect(await bob.approve(approval_id)).toMatchObject({
      state: 'executed',
      outcome: { state: 'succeeded' },
    })
    const before = (await tenant.requests()).length
    const again = await pay(url, [invoice('V-3', 100, 'sup_123'), invoice('V-4', 100, 'sup_999')])
    expect(again.data.outcome, again.text).toBe('succeeded')
    const asked = (await tenant.requests())
      .slice(before)
      .filter(({ path }) => path.includes('counterparties'))
    expect(asked.length).toBe(2)
  })

  it.each([
    ['another e-mail in the portal', 'sup_123', { remit_email: 'me@elsewhere.example' }],
    ['another bank account', 'sup_123', { bank_account_number: '999888777' }],
    ['its reference', 'sup_123', { external_reference_id: 'SWAPPED' }],
    ['its telephone number', 'sup_123', { corporate_phone_number: '5550100000' }],
  ])('pays nobody whose record changed since: %s', async (_, id, change) => {
    const { tenant, url, ann } = await verifiedTenant()
    await callBack(ann, tenant, id)
    expect((await pay(url, [invoice('C-1', 100, id)])).data.outcome).toBe('succeeded')
    await atFinexio(stack, tenant, `${SUPPLIER}${id}/`, change)
    const held = await pay(url, [invoice('C-2', 100, id), invoice('C-3', 100, 'sup_999')])
    expect(held.data.outcome, held.text).toBe('pending_approval')
    expect(held.text).toMatch(/changed since/)
    const { changed } = await rowsOf(tenant, 'changed')
    expect(changed).toEqual(expect.objectContaining({ supplier_id: id, unpaid: true }))
  })

  it('pays on where notes and terms changed', async () => {
    const { tenant, url, ann } = await verifiedTenant()
    await callBack(ann, tenant, 'sup_123')
    await atFinexio(stack, tenant, `${SUPPLIER}sup_123/`, { notes: 'x', payment_terms: 45 })
    const paid = await pay(url, [invoice('H-1', 100, 'sup_123')])
    expect(paid.data.outcome, paid.text).toBe('succeeded')
  })

  it('does not trust a number that came with the change', async () => {
    const { tenant, ann } = await verifiedTenant()
    await callBack(ann, tenant, 'sup_123')
    await atFinexio(stack, tenant, `${SUPPLIER}sup_123/`, { corporate_phone_number: '5550107777' })
    await atFinexio(stack, tenant, `${SUPPLIER}sup_123/`, { bank_account_number: '999888777' })
    const seen = await ann.get<Record<string, unknown>>(payeePath(tenant, 'sup_123'))
    expect(seen).toMatchObject({ state: 'changed', numbers_now: expect.arrayContaining(['5550107777']) })
    const now = { called_at: new Date(Date.now() + 60_000).toISOString() }
    expect(await rejected(callBack(ann, tenant, 'sup_123', { ...now, number: '555 010-7777' }))).toMatch(
      /proves nothing/,
    )
  })

  it('covers by acceptance who was paid before and is long unchanged, and never as called back', async () => {
    const { tenant, url, ann } = await verifiedTenant()
    const accept = () =>
      manage(as(ann), 'POST', `/integrated-account/${tenant.accountId}/payee/acceptance`, {})
    expect(await accept()).toEqual({ accepted: true })
    expect(await rejected(accept())).toMatch(/once/)
    const old = await pay(url, [invoice('A-1', 100, 'sup_123')])
    const { result } = await ann.get<{ result: { state: string }[] }>(
      `/integrated-account/${tenant.accountId}/payee`,
    )
    expect([old.data.outcome, result.map(({ state }) => state)]).toEqual(['succeeded', ['accepted']])
  })
})

const rowsOf = async ({ accountId }: Tenant, event: string) => {
  const query = `/log?integrated_account_id=${accountId}&log_type=payee`
  const { result } = await manage<{ result: ({ event: string } & Record<string, unknown>)[] }>(
    stack,
    'GET',
    query,
  )
  return { [event]: result.find((row) => row.event === event) } as Record<
    string,
    Record<string, unknown> | undefined
  >
}
