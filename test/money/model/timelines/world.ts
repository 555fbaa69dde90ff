/** Finexio with suppliers that were paid before, and what people vouched for. */
import type { Clock } from '../finexio/clock.ts'
import { Parties, pageOf } from '../finexio/parties.ts'

type Row = Record<string, unknown>
const DAY = 86_400_000
const iso = (time: number) => new Date(time).toISOString().slice(0, -1)

/** An invoice that reached Finexio through us. */
export interface Paid {
  at: number
  supplier: string
  number: string
  /** Somebody had vouched for what could be seen of that supplier just then. */
  vouched: boolean
}

export class World {
  readonly parties: Parties
  paid: Paid[] = []
  /** Requests that the next reads hold back: ms each. */
  slow = 0
  waiting = new Map<string, number>()
  private invoices: Row[] = []
  private payments: Row[] = []
  private seen = new Map<string, Set<string>>()
  readonly clock: Clock

  constructor(clock: Clock) {
    this.clock = clock
    this.parties = new Parties(clock)
  }

  /** A supplier that was paid three times, the last time so many days ago. */
  known(id: string, age: number): void {
    this.parties.add(id, age + 200)
    for (const days of [age + 120, age + 60, age]) this.past(id, days)
  }
  private past(id: string, days: number): void {
    const at = this.clock.now() - days * DAY
    const number = `OLD-${id}-${days}`
    const row = {
      id: `inv_${number}`,
      invoice_number: number,
      amount_cents: 5_000,
      currency: 'USD',
      discount_amount_cents: 0,
      originating_counterparty_id: 'buy_1',
      receiving_counterparty_id: id,
      invoice_date: iso(at).slice(0, 10),
      payment_id: `pay_${number}`,
      created: iso(at),
      updated: iso(at),
      can_be_resubmitted: false,
    }
    this.invoices.push({ ...row, status: 'complete' })
    this.payments.push({
      id: `pay_${number}`,
      amount_cents: 5_000,
      currency: 'USD',
      originating_counterparty_id: 'buy_1',
      receiving_counterparty_id: id,
      payment_method: 'ach',
      status: 'settled',
      adjustments: [],
      events: [],
      invoices: [{ id: row.id, invoice_number: number, payment_amount_cents: 5_000 }],
      created: iso(at),
      updated: iso(at),
      funding_drawdown_request_id: `draw_${number}`,
    })
    const newest = (a: Row, b: Row) => String(b.created).localeCompare(String(a.created))
    this.invoices.sort(newest)
    this.payments.sort(newest)
  }

  /** A person vouches for what can be seen of it now. */
  vouch(id: string): void {
    if (!this.seen.has(id)) this.seen.set(id, new Set())
    this.seen.get(id)!.add(this.parties.visible(id))
  }
  /** What is as it was when somebody vouched for it. */
  isVouched(id: string): boolean {
    return this.seen.get(id)?.has(this.parties.visible(id)) ?? false
  }
  /** Paid through us and not settled: five days, in this Finexio. */
  isOpen(id: string): boolean {
    return this.paid.some(({ supplier, at }) => supplier === id && this.clock.now() - at < 5 * DAY)
  }

  async fetch(request: Request, call: string): Promise<Response> {
    const text = request.method === 'GET' ? '' : await request.text()
    const body = text ? JSON.parse(text) : null
    const ms = request.method === 'GET' && request.url.includes('/counterparties') ? this.slow : 0
    if (ms > 0) await this.wait(call, ms)
    return this.parties.answer(request, body) ?? this.answer(new URL(request.url), body)
  }
  private wait(call: string, ms: number): Promise<void> {
    this.waiting.set(call, (this.waiting.get(call) ?? 0) + 1)
    return new Promise((resolve) => {
      this.clock.after(ms, () => {
        this.waiting.set(call, this.waiting.get(call)! - 1)
        resolve()
      })
    })
  }
  private answer(url: URL, body: Row[] | null): Response {
    const path = url.pathname.replace(/^\/v2/, '')
    if (path.endsWith('/invoices/batch/'))
      return Response.json(
        body!.map((row) => this.pay(row)),
        { status: 201 },
      )
    if (path === '/invoices/') return pageOf(this.invoices, url)
    if (path === '/payments/') return pageOf(this.payments, url)
    const [, drawdown] = /drawdown\/draw_(.+?)\/payments/.exec(path) ?? []
    if (drawdown) return pageOf(this.payments.filter(({ id }) => id === `pay_${drawdown}`).map(asDrawn), url)
    if (path === '/reconciliation/drawdown') return pageOf(this.drawdowns(url.searchParams), url)
    return Response.json([])
  }
  private drawdowns(search: URLSearchParams): Row[] {
    const ref = search.get('supplier_ref_id')
    const [id] =
      [...this.parties.suppliers].find(([, { fields }]) => fields.external_reference_id === ref) ?? []
    const rows = this.payments.filter((row) => ref === null || row.receiving_counterparty_id === id)
    const number = search.get('invoice_number')
    const of = (row: Row) => (row.invoices as Row[]).some((one) => one.invoice_number === number)
    return rows
      .filter((row) => number === null || of(row))
      .map((row) => ({
        processor_request_id: row.funding_drawdown_request_id,
        created: row.created,
        status: 'received',
        amount_cents: row.amount_cents,
        originating_counterparty_id: 'buy_1',
        buyer_ref_id: 'KESTREL',
        buyer_name: 'Kestrel',
        trace_id: null,
      }))
  }
  private pay(row: Row): Row {
    const at = this.clock.now()
    const supplier = String(row.receiving_counterparty_id)
    this.paid.push({ at, supplier, number: String(row.invoice_number), vouched: this.isVouched(supplier) })
    const stored = {
      ...row,
      id: `inv_${this.invoices.length}`,
      status: 'pending',
      created: iso(at),
      updated: iso(at),
    }
    this.invoices.unshift(stored)
    return stored
  }
}

const asDrawn = (row: Row): Row => ({
  ...row,
  supplier_ref_id: `REF-${row.receiving_counterparty_id}`,
  supplier_name: `Supplier ${row.receiving_counterparty_id}`,
  tracking_id: null,
})
