/** Change log of counterparties, suppliers and buyers. */
import * as z from 'zod'
import { resource } from './define.ts'
import { HISTORY_ACTIONS } from './enums.ts'
import { id, page, timestamp } from './fields.ts'
import { historyRecord } from './history.ts'
import { readable } from './readable.ts'

const HistoryEntry = readable({
  object_id: id.describe('Counterparty id.'),
  timestamp,
  action: z.enum(HISTORY_ACTIONS),
  actor: z.string(),
  changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
  remote_addr: z.string(),
  notes: z.string(),
  id,
})

export const counterpartyHistory = resource({
  name: 'counterparty_history',
  singular: 'counterparty_history',
  tags: ['counterparty_history'],
  methods: {
    list: {
      effect: 'read',
      route: 'GET /counterparties/history',
      title: 'List counterparty history',
      says: 'Who changed which field of a buyer or supplier, when, from what to what.',
      query: z.object({ page, object_id: id.describe('Id of the buyer or supplier.') }).partial(),
      reads: historyRecord,
      gives: HistoryEntry,
      list: {
        shape: 'envelope',
        newest: 'timestamp',
        columns: ['object_id', 'timestamp', 'action', 'actor', 'changes'],
      },
    },
  },
})
