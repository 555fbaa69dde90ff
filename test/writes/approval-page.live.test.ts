/**
 * The approval's page as the API answers it: all that a decision needs before it, the same kept after it (C3).
 * At b8f2a26 a decided draft answered ids alone, without its rows and without what was shown; of a change there was no old value.
 */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import type { Approval } from '../../src/dashboard/shapes.ts'
import { callOver } from '../support/call-over.ts'
import { approver, invoice, keyed, pay, tenantWith } from './live.ts'

const stack = inject('stack')

type Person = Awaited<ReturnType<typeof approver>>
type Row = Record<string, string | number>

const pageOf = (person: Pick<Person, 'get'>, id: string) => person.get<Approval>(`/approval/${id}`)

/** Whoever was paid most often, the amounts of that, and somebody who never was. */
const paidOften = async (url: string) => {
  const { data } = await callOver(url, 'list_all_finexio_payments', { limit: 200 })
  const rows = data.result as Row[]
  const bySupplier = [...Map.groupBy(rows, (row) => row.receiving_counterparty_id)]
  const [id, own] = bySupplier.toSorted((a, b) => b[1].length - a[1].length)[0]!
  return { id: String(id), own }
}

test('a batch: names, the last payments, what is unusual, the reason; kept with the ids that came of it', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { id, own } = await paidOften(url)
  const { data } = await pay(url, [invoice('PAGE-1', 99_000_000, id)], { reason: 'The roof of hall 3' })
  const person = await approver(stack)
  const before = await pageOf(person, data.approval_id)
  const [payee] = before.findings!.payees
  expect(before).toMatchObject({
    state: 'pending',
    call_reason: 'The roof of hall 3',
    summary: { suppliers: [{ id, name: expect.stringMatching(/[a-z]/) }] },
    findings: { could_not: null, reach: expect.stringMatching(/^Read .* payments/) },
  })
  expect(Object.keys(before.party_names!)).toEqual(expect.arrayContaining([id, 'buy_111']))
  expect(payee!.payments).toHaveLength(Math.min(5, own.length))
  expect(payee!.payments![0]!.id).toBe(own[0]!.id)
  expect(payee!.unusual).toContainEqual({
    kind: 'amount',
    words: expect.stringMatching(/^\$990,000.00 is [\d.,]+ times the usual \$/),
  })

  const asked = (await tenant.requests()).length
  await pageOf(person, data.approval_id)
  expect((await tenant.requests()).length).toBe(asked)

  await person.approve(data.approval_id, 'Invoice and delivery note seen')
  const after = await pageOf(person, data.approval_id)
  const { party_names, would_send, findings, summary, call_reason } = before
  expect(after).toMatchObject({ party_names, would_send, findings, summary, call_reason })
  expect(after).toMatchObject({
    state: 'executed',
    decision_reason: 'Invoice and delivery note seen',
    decided_by: { name: 'Ann Approver' },
    outcome: { state: 'succeeded', result: [{ id: expect.any(String) }] },
  })
})

// Seen at 452f3913: the buyer's name was read when the draft was made, and kept only once somebody had looked at its page.
test('a draft that is decided without a look shows the buyer by name', async () => {
  const { url } = await tenantWith(stack, { approval: 'always' })
  const { data: buyer } = await callOver(url, 'get_single_finexio_buyer_by_id', { id: 'buy_111' })
  const { data } = await pay(url, [invoice('PAGE-2', 5_000)])
  const person = await approver(stack)
  await person.reject(data.approval_id, 'Not ours')
  const { party_names } = await pageOf(person, data.approval_id)
  expect(party_names).toMatchObject({ buy_111: buyer.name })
})

const BANK = '99887766554'
const NEW_BANK = {
  id: 'sup_999',
  payment_method: 'ACH',
  bank_account_number: BANK,
  bank_routing_number: '021000021',
}

// Kind: what a draft was about is kept whatever became of it. Siblings that are not in the list: rejected, withdrawn, its server deleted.
test.each([
  ['approved', 'executed'],
  ['rejected', 'rejected'],
  ['withdrawn by its caller', 'canceled'],
  ['its server deleted', 'canceled'],
])('a change of a supplier shows old and new by name, masked, and keeps them: %s', async (how, state) => {
  const { tenant, url, server } = await tenantWith(stack, { approval: 'always' })
  const { data, text } = await callOver(url, 'finexio_suppliers_partial_update', NEW_BANK)
  const id = data.approval_id as string
  expect(id, text).toBeTruthy()
  const person = await approver(stack)
  const before = await pageOf(person, id)
  expect(before.target_name).toMatch(/[a-z]/)
  expect(before.changes).toContainEqual({
    field: 'bank_account_number',
    before: expect.stringMatching(/^\*{4}\d{4}$/),
    after: '****6554',
  })
  expect(before.findings!.payees).toMatchObject([
    { id: 'sup_999', name: before.target_name, open: expect.anything() },
  ])
  if (how === 'approved') await person.approve(id)
  if (how === 'rejected') await person.reject(id, 'Not by this mail')
  if (how.startsWith('withdrawn')) await callOver(url, 'cancel_finexio_draft', { approval_id: id })
  if (how.startsWith('its server'))
    await manage(stack, 'DELETE', `/integrated-account/${tenant.accountId}/mcp/${server.id}`)
  const after = await pageOf(person, id)
  const { changes, target_name, would_send, findings } = before
  expect(after).toMatchObject({ state, changes, target_name, would_send, findings })
  expect(JSON.stringify([before, after])).not.toContain(BANK)
})

const contact = { name: 'Zed', email: 'zed@example.com', primary: false }

