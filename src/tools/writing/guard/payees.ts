/** What Finexio says of those who would be paid or changed: how they are paid now, since when, and whether they ever were. */
import { buyers } from '../../../../schemas/buyers.ts'
import { counterparties } from '../../../../schemas/counterparties.ts'
import { counterpartyHistory } from '../../../../schemas/counterparty-history.ts'
import type { Resource } from '../../../../schemas/define.ts'
import { drawdownPayments } from '../../../../schemas/drawdown-payments.ts'
import { drawdowns } from '../../../../schemas/drawdowns.ts'
import type { PayeeKind } from '../../../../schemas/meaning.ts'
import { payeeKindOf } from '../../../../schemas/sensitive.ts'
import { suppliers } from '../../../../schemas/suppliers.ts'
import { cleanText } from '../../../core/text.ts'
import type { Payee, PayeeFacts } from '../../../rules/payees/concerns.ts'
import type { Target } from '../../../rules/write-contract.ts'
import { isPathId, type Row, wordOf } from '../../derived/request.ts'
import { isWhole, readWhole } from '../../reading/read-list.ts'
import {
  askForOne,
  askForPage,
  failIfStopped,
  flawOf,
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

const recordIn = (reading: Reading, resource: Resource, id: string): Promise<Row | null> =>
  askForOne(reading, resource, { id })

/** Reads a party from the first family of operations that knows it. */
const recordOf = async (reading: Reading, families: readonly Resource[], id: string): Promise<Row | null> => {
  for (const family of families) {
    const row = await recordIn(reading, family, id)
    if (row) return row
  }
  return null
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

const one = async (reading: Reading, id: string, paid: ReadonlySet<string>): Promise<KnownPayee | null> => {
  const [row, changed]: [Row | null, PayeeFacts['changedAt']] = await Promise.all([
    recordOf(reading, [suppliers, counterparties], id),
    changedAt(reading, id),
  ])
  if (!row) return null
  const paidBefore = paid.has(id) || (await wasPaid(reading, id, row))
  return {
    payee: await payeeOf(row, id, reading.context),
    facts: { supplier: id, paidBefore, changedAt: changed },
  }
}

/** Many suppliers: the list tells how each is paid, but not what became of it. */
const many = async (
  reading: Reading,
  ids: readonly string[],
  paid: ReadonlySet<string>,
): Promise<KnownPayee[]> => {
  const { rows } = await readWhole(reading, suppliers, {})
  const byId = new Map(rows.map((row) => [String(row.id), row]))
  const known = ids.map((id) => byId.get(id)).filter((row) => row !== undefined)
  return Promise.all(
    known.map(async (row) => {
      const id = String(row.id)
      const facts: PayeeFacts = { supplier: id, paidBefore: paid.has(id) || null, changedAt: null }
      return { payee: await payeeOf(row, id, reading.context), facts }
    }),
  )
}

/**
 * @param ids of suppliers; those that Finexio does not know are missing in the answer
 * @param paid suppliers that are known to have been paid
 * @throws FinexioFailure when a request fails: nothing may follow it. What was answered and cannot be read is not known
 */
export const readPayees = async (
  ids: readonly string[],
  paid: ReadonlySet<string>,
  context: ToolContext,
): Promise<KnownPayee[]> => {
  const reading = newReading(context, MOST_REQUESTS, true)
  const known =
    ids.length <= MOST_ONE_BY_ONE
      ? await Promise.all(ids.map((id) => one(reading, id, paid)))
      : await many(reading, ids, paid)
  failIfStopped(reading)
  return known.filter((payee) => payee !== null)
}

/** Whose record a write changes, in the family of operations that the tool belongs to: that of a contact is its owner. */
const ownerOf = (resource: string, target: Target): [family: Resource, id: string] | null => {
  const family = [suppliers, buyers, counterparties].find(
    ({ name, singular }) => resource === name || resource === `${singular}_contacts`,
  )
  const [id] = Object.values(target)
  return family && id !== undefined ? [family, id] : null
}

export type Party = { payee: Payee; row: Row }

/** A supplier, buyer or counterparty that is to be changed, as it is now; null when there is none, or Finexio does not know it. */
export const readParty = async (
  resource: string,
  target: Target,
  context: ToolContext,
): Promise<Party | null> => {
  const owner = ownerOf(resource, target)
  if (!owner) return null
  const reading = newReading(context, 1)
  const row = await recordIn(reading, ...owner)
  failIfStopped(reading)
  return row && { payee: await payeeOf(row, owner[1], reading.context), row }
}
