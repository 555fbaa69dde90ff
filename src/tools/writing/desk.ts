/** What a write needs of its account and its server: the ledger, the rules, drafts, and whom to ask. */

import type { StoredDraft } from '../../account/tables/drafts.ts'
import type { Written } from '../../account/tables/ledger.ts'
import type { Credentials } from '../../finexio/types.ts'
import type { Payee } from '../../rules/payees.ts'
import type {
  Claim,
  ClaimRequest,
  DraftNotice,
  NewDraft,
  Obstacle,
  Preview,
  Settlement,
} from '../../rules/write-contract.ts'
import type { WriteSettings } from '../../rules/write-settings.ts'

/** What the account says of one of its secrets. */
export type StoredSecret = {
  allowed_hosts: readonly string[]
  /** Null when it does not open. */
  open(): Promise<Credentials | null>
}

/** Null: there is none of this name. */
export type FindSecret = (name: string) => Promise<StoredSecret | null>

/** What only the account and those who decide may read of a draft. */
export type DraftBody = {
  args: Record<string, unknown>
  /** How those who would be paid or changed are paid, as the caller's summary was made. */
  payees: readonly Payee[]
}

export type WriteDesk = {
  serverId: string
  requestId: string
  settings: WriteSettings
  /** Whether this server shows a tool: what is not there is not advised. */
  sees(tool: string): boolean
  /** Keyed digest: equal values give equal digests, and nothing else can be told from one. */
  digest(value: unknown): Promise<Uint8Array>
  claim(request: ClaimRequest): Promise<Claim>
  /** What would stand in the way; reserves nothing. */
  preview(request: ClaimRequest): Promise<Preview>
  settle(settlement: Settlement): Promise<void>
  /** The account's webhook secrets. */
  secret: FindSecret
  /** Keeps a write for a person, its body sealed. */
  draft(
    draft: Pick<NewDraft, 'request' | 'reasons' | 'summary'> & { body: DraftBody },
  ): Promise<{ kind: 'drafted'; draft: DraftNotice } | { kind: 'too_many' } | Obstacle>
  /** Where a person looks at a draft. */
  approvalUrl(draftId: string): string
  readDraft(draftId: string): Promise<StoredDraft | null>
  /** What became of it; the words of why not otherwise. */
  cancelDraft(draftId: string): Promise<StoredDraft | string>
  readWrite(key: string): Promise<Written | null>
}
