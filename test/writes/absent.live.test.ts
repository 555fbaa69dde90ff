/**
 * What a write names has to be there before somebody is asked to approve it. Seen on 2026-11-30: an invoice to a supplier that Finexio
 * does not have waited for approval and could never be approved, for "sup_nope … changed_supplier".
 */
import { expect, inject, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import { callOver } from '../support/call-over.ts'
import { approver, atFinexio, BATCH, invoice, pay, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const asked = { approval: 'always' }

const waitingOf = (accountId: string) =>
  manage<{ result: object[] }>(stack, 'GET', `/integrated-account/${accountId}/approval?state=pending`)

// Seen: the first. Siblings: one of several suppliers, the buyer, a party that is changed, the owner of a contact, a webhook.
test.each<[string, object, string]>([
  [BATCH, { body: [invoice('NO-1', 100, 'sup_nope')] }, 'supplier "sup_nope"'],
  [BATCH, { body: [invoice('NO-2'), invoice('NO-3', 100, 'sup_gone')] }, 'supplier "sup_gone"'],
  [BATCH, { body: [{ ...invoice('NO-4'), originating_counterparty_id: 'buy_nope' }] }, 'buyer "buy_nope"'],
  ['finexio_suppliers_partial_update', { id: 'sup_nope', name: 'New' }, 'supplier "sup_nope"'],
  ['finexio_counterparties_partial_update', { id: 'cp_nope', name: 'New' }, 'counterparty "cp_nope"'],
  ['delete_a_finexio_buyer_contact_by_id', { buyer_id: 'buy_nope', id: 'C-1' }, 'buyer "buy_nope"'],
  ['delete_a_finexio_webhook_by_id', { id: 'hook_nope' }, 'webhook "hook_nope"'],
])('%s of %j: refused when it is drafted, real run and dry run alike', async (tool, args, named) => {
  const { tenant, url } = await tenantWith(stack, asked)
  const refused = await callOver(url, tool, args)
  expect([refused.isError, refused.text]).toEqual([
    true,
    expect.stringContaining(`${named} does not exist in Finexio`),
  ])
  const rehearsed = await callOver(url, tool, { ...args, dry_run: true })
  expect(rehearsed.data).toMatchObject({ outcome: 'dry_run', verdict: 'refused' })
  expect((rehearsed.data.warnings as string[]).join()).toContain(`${named} does not exist in Finexio`)
  expect((await waitingOf(tenant.accountId)).result).toEqual([])
  expect(await writesOf(tenant)).toEqual([])
})

test('more suppliers than are looked up one by one: the one that is missing is named', async () => {
  const { url } = await tenantWith(stack, asked)
  const { data } = await callOver(url, 'list_all_finexio_suppliers', { limit: 13, fields: ['id'] })
  const ids = (data.result as { id: string }[]).map(({ id }) => id)
  const rows = [...ids, 'sup_nope'].map((id, at) => invoice(`MANY-${at}`, 100, id))
  expect((await pay(url, rows)).text).toContain('supplier "sup_nope" does not exist in Finexio')
})

test('a webhook that vanishes while its draft waits: the refusal says that it no longer exists', async () => {
  const { tenant, url } = await tenantWith(stack, { ...asked, methods: ['read', 'write'] })
  const [event, address] = ['payment.changed', 'https://hooks.acme.com/x']
  const sent = { event, url: address, username: 'u', password: 'a long password' }
  await atFinexio(stack, tenant, '/webhooks/', sent, 'POST')
  const [hook] = (await callOver(url, 'list_all_finexio_webhooks', {})).data.result as { id: string }[]
  const { data } = await callOver(url, 'delete_a_finexio_webhook_by_id', { id: hook!.id })
  expect(data).toMatchObject({ outcome: 'pending_approval' })
  await atFinexio(stack, tenant, `/webhooks/${hook!.id}/`, {}, 'DELETE')
  const person = await approver(stack)
  await expect(person.approve(data.approval_id)).rejects.toThrow(
    new RegExp(`answered 409.*webhook .*${hook!.id}.* no longer exists in Finexio`),
  )
  const { result } = await manage<{ result: { refused_by: object }[] }>(
    stack,
    'GET',
    `/log?log_type=all&integrated_account_id=${tenant.accountId}&limit=5`,
  )
  expect(JSON.stringify(result)).toContain('unknown_record')
})
