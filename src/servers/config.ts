/** What an operator sets on an MCP server, and what the account's object answers when a token knocks. */

export type ServerConfig = {
  methods?: string[]
  tags?: string[]
  /** Text form of lists; structured content is the same either way. */
  text_format?: 'csv' | 'json'
  /** How an upstream 429 reaches the client: inside a tool result, or as HTTP 429. */
  upstream_429?: 'result' | 'http'
}

/** Where the credential of an account lies: which KV record, and the wrapped data key that opens it. */
export type CredentialPointer = { version: number; wrapped_key: Uint8Array }

/** Answer of the account's Durable Object to one call; null means unknown, expired or revoked alike. */
export type Admission = {
  account: { id: string; name: string; base_url: string; credential: CredentialPointer }
  server: { id: string; name: string; config: ServerConfig; expires_at: string | null }
}
