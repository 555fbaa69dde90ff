/** The change log of buyers and suppliers. */

import { listAnswer } from '../lists/lists.ts'
import { insertRow } from '../tenants/tables.ts'
import { nextIds } from '../tenants/tenants.ts'
import type { Answer, Call } from '../wire/call.ts'
import {
  type Change,
  guideEntry,
  type HistoryAction,
  type HistoryRow,
  openapiEntry,
} from './history-entries.ts'

const OWN_ADDRESS = '192.0.2.10'

/** Appends an entry where something changed. */
export const logChange = (call: Call, objectId: string, action: HistoryAction, changes: Change[]): void => {
  if (changes.length === 0) return
  insertRow(call.db, 'history', {
    tenant: call.tenant.id,
    id: nextIds(call, 'history', 1)[0],
    object_id: objectId,
    created: call.now,
    action,
    actor: call.tenant.username,
    address: OWN_ADDRESS,
    changes: JSON.stringify(changes),
  })
}

export const listHistory = (call: Call): Answer =>
  listAnswer<HistoryRow>(call, {
    table: 'history',
    filters: { object_id: { sql: 'object_id = ?', kind: 'text' } },
    render: (found) =>
      found.map((row) => {
        const changes = JSON.parse(row.changes) as Change[]
        return call.settings.historyShape === 'guide' ? guideEntry(row, changes) : openapiEntry(row, changes)
      }),
  })
