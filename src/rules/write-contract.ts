/** Requests and answers about writes between the call path and the account's object. */
import type { Caller, LetIn } from './admission.ts'
import type { ApprovalReason, WriteFacts } from './approval.ts'
import type { DraftState } from './drafts.ts'
import type { Amount, Breach } from './limits.ts'
import type { Concern } from './payees/concerns.ts'
import type { PayeeFound, Unverified } from './payees/verified.ts'
import type { DecidedBy } from './who/four-eyes.ts'

/**
 * `rejected`: it was not carried out, as Finexio answered or as was found out later. `not_sent`: it failed before leaving. `unknown`: it left, and no complete answer came.
 * `claimed`: under way.
 */
export type WriteState = 'claimed' | 'succeeded' | 'rejected' | 'not_sent' | 'unknown'

/** What is kept of an answer: ids and counts, never a record. */
export type Kept = Record<string, Plain | number[] | Record<string, Plain>[]>
type Plain = string | number | boolean | null

/** Ids that the path of a request names: `{"id": "sup_1"}`. */
export type Target = Readonly<Record<string, string>>

export type ClaimRequest = WriteFacts & {
  /** What the caller gave; null: none, and `minted` is taken. */
  key: string | null
  minted: string
  serverId: string
  requestId: string
  /** Where the call belongs in the caller's trace; absent: it named none. */
  traceparent?: string
  /** What suppliers are called at Finexio, by id, as far as they were read. */
  names?: Readonly<Record<string, string>>
  letIn: LetIn
  /** Keyed digest of tool and arguments. */
  fingerprint: Uint8Array
  /** Keyed digests of the records the write would make, by which an unknown outcome can be settled. */
  subjects: readonly Uint8Array[]
  /** Of a write that makes records: `subjects`, then the same records under other names. A write that has one of them may be equal. */
  equals: readonly Uint8Array[]
  target: Target
  /**
   * What was looked up at Finexio, by positions among the subjects; null: nothing. `free`: those that Finexio lets be submitted
   * again, with the ids under which Finexio has them. `absent`: those that are not there.
   */
  guard: { free: readonly { index: number; ids: readonly string[] }[]; absent: readonly number[] } | null
  /** What was found of those whom it would pay, where payees have to be vouched for. `version`: of the record relied on. */
  vouching: readonly PayeeFound[]
  /** What lets it run although it needs a person's approval; null: nothing yet. */
  approval:
    | { kind: 'confirmed' }
    | { kind: 'approved'; draftId: string; by: DecidedBy; reason: string | null }
    | null
}

/** An earlier write that prevents this one. Times in milliseconds since the epoch. */
export type Earlier = {
  key: string
  tool: string
  state: WriteState
  at: number
  kept: Kept | null
  /** It left through another MCP server of the account, which alone answers for it. */
  elsewhere?: boolean
}

/** Another draft that waits and would make the same record: the same number, supplier and buyer. */
export type SameDraft = {
  id: string
  serverId: string
  serverName: string
  caller: Caller
  created_at: number
}

/** A draft that waits, or waited, for a decision: what its caller is answered. */
export type DraftNotice = {
  id: string
  key: string
  state: DraftState
  expires_at: number
  /** Why a person has to agree; absent where it was made through another MCP server, whose rules are its own. */
  reasons?: readonly ApprovalReason[]
  /** Whether one person alone could undo the rule that asks for approval. */
  undoable?: boolean
  /** It was made through another MCP server of the account, which alone answers for it. */
  elsewhere?: boolean
  /** Others that wait and would make the same; absent: it was not looked for. */
  same?: readonly SameDraft[]
}

/** A row of a write that an earlier write has as well. `rejected`: that one was refused in part, and this row may have been stored. */
export type LedgerRow = { index: number; key: string; state: WriteState; elsewhere: boolean }

/** Why a write must not leave. */
export type Obstacle =
  /** Same key, same arguments, done. */
  | { kind: 'replay'; earlier: Earlier }
  | { kind: 'in_flight'; earlier: Earlier }
  | { kind: 'unknown'; earlier: Earlier }
  /** Same key, other arguments. */
  | { kind: 'key_reused'; earlier: Pick<Earlier, 'key' | 'tool'> }
  /** Equal to a write of which nobody knows what became of it; or without a key, and equal to one under way or just done. */
  | { kind: 'possible_repeat'; earlier: Earlier }
  /** An equal write waits for approval already, or was decided on under this key. */
  | { kind: 'drafted'; draft: DraftNotice }
  /** The same invoices are in the ledger. */
  | { kind: 'in_ledger'; rows: readonly LedgerRow[] }
  | { kind: 'not_allowed'; role: 'buyer' | 'supplier'; id: string }
  | { kind: 'limited'; breach: Breach }
  | { kind: 'payee'; concern: Concern }
  /** Whatever was approved: nobody vouched for these as they are now. */
  | { kind: 'unverified'; suppliers: readonly { supplier: string; why: Unverified }[] }
  /** `same`: as of a draft. */
  | {
      kind: 'needs_approval'
      reasons: readonly ApprovalReason[]
      undoable?: boolean
      same?: readonly SameDraft[]
    }
  /** The draft may not be run by this person, or not any more. */
  | { kind: 'undecidable'; why: string; forbidden: boolean }
  /** `all`: by the deployment's switch. */
  | { kind: 'stopped'; all: boolean }
  /** The MCP server ended or was revoked meanwhile. */
  | { kind: 'unknown_server' }
  | { kind: 'unknown_account' }
  /** Settings of the server or the account changed since the call was let in. */
  | { kind: 'changed' }
  /** Who called may not call any more. */
  | { kind: 'not_let_in' }

export type Claim = { kind: 'claimed'; key: string } | Obstacle

/** What would become of a write; `room`: what the limits leave, null where none is set. */
export type Preview = { obstacle: Obstacle | null; room: Record<keyof Amount, number | null> }

export type Settlement = {
  key: string
  /** Of the call that claimed it: a later claim under the same key is not meant. Absent: whichever there is. */
  requestId?: string
  /** Of the call that settles it. */
  traceparent?: string
  state: Exclude<WriteState, 'claimed'>
  kept: Kept | null
  /** Which record became of which subject. */
  made?: readonly { digest: Uint8Array; id: string | null }[]
  /** Positions of subjects that were found not to be there: they may be sent again. */
  absent?: readonly number[]
  /** Positions of subjects of which an answer that accepted the write says nothing. */
  unsure?: readonly number[]
  /** Fields that an answer which accepted the write has with other values than were sent. */
  unapplied?: readonly string[]
}

/** What is shown of a draft without opening it. */
export type DraftSummary = {
  count: number
  total_cents: number
  suppliers: readonly {
    id: string
    count: number
    cents: number
    /** Null: could not be found out. */
    first_payment: boolean | null
    /** ISO time of the last change of bank account or method; null: none known. */
    changed_at: string | null
  }[]
  target: string | null
  fields: readonly string[]
}

/** A draft to be kept. `body` and `wrapped_key`: its sealed arguments. */
export type NewDraft = {
  id: string
  request: ClaimRequest
  reasons: readonly ApprovalReason[]
  /** Why, as the caller says, cleaned and without long numbers; null: nothing was said. */
  reason: string | null
  summary: DraftSummary
  caller: Caller
  wrapped_key: Uint8Array
  body: Uint8Array
  /** What those who decide are shown, sealed. */
  page: { wrapped_key: Uint8Array; ciphertext: Uint8Array }
  /** For whoever is notified, in clear. */
  notice: Readonly<Record<string, unknown>>
}
