/** Payees on a page that was read for whatever reason, which changed since somebody vouched for them: an unpaid invoice is alarmed of. */
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import { suppliers } from '../../../../schemas/suppliers.ts'
import { canonicalId } from '../../../core/ids.ts'
import { timeOf } from '../../../finexio/pages.ts'
import { type Glimpse, showsChange, type Vouched } from '../../../rules/payees/verified.ts'
import type { Row } from '../../derived/request.ts'
import { timelineOf } from '../../reading/timeline.ts'
import { fingerprintOf, type Writes } from '../writes.ts'
import { evidenceOf, nameOf } from './evidence.ts'
import { changesOf, type Digest, shownOf } from './sights.ts'

/** By which field a row says whom it is about. */
const IDS: Readonly<Record<string, string>> = {
  [suppliers.name]: 'id',
  [counterpartyHistory.name]: 'object_id',
}

/** Whom a row is about; null where its list is about nobody who is paid. */
export const payeeIn = (resource: string, row: Row): string | null => {
  const id = IDS[resource] === undefined ? undefined : row[IDS[resource]]
  return typeof id === 'string' && id !== '' ? canonicalId(id) : null
}

const isUntouched = ({ updated }: Row, vouched: Vouched): boolean =>
  vouched.updated !== null && timeOf(updated) === vouched.updated

type Page = { rows: readonly Row[]; ofRecords: boolean; at: number }

const glimpseOf = async (
  supplier: string,
  vouched: Vouched,
  { rows, ofRecords, at }: Page,
  digest: Digest,
): Promise<Glimpse | null> => {
  const [row = null] = ofRecords ? rows : []
  if (row && isUntouched(row, vouched)) return null
  const own = ofRecords ? [] : timelineOf(rows)
  const seen = { shown: row ? await shownOf(row, digest) : {}, changes: await changesOf(own, digest) }
  if (!showsChange(vouched, seen)) return null
  const state = { ...seen, numbersShown: false, updated: null, newestEntry: null }
  const sight = { supplier, state, since: null, paidBefore: null }
  return {
    supplier,
    at,
    ...seen,
    ...nameOf({ row }),
    fields: evidenceOf({ sight, row, changes: own }, vouched),
  }
}

/** @param at when the page was read, in milliseconds since the epoch */
export const noticePayees = async (
  resource: string,
  rows: () => readonly Row[],
  at: number,
  writes: Writes,
): Promise<void> => {
  if (IDS[resource] === undefined) return
  const byPayee = Map.groupBy(rows(), (row) => payeeIn(resource, row))
  const ids = [...byPayee.keys()].filter((id) => id !== null)
  if (ids.length === 0) return
  const digest = fingerprintOf(writes)
  const known = await writes.knownPayees(ids)
  const found = known.rows.map(async ({ supplier, vouched, voided }) => {
    const page = { rows: byPayee.get(supplier) ?? [], ofRecords: resource === suppliers.name, at }
    return vouched && voided === null ? glimpseOf(supplier, vouched, page, digest) : null
  })
  const changed = (await Promise.all(found)).filter((one) => one !== null)
  if (changed.length > 0) await writes.noticePayees(changed)
}
