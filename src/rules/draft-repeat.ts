/** Whether a write is, or is about, one that waits for a person: no draft is made twice, decided twice, or runs as another. */

import { DRAFT_MS, type DraftState } from './drafts.ts'
import type { ClaimRequest, DraftNotice, Obstacle } from './write.ts'

type Same = {
  id: string
  key: string
  tool: string
  state: DraftState
  created_at: number
  fingerprint: ArrayBuffer
}

const noticeOf = ({ id, key, state, created_at }: Same): DraftNotice => ({
  id,
  key,
  state,
  expires_at: created_at + DRAFT_MS,
})

const presentSame = (row: Same, now: number): Same =>
  row.state === 'pending' && now - row.created_at >= DRAFT_MS ? { ...row, state: 'expired' } : row

const SAME = 'id, key, tool, state, created_at, fingerprint'

const sameBytes = (a: ArrayBuffer, b: Uint8Array): boolean =>
  a.byteLength === b.byteLength && crypto.subtle.timingSafeEqual(a, b)

/** A draft under the key of a call, or equal to a call without one: it is not made twice, and decided once. */
export const draftObstacle = (
  sql: SqlStorage,
  { key, fingerprint, approval }: Pick<ClaimRequest, 'key' | 'fingerprint' | 'approval'>,
  now: number,
): Obstacle | null => {
  if (approval?.kind === 'approved') return null
  const [row] =
    key === null
      ? sql
          .exec<Same>(
            `SELECT ${SAME} FROM draft WHERE fingerprint = ? AND state = 'pending' LIMIT 1`,
            fingerprint,
          )
          .toArray()
      : sql
          .exec<Same>(`SELECT ${SAME} FROM draft WHERE key = ? ORDER BY created_at DESC LIMIT 1`, key)
          .toArray()
  if (!row) return null
  const present = presentSame(row, now)
  // What ran stands in the ledger, which has been asked already. An expired equal one does not bind a call without a key.
  if (present.state === 'executed' || (key === null && present.state !== 'pending')) return null
  if (!sameBytes(row.fingerprint, fingerprint))
    return { kind: 'key_reused', earlier: { key: row.key, tool: row.tool } }
  return { kind: 'drafted', draft: noticeOf(present) }
}

/** Whether a claim is for the very write that was drafted, down to each argument. */
export const isDrafted = (sql: SqlStorage, id: string, request: ClaimRequest): boolean => {
  const { key, fingerprint, serverId, tool } = request
  const [row] = sql
    .exec(
      'SELECT 1 FROM draft WHERE id = ? AND key = ? AND fingerprint = ? AND server_id = ? AND tool = ?',
      ...[id, key, fingerprint, serverId, tool],
    )
    .toArray()
  return row !== undefined
}
