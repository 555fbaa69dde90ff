/** Analyses, duplicates, audits and readiness over the real Worker and the sandbox. The truth is added up here, from what Finexio itself answers. */
import { beforeAll, describe, expect, inject, test } from 'vitest'
import { callOver } from '../../support/call-over.ts'
import { newTenant, type Tenant } from '../../support/tenant.ts'

type Row = ReturnType<typeof JSON.parse>

const DAY = 86_400_000
const dayAt = (offset: number) => new Date(Date.now() + offset * DAY).toISOString().slice(0, 10)
const sum = (rows: readonly Row[]) => rows.reduce((cents, row) => cents + (row.amount_cents ?? 0), 0)
const decimal = (cents: number) => (cents / 100).toFixed(2)

let tenant: Tenant
let url: string
let all: Record<'payments' | 'invoices' | 'suppliers' | 'counterparties' | 'history', Row[]>

/** Everything Finexio has at a path, read page by page without the product. */
const readAll = async (path: string, shape?: 'openapi'): Promise<Row[]> => {
  const authorization = `Basic ${btoa(`${tenant.username}:password of ${tenant.username}`)}`
  const rows: Row[] = []
  if (shape) await tenant.sandbox.change({ historyShape: shape })
  for (let page = 1; ; page++) {
    const response = await fetch(`${inject('stack').finexioBaseUrl}${path}?page=${page}`, {
      headers: { authorization },
    })
    const body = (await response.json()) as Row
    rows.push(...body.results)
    if (body.next === null) return rows
  }
}

const call = async (name: string, args: object = {}) => {
  const called = await callOver(url, name, args)
  expect(called.isError, called.text).toBe(false)
  return called
}

beforeAll(async () => {
  tenant = await newTenant(inject('stack'))
  url = await tenant.serve({ methods: ['read'] })
  all = {
    payments: await readAll('/payments/'),
    invoices: await readAll('/invoices/'),
    suppliers: await readAll('/counterparties/suppliers'),
    counterparties: await readAll('/counterparties/'),
    history: await readAll('/counterparties/history', 'openapi'),
  }
  await tenant.sandbox.change({ historyShape: 'guide' })
})

const nameOf = (id: string) => all.counterparties.find((party) => party.id === id)?.name

