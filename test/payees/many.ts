/** A Finexio with any number of suppliers as a function that counts its requests, and an account that keeps what was vouched for. */
import type { PayeeRow } from '../../src/account/tables/payees.ts'
import { DAY_MS } from '../../src/core/time.ts'
import { FinexioFailure } from '../../src/finexio/failure.ts'
import type { FinexioRequest } from '../../src/finexio/types.ts'
import type { Glimpse, PayeeSight } from '../../src/rules/payees/verified.ts'
import { judgePayee } from '../../src/rules/payees/verified.ts'
import type { ToolContext } from '../../src/tools/tool.ts'
import type { Writes } from '../../src/tools/writing/writes.ts'
import { environment, fakeFinexio, NOW, openWrites } from '../tools/fake-finexio.ts'

type Row = Record<string, unknown>
export const isoAt = (time: number) => new Date(time).toISOString().slice(0, -1)
export const idOf = (index: number) => `sup_${index}`
const PER_PAGE = 100

const createdAt = (time: number) => ({ created: isoAt(time), updated: isoAt(time) })

const supplierAt = (index: number, age: number): Row => ({
  ...createdAt(NOW - age * DAY_MS - index * 60_000),
  id: idOf(index),
  name: `Supplier ${index}`,
  external_reference_id: `REF-${index}`,
  payment_method: 'ACH',
  remit_email: `remit-${index}@supplier.example`,
  corporate_phone_number: '555-010-0100',
  bank_account_number: `10000${index}`,
  bank_routing_number: '021000021',
  enabled: true,
  contacts: [],
})

/** Suppliers that are there for so many days, each paid once a month ago unless they are new. */
export class ManySuppliers {
  readonly suppliers: Row[]
  history: Row[] = []
  payments: Row[] = []
  requests: string[] = []

  constructor(count: number, age = 400) {
    this.suppliers = Array.from({ length: count }, (_, index) => supplierAt(index, age))
    this.history = this.suppliers.map(({ id, created, name }) => ({
      object_id: id,
      timestamp: created,
      actor: 'portal',
      action: 'Created',
      changes: { name: ['None', name] },
    }))
    if (age > 30) this.payments = this.suppliers.map(({ id }) => this.payment(String(id), 30))
  }
  payment(id: string, days: number, status = 'settled'): Row {
    const created = isoAt(NOW - days * DAY_MS)
    return {
      id: `pay_${id}`,
      status,
      receiving_counterparty_id: id,
      amount_cents: 1,
      created,
      updated: created,
    }
  }
  /** Somebody changes a supplier at Finexio. @param at milliseconds since the epoch */
  change(id: string, fields: Row, at = NOW - 60_000): void {
    const row = this.suppliers.find((one) => one.id === id)!
    const changes = Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [name, [row[name], value]]),
    )
    Object.assign(row, fields, { updated: isoAt(at) })
    this.history.unshift({ object_id: id, timestamp: isoAt(at), actor: 'portal', action: 'Updated', changes })
  }

  answer = (request: FinexioRequest): unknown => {
    const { verb, path, template, query = {} } = request
    this.requests.push(`${verb} ${template}`)
    if (verb !== 'GET')
      return Array.isArray(request.body)
        ? request.body.map((row, at) => ({ ...(row as Row), id: `inv_${at}` }))
        : { ...this.byPath(path), ...(request.body as Row) }
    if (template === '/counterparties/suppliers/{id}/') return this.byPath(path)
    if (template === '/counterparties/suppliers')
      return this.page(
        this.suppliers.filter(
          ({ updated }) => !query.updated_after || String(updated) > String(query.updated_after),
        ),
        query,
      )
    if (template === '/counterparties/history')
      return this.page(
        this.history.filter(({ object_id }) => !query.object_id || object_id === query.object_id),
        query,
      )
    if (template === '/payments/')
      return this.page(
        this.payments.filter(({ status }) => !query.status || status === query.status),
        query,
      )
    if (template === '/reconciliation/drawdown') return this.page(this.drawdownsOf(query), query)
    if (template === '/reconciliation/drawdown/{processor_request_id}/payments')
      return this.page(
        this.payments.filter(({ id }) => path.includes(`/draw_${id}/`)),
        query,
      )
    return this.page([], query)
  }
  private drawdownsOf(query: Readonly<Row>): Row[] {
    const supplier = this.suppliers.find((row) => row.external_reference_id === query.supplier_ref_id)
    return this.payments
      .filter(({ receiving_counterparty_id }) => receiving_counterparty_id === supplier?.id)
      .map(({ id, created }) => ({ processor_request_id: `draw_${id}`, created, status: 'received' }))
  }
  private byPath(path: string): Row {
    const row = this.suppliers.find(({ id }) => path.endsWith(`/${id}/`))
    if (row) return row
    throw new FinexioFailure({ kind: 'not_found', status: 404, message: 'Not found', rate: null, sent: true })
  }
  private page(rows: readonly Row[], query: Readonly<Row>) {
    const page = Number(query.page ?? 1)
    const next = page * PER_PAGE < rows.length ? `https://finexio.test/v2/x?page=${page + 1}` : null
    return {
      count: rows.length,
      next,
      previous: null,
      results: rows.slice((page - 1) * PER_PAGE, page * PER_PAGE),
    }
  }
}

/** What an account's object keeps of payees, in memory. */
export class Kept {
  readonly rows = new Map<string, PayeeRow>()
  observed: PayeeSight[] = []
  noticed: Glimpse[] = []
  acceptedAt: number | null

  constructor(acceptedAt: number | null = null) {
    this.acceptedAt = acceptedAt
  }
  vouch(id: string, vouched: PayeeRow['vouched']): void {
    const vouch = { kind: 'called_back' as const, at: NOW, by: ['ann'], name: 'Ann' }
    this.rows.set(id, { supplier: id, version: 1, vouch, vouched, voided: null, updated_at: NOW })
  }
  writes(more: Partial<Writes> = {}): Writes {
    return openWrites([], {
      settings: { duplicate_guard: { requests: 0 }, payees: 'verified' },
      knownPayees: async (ids) => ({
        rows: ids.flatMap((id) => this.rows.get(id) ?? []),
        acceptance: this.acceptedAt === null ? null : { at: this.acceptedAt, by: ['bob'], name: 'Bob' },
      }),
      observePayees: async (sights) => {
        this.observed.push(...sights)
        return sights.map((sight) => this.judge(sight))
      },
      noticePayees: async (glimpses) => {
        this.noticed.push(...glimpses)
      },
      ...more,
    })
  }
  private judge(sight: PayeeSight) {
    const { supplier } = sight
    const row = this.rows.get(supplier)
    const record = row ? { vouched: row.vouched, voided: row.voided !== null } : null
    const verdict = judgePayee(record, this.acceptedAt, sight)
    if (verdict.kind === 'unverified') return { supplier, why: verdict.why }
    this.vouch(supplier, verdict.vouched)
    return { supplier, version: 1 }
  }
}

export const contextOf = async (finexio: ManySuppliers, writes: Writes): Promise<ToolContext> => {
  const of = environment(fakeFinexio(finexio.answer).finexio, { writes })
  return { ...of, finexio: await of.openFinexio() }
}
