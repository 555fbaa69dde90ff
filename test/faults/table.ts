/** One tool of each kind, and throttles as different APIs spell them. All of them leave 17 seconds to wait. */

const invoice = {
  invoice_number: 'FAULT-1',
  amount_cents: 12_345,
  invoice_date: new Date().toISOString().slice(0, 10),
  originating_counterparty_id: 'buy_111',
  receiving_counterparty_id: 'sup_999',
}

type ToolCase = {
  name: string
  args: Record<string, unknown>
  path: string
  effect: 'read' | 'write' | 'money'
}

/** The same write again is meant here, which only a key of its own can say. */
export const argsOf = ({ args, effect }: ToolCase): Record<string, unknown> =>
  effect === 'read' ? args : { ...args, idempotency_key: crypto.randomUUID() }

export const TOOLS: readonly ToolCase[] = [
  { name: 'list_all_finexio_payments', args: { limit: 5 }, path: '/payments/', effect: 'read' },
  {
    name: 'get_single_finexio_payment_by_id',
    args: { id: 'pay_555777' },
    path: '/payments/',
    effect: 'read',
  },
  {
    name: 'get_single_finexio_drawdown_by_id',
    args: { id: 'req_987654' },
    path: '/reconciliation/',
    effect: 'read',
  },
  { name: 'finexio_invoices_bulk_create', args: { body: [invoice] }, path: '/invoices/', effect: 'money' },
  {
    name: 'finexio_suppliers_partial_update',
    args: { id: 'sup_999', notes: 'x' },
    path: '/counterparties/',
    effect: 'money',
  },
  {
    name: 'create_a_finexio_webhook',
    args: {
      event: 'payment.changed',
      url: 'https://hooks.example.com/f',
      username: 'u',
      password: 'made-up',
    },
    path: '/webhooks/',
    effect: 'write',
  },
]

const known = { limit: 60, remaining: 0, reset: 17 }

type Throttle = {
  dialect: string
  status: number
  headers: Record<string, string>
  meta: Record<string, number | null>
}

export const THROTTLES: readonly Throttle[] = [
  {
    dialect: 'draft-06 headers',
    status: 429,
    headers: {
      'ratelimit-limit': '60',
      'ratelimit-remaining': '0',
      'ratelimit-reset': '17',
      'retry-after': '17',
    },
    meta: known,
  },
  {
    dialect: 'a RateLimit field',
    status: 429,
    headers: { ratelimit: '"default";r=0;t=17', 'ratelimit-policy': '"default";q=60;w=60' },
    meta: known,
  },
  {
    dialect: 'X-RateLimit headers',
    status: 429,
    headers: {
      'x-ratelimit-limit': '60',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': '17',
      'retry-after': '17',
    },
    meta: known,
  },
  {
    dialect: '503 with Retry-After',
    status: 503,
    headers: { 'retry-after': '17' },
    meta: { limit: null, remaining: null, reset: 17 },
  },
]

/** Everything, and no look for duplicates: here the first request of a write is the write itself. */
export const ALL = { methods: ['read', 'write'], duplicate_guard: { requests: 0 } }
