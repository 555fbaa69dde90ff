/** Which records a draft would make, as keyed digests: whether another that waits would make the same. Times are milliseconds since the epoch. */
import type { Caller } from '../../../rules/admission.ts'
import { DRAFT_MS } from '../../../rules/drafts.ts'
import type { SameDraft } from '../../../rules/write-contract.ts'
import { allRows } from '../rows.ts'

export const DRAFT_SUBJECT = `
  CREATE TABLE draft_subject (
    digest BLOB NOT NULL,
    draft_id TEXT NOT NULL REFERENCES draft (id) ON DELETE CASCADE,
    PRIMARY KEY (digest, draft_id)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX draft_subject_by_draft ON draft_subject (draft_id);
`

export const putSubjects = (sql: SqlStorage, draft_id: string, digests: readonly Uint8Array[]): void => {
  for (const digest of digests)
    sql.exec('INSERT OR IGNORE INTO draft_subject (digest, draft_id) VALUES (?, ?)', digest, draft_id)
}

/** More are no help to whoever decides. */
const MOST_SAME = 5

/** Drafts of the account that wait and would make a record that this one makes too, the oldest first. */
export const selectSame = (sql: SqlStorage, id: string, now: number): SameDraft[] =>
  allRows<Omit<SameDraft, 'caller'> & { caller: string }>(
    sql,
    `SELECT DISTINCT draft.id, draft.server_id AS serverId, draft.server_name AS serverName, draft.caller, draft.created_at
     FROM draft_subject AS own JOIN draft_subject AS other USING (digest) JOIN draft ON draft.id = other.draft_id
     WHERE own.draft_id = ? AND draft.id != own.draft_id AND draft.state = 'pending' AND draft.created_at > ?
     ORDER BY draft.created_at LIMIT ?`,
    ...[id, now - DRAFT_MS, MOST_SAME],
  ).map(({ caller, ...row }) => ({ ...row, caller: JSON.parse(caller) as Caller }))
