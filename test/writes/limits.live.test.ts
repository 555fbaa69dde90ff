/** Limits, allowed payees, care and the duplicate guard, through the real Worker. */
import { expect, inject, test } from 'vitest'
import { inLanes } from '../../bench/lanes.ts'
import { type Called, callOver } from '../support/call-over.ts'
import { times } from '../support/size.ts'
import { atFinexio, BATCH, invoice, pay, tenantWith, writesOf } from './live.ts'

const stack = inject('stack')
const PARALLEL = times(200, 1_000)
const NO_GUARD = { duplicate_guard: { requests: 0 } }

const THROTTLED = 20

/** What the ledger holds reserved, by what a dry run says is left of the limits. */
const reservedIn = async (url: string, most: { cents: number; count: number }) => {
  const { data } = await pay(url, [invoice('LOOK', 1)], { dry_run: true })
  return { cents: most.cents - data.remaining_cents, count: most.count - data.remaining_count }
}

test(`${PARALLEL} parallel calls against a daily limit: the sum never passes it, and Finexio got what the ledger says`, async () => {
  const most = { cents: 100_000, count: 1_000 }
  const { tenant, url } = await tenantWith(stack, { ...NO_GUARD, limits: { per_day: most } })
  const fault = { status: 429, headers: { 'retry-after': '1' }, path: '/invoices/batch/', times: THROTTLED }
  await tenant.sandbox.addFault(fault)
  const answers: Called[] = []
  await inLanes(PARALLEL, 50, async (index) => {
    answers.push(await pay(url, [invoice(`PAR-${index}`, 1_000 + (index % 700))]))
  })
  const paid = answers.filter(({ isError }) => !isError)
  const cents = paid.reduce((sum, { data }) => sum + data.total_cents, 0)
  expect(cents).toBeLessThanOrEqual(100_000)
  expect(cents).toBeGreaterThan(98_000)
  const refused = answers.filter(({ isError, text }) => isError && !/Wait 1 s/.test(text))
  expect(refused.every(({ text }) => /limit per_day of this MCP server is \$1,000\.00/.test(text))).toBe(true)
  expect(answers.length - paid.length - refused.length).toBe(THROTTLED)
  const sent = await writesOf(tenant)
  expect(sent.length).toBe(paid.length + THROTTLED)
  const done = sent.filter(({ status }) => status !== 429)
  const arrived = done.flatMap(({ body }) => body as { amount_cents: number }[])
  expect(arrived.reduce((sum, { amount_cents }) => sum + amount_cents, 0)).toBe(cents)
  expect(await reservedIn(url, most)).toEqual({ cents, count: arrived.length })
})

test('a refusal says which limit, its value, what is left and when it resets, in words and for programs', async () => {
  const { tenant, url } = await tenantWith(stack, { ...NO_GUARD, limits: { per_day: { cents: 20_000 } } })
  await pay(url, [invoice('LIM-1', 15_000)])
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({
      jsonrpc: '2.0',
      id: 1,
      method: 'tools/call',
      params: { name: BATCH, arguments: { body: [invoice('LIM-2', 5_001)] } },
    }),
  })
  const { result } = (await response.json()) as { result: Record<string, never> }
  expect(result).toMatchObject({
    isError: true,
    content: [
      {
        text: expect.stringMatching(
          /\$200\.00, \$50\.00 left, and this call asks for \$50\.01.*It fits from/,
        ),
      },
    ],
    _meta: {
      'dev.finexio-mcp/refusal': {
        source: 'server_limit',
        limit: 'per_day',
        value: 20_000,
        left: 5_000,
        asked: 5_001,
        resets_at: expect.any(Number),
      },
    },
  })
  expect(await writesOf(tenant)).toHaveLength(1)
})

test.each([
  ['per_invoice', { per_invoice: { cents: 10_000 } }, [invoice('A', 10_001)]],
  ['per_call', { per_call: { count: 1 } }, [invoice('A', 1), invoice('B', 1)]],
  ['per_30_days', { per_30_days: { cents: 10_000 } }, [invoice('A', 10_001)]],
  ['per_supplier_day', { per_supplier_day: { count: 1 } }, [invoice('A', 1), invoice('B', 1)]],
])('%s holds, and costs no request', async (name, limits, rows) => {
  const { tenant, url } = await tenantWith(stack, { limits })
  await tenant.sandbox.forgetRequests()
  expect((await pay(url, rows)).text).toContain(`limit ${name} of this MCP server`)
  expect(await tenant.requestCount()).toBe(0)
})

test('what failed before it was carried out is given back, what is unknown stays reserved', async () => {
  const { tenant, url } = await tenantWith(stack, { ...NO_GUARD, limits: { per_day: { cents: 10_000 } } })
  await tenant.throttleNext()
  expect((await pay(url, [invoice('BACK-1', 10_000)])).isError).toBe(true)
  await tenant.sandbox.addFault({ status: 504, path: '/invoices/batch/' })
  expect((await pay(url, [invoice('BACK-2', 10_000)])).text).toMatch(/OUTCOME UNKNOWN/)
  expect((await pay(url, [invoice('BACK-3', 1)])).text).toMatch(/limit per_day/)
})

