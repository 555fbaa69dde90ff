/** Change-log entries: what changed between two views of a record, in the two shapes that Finexio publishes. */
import { type Micros, timestampText } from '../tenants/micros.ts'
import type { Fields } from '../wire/validation.ts'

export type Change = { field: string; before: unknown; after: unknown }
export type HistoryAction = 'Create' | 'Update'
export type HistoryRow = {
  id: string
  object_id: string
  created: Micros
  action: HistoryAction
  actor: string
  address: string
  changes: string
}

const UNLOGGED = new Set(['id', 'created', 'updated', 'reason_not_usable'])

/** Fields in which two views of a record differ; for a new one, fields that hold something. */
export const changesBetween = (before: Fields | null, after: Fields): Change[] =>
  Object.keys(after)
    .filter((field) => !UNLOGGED.has(field))
    .map((field) => ({ field, before: before?.[field] ?? null, after: after[field] ?? null }))
    .filter(({ before: old, after: fresh }) => JSON.stringify(old) !== JSON.stringify(fresh))
    .filter(({ after: fresh }) => before !== null || !['', '[]'].includes(String(fresh ?? '')))

/** Values as the guide's samples spell them. */
const spelled = (value: unknown): string => {
  if (value === null || value === undefined) return 'None'
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** An entry as the guide's samples show it. */
export const guideEntry = (row: HistoryRow, changes: Change[]) => ({
  object_id: row.object_id,
  actor: row.actor,
  remote_addr: row.address,
  timestamp: timestampText(row.created),
  action: `${row.action}d`,
  changes: Object.fromEntries(
    changes.map(({ field, before, after }) => [field, [spelled(before), spelled(after)]]),
  ),
})

/** An entry as the OpenAPI declares it; several changes become an array. */
export const openapiEntry = (row: HistoryRow, changes: Change[]) => {
  const list = changes.map(({ field, before, after }) => ({ field, oldValue: before, newValue: after }))
  return {
    id: row.id,
    objectId: row.object_id,
    date: timestampText(row.created),
    username: row.actor,
    userIpAddress: row.address,
    action: row.action,
    changes: list.length === 1 ? list[0] : list,
    notes: null,
  }
}
