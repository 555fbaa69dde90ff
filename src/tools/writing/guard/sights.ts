/**
 * The visible state of payees: their records, and the changes of payee fields in their history. By id it costs two requests each; for
 * several that were seen before, two in all: what was updated since, and the newest entries of everybody's history.
 */
import { counterparties } from '../../../../schemas/counterparties.ts'
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import { payeeKindOf } from '../../../../schemas/sensitive.ts'
import { suppliers } from '../../../../schemas/suppliers.ts'
import { canonicalId } from '../../../core/ids.ts'
import { timeOf } from '../../../finexio/pages.ts'
import {
  ACCEPTED_UNCHANGED_MS,
  LATE_MS,
  type PayeeSight,
  type PayeeState,
  type Shown,
} from '../../../rules/payees/verified.ts'
import { pageOf } from '../../derived/list.ts'
import type { Row } from '../../derived/request.ts'
import { isWhole, readWhole } from '../../reading/read-list.ts'
import { askForOne, type Reading } from '../../reading/reading.ts'
import { type Change, timelineOf } from '../../reading/timeline.ts'

/** Up to this many are read by their ids. */
const MOST_BY_ID = 12
const MOST_HISTORY_PAGES = 20

/** Keyed digest as text. */
type Digest = (value: unknown) => Promise<string>

/** Entries of the history, and since when there are no others; `since` null: they are all. */
type Read = { changes: Change[]; since: number | null } | null

const DIGITS = 16
const MASKED = /^[*•xX]{2,}/
const isEmpty = (value: unknown) =>
  value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** How a value of a field is kept. */
export const shownValue = async (name: string, value: unknown, digest: Digest): Promise<Shown[string]> => {
  if (isEmpty(value)) return 'empty'
  const form = typeof value === 'string' && MASKED.test(value) ? 'masked' : 'clear'
  return `${form} ${(await digest([name, value])).slice(0, DIGITS)}`
}

const shownOf = async (row: Row, digest: Digest): Promise<Shown> => {
  const own = Object.entries(row).filter(([name, value]) => value !== undefined && payeeKindOf(name) !== null)
  const entries = own.map(async ([name, value]) => [name, await shownValue(name, value, digest)] as const)
  return Object.fromEntries(await Promise.all(entries))
}

const NUMBERS = ['bank_account_number', 'bank_routing_number']

/** Whether bank numbers are shown as they are, or as empty. */
export const hasNumbers = (shown: Shown): boolean =>
  NUMBERS.every((name) => shown[name] !== undefined && !shown[name].startsWith('masked'))

const stateOf = async (row: Row, own: readonly Change[], digest: Digest): Promise<PayeeState> => {
  const shown = await shownOf(row, digest)
  const counted = own.filter(({ field }) => payeeKindOf(field) !== null)
  const times = own.map(({ at }) => at).filter((at) => at !== null)
  return {
    shown,
    numbersShown: hasNumbers(shown),
    changes: await Promise.all(
      counted.map(async ({ timestamp, at, field, before, after }) => ({
        id: (await digest([timestamp, field, before, after])).slice(0, DIGITS),
        at,
      })),
    ),
    updated: timeOf(row.updated),
    newestEntry: times.length > 0 ? Math.max(...times) : null,
  }
}

const recordOf = async (reading: Reading, id: string): Promise<Row | null> =>
  (await askForOne(reading, suppliers, { id })) ?? (await askForOne(reading, counterparties, { id }))

/** What bears no id, or the id of somebody else although one was asked for, counts as an entry of this payee. */
const historyOf = async (reading: Reading, id: string): Promise<Read> => {
  const list = await readWhole(reading, counterpartyHistory, { object_id: id })
  return isWhole(list) && list.unreadable === 0 && list.rows.length > 0
    ? { changes: timelineOf(list.rows), since: null }
    : null
}

const isNewestFirst = (times: readonly (number | null)[]): times is number[] =>
  times.every((time, index) => time !== null && (index === 0 || time <= times[index - 1]!))