test('only allowed buyers and suppliers', async () => {
  const { tenant, url } = await tenantWith(stack, {
    allowed_buyers: ['buy_111'],
    allowed_suppliers: ['sup_123'],
  })
  expect((await pay(url, [invoice('ALW-1')])).text).toMatch(/supplier sup_999 is not among/)
  const foreign = { ...invoice('ALW-2', 1, 'sup_123'), originating_counterparty_id: 'buy_456' }
  expect((await pay(url, [foreign])).text).toMatch(/buyer buy_456 is not among/)
  expect((await pay(url, [invoice('ALW-3', 1, 'sup_123')])).data.outcome).toBe('succeeded')
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('a first payment and a changed supplier call for care', async () => {
  const { tenant, url } = await tenantWith(stack, {
    first_payment: 'approve',
    changed_supplier: { days: 30, action: 'refuse' },
  })
  const created = await callOver(url, 'create_a_finexio_supplier', {
    name: 'Brand New Ltd',
    external_reference_id: 'NEW-REF-1',
    payment_method: 'ACH',
    bank_account_number: '12345678',
    bank_routing_number: '021000021',
  })
  expect(created.isError, created.text).toBe(false)
  const first = await pay(url, [invoice('CARE-1', 100, created.data.id)])
  expect(first.data).toMatchObject({
    outcome: 'pending_approval',
    reasons: [expect.stringMatching(/^First payment to supplier /)],
  })
  await atFinexio(stack, tenant, '/counterparties/suppliers/sup_123/', {
    payment_method: 'ACH',
    bank_account_number: '87654321',
    bank_routing_number: '021000021',
  })
  expect((await pay(url, [invoice('CARE-2', 100, 'sup_123')])).text).toMatch(
    /supplier sup_123 had its payment details changed lately/,
  )
  expect((await writesOf(tenant)).filter(({ path }) => path.includes('/invoices/'))).toEqual([])
})

test('a duplicate is refused before anything is submitted, by the row, naming what is there', async () => {
  const { tenant, url } = await tenantWith(stack)
  const first = await pay(url, [invoice('DUP-1')], { idempotency_key: crypto.randomUUID() })
  expect(first.data.outcome).toBe('succeeded')
  const other = await pay(url, [invoice('DUP-2'), invoice(' dup-1 '), invoice('DUP-2')], {
    idempotency_key: crypto.randomUUID(),
  })
  expect(other.text).toMatch(
    /same buyer, supplier and number\. body\[1\] \(invoice "dup-1", \$123\.45, supplier sup_999\) is invoice \S+ already/,
  )
  expect(other.text).toMatch(/Nothing was submitted to Finexio\.$/)
  expect(await writesOf(tenant)).toHaveLength(1)
})

type Paid = { id: string; receiving_counterparty_id: string; originating_counterparty_id: string }

/** The first invoice of these payments whose number Finexio does not let be used again. */
const heldInvoice = async (url: string, payments: readonly Paid[]) => {
  for (const payment of payments) {
    const whole = await callOver(url, 'get_single_finexio_payment_by_id', { id: payment.id })
    for (const { id } of whole.data.invoices) {
      const { data: known } = await callOver(url, 'get_single_finexio_invoice_by_id', { id })
      if (known.can_be_resubmitted === false) return { payment, known }
    }
  }
  throw new Error('The sandbox has no settled payment of an invoice that is held.')
}

test('an old invoice is found through its drawdown, though the newest pages do not show it', async () => {
  const { tenant, url } = await tenantWith(stack)
  const { data } = await callOver(url, 'list_all_finexio_payments', { limit: 500, created_end: '2026-06-01' })
  const settled = data.result.filter(({ status }: { status: string }) => status === 'settled')
  const { payment, known } = await heldInvoice(url, settled)
  await tenant.sandbox.forgetRequests()
  const again = await pay(url, [
    {
      ...invoice(known.invoice_number, 500, payment.receiving_counterparty_id),
      originating_counterparty_id: payment.originating_counterparty_id,
    },
  ])
  expect(again.text).toContain(
    `body[0] (invoice "${known.invoice_number}", $5.00, supplier ${payment.receiving_counterparty_id}) is invoice ${known.id} already`,
  )
  expect(await writesOf(tenant)).toEqual([])
  expect(await tenant.requestCount()).toBeLessThanOrEqual(40)
})

test('rows that nobody could check are said, and wait for a person where approval is on', async () => {
  const rows = Array.from({ length: 30 }, (_, index) => invoice(`FAR-${index}`, 10))
  const open = await tenantWith(stack, { duplicate_guard: { requests: 2 } })
  const sent = await pay(open.url, rows)
  expect(sent.data).toMatchObject({ outcome: 'succeeded', unchecked_rows: rows.map((_, index) => index) })
  expect(sent.data.note).toMatch(/Compared with the newest 200 of [\d,]+ invoices, back to/)
  const asked = await tenantWith(stack, {
    duplicate_guard: { requests: 2 },
    approval: { over_cents: 1_000_000 },
  })
  expect((await pay(asked.url, rows)).data).toMatchObject({ outcome: 'pending_approval' })
})

test('parallel batches with keys of their own and one invoice in common: the invoice is submitted once', async () => {
  const { tenant, url } = await tenantWith(stack)
  const answers: Called[] = []
  await inLanes(20, 20, async (index) => {
    answers.push(await pay(url, [invoice('COMMON-1')], { idempotency_key: `key-number-${index}` }))
  })
  expect(answers.filter(({ isError }) => !isError)).toHaveLength(1)
  expect(await writesOf(tenant)).toHaveLength(1)
})

test('a look that fails ends the call: nothing is submitted', async () => {
  const { tenant, url } = await tenantWith(stack)
  await tenant.throttleNext()
  const { text, isError } = await pay(url, [invoice('LOOK-1')])
  expect([isError, text]).toEqual([true, expect.stringMatching(/Wait 17 s.*the write itself was not sent/)])
  expect(await tenant.requestCount()).toBeGreaterThan(0)
  expect(await writesOf(tenant)).toEqual([])
})
