/** What an operator sets on an MCP server, and what the account's object answers when a token knocks. */
import * as z from 'zod'

const word = z.string().min(1).max(64)

/** Keys that are not known are refused: a misspelt restriction must not be lost in silence. */
export const ServerConfigInput = z.strictObject({
  methods: z.array(word).max(100).optional(),
  tags: z.array(word).max(100).optional(),
  /** Text form of lists; structured content is the same either way. */
  text_format: z.enum(['csv', 'json']).optional(),
  /** How an upstream 429 reaches the client: inside a tool result, or as HTTP 429. */
  upstream_429: z.enum(['result', 'http']).optional(),
})

export type ServerConfig = z.infer<typeof ServerConfigInput>

/** Where the credential of an account lies: which KV record, and the wrapped data key that opens it. */
export type CredentialPointer = { version: number; wrapped_key: Uint8Array }

export type ListOrder = 'newest' | 'oldest'

/** Answer of the account's Durable Object to one call; null means unknown, expired or revoked alike. */
export type Admission = {
  account: { id: string; name: string; base_url: string; credential: CredentialPointer }
  server: { id: string; name: string; config: ServerConfig; expires_at: string | null }
  /** Order of Finexio's lists as earlier calls learned it, by resource. */
  orders: Record<string, ListOrder>
}