describe('analyze_finexio_payables over payments', () => {
  const NAME = 'analyze_finexio_payables'

  test('more than 500 payments: counts and sums by status, each page once', async () => {
    await tenant.sandbox.forgetRequests()
    const { data, text } = await call(NAME, { over: 'payments', by: ['status'] })
    expect(all.payments.length).toBeGreaterThan(500)
    expect(data).toMatchObject({
      total: {
        count: all.payments.length,
        amount_cents: sum(all.payments),
        amount: decimal(sum(all.payments)),
      },
      is_partial_response: false,
    })
    const truth = Map.groupBy(all.payments, ({ status }) => status)
    expect(data.result).toHaveLength(truth.size)
    for (const { status, count, amount_cents } of data.result)
      expect([count, amount_cents]).toEqual([truth.get(status)!.length, sum(truth.get(status)!)])
    const sent = await tenant.requests()
    const pages = sent
      .filter(({ path }) => path.endsWith('/payments/'))
      .map(({ query }) => JSON.stringify(query))
    expect(new Set(pages).size).toBe(pages.length)
    expect(pages).toHaveLength(Math.ceil(all.payments.length / 100))
    expect(data.requests).toBe(sent.length)
    console.info(`${data.total.count} payments: ${sent.length} requests, ${text.length} characters`)
  })

  test('by supplier and by month of a range, with names', async () => {
    const [from, to] = [dayAt(-95), dayAt(-5)]
    const inRange = all.payments.filter(
      ({ created }) => created >= from && created <= `${to}T23:59:59.999999`,
    )
    const args = { over: 'payments', from, to, top: 200 }
    const bySupplier = await call(NAME, { ...args, by: ['supplier'] })
    const suppliers = Map.groupBy(inRange, ({ receiving_counterparty_id }) => receiving_counterparty_id)
    expect(bySupplier.data.result).toHaveLength(suppliers.size)
    for (const { receiving_counterparty_id: id, supplier, count, amount_cents } of bySupplier.data.result)
      expect([supplier, count, amount_cents]).toEqual([
        nameOf(id),
        suppliers.get(id)!.length,
        sum(suppliers.get(id)!),
      ])
    const byMonth = await call(NAME, { ...args, by: ['month', 'method'] })
    const months = Map.groupBy(
      inRange,
      ({ created, payment_method }) => `${created.slice(0, 7)} ${payment_method}`,
    )
    expect(byMonth.data.result).toHaveLength(months.size)
    for (const { month, method, amount_cents } of byMonth.data.result)
      expect(amount_cents).toBe(sum(months.get(`${month} ${method}`)!))
  })

  test('flags name all that failed, were canceled, refunded or hang', async () => {
    const flags = ['failed', 'canceled', 'refunded', 'under_way_long']
    const { data } = await call(NAME, {
      over: 'payments',
      from: dayAt(-200),
      where: [{ column: 'flag', is: flags }],
      list: 200,
    })
    const today = Math.floor(Date.now() / DAY)
    const dayOf = (time: string) => Math.floor(Date.parse(`${time.slice(0, 23)}Z`) / DAY)
    const since = ({ created, events }: Row) =>
      events.findLast((event: Row) => event.event_name === 'printed')?.timestamp ?? created
    const truth = all.payments.filter(
      (row) =>
        row.created >= dayAt(-200) &&
        (['failed', 'canceled'].includes(row.status) ||
          row.refund_timestamp !== null ||
          (['pending', 'in-progress'].includes(row.status) && today - dayOf(since(row)) >= 10)),
    )
    expect(truth.length).toBeGreaterThan(10)
    expect(data.total.count).toBe(truth.length)
    expect(truth.map(({ id }) => id)).toEqual(expect.arrayContaining(data.listed.map(({ id }: Row) => id)))
  })

  test('whatever order Finexio lists in, the sums are the same', async () => {
    for (const listOrder of ['oldest', 'random'] as const) {
      await tenant.sandbox.change({ listOrder })
      const { data } = await call(NAME, { over: 'payments' })
      expect([data.total.count, data.total.amount_cents]).toEqual([all.payments.length, sum(all.payments)])
    }
    await tenant.sandbox.change({ listOrder: 'newest' })
  })

  test('a 429 in the middle: nothing follows it, and both parts make the whole', async () => {
    await tenant.sandbox.forgetRequests()
    await tenant.sandbox.change({ rateLimit: { limit: 9, window: 60, dialect: 'draft-06', status: 429 } })
    const { data: part } = await call(NAME, { over: 'payments' })
    await tenant.sandbox.change({ rateLimit: 'off' })
    expect(part.is_partial_response).toBe(true)
    expect(part.note).toMatch(/limits the rate.*Wait \d+ s.*of \d+ payments were read/)
    const sent = await tenant.requests()
    const refused = sent.filter(({ status }) => status === 429).length
    expect(refused).toBeGreaterThan(0)
    expect(sent.length).toBeLessThanOrEqual(9 + 6)
    const { data: rest } = await call(NAME, { over: 'payments', next_cursor: part.next_cursor })
    expect(part.total.count + rest.total.count).toBe(all.payments.length)
    expect(part.total.amount_cents + rest.total.amount_cents).toBe(sum(all.payments))
  })
})

describe('analyze_finexio_payables over invoices', () => {
  const today = () => Math.floor(Date.now() / DAY)
  const late = (row: Row) =>
    today() - Math.floor(Date.parse(`${row.invoice_due_date.slice(0, 10)}T00:00:00Z`) / DAY)

  test('aging, overdue and per supplier, over more than 3,000 invoices', async () => {
    const { data, text } = await call('analyze_finexio_payables', {
      over: 'invoices',
      by: ['aging', 'supplier'],
      top: 200,
    })
    const unpaid = all.invoices.filter(
      ({ status, can_be_resubmitted }) =>
        !['sent', 'complete'].includes(status) || can_be_resubmitted === true,
    )
    const overdue = unpaid.filter((row) => late(row) > 0)
    expect(all.invoices.length).toBeGreaterThan(3_000)
    expect(data).toMatchObject({
      unpaid: { count: unpaid.length, amount_cents: sum(unpaid) },
      overdue: { count: overdue.length, amount_cents: sum(overdue), amount: decimal(sum(overdue)) },
      is_partial_response: false,
    })
    const between = (from: number, to: number) => unpaid.filter((row) => late(row) >= from && late(row) <= to)
    const told = (aging: string) => sum(data.result.filter((row: Row) => row.aging === aging))
    expect(told('overdue_over_90')).toBe(sum(between(91, 9_999)))
    expect(told('overdue_61_90')).toBe(sum(between(61, 90)))
    expect(told('overdue_31_60')).toBe(sum(between(31, 60)))
    expect(told('overdue_1_30')).toBe(sum(between(1, 30)))
    expect(told('due_within_7')).toBe(sum(between(-7, 0)))
    expect(told('due_within_30')).toBe(sum(between(-30, -8)))
    expect(told('due_later')).toBe(sum(between(-9_999, -31)))
    const bySupplier = Map.groupBy(unpaid, ({ receiving_counterparty_id }) => receiving_counterparty_id)
    for (const [id, rows] of bySupplier) {
      const own = data.result.filter((row: Row) => row.receiving_counterparty_id === id)
      expect([own[0].supplier, sum(own)]).toEqual([nameOf(id), sum(rows)])
    }
    console.info(`${all.invoices.length} invoices: ${data.requests} requests, ${text.length} characters`)
  })
})

