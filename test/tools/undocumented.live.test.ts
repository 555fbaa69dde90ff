/** Finexio leaves much undocumented: every tool must work whichever way the sandbox is set. */
import { randomUUID } from 'node:crypto'
import { describe, expect, inject, test } from 'vitest'
import type { Settings } from '../../sandbox/tenants/settings.ts'
import { type Connected, type Result, sdkClients } from '../clients/sdk-clients.ts'
import { sandboxControl } from '../support/sandbox-control.ts'
import { startBuilt } from '../support/stack.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

type Row = ReturnType<typeof JSON.parse>

const open = async (
  settings: Partial<Settings>,
): Promise<{ tenant: Tenant; client: Connected; call: Call }> => {
  const tenant = await newTenant(inject('stack'))
  await tenant.sandbox.change(settings)
  const client = await sdkClients.at(-1)!.connect(await tenant.serve({ methods: ['read', 'write'] }))
  const call: Call = async (name, args) => {
    const result: Result = await client.call(name, args)
    expect(result.isError, `${name}: ${result.content[0]?.text}`).toBeFalsy()
    return result.structuredContent
  }
  return { tenant, client, call }
}
type Call = (name: string, args: Record<string, unknown>) => Promise<Row>

const VARIANTS: readonly Partial<Settings>[] = [
  { statusCodes: 'declared' },
  { statusCodes: 'rest' },
  { emptyWriteBodies: true },
  { historyShape: 'openapi' },
  { amountsAsStrings: true },
  { imagesShape: 'array' },
  { drawdownByIdShape: 'envelope' },
  { errorStyle: 'problem' },
  { putMode: 'merge' },
  { contactBody: 'object' },
  { webhookBase: 'v2' },
  { paymentFailedStatus: 'canceled' },
  { listOrder: 'oldest' },
  { listOrder: 'random' },
]

const reads = async (call: Call) => {
  const drawdown = await call('get_single_finexio_drawdown_by_id', { id: 'req_987654' })
  expect(drawdown).toMatchObject({ processor_request_id: 'req_987654', amount_cents: expect.any(Number) })
  for (const payment of drawdown.payments) expect(payment.amount_cents).toEqual(expect.any(Number))
  expect(await call('get_single_finexio_payment_image_by_id', { payment_id: 'pay_555777' })).toMatchObject({
    scanned: false,
  })
  expect(await call('get_single_finexio_payment_image_by_id', { payment_id: 'pay_555778' })).toMatchObject({
    scanned: true,
  })
  const { result } = await call('list_all_finexio_counterparty_history', { internal_id: 'vendor_alpha' })
  expect(result.flatMap(({ changes }: Row) => changes)).toContainEqual({
    field: 'payment_method',
    before: 'PrintedCheck',
    after: 'ACH',
  })
  expect((await call('list_all_finexio_suppliers', { limit: 3 })).result).toHaveLength(3)
}

const writes = async (call: Call, empty: boolean) => {
  const contact = {
    supplier_id: 'sup_123',
    external_reference_id: 'CT-NEW',
    name: 'New Person',
    primary: false,
  }
  const created = await call('create_a_finexio_supplier_contact', contact)
  expect(created).toMatchObject(
    empty ? { id: null, note: expect.stringContaining('no record') } : { id: expect.any(String) },
  )
  await call('update_a_finexio_supplier_contact_by_id', { ...contact, id: 'CT-NEW', name: 'Other Name' })
  const { result } = await call('list_all_finexio_supplier_contacts', { supplier_id: 'sup_123' })
  expect(result.map(({ name }: Row) => name)).toContain('Other Name')
  await call('delete_a_finexio_supplier_contact_by_id', { supplier_id: 'sup_123', id: 'CT-NEW' })
  expect(await call('finexio_suppliers_partial_update', { id: 'sup_123', notes: 'seen' })).toMatchObject({
    outcome: 'succeeded',
    id: 'sup_123',
  })
  expect(await call('get_single_finexio_supplier_by_id', { id: 'sup_123' })).toMatchObject({ notes: 'seen' })
}

describe.each(VARIANTS)('with %j', (settings) => {
  test('reads and writes work', async () => {
    const { client, call } = await open(settings)
    await reads(call)
    await writes(call, settings.emptyWriteBodies === true)
    await client.close()
  })
})

describe('order', () => {
  const newest = async (listOrder: Settings['listOrder']) => {
    const { client, call, tenant } = await open({ listOrder })
    const answer = await call('list_all_finexio_payments', { limit: 120 })
    const first = await call('list_all_finexio_payments', { limit: 50 })
    const requests = (await tenant.requests()).filter(({ path }) => path.endsWith('/payments/'))
    const rest = await call('list_all_finexio_payments', { limit: 70, next_cursor: first.next_cursor })
    await client.close()
    return {
      answer,
      joined: [...first.result, ...rest.result],
      requests: requests.map(({ query }) => query.page ?? '1'),
    }
  }

  test.each(['newest', 'oldest'] as const)(
    'newest first although Finexio lists %s first',
    async (listOrder) => {
      const { answer, joined } = await newest(listOrder)
      const created = answer.result.map((row: Row) => row.created)
      expect(created).toHaveLength(120)
      expect(created).toEqual(created.toSorted().toReversed())
      expect(created[0] > '2026').toBe(true)
      expect(joined.map((row: Row) => row.created)).toEqual(created)
      expect(answer.note).toBeUndefined()
    },
  )

  test('said to be unknown where Finexio lists at random', async () => {
    expect((await newest('random')).answer.note).toMatch(/could not be recognised/)
  })
})

test('webhooks are found at the root of the host where the deployment says so', async () => {
  const { sandboxUrl, finexioBaseUrl } = inject('stack')
  const stack = await startBuilt({ finexioBaseUrl, bindings: { FINEXIO_WEBHOOK_BASE: 'root' } })
  const username = `root-${randomUUID()}`
  await sandboxControl(sandboxUrl!, username).change({ webhookBase: 'root' })
  const tenant = await newTenant({ ...stack, sandboxUrl }, username)
  const client = await sdkClients.at(-1)!.connect(await tenant.serve({ methods: ['read'] }))
  expect((await client.call('list_all_finexio_webhooks', {})).structuredContent).toMatchObject({
    result_count: 0,
  })
  expect((await tenant.requests()).map(({ path }) => path)).toEqual(['/webhooks/', '/webhooks/'])
  await client.close()
  await stack.stop()
})
