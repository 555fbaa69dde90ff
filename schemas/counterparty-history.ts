/** Change log of counterparties, suppliers and buyers. Finexio publishes two shapes of an entry; either is mapped to one record. */
import * as z from 'zod'
import { isObject, type JsonObject } from '../src/core/json.ts'
import { resource } from './define.ts'
import { HISTORY_ACTIONS } from './enums.ts'
import { id, page, timestamp } from './fields.ts'
import { readable } from './readable.ts'

type Change = { field: string | null; before: unknown; after: unknown }

/** Values travel in Python's spelling. */
const PYTHON: ReadonlyMap<unknown, unknown> = new Map<unknown, unknown>([
  ['None', null],
  ['True', true],
  ['False', false],
])
const plain = (value: unknown): unknown => (PYTHON.has(value) ? PYTHON.get(value) : (value ?? null))

const change = (field: string | null, before: unknown, after: unknown): Change => ({
  field,
  before: plain(before),
  after: plain(after),
})

const fromPair = ([field, value]: [string, unknown]): Change =>
  Array.isArray(value) && value.length === 2
    ? change(field, value[0], value[1])
    : change(field, undefined, value)

/** A changed field that happens to be called `field` has a pair, not a text, as its value. */
const isChangeObject = (value: JsonObject) => typeof value.field === 'string'

const changesOf = (raw: unknown): Change[] | null => {
  if (raw === undefined || raw === null) return null
  if (Array.isArray(raw)) return raw.flatMap((item) => changesOf(item) ?? [])
  if (!isObject(raw)) return [change(null, undefined, raw)]
  return isChangeObject(raw)
    ? [change(raw.field as string, raw.oldValue, raw.newValue)]
    : Object.entries(raw).map(fromPair)
}

/**
 * One history entry in our words: `{id, object_id, timestamp, actor, remote_addr, action, changes, notes}`.
 * `changes` is a list of `{field, before, after}`, whichever of the published forms it came in.
 * @param raw an entry as received; anything but an object is returned as it is
 */
export const historyRecord = (raw: unknown): unknown => {
  if (!isObject(raw)) return raw
  return {
    id: raw.id,
    object_id: raw.object_id ?? raw.objectId,
    timestamp: raw.timestamp ?? raw.date,
    actor: raw.actor ?? raw.username,
    remote_addr: raw.remote_addr ?? raw.userIpAddress,
    action: raw.action,
    changes: changesOf(raw.changes),
    notes: raw.notes,
  }
}

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
      query: z.object({ page, object_id: id.describe('Id of the buyer or supplier; none: all.') }).partial(),
      normalize: historyRecord,
      gives: HistoryEntry,
      list: {
        shape: 'envelope',
        newest: 'timestamp',
        neverEmpty: { by: 'object_id', because: 'Finexio logs the creation of every buyer and supplier too' },
        columns: ['object_id', 'timestamp', 'action', 'actor', 'changes'],
      },
    },
  },
})