/*
 * Kind: an old value that is not known is not called empty, and none is taken from another record. At b8f2a26 there were no old
 * values; a new contact then showed its owner's name as its own old one. Siblings that are not in the list: a contact that is
 * replaced, one that Finexio does not have, a supplier that is replaced whole.
 */
test.each([
  [
    'a new contact: nothing was there',
    'create_a_finexio_supplier_contact',
    { supplier_id: 'sup_123', external_reference_id: 'Z1', ...contact },
    { name: null, email: null },
  ],
  [
    'a contact of its own is replaced',
    'update_a_finexio_supplier_contact_by_id',
    { supplier_id: 'sup_123', id: 'own', ...contact },
    { name: expect.stringMatching(/\w/), email: expect.stringContaining('@') },
  ],
  [
    'a contact that Finexio does not have',
    'update_a_finexio_supplier_contact_by_id',
    { supplier_id: 'sup_123', id: 'NOBODY-7', ...contact },
    { name: undefined, email: undefined },
  ],
])('old and new of a contact: %s', async (_, tool, args, olds) => {
  const { url } = await tenantWith(stack, { approval: 'always' })
  const person = await approver(stack)
  const { data: supplier } = await callOver(url, 'get_single_finexio_supplier_by_id', { id: 'sup_123' })
  const [own] = supplier.contacts as { external_reference_id: string }[]
  const id = 'id' in args && args.id === 'own' ? { id: own!.external_reference_id } : {}
  const made = await callOver(url, tool, { ...args, ...id })
  expect(made.data?.approval_id, made.text).toBeTruthy()
  const { changes, target_name } = await pageOf(person, made.data.approval_id as string)
  expect(target_name).toBe(supplier.name)
  const old = Object.fromEntries(changes!.map(({ field, before }) => [field, before]))
  expect(old).toMatchObject(
    Object.fromEntries(Object.entries(olds).filter(([, value]) => value !== undefined)),
  )
  for (const [field, value] of Object.entries(olds)) {
    const change = changes!.find((one) => one.field === field)!
    expect(['before' in change, change.after]).toEqual([value !== undefined, expect.anything()])
  }
})

test('Finexio throttles: the page says what could not be read, asks nothing again, and the decision stands open', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('SLOW-1')])
  const person = await approver(stack)
  const before = (await tenant.requests()).length
  await tenant.throttleNext()
  const shown = await pageOf(person, data.approval_id)
  expect((await tenant.requests()).length).toBe(before + 1)
  expect(shown.findings).toMatchObject({
    could_not: expect.stringMatching(/^Partial: stopped at request 1: .*17 s/),
    payees: [{ payments: null, open: null, usual: null }],
  })
  expect(shown.would_send).toBeDefined()
  expect(shown.cannot_decide).toBeNull()
  expect((await pageOf(person, data.approval_id)).findings!.could_not).toBeNull()
  expect(await person.approve(data.approval_id)).toMatchObject({ state: 'executed' })
})

test('lists and their CSV name payees and who decided, also of what was decided', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const person = await approver(stack)
  const [one, two] = [(await pay(url, [invoice('CSV-1')])).data, (await pay(url, [invoice('CSV-2')])).data]
  await person.reject(one.approval_id, '=1+1')
  const path = `/integrated-account/${tenant.accountId}/approval`
  const { result } = await person.get<{ result: Approval[] }>(path)
  const name = result[0]!.summary.suppliers[0]!.name
  expect(name).toMatch(/[a-z]/)
  expect(result.map((draft) => [draft.id, draft.summary.suppliers[0]!.name])).toEqual([
    [two.approval_id, name],
    [one.approval_id, name],
  ])
  const response = await fetch(`${stack.baseUrl}${path}/export`, {
    headers: { authorization: `Bearer ${person.token}` },
  })
  const csv = await response.text()
  expect(response.headers.get('content-type')).toContain('text/csv')
  const lines = csv.trimEnd().split('\r\n')
  expect(lines).toHaveLength(3)
  for (const shown of [name!, 'Ann Approver', 'rejected', one.approval_id]) expect(lines[2]).toContain(shown)
  expect(csv).not.toMatch(/(^|,)"?=1/m)
})

// C5, and siblings that are not in the list: of a role that is missing, of a body that is wrong, while Finexio throttles.
test('a refused decision names its draft in the trail, whatever it was refused for', async () => {
  const { tenant, url } = await tenantWith(stack, { approval: 'always' })
  const { data } = await pay(url, [invoice('NO-9')])
  const person = await approver(stack)
  const other = await approver(stack, [`audit:${tenant.accountId}`], 'Aud Itor')
  const tries = [
    () => keyed(stack, stack.adminApiKey).approve(data.approval_id),
    () => other.approve(data.approval_id),
    () => person.approve(data.approval_id, 'x'.repeat(501)),
    () => tenant.throttleNext().then(() => person.approve(data.approval_id)),
  ]
  for (const attempt of tries) await expect(attempt()).rejects.toThrow(/answered (400|403|429)/)
  await person.reject(data.approval_id)
  await expect(person.approve(data.approval_id)).rejects.toThrow(/answered 409/)
  const { result } = await keyed(stack, stack.adminApiKey).get<{ result: Row[] }>(
    `/log?log_type=management&integrated_account_id=${tenant.accountId}&limit=100`,
  )
  const refused = result.filter(
    ({ action, http_status_code }) => /approve$/.test(String(action)) && Number(http_status_code) >= 400,
  )
  expect(refused.map((row) => row.http_status_code).toSorted()).toEqual([400, 403, 403, 409, 429])
  expect(new Set(refused.map((row) => row.target_id))).toEqual(new Set([data.approval_id]))
})
