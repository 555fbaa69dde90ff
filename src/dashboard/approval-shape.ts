/** A draft that waits for a person, as the management API answers it. */

export type ApprovalReason =
  | { kind: 'always' }
  | { kind: 'payee_fields'; fields: string[] }
  | { kind: 'over'; supplier: string | null; cents: number; over_cents: number }
  | { kind: 'first_payment' | 'changed'; supplier: string; known: boolean }
  | { kind: 'unchecked'; rows: number[] }

export type ApprovalSupplier = {
  id: string
  name: string | null
  count: number
  cents: number
  total: string
  first_payment: boolean | null
  changed_at: string | null
}

export type Approval = {
  id: string
  integrated_account_id: string
  mcp_server_id: string
  mcp_server_name: string
  tool: string
  effect: 'write' | 'money'
  state: 'pending' | 'approved' | 'executed' | 'rejected' | 'expired' | 'canceled'
  reasons: ApprovalReason[]
  summary: {
    count: number
    total_cents: number
    total: string
    suppliers: ApprovalSupplier[]
    target: string | null
    fields: string[]
  }
  caller: { kind: 'url' } | { kind: 'api_token'; id: string; name: string }
  server_created_by: string
  idempotency_key: string
  created_at: string
  expires_at: string
  decided_at: string | null
  decided_by: { id: string; name: string } | null
  decision_reason: string | null
  outcome: {
    state: 'claimed' | 'succeeded' | 'rejected' | 'not_sent' | 'unknown'
    [kept: string]: unknown
  } | null
  would_send?: { request: string; body?: unknown }
}
