/** Rows that no caller makes: what the trail and the settings tell of themselves. */
import type { SnapshotRow } from '../../rules/history/rebuild.ts'

/** As it is stored: its number is the row's. Written at a migration, and where older rows are removed; `as_of`: milliseconds since the epoch. */
export type SnapshotEntry = { type: 'snapshot' } & Omit<SnapshotRow, 'seq'>

/** A change of settings that ended although nobody decided on it; what somebody decided is a management row. */
export type SettingsEntry = {
  type: 'settings'
  request_id: null
  outcome: 'lapsed' | 'expired'
  settings_draft_id: string
  /** The call that waited: method and route template. */
  action: string
  target_id: string
  target_name: string
  /** Names of the keys that it would have changed. */
  changed: string[]
  reason: string | null
  /** Who had asked for it. */
  asked_by: string
  asked_by_name: string
  /** Accounts that it would have reached, in whose trails this row is as well; null: all. */
  reached: string[] | null
}

/** Rows that were to be written and could not be. */
export type GapEntry = { type: 'gap'; lost: number }

/**
 * What became of the trail itself. `filling`: it takes this part of its bound by size, and what will go. `cut_by_size`: the oldest
 * rows are going for want of room. Sizes in bytes, of all that the object stores.
 */
export type TrailEntry = {
  type: 'trail'
  event: 'filling' | 'cut_by_size'
  bytes: number
  bound_bytes: number
}
