/** What Finexio says of those who would be paid or changed: how they are paid now, since when, and whether they ever were. */
import { buyers } from '../../../../schemas/buyers.ts'
import { counterparties } from '../../../../schemas/counterparties.ts'
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import type { Resource } from '../../../../schemas/define.ts'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import { resources } from '../../../../schemas/index.ts'
import type { PayeeKind } from '../../../../schemas/meaning.ts'
import { payments } from '../../../../schemas/payments.ts'
import { isParty, payeeKindOf } from '../../../../schemas/sensitive.ts'
import { suppliers } from '../../../../schemas/suppliers.ts'
import { canonicalId } from '../../../core/ids.ts'
import { cleanText, oneLine } from '../../../core/text.ts'
import type { Payee, PayeeFacts } from '../../../rules/payees/concerns.ts'
import type { Target } from '../../../rules/write-contract.ts'
import { isPathId, type Row, wordOf } from '../../derived/request.ts'
import { isWhole, readRecent, readWhole } from '../../reading/read-list.ts'
import {
  askForPage,
  failIfStopped,
  flawOf,
  lookForOne,
  newReading,
  type Reading,
} from '../../reading/reading.ts'
import { STOPPED } from '../../reading/tally.ts'
import { leadsMoney, timelineOf } from '../../reading/timeline.ts'
import type { ToolContext } from '../../tool.ts'
import { fingerprintOf } from '../writes.ts'

/** Up to this many suppliers are looked up one by one, three requests each; for more the list of all suppliers is read. */
const MOST_ONE_BY_ONE = 12
const MOST_REQUESTS = 60

export type KnownPayee = { payee: Payee; facts: PayeeFacts }

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? cleanText(value) : null

/** Both families of records spell the same things differently. */
const fieldsOf = (kind: PayeeKind, row: Row) =>
  Object.entries(row)
    .filter(([name, value]) => payeeKindOf(name) === kind && value !== null && value !== '')
    .sort(([a], [b]) => (a < b ? -1 : 1))

/** How a record is paid, without a single number or address in clear. */
const payeeOf = async (row: Row, id: string, { writes }: ToolContext): Promise<Payee> => {
  const fingerprint = fingerprintOf(writes())
  return {
    supplier: id,
    name: textOf(row.name) ?? '',
    enabled: typeof row.enabled === 'boolean' ? row.enabled : null,
    bank: await fingerprint(['bank', fieldsOf('bank_account', row)]),
    method: textOf(row.payment_method) ?? textOf(row.funding_method),
    delivery: textOf(row.delivery_method),
    remit: await fingerprint(['remit', [...fieldsOf('address', row), ...fieldsOf('email', row)]]),
    other: await fingerprint(['other', [...fieldsOf('other', row), ...fieldsOf('unclassified', row)]]),
  }
}

type Families = readonly [own: Resource, shared: Resource]
const SUPPLIERS: Families = [suppliers, counterparties]
const BUYERS: Families = [buyers, counterparties]

/** A party from the first family of operations that knows it; `absent` where each said that it has none, null where one could not be read. */
const recordOf = async (
  reading: Reading,
  families: readonly Resource[],
  id: string,
): Promise<Row | 'absent' | null> => {
  let found: 'absent' | null = 'absent'
  for (const family of families) {
    const row = await lookForOne(reading, family, { id })
    if (row !== null && row !== 'absent') return row
    found = row && found
  }
  return found
}

/** Null: the history was not read whole, or does not say when: a change that matters may be in what is missing. */
const changedAt = async (reading: Reading, id: string): Promise<PayeeFacts['changedAt']> => {
  const whole = await readWhole(reading, counterpartyHistory, { object_id: id })
  const times = timelineOf(whole.rows)
    .filter(leadsMoney)
    .map(({ at }) => at)
  // Creations are logged too: an empty history is no evidence that nothing changed.
  if (!isWhole(whole) || whole.rows.length === 0 || times.includes(null)) return null
  return times.length > 0 ? Math.max(...times.map((at) => at!)) : 'never'
}

/** Drawdowns of one supplier whose payments are looked at. */
const MOST_DRAWDOWNS = 2

/**
 * A drawdown does not name its suppliers, and a filter that Finexio ignores lets all pass: only a payment to this very
 * supplier, which was not stopped, shows that it was paid. Null: that could not be found out.
 */
export const wasPaid = async (reading: Reading, id: string, row: Row): Promise<boolean | null> => {
  const reference = textOf(row.external_reference_id) ?? textOf(row.internal_id)
  if (reference === null) return null
  const page = await askForPage(reading, drawdowns, { supplier_ref_id: reference })
  if (!page) return null
  const looks = page.rows.slice(0, MOST_DRAWDOWNS).map(async ({ processor_request_id }) => {
    if (!isPathId(processor_request_id)) return null
    return readWhole(reading, drawdownPayments, {}, null, { processor_request_id })
  })
  const read = await Promise.all(looks)
  const paid = read.some((whole) =>
    whole?.rows.some(
      (payment) => payment.receiving_counterparty_id === id && !STOPPED.has(wordOf(payment.status)),
    ),
  )
  if (paid) return true
  const all = page.next === null && flawOf(page) === null
  return all && page.rows.length === read.length && read.every((whole) => whole && isWhole(whole))
    ? false
    : null
}

