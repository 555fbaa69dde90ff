/** A small Finexio for composites: lists of 100 a page, records by id, and whatever a test puts in their place. */
import { FinexioFailure } from '../../../src/finexio/failure.ts'
import type { FinexioRequest } from '../../../src/finexio/types.ts'

type Row = Record<string, unknown>
type Rows = readonly unknown[]

export type World = {
  invoices?: Rows
  payments?: Rows
  drawdown?: Row
  /** Drawdowns that a filter finds. */
  drawdowns?: (query: Row) => Rows
  /** Payments of any drawdown. */
  funded?: Rows
  history?: Rows
  suppliers?: Rows
  parties?: Rows
  image?: (path: string) => unknown
  /** Answers in place of all this, unless undefined. */
  over?: (request: FinexioRequest) => unknown
}

/** A failure as the upstream client throws it. */
export const failing = (kind: 'not_found' | 'throttled' | 'upstream_fault' | 'no_answer'): never => {
  const status = { not_found: 404, throttled: 429, upstream_fault: 500, no_answer: null }[kind]
  const message = kind === 'no_answer' ? 'Finexio gave no complete answer within 30 s' : `status ${status}`
  const retryAfter = kind === 'throttled' ? 20 : null
  throw new FinexioFailure({ kind, status, message, rate: null, retryAfter, sent: true })
}

export const paged = (all: Rows, { page = 1 }: Row = {}) => {
  const number = Number(page)
  return {
    count: all.length,
    next: number * 100 < all.length ? `https://finexio.test/?page=${number + 1}` : null,
    previous: null,
    results: all.slice((number - 1) * 100, number * 100),
  }
}

const named = (parties: Rows, { name }: Row): Rows =>
  parties.filter(
    (row) =>
      name === undefined ||
      String((row as Row).name)
        .toLowerCase()
        .includes(String(name).toLowerCase()),
  )

const byId = (rows: Rows, path: string): unknown =>
  rows.find((row) => path.endsWith(`/${(row as Row | null)?.id}/`)) ?? failing('not_found')

const lists = (world: World, query: Row): Readonly<Record<string, () => Rows>> => ({
  '/invoices/': () => world.invoices ?? [],
  '/payments/': () => world.payments ?? [],
  '/reconciliation/drawdown': () => world.drawdowns?.(query) ?? [],
  '/counterparties/history': () => world.history ?? [],
  '/counterparties/suppliers': () => world.suppliers ?? [],
  '/counterparties/': () => named(world.parties ?? [], query),
})

const recordAt = (world: World, path: string, query: Row): unknown => {
  if (path.startsWith('/reconciliation/'))
    return path.endsWith('/payments')
      ? paged(world.funded ?? [], query)
      : (world.drawdown ?? failing('not_found'))
  const rows = { invoices: world.invoices, payments: world.payments, counterparties: world.parties }
  return byId(rows[path.split('/')[1] as keyof typeof rows] ?? [], path)
}

export const finexioOf =
  (world: World) =>
  (request: FinexioRequest): unknown => {
    const { path, query = {} } = request
    const instead = world.over?.(request)
    if (instead !== undefined) return instead
    const list = lists(world, query as Row)[path]
    if (list) return paged(list(), query as Row)
    if (path.endsWith('/images')) return world.image?.(path) ?? []
    return recordAt(world, path, query as Row)
  }

export const PARTIES: Rows = [
  { id: 's1', name: 'Acme', type: 'Supplier' },
  { id: 's2', name: 'Bolt', type: 'Supplier' },
  { id: 'b1', name: 'Buyer', type: 'Buyer' },
]

/** @param at makes ids, numbers and amounts differ */
export const invoice = (at: number, more: Row = {}): Row => ({
  id: `i${at}`,
  invoice_number: `N-${at}`,
  amount_cents: 1_000 + at,
  status: 'complete',
  payment_id: `p${at}`,
  receiving_counterparty_id: 's1',
  originating_counterparty_id: 'b1',
  invoice_date: '2026-10-01',
  invoice_due_date: '2026-11-01',
  created: '2026-10-01T00:00:00.123456',
  ...more,
})

export const payment = (at: number, more: Row = {}): Row => ({
  id: `p${at}`,
  amount_cents: 1_000 + at,
  status: 'settled',
  payment_method: 'check',
  delivery_method: 'mail',
  tracking_id: `RC${at}`,
  receiving_counterparty_id: 's1',
  originating_counterparty_id: 'b1',
  invoices: [{ id: `i${at}`, invoice_number: `N-${at}`, payment_amount_cents: 1_000 + at }],
  events: [],
  created: '2026-10-02T00:00:00.100000',
  updated: '2026-10-05T00:00:00.100000',
  ...more,
})

/** An entry of the change log. */
export const entry = (timestamp: unknown, changes: unknown, more: Row = {}): Row => ({
  object_id: 's1',
  actor: 'ann',
  timestamp,
  action: 'Updated',
  changes,
  ...more,
})