describe('find_possible_duplicate_finexio_invoices', () => {
  test('a bill entered twice under a slightly other number, and every pair of one amount within days', async () => {
    const other = await newTenant(inject('stack'))
    const write = await other.serve({ methods: ['read', 'write'] })
    const invoice = (invoice_number: string, amount_cents: number) => ({
      invoice_number,
      amount_cents,
      invoice_date: dayAt(0),
      originating_counterparty_id: 'buy_456',
      receiving_counterparty_id: 'sup_123',
    })
    const body = [invoice('TWICE-0042', 77_700), invoice('twice 42', 77_701), invoice('ONCE-10001', 88_800)]
    const made = await callOver(write, 'finexio_invoices_bulk_create', { body })
    expect(made.isError, made.text).toBe(false)
    const [, second] = made.data.result
    const { data } = await callOver(write, 'find_possible_duplicate_finexio_invoices', {
      receiving_counterparty_id: 'sup_123',
      limit: 200,
    })
    expect(data.result).toContainEqual(
      expect.objectContaining({
        reason: 'leading_zeros',
        paid: 'neither',
        days_apart: 0,
        supplier: expect.any(String),
      }),
    )
    const pair = data.result.find((row: Row) => [row.id, row.earlier_id].includes(second.id))
    expect([pair.invoice_number, pair.earlier_number].toSorted()).toEqual(['TWICE-0042', 'twice 42'])
  })

  test('over all invoices: as many of the same amount within days as a plain comparison finds', async () => {
    const { data } = await call('find_possible_duplicate_finexio_invoices', { days: 30, limit: 200 })
    const live = all.invoices.filter(
      (row) => !['failed', 'canceled'].includes(row.status) && !row.can_be_resubmitted,
    )
    const isLater = (a: Row, b: Row) =>
      a.invoice_date > b.invoice_date || (a.invoice_date === b.invoice_date && a.created > b.created)
    const days = (a: Row, b: Row) => (Date.parse(a.invoice_date) - Date.parse(b.invoice_date)) / DAY
    const truth = live.filter((row) =>
      live.some(
        (earlier) =>
          earlier !== row &&
          earlier.receiving_counterparty_id === row.receiving_counterparty_id &&
          earlier.amount_cents === row.amount_cents &&
          isLater(row, earlier) &&
          days(row, earlier) <= 30,
      ),
    )
    const told = data.result.filter(({ reason }: Row) => ['same_amount', 'one_character'].includes(reason))
    expect(told.map(({ id }: Row) => id).toSorted()).toEqual(truth.map(({ id }) => id).toSorted())
    expect(data.compared).toBe(live.length)
  })
})

