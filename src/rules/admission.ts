/** Who calls, and what the account's object answers when a token is presented. */
import type { ServerConfig } from './server-settings.ts'

/** Where the credential of an account lies: which KV record, and the wrapped data key that opens it. */
export type CredentialPointer = { version: number; wrapped_key: Uint8Array }

export type ListOrder = 'newest' | 'oldest'

/** A client that the holder of an API token let in by signing in. */
export type SignIn = { grant_id: string; client_id: string; client_name: string }

/** Who called: the bare URL, an API token beside it, or a client that acts for an API token (`oauth`). */
export type Caller = { kind: 'url' } | { kind: 'api_token'; id: string; name: string; oauth?: SignIn }

/** All that one admitted call needs. */
export type Admission = {
  account: {
    id: string
    name: string
    base_url: string
    credential: CredentialPointer
    /** `needs_reauth`: Finexio refused the credential; calls are refused here until it is renewed or verified. */
    status: 'active' | 'needs_reauth'
    /** Writes are refused here, whatever the server's filter lets through. */
    read_only: boolean
  }
  server: { id: string; name: string; config: ServerConfig; expires_at: string | null }
  /** Order of Finexio's lists as earlier calls learned it, by resource. */
  orders: Record<string, ListOrder>
  caller: Caller
}

/**
 * What a request presents besides its token.
 * `counts`: this message is a tools/call and takes one from the account's own limit.
 */
export type CallerInput = { bearer: string | null; counts: boolean }

/**
 * Answer of the account's Durable Object to one request. `unknown`: malformed, unknown, expired and revoked alike.
 * `unauthorized`: the server also asks for an API token. `limited`: `reset` in whole seconds.
 */
export type Verdict =
  | { kind: 'admitted'; admission: Admission }
  | { kind: 'unknown' }
  | { kind: 'unauthorized'; allowed_origins: string[] }
  | { kind: 'limited'; limit: number; remaining: 0; reset: number; allowed_origins: string[] }
