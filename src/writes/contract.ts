/** What the call path and the account's object say to each other about a write. */
import type { Effect } from '../../schemas/define.ts'

/** Money that one call would move towards one supplier, from one buyer. */
export type Movement = { buyer: string; supplier: string; cents: number; count: number }

/**
 * `rejected`: Finexio said no. `not_sent`: it failed before leaving. `unknown`: it left, and no complete answer came.
 * `claimed`: under way.
 */
export type WriteState = 'claimed' | 'succeeded' | 'rejected' | 'not_sent' | 'unknown'

/** What is kept of an answer: ids and counts, never a record. */
export type Kept = Record<string, Plain | Record<string, Plain>[]>
type Plain = string | number | boolean | null

export type ClaimRequest = {
  /** What the caller gave; null: none, and `minted` is taken. */
  key: string | null
  minted: string
  tool: string
  effect: Effect
  serverId: string
  requestId: string
  /** Keyed digest of tool and arguments. */
  fingerprint: Uint8Array
  /** Keyed digests of the records the write would make, by which an unknown outcome can be settled. */
  subjects: readonly Uint8Array[]
  movements: readonly Movement[]
}

/** An earlier write that stands in the way. Times in milliseconds since the epoch. */
export type Earlier = { key: string; tool: string; state: WriteState; at: number; kept: Kept | null }

/** Why a write must not leave. */
export type Obstacle =
  /** Same key, same arguments, done. */
  | { kind: 'replay'; earlier: Earlier }
  | { kind: 'in_flight'; earlier: Earlier }
  | { kind: 'unknown'; earlier: Earlier }
  /** Same key, other arguments. */
  | { kind: 'key_reused'; earlier: Earlier }
  /** No key, and equal to a write that is under way, unsettled, or done a short while ago. */
  | { kind: 'possible_repeat'; earlier: Earlier }
  | { kind: 'stopped' }
  | { kind: 'unknown_account' }

export type Claim = { kind: 'claimed'; key: string } | Obstacle

export type Settlement = { key: string; state: Exclude<WriteState, 'claimed'>; kept: Kept | null }
