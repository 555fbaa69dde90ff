/** Who calls, and what the account's object answers when a token is presented. */
import type { ServerConfig } from './server-settings.ts'

/** Where the credential of an account lies: which KV record, and the wrapped data key that opens it. */
export type CredentialPointer = { version: number; wrapped_key: Uint8Array }

export type ListOrder = 'newest' | 'oldest'

/** A client that the holder of an API token let in by signing in. */
export type SignIn = { grant_id: string; client_id: string; client_name: string }

/**
 * Who called: the bare URL, or somebody who brought an API token or signed in (`oauth`: by a client that acts for them).
 * `id`: of the API token, or of the person where they signed in at the company's identity provider. What version 0.1.0 kept
 * names no holder. `issuers`: who has seen the API token. `identity`: how often that of the person had been changed when they signed in;
 * absent: never.
 */
export type Caller =
  | { kind: 'url' }
  | {
      kind: 'api_token'
      id: string
      name: string
      holder?: Holder
      issuers?: readonly string[]
      issuer_names?: readonly string[]
      oauth?: SignIn
    }
  | { kind: 'person'; id: string; name: string; identity?: number; oauth: SignIn }

/** A person or system. */
export type Holder = { id: string; kind: 'person' | 'system' }

/** Whose right to call can be looked up again: that of an API token, or of a person who signed in. */
export type CallerRef = { token: string; person: null } | { token: null; person: string; identity: number }

export const refOf = (caller: Caller): CallerRef | null => {
  if (caller.kind === 'url') return null
  return caller.kind === 'person'
    ? { token: null, person: caller.id, identity: caller.identity ?? 0 }
    : { token: caller.id, person: null }
}

/** The person or system that called; null where the URL alone did. */
export const principalOf = (caller: Caller): Holder | null => {
  if (caller.kind === 'url') return null
  return caller.kind === 'person'
    ? { id: caller.id, kind: 'person' }
    : (caller.holder ?? { id: caller.id, kind: 'person' })
}

/** Who has seen the key of a caller through issuing it. */
export const issuersIn = (caller: Caller): readonly string[] =>
  caller.kind === 'api_token' ? (caller.issuers ?? []) : []

/** What a call was admitted by; a claim checks all of it again. */
export type LetIn = {
  /** Keyed digest of the token in the URL; null: a sign-in, or the approval of a draft. */
  digest: Uint8Array | null
  /** Revision of the settings of account and server that apply to the call. */
  revision: string
  caller: Caller
}

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
  server: {
    id: string
    name: string
    config: ServerConfig
    expires_at: string | null
    /** The person or system that works through it; null or absent: nobody is named. */
    holder?: string | null
    holder_name?: string | null
  }
  /** Order of Finexio's lists as earlier calls learned it, by resource. */
  orders: Record<string, ListOrder>
  caller: Caller
  digest: Uint8Array | null
  revision: string
  /** Of a call that counts among those under way: what is given back when it is over. */
  place?: string
}

/**
 * What a request presents besides its token.
 * `counts`: this message may call Finexio: it takes one from the account's own limit, and a place among its calls under way.
 */
export type CallerInput = { bearer: string | null; counts: boolean; asked?: AskedCall }

/** What a request asks for, for the row of one that is not let in. */
export type AskedCall = { requestId: string; tool: string | null; traceparent: string | null }

/**
 * Answer of the account's Durable Object to one request. `unknown`: malformed, unknown, expired and revoked alike.
 * `unauthorized`: the server also asks for an API token. `limited`: `reset` in whole seconds.
 */
export type Verdict =
  | { kind: 'admitted'; admission: Admission }
  | { kind: 'unknown' }
  | { kind: 'unauthorized'; allowed_origins: string[] }
  | {
      kind: 'limited'
      /** Of what there was too much: tool calls where absent, calls under way, requests to Finexio, or rows of the trail by this server, in bytes. */
      counted?: 'calls' | 'at_once' | 'requests' | 'bytes'
      limit: number
      remaining: 0
      reset: number
      allowed_origins: string[]
    }
