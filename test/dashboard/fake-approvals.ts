/** The management API with approvals on top, as the contract has them: for pages that are built before the API is. */

import type { Dispatch } from '../../src/dashboard/management.ts'
import type { Approval } from '../../src/dashboard/shapes.ts'
import type { Actor } from '../../src/identity/actor.ts'

export const draft = (change: Partial<Approval> = {}): Approval => ({
  id: 'apr_0123456789',
  integrated_account_id: '11111111-1111-4111-8111-111111111111',
  mcp_server_id: '22222222-2222-4222-8222-222222222222',
  mcp_server_name: 'Month-end agent',
  tool: 'finexio_invoices_bulk_create',
  effect: 'money',
  state: 'pending',
  call_reason: null,
  first_invoice: 'A-1',
  reasons: [
    { kind: 'always' },
    { kind: 'over', supplier: null, cents: 1_234_550, over_cents: 100_000 },
    { kind: 'first_payment', supplier: 'sup_2', known: true },
  ],
  summary: {
    count: 3,
    total_cents: 1_234_550,
    total: '12345.50',
    suppliers: [
      {
        id: 'sup_1',
        name: 'Birch Paper Co',
        count: 2,
        cents: 1_000_000,
        total: '10000.00',
        first_payment: false,
        changed_at: '2026-11-20T10:00:00.000Z',
      },
      {
        id: 'sup_2',
        name: '<img src=x onerror=alert(1)>',
        count: 1,
        cents: 234_550,
        total: '2345.50',
        first_payment: true,
        changed_at: null,
      },
    ],
    target: null,
    fields: [],
  },
  target_name: null,
  caller: { kind: 'url' },
  hands: {
    caller: null,
    callerIssuers: [],
    holders: [],
    editors: ['33333333-3333-4333-8333-333333333333'],
    payeeChangers: [],
  },
  idempotency_key: 'nov-run-1',
  created_at: new Date(Date.now() - 3_600_000).toISOString(),
  expires_at: new Date(Date.now() + 71 * 3_600_000).toISOString(),
  decided_at: null,
  decided_by: null,
  decision_reason: null,
  one_person: false,
  outcome: null,
  would_send: {
    request: 'POST /invoices/',
    body: [
      {
        invoice_number: 'A-1',
        receiving_counterparty_id: 'sup_1',
        originating_counterparty_id: 'buy_1',
        amount_cents: 600_000,
        due_date: '2026-12-05',
        metadata: { po: '77' },
      },
      {
        invoice_number: 'A-2',
        receiving_counterparty_id: 'sup_1',
        originating_counterparty_id: 'buy_1',
        amount_cents: 400_000,
        due_date: '2026-12-05',
      },
      {
        invoice_number: 'B-9',
        receiving_counterparty_id: 'sup_2',
        originating_counterparty_id: 'buy_1',
        amount_cents: 234_550,
        due_date: '2026-12-09',
      },
    ],
  },
  ...change,
})

const json = (status: number, body: unknown) => Response.json(body, { status })

const problemOf = ({ grants }: Actor) => (grants.includes('approve') ? null : 'This needs the role approve.')

/** @param drafts by id; decisions change them */
export const withApprovals =
  (dispatch: Dispatch, drafts: Map<string, Approval>): Dispatch =>
  async (request, asker, env) => {
    const { actor } = asker
    const { pathname, searchParams } = new URL(request.url)
    if (/^\/integrated-account\/[^/]+\/approval$/.test(pathname)) {
      const state = searchParams.get('state')
      return json(200, {
        result: [...drafts.values()].filter((one) => state === null || one.state === state),
        next_cursor: null,
      })
    }
    const [, id = '', decision] = /^\/approval\/([^/]+)(?:\/(approve|reject))?$/.exec(pathname) ?? []
    if (id === '') return dispatch(request, asker, env)
    const found = drafts.get(id)
    if (!found) return json(404, { message: 'There is no draft with this id.' })
    if (!decision) return json(200, { ...found, cannot_decide: problemOf(actor) })
    if (!actor.grants.includes('approve'))
      return json(403, { message: 'This needs the role approve for this account.' })
    const { reason = null } = (await request.json()) as { reason?: string }
    const decided: Approval = {
      ...found,
      state: decision === 'approve' ? 'executed' : 'rejected',
      decided_at: new Date().toISOString(),
      decided_by: { id: actor.id, name: actor.name },
      decision_reason: reason,
      outcome: decision === 'approve' ? { state: 'succeeded' } : null,
      would_send: undefined,
    }
    drafts.set(id, decided)
    return json(200, decided)
  }