/** Everybody's history, newest first, down to a moment; null where its order does not prove that nothing is missing. */
const historySince = async (reading: Reading, floor: number): Promise<Read> => {
  const page = pageOf(counterpartyHistory, reading.context, {})
  const rows: Row[] = []
  for (let number = 1; number <= MOST_HISTORY_PAGES; number++) {
    const read = await reading.ask(() => page(number))
    if (!read || (read.unreadable ?? 0) > 0 || (read.flaw ?? null) !== null) return null
    rows.push(...read.rows)
    const times = rows.map(({ timestamp }) => timeOf(timestamp))
    const whole = read.next === null && rows.length >= (read.count ?? rows.length + 1)
    if (whole) return { changes: timelineOf(rows), since: null }
    if (read.next === null || !isNewestFirst(times) || new Set(times).size < 2) return null
    if (times.at(-1)! < floor) return { changes: timelineOf(rows), since: floor }
  }
  return null
}

const ownIn = (changes: readonly Change[], id: string): Change[] =>
  changes.filter(({ object_id }) => object_id === '' || canonicalId(object_id) === id)

const byId = async ({ reading, digest, paid, saw }: Looking, id: string): Promise<PayeeSight> => {
  const [row, history] = await Promise.all([recordOf(reading, id), historyOf(reading, id)])
  saw?.(id, row, history?.changes ?? [])
  const state = row && history ? await stateOf(row, history.changes, digest) : null
  return { supplier: id, state, since: null, paidBefore: row ? await paid(id, row) : null }
}

/** What was known of a payee before. `shown` and `updated` hold on where Finexio does not list it among those updated since `mark`. */
export type Before = { mark: number; shown: Shown; updated: number | null; numbersShown: boolean }

export type Looking = {
  reading: Reading
  digest: Digest
  /** What is known of a payee; null: nothing. */
  before(id: string): Before | null
  /** When the present was accepted; null: never. */
  acceptedAt: number | null
  paid(id: string, row: Row | null): Promise<boolean | null>
  /** Told what was read of each, for a page. */
  saw?(id: string, row: Row | null, changes: readonly Change[]): void
}

/** Where there is nothing to compare with, its first change is as old as an acceptance asks. */
const floorOf = ({ before, acceptedAt }: Looking, id: string): number => {
  const known = before(id)
  if (known) return known.mark - LATE_MS
  return acceptedAt === null ? Number.NEGATIVE_INFINITY : acceptedAt - ACCEPTED_UNCHANGED_MS
}

const isoOf = (time: number) => new Date(time).toISOString().slice(0, 23)

/** Records that may differ from what was known; null: the list could not be read whole. */
const updatedSince = async (
  { reading, before }: Looking,
  ids: readonly string[],
): Promise<Map<string, Row> | null> => {
  const marks = ids.map((id) => before(id)?.mark ?? null)
  const filters = marks.includes(null)
    ? {}
    : { updated_after: isoOf(Math.min(...marks.map(Number)) - LATE_MS) }
  const list = await readWhole(reading, suppliers, filters)
  if (!isWhole(list) || list.unreadable > 0) return null
  return new Map(list.rows.map((row) => [canonicalId(String(row.id)), row]))
}

const together = async (looking: Looking, ids: readonly string[]): Promise<PayeeSight[] | null> => {
  const { reading, digest, before, paid, saw } = looking
  const floor = Math.min(...ids.map((id) => floorOf(looking, id)))
  const history = await historySince(reading, floor)
  const rows = history && (await updatedSince(looking, ids))
  if (!rows) return null
  return Promise.all(
    ids.map(async (id): Promise<PayeeSight> => {
      const [row, known] = [rows.get(id) ?? null, before(id)]
      const own = ownIn(history.changes, id)
      const { since } = history
      saw?.(id, row, own)
      if (!row && !known) return { supplier: id, state: null, since, paidBefore: null }
      const state = await stateOf(row ?? {}, own, digest)
      const held = row
        ? {}
        : { shown: known!.shown, updated: known!.updated, numbersShown: known!.numbersShown }
      return {
        supplier: id,
        state: { ...state, ...held },
        since,
        paidBefore: known ? true : await paid(id, row),
      }
    }),
  )
}

/**
 * @param ids canonical ids of suppliers
 * @returns one sight for each; `state` null where it could not be read. Look at `reading.stopped` afterwards.
 */
export const readSights = async (looking: Looking, ids: readonly string[]): Promise<PayeeSight[]> => {
  const { before } = looking
  const seenBefore = ids.every((id) => before(id) !== null)
  if (ids.length > MOST_BY_ID || (seenBefore && ids.length > 1)) {
    const sights = await together(looking, ids)
    if (sights) return sights
  }
  if (ids.length > MOST_BY_ID)
    return ids.map((supplier) => ({ supplier, state: null, since: null, paidBefore: null }))
  return Promise.all(ids.map((id) => byId(looking, id)))
}
