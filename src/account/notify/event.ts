/** Events of which the operator is notified. */
export type Notification =
  /** Finexio refused the credentials of an account. */
  | { type: 'account.needs_reauth'; data: { integrated_account_id: string; name: string } }
  /** An MCP server ends within a day. */
  | {
      type: 'mcp_server.expiring'
      data: { integrated_account_id: string; mcp_server_id: string; name: string; expires_at: string }
    }
  /** An account used up this server's own limit. */
  | {
      type: 'own_limit.reached'
      data: { integrated_account_id: string; limit: number; window_seconds: number }
    }
  /** A write waits for a person. */
  | {
      type: 'approval.pending'
      data: { integrated_account_id: string; approval_id: string; mcp_server_id: string }
    }
