/** What the audit trail keeps: who did what, when, with what result, and what settings were and became; never a body or a secret. */
import type { Effect } from '../../../schemas/define.ts'
import { type Caller, principalOf } from '../../rules/admission.ts'
import type { Step, TargetKind } from '../../rules/history/changes.ts'
import type { Made } from '../../rules/history/rebuild.ts'
import type { Outcome } from '../../rules/outcome.ts'
import type { FieldChange } from '../../rules/payees/verified.ts'
import type { RefusalCode, RefusalFacts, RefusedBy } from '../../rules/sentences/refused-by.ts'
import type { KnownBy } from '../../rules/unknown.ts'
import type { WriteState } from '../../rules/write-contract.ts'
import type { GapEntry, SettingsEntry, SnapshotEntry, TrailEntry } from './own-entries.ts'

/**
 * Who issued the key that somebody acted by, and whoever issued the key for that: they have seen it. Ids, and names at the time.
 * Absent: nobody but `root`, or there is no key.
 */
export type IssuedBy = { issued_by?: readonly string[]; issued_by_names?: readonly string[] }

export const issuedBy = (ids: readonly string[] = [], names: readonly string[] = []): IssuedBy =>
  ids.length === 0 ? {} : { issued_by: ids, ...(names.length > 0 && { issued_by_names: names }) }

/** By which request something was done, and where that belongs in the caller's trace. */
export type ByCall = { request_id: string; traceparent?: string }

/** @param traceparent null or absent: the caller named none */
export const byCall = (request_id: string, traceparent?: string | null): ByCall => ({
  request_id,
  ...(traceparent && { traceparent }),
})

/**
 * Of a refusal whose row was held back for its minute: when the first and the last call were that the row stands for, ISO 8601. The
 * row's own time is that of writing. Absent in rows that were written at once, and before 0.2.0.
 */
export type Held = { first_at?: string; last_at?: string }

/** Which rule of ours refused it, as a code, and its figures. Absent where none did, and in rows before 0.2.0. */
export type Refused = { refused_by?: RefusalCode; refused_facts?: RefusalFacts }

export const refusedFields = (by: RefusedBy | null | undefined): Refused =>
  by ? { refused_by: by.code, ...(by.facts && { refused_facts: by.facts }) } : {}

export type CallEntry = IssuedBy &
  Held &
  Refused & {
    type: 'mcp'
    request_id: string
    mcp_server_id: string
    mcp_server_name: string
    mcp_method: 'tools/call'
    tool_name: string
    resource: string | null
    method: string | null
    effect: Effect | null
    outcome: Outcome
    /** Status of Finexio's last answer. */
    http_status_code: number | null
    http_method: string | null
    /** Template of the route, never an address. */
    http_url: string | null
    upstream_requests: number
    /** Milliseconds: of the call, and of its requests to Finexio. */
    duration: number
    fetch_duration: number
    result_count: number | null
    client_name: string | null
    client_version: string | null
    /** The API token beside the URL, or the person who signed in at the company; null: the URL alone. */
    caller_id: string | null
    caller_name: string | null
    /** Whose API token it is; where the URL alone was used, who holds the server, with their name. */
    person_id?: string
    person_name?: string
    /** The client that acts for the API token, where a person signed in; its name is what it calls itself. */
    oauth_grant_id: string | null
    oauth_client_id: string | null
    oauth_client_name: string | null
    /** Keyed digest: equal arguments give equal digests. */
    arguments_digest: string
    reason: string | null
    /** Where the call belongs in the caller's trace. */
    traceparent?: string
    /** As below. */
    repeated?: number
  }

/** Who stands behind a call: its caller; where the URL alone was used, the holder of the server. Ids, and names at the time. */
export type Behind = { person_id?: string; person_name?: string }

/** @param server null holder: nobody is named */
export const behind = (
  caller: Caller,
  { holder, holder_name }: { holder?: string | null; holder_name?: string | null },
): Behind => {
  if (caller.kind !== 'url') return { person_id: principalOf(caller)!.id, person_name: caller.name }
  return holder ? { person_id: holder, ...(holder_name && { person_name: holder_name }) } : {}
}

/** Who called: with a sign-in both the API token and the client that acts for it. */
export const whoCalled = (caller: Caller, server: Parameters<typeof behind>[1]) => {
  const who = caller.kind === 'url' ? null : caller
  const token = caller.kind === 'api_token' ? caller : null
  const { person_id, person_name } = behind(caller, server)
  return {
    caller_id: who?.id ?? null,
    caller_name: who?.name ?? null,
    ...(person_id && person_id !== who?.id && { person_id }),
    ...(person_name && !who && { person_name }),
    oauth_grant_id: who?.oauth?.grant_id ?? null,
    oauth_client_id: who?.oauth?.client_id ?? null,
    oauth_client_name: who?.oauth?.client_name ?? null,
    ...issuedBy(token?.issuers, token?.issuer_names),
  }
}

