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

type SameRow = Omit<SameDraft, 'caller'> & { caller: string }

const WAITING = `SELECT DISTINCT draft.id, draft.server_id AS serverId, draft.server_name AS serverName, draft.caller, draft.created_at
     FROM draft_subject AS other JOIN draft ON draft.id = other.draft_id`

const sameOf = ({ caller, ...row }: SameRow): SameDraft => ({ ...row, caller: JSON.parse(caller) as Caller })

/** Drafts of the account that wait and would make a record that this one makes too, the oldest first. */
export const selectSame = (sql: SqlStorage, id: string, now: number): SameDraft[] =>
  allRows<SameRow>(
    sql,
    `${WAITING} WHERE digest IN (SELECT digest FROM draft_subject WHERE draft_id = ?)
       AND draft.id != ? AND draft.state = 'pending' AND draft.created_at > ?
     ORDER BY draft.created_at LIMIT ?`,
    ...[id, id, now - DRAFT_MS, MOST_SAME],
  ).map(sameOf)

/** As `selectSame`, for a write of which there is no draft yet. */
export const selectSameAs = (sql: SqlStorage, digests: readonly Uint8Array[], now: number): SameDraft[] => {
  const rows = digests.flatMap((digest) =>
    allRows<SameRow>(
      sql,
      `${WAITING} WHERE digest = ? AND draft.state = 'pending' AND draft.created_at > ?`,
      ...[digest, now - DRAFT_MS],
    ),
  )
  return [...new Map(rows.map((row) => [row.id, row])).values()]
    .toSorted((one, other) => one.created_at - other.created_at)
    .slice(0, MOST_SAME)
    .map(sameOf)
}
