/** A draft that waits for a person, as the management API answers it. */
import type { ApprovalReason } from '../rules/approval.ts'
import type { DraftState } from '../rules/drafts.ts'
import type { WriteState } from '../rules/write-contract.ts'

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
  state: DraftState
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
    state: WriteState
    [kept: string]: unknown
  } | null
  would_send?: { request: string; body?: unknown }
}