describe('audit_finexio_counterparty_changes', () => {
  const RISKY = /bank_|payment_method|email|address|^(city|state|zipcode|country)$/

  test('vendor_alpha: from check to ACH, the old address, bank numbers masked', async () => {
    const { data, text } = await call('audit_finexio_counterparty_changes', {
      internal_id: 'vendor_alpha',
      field: 'payment_method',
    })
    expect(data.result[0]).toMatchObject({ before: 'PrintedCheck', after: 'ACH', risk: 'payment_method' })
    expect(text).toMatch(/^1 changed field, 1 of a risky kind/)
    const before = await call('audit_finexio_counterparty_changes', {
      internal_id: 'vendor_alpha',
      field: 'address',
      state_at: dayAt(-150),
    })
    expect(before.data.state).toMatchObject({ address_1: '14 Cannery Row', city: 'Cold Harbor', state: 'ME' })
    const bank = await call('audit_finexio_counterparty_changes', {
      internal_id: 'vendor_alpha',
      field: 'bank_account',
    })
    expect(bank.data.result.length).toBeGreaterThan(0)
    for (const { after } of bank.data.result) expect(after).toMatch(/^\*{4}\d{4}$/)
  })

  test('all parties: every change of the last 90 days, and the payments soon after the risky ones', async () => {
    const since = dayAt(-90)
    const changes = all.history.flatMap((entry) =>
      [entry.changes]
        .flat()
        .map((change: Row) => ({ ...change, at: entry.date, id: entry.objectId, action: entry.action })),
    )
    const recent = changes.filter(({ at }) => at >= since)
    const risky = recent.filter(({ field, action }) => action === 'Update' && RISKY.test(field))
    const { data } = await call('audit_finexio_counterparty_changes', {
      limit: 500,
      include_created: true,
    })
    expect(risky.length).toBeGreaterThan(0)
    expect([data.changes_count, data.risky_count]).toEqual([recent.length, risky.length])
    const moment = (text: string) => Date.parse(`${text.slice(0, 23)}Z`)
    const after = all.payments.filter(({ created, receiving_counterparty_id }) =>
      risky.some(({ at, id }) => {
        const passed = moment(created) - moment(at)
        return id === receiving_counterparty_id && passed >= 0 && passed <= 10 * DAY
      }),
    )
    expect(data.payments_after.map(({ payment_id }: Row) => payment_id).toSorted()).toEqual(
      after.map(({ id }) => id).toSorted(),
    )
    console.info(`${recent.length} changes, ${after.length} payments after, ${data.requests} requests`)
  })

  test("both of Finexio's shapes give the same answer", async () => {
    const guide = await call('audit_finexio_counterparty_changes', { internal_id: 'vendor_alpha' })
    await tenant.sandbox.change({ historyShape: 'openapi' })
    const declared = await call('audit_finexio_counterparty_changes', { internal_id: 'vendor_alpha' })
    await tenant.sandbox.change({ historyShape: 'guide' })
    const plain = ({ result }: Row) =>
      result.map(({ action: _, ...row }: Row) =>
        JSON.stringify(row, (_key, value) => (typeof value === 'number' ? String(value) : value)),
      )
    expect(plain(declared.data)).toEqual(plain(guide.data))
  })
})

describe('check_finexio_supplier_readiness', () => {
  test('every seeded supplier is ready; one without its bank account is not', async () => {
    const { data } = await call('check_finexio_supplier_readiness', { limit: 200 })
    expect(data).toMatchObject({ suppliers_count: all.suppliers.length, is_partial_response: false })
    const isLacking = (row: Row) =>
      (['ACH', 'Wire'].includes(row.payment_method) &&
        !(row.bank_account_number && row.bank_routing_number)) ||
      (row.payment_method === 'Check' &&
        !(row.remit_address_1 && row.remit_city && row.remit_state && row.remit_zipcode)) ||
      (['Card', 'Check'].includes(row.payment_method) && !row.delivery_method) ||
      row.enabled === false
    const lacking = all.suppliers.filter(isLacking).map(({ id }) => id)
    expect(
      data.result
        .filter(({ ready }: Row) => !ready)
        .map(({ id }: Row) => id)
        .toSorted(),
    ).toEqual(lacking.toSorted())
  })

  test('a supplier that is paid by ACH but has no bank fields lacks exactly those', async () => {
    const supplier = all.suppliers.find(({ payment_method }) => payment_method === 'Check')!
    const path = `/counterparties/suppliers/${supplier.id}/`
    // The sandbox refuses to store such a supplier; Finexio may hold older ones.
    await tenant.sandbox.addFault({ path, status: 200, json: { ...supplier, payment_method: 'ACH' } })
    const { data } = await call('check_finexio_supplier_readiness', { id: supplier.id })
    expect(data.result).toEqual([
      expect.objectContaining({ ready: false, missing: ['bank_account_number', 'bank_routing_number'] }),
    ])
    const again = await call('check_finexio_supplier_readiness', { id: supplier.id })
    expect(again.data.result[0].ready).toBe(true)
  })
})