/** Which settings an action changed, from what to what; committed with them. Values masked, of secrets nothing but that they were replaced. */
export type ChangedSettings = {
  target_kind: TargetKind
  made: Made
  changes: readonly Step[]
  /** Where one change takes several rows: which of them this is. */
  part?: number
  parts?: number
}

/** What the sentence of a row says beside its action. Absent where it does not apply, and in rows of version 0.1.0. */
export type AboutTarget = {
  /** Name, at that time, of what was made, changed or removed. */
  target_name?: string
  /** Of a kill switch: whether writes were stopped, and why, as that person said. */
  stopped?: boolean
  why?: string
} & AboutWrite &
  Refused

/** How much a write is about, and who made it. */
export type AboutWrite = Behind & {
  /** The MCP server's name at that time. */
  mcp_server_name?: string
  /** Money of invoices alone. */
  cents?: number
  /** How many suppliers it pays, and their names where they are few and all were read. */
  suppliers?: number
  supplier_names?: readonly string[]
}

export type ManagementEntry = IssuedBy &
  Held &
  Partial<ChangedSettings> &
  AboutTarget & {
    type: 'management'
    request_id: string
    actor_id: string
    actor_name: string
    actor_kind: string
    /** Method and route template. */
    action: string
    /** Id, or the name of a webhook secret, of what was made, changed or removed. */
    target_id: string | null
    /** Names of what was sent, never values. */
    changed: string[]
    http_status_code: number
    /** Where the request belongs in the caller's trace. */
    traceparent?: string
    /** The change of settings that it made, decided on, or is. */
    settings_draft_id?: string
    /** Id and name of the second person, where one agreed to it. */
    agreed_by?: string
    agreed_by_name?: string
    /** Why they did. */
    agreed_reason?: string
    /** How many like it were left out since the row before: refusals that come in bursts. */
    repeated?: number
  }

/**
 * What ledger and drafts say of a write, committed in the same transaction. `outcome`: its state afterwards. `concluded`: what came of
 * it is known, or known to be unknown; earlier versions stored `settled`, which is a word for payments.
 */
export type WriteEntry = IssuedBy &
  AboutWrite & {
    type: 'write'
    event: 'claimed' | 'concluded' | 'drafted' | 'approved' | 'rejected' | 'canceled' | 'expired'
    request_id: string | null
    mcp_server_id: string | null
    tool_name: string | null
    idempotency_key: string
    outcome: string | null
    /** Where the call or decision belongs in the caller's trace. */
    traceparent?: string
    /** Of a batch that was refused: a part of it may have been stored all the same. */
    partial?: true
    /** Of a batch that was accepted: money of invoices that the answer did not confirm; `cents` is without it. */
    unsure_cents?: number
    /** Of an outcome that no answer of Finexio to the write told. */
    known_by?: KnownBy
    /** Of a draft that was canceled without a decision: what had ended. */
    why?: string
    /** Id of the draft, where the write waits or waited for a person. */
    approval_id?: string
    /** Who decided. */
    actor_id?: string | null
    /** The only person of a company of one decided, on what they had a hand in. */
    one_person?: true
    actor_name?: string | null
  }

/**
 * What happened to a payee: somebody vouched for it, it changed, Finexio accepted the instruction to pay it or not. `sent`: as the
 * rows of earlier versions are read, which said `paid` before Finexio answered. Ids, field names, and values masked as everywhere.
 */
export type PayeeEntry = Behind & {
  type: 'payee'
  event:
    | 'called_back'
    | 'accepted'
    | 'present_accepted'
    | 'changed'
    | 'not_changed'
    | 'change_unknown'
    | 'instructed'
    | 'not_paid'
    | 'payment_unknown'
    | 'sent'
  /** Of a payment, or of a change made through here: what came of it. */
  outcome?: Exclude<WriteState, 'claimed'>
  /** Of an outcome that no answer of Finexio to the write told. */
  known_by?: KnownBy
  request_id: string | null
  traceparent?: string
  supplier_id: string | null
  /** What it was called then, where that was known. */
  supplier_name?: string
  actor_id?: string
  actor_name?: string
  /** Of a call-back: who was called, when, on a number from where. */
  called?: string
  called_at?: string
  number_from?: string
  source?: string | null
  note?: string | null
  /** Of a change: names of what differs, and whether an invoice of this payee was unpaid; null: could not be found out. */
  changed?: string[]
  unpaid?: boolean | null
  /** Old and new, masked; of a call-back what it confirmed. */
  fields?: readonly FieldChange[]
  /** Of a payment, or of the write that changed it. */
  idempotency_key?: string
  cents?: number
  count?: number
}

export type AuditEntry =
  | CallEntry
  | ManagementEntry
  | WriteEntry
  | PayeeEntry
  | SnapshotEntry
  | SettingsEntry
  | GapEntry
  | TrailEntry

/** Of `log_type`: all there are. */
export const ENTRY_TYPES = [
  'mcp',
  'management',
  'write',
  'payee',
  'settings',
  'snapshot',
  'gap',
  'trail',
] as const

/** A row as it is stored; `entryIn` reads its text. `at`: milliseconds since the epoch. */
export type AuditRow = { seq: number; at: number; entry: string; hash: string | null }