/** The newest payments, in which many are looked for at once. */
const PAYMENT_PAGES = 20

/** Whoever is paid by one of the newest payments, and whether these are all. */
export const paidAmong = async (reading: Reading): Promise<{ ids: ReadonlySet<string>; whole: boolean }> => {
  const recent = await readRecent(reading, payments, PAYMENT_PAGES)
  const paid = recent.rows.filter(({ status }) => !STOPPED.has(wordOf(status)))
  const ids = new Set(paid.map((row) => canonicalId(String(row.receiving_counterparty_id))))
  return { ids, whole: isWhole(recent) }
}

type Found = KnownPayee | 'absent' | null

const one = async (reading: Reading, id: string, paid: ReadonlySet<string>): Promise<Found> => {
  const [row, changed] = await Promise.all([recordOf(reading, SUPPLIERS, id), changedAt(reading, id)])
  if (row === null || row === 'absent') return row
  const paidBefore = paid.has(id) || (await wasPaid(reading, id, row))
  return {
    payee: await payeeOf(row, id, reading.context),
    facts: { supplier: id, paidBefore, changedAt: changed },
  }
}

/** Many suppliers: the list tells how each is paid, but not what became of it. A few that it does not name are asked for one by one. */
const many = async (
  reading: Reading,
  ids: readonly string[],
  paid: ReadonlySet<string>,
): Promise<Found[]> => {
  const { rows } = await readWhole(reading, suppliers, {})
  const byId = new Map(rows.map((row) => [String(row.id), row]))
  const listed = async (id: string, row: Row): Promise<KnownPayee> => ({
    payee: await payeeOf(row, id, reading.context),
    facts: { supplier: id, paidBefore: paid.has(id) || null, changedAt: null },
  })
  const unlisted = ids.filter((id) => !byId.has(id)).slice(0, MOST_ONE_BY_ONE)
  return Promise.all(
    ids.map((id) => {
      const row = byId.get(id)
      if (row) return listed(id, row)
      return unlisted.includes(id) ? one(reading, id, paid) : null
    }),
  )
}

/** A record that a write names and that Finexio does not have. */
export type Absent = { what: string; id: string }

/** `absent`: what Finexio said that it does not have. Who is in neither could not be read. */
export type PayeesRead = { known: KnownPayee[]; absent: Absent[] }

/**
 * @param ids of suppliers
 * @param paid suppliers that are known to have been paid
 * @throws FinexioFailure when a request fails: nothing may follow it. What was answered and cannot be read is not known
 */
export const readPayees = async (
  ids: readonly string[],
  paid: ReadonlySet<string>,
  context: ToolContext,
): Promise<PayeesRead> => {
  const reading = newReading(context, MOST_REQUESTS, true)
  const found =
    ids.length <= MOST_ONE_BY_ONE
      ? await Promise.all(ids.map((id) => one(reading, id, paid)))
      : await many(reading, ids, paid)
  failIfStopped(reading)
  return {
    known: found.filter((one) => one !== null && one !== 'absent'),
    absent: ids.filter((_, at) => found[at] === 'absent').map((id) => ({ what: suppliers.singular, id })),
  }
}

/** `names`: of those that were read, by id. */
export type BuyersRead = { names: Record<string, string>; absent: Absent[] }

/** @throws FinexioFailure when a request fails */
export const readBuyers = async (ids: readonly string[], context: ToolContext): Promise<BuyersRead> => {
  const reading = newReading(context, MOST_REQUESTS, true)
  const looked = ids.slice(0, MOST_ONE_BY_ONE)
  const found = await Promise.all(looked.map((id) => recordOf(reading, BUYERS, id)))
  failIfStopped(reading)
  const named = looked.flatMap((id, at): [string, string][] => {
    const row = found[at]
    const name = row && row !== 'absent' ? textOf(row.name) : null
    return name === null ? [] : [[id, oneLine(name)]]
  })
  return {
    names: Object.fromEntries(named),
    absent: looked.filter((_, at) => found[at] === 'absent').map((id) => ({ what: buyers.singular, id })),
  }
}

/** Which record a write changes or ends, in the family of operations that the tool belongs to: that of a contact is its owner. */
const targetOf = (resource: string, target: Target): [family: Resource, id: string] | null => {
  const family = resources.find(
    ({ name, singular, methods }) =>
      methods.get && (resource === name || resource === `${singular}_contacts`),
  )
  const [id] = Object.values(target)
  return family && id !== undefined ? [family, id] : null
}

/** `payee`: null where it is no party, such as a webhook. */
type Read = { payee: Payee | null; row: Row } | { absent: Absent }

/** The record that a write changes, as it is now; null where it changes none. @throws FinexioFailure when it cannot be read */
export const readTarget = async (
  resource: string,
  target: Target,
  context: ToolContext,
): Promise<Read | null> => {
  const named = targetOf(resource, target)
  if (!named) return null
  const [family, id] = named
  const reading = newReading(context, 1)
  const row = await lookForOne(reading, family, { id })
  failIfStopped(reading)
  if (row === 'absent') return { absent: { what: family.singular, id } }
  return row && { payee: isParty(family) ? await payeeOf(row, id, reading.context) : null, row }
}
