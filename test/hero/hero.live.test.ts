/** The prompts people really type, as an agent would answer them: by real MCP calls, over HTTP, in both eras. */
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest'
import { type Connected, type Result, sdkClients } from '../clients/sdk-clients.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'

type Row = ReturnType<typeof JSON.parse>

const eras = sdkClients.filter(({ name }) => /1\.x|pinned/.test(name))
const today = () => new Date().toISOString().slice(0, 10)

describe.each(eras)('hero prompts, $name', ({ connect }) => {
  let tenant: Tenant
  let client: Connected

  beforeAll(async () => {
    tenant = await newTenant(inject('stack'))
    await tenant.sandbox.change({ webhookEvents: 'article' })
    client = await connect(await tenant.serve({ methods: ['read', 'write'] }))
  })
  afterAll(() => client.close())

  const raw = (name: string, args: Record<string, unknown>): Promise<Result> => client.call(name, args)
  const call = async (name: string, args: Record<string, unknown>): Promise<Row> => {
    const result = await raw(name, args)
    expect(result.isError, result.content[0]?.text).toBeFalsy()
    return result.structuredContent
  }

  test('the last 50 payments, those failed or bounced with tracking and buyer ids', async () => {
    const { result } = await call('list_all_finexio_payments', { limit: 50 })
    expect(result).toHaveLength(50)
    const created = result.map((row: Row) => row.created)
    expect(created).toEqual(created.toSorted().toReversed())
    const failed = result.filter(({ status }: Row) => ['failed', 'canceled'].includes(status))
    expect(failed.length).toBeGreaterThan(0)
    for (const row of failed) {
      expect(row.tracking_id).toEqual(expect.any(String))
      expect(row.originating_counterparty_id).toEqual(expect.any(String))
    }
  })

  test('drawdown req_987654: supplier names and the total of its invoices', async () => {
    const drawdown = await call('get_single_finexio_drawdown_by_id', { id: 'req_987654' })
    const names = new Set(drawdown.payments.map((payment: Row) => payment.supplier_name))
    expect(names.size).toBeGreaterThan(1)
    const invoices = drawdown.payments.flatMap((payment: Row) => payment.invoices)
    const total = invoices.reduce((sum: number, invoice: Row) => sum + invoice.payment_amount_cents, 0)
    expect(total).toBeGreaterThan(0)
    expect(drawdown.payments_count).toBe(drawdown.payments.length)
  })

  test('12 invoices for sup_123 from buy_456 in one batch', async () => {
    const body = Array.from({ length: 12 }, (_, i) => ({
      invoice_number: `HERO-${i + 1}`,
      amount_cents: 10_000 + i,
      invoice_date: today(),
      originating_counterparty_id: 'buy_456',
      receiving_counterparty_id: 'sup_123',
    }))
    const receipt = await call('finexio_invoices_bulk_create', { body })
    expect(receipt).toMatchObject({
      outcome: 'succeeded',
      result_count: 12,
      total_cents: 120_066,
      total: '1200.66',
    })
    const { result } = await call('list_all_finexio_invoices', { limit: 12 })
    expect(result.map((row: Row) => row.id).toSorted()).toEqual(
      receipt.result.map((row: Row) => row.id).toSorted(),
    )
    const again = await raw('finexio_invoices_bulk_create', { body })
    expect(again.isError).toBe(true)
    expect(again.content[0]?.text).toMatch(/invoice_number/)
  })

  test('vendor_alpha: when from Check to ACH, and the address before', async () => {
    const { result } = await call('list_all_finexio_counterparty_history', {
      internal_id: 'vendor_alpha',
      limit: 500,
    })
    const changes = result.flatMap(({ timestamp, changes }: Row) =>
      changes.map((change: Row) => ({ timestamp, ...change })),
    )
    const method = changes.find(({ field, after }: Row) => field === 'payment_method' && after === 'ACH')
    expect(method.before).toMatch(/Check/)
    const address = changes.find(
      ({ field, timestamp, before }: Row) =>
        field === 'address_1' && before !== null && timestamp <= method.timestamp,
    )
    expect(address.before).toEqual(expect.any(String))
  })

  test('a webhook for payment events with user name and password', async () => {
    const receipt = await call('create_a_finexio_webhook', {
      event: 'payment.changed',
      url: 'https://hooks.example.com/finexio',
      username: 'hook-user',
      password: 'a-made-up-password',
      payment_status: true,
    })
    const webhook = await call('get_single_finexio_webhook_by_id', { id: receipt.id })
    expect(webhook).toMatchObject({ event: 'payment.changed', username: '****user', payment_status: true })
    expect(JSON.stringify(webhook)).not.toContain('a-made-up-password')
  })

  test('the check image of pay_555777: none yet; of pay_555778: there it is', async () => {
    const none = await call('get_single_finexio_payment_image_by_id', { payment_id: 'pay_555777' })
    expect(none).toMatchObject({ payment_id: 'pay_555777', scanned: false, check_image_url: null })
    const one = await call('get_single_finexio_payment_image_by_id', { payment_id: 'pay_555778' })
    expect(one).toMatchObject({ scanned: true, check_image_url: expect.stringMatching(/^https:/) })
  })

  test('drawdown req_009988: delivery, and which of its checks have images', async () => {
    const { payments } = await call('get_single_finexio_drawdown_by_id', { id: 'req_009988' })
    expect(payments.map((row: Row) => row.payment_method)).toContain('check')
    const checks = payments.filter((row: Row) => row.payment_method === 'check')
    expect(new Set(checks.map((row: Row) => row.delivery_method))).toEqual(new Set(['mail']))
    const images = await Promise.all(
      checks.map((row: Row) => call('get_single_finexio_payment_image_by_id', { payment_id: row.id })),
    )
    expect(new Set(images.map(({ scanned }) => scanned))).toEqual(new Set([true, false]))
  })

  test('a webhook for invoice.created: created if there is none', async () => {
    const before = await call('list_all_finexio_webhooks', { limit: 500 })
    expect(before.result.some(({ event }: Row) => event === 'invoice.created')).toBe(false)
    const args = {
      event: 'invoice.created',
      url: 'https://hooks.example.com/new',
      username: 'u',
      password: 'p-made-up',
    }
    await call('create_a_finexio_webhook', args)
    const after = await call('list_all_finexio_webhooks', { limit: 500 })
    expect(after.result.some(({ event }: Row) => event === 'invoice.created')).toBe(true)
  })

  test('sup_999 and buy_111: $450, $1200 and $80', async () => {
    const body = [45_000, 120_000, 8_000].map((amount_cents, i) => ({
      invoice_number: `THREE-${i + 1}`,
      amount_cents,
      invoice_date: today(),
      originating_counterparty_id: 'buy_111',
      receiving_counterparty_id: 'sup_999',
    }))
    const { result, total } = await call('finexio_invoices_bulk_create', { body })
    expect(result).toHaveLength(3)
    expect(new Set(result.map(({ id }: Row) => id)).size).toBe(3)
    expect(result.map((row: Row) => row.amount_cents)).toEqual([45_000, 120_000, 8_000])
    expect(total).toBe('1730.00')
    const sent = (await tenant.requests()).filter(({ path }) => path.endsWith('/invoices/batch/')).at(-1)
    expect(sent?.body).toEqual(body)
  })
})
