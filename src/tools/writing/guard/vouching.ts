/** Whether somebody vouched for those whom a write would pay, as Finexio shows them now. */
import { isObject } from '../../../core/json.ts'
import type { NumbersOnFile } from '../../../rules/payees/call-back.ts'
import type { PayeeFound, PayeeSight, Vouched } from '../../../rules/payees/verified.ts'
import type { Row } from '../../derived/request.ts'
import { failIfStopped, newReading, type Reading } from '../../reading/reading.ts'
import type { Change } from '../../reading/timeline.ts'
import type { ToolContext } from '../../tool.ts'
import { fingerprintOf, type KnownPayees } from '../writes.ts'
import { wasPaid } from './payees.ts'
import { type Before, hasNumbers, type Looking, readSights, shownValue } from './sights.ts'

const MOST_REQUESTS = 60

const beforeOf = ({ mark, shown, updated }: Vouched): Before => ({
  mark,
  shown,
  updated,
  numbersShown: hasNumbers(shown),
})

/** @param paid ids of suppliers that are known to have been paid */
const lookingFor = (
  { rows, acceptance }: KnownPayees,
  paid: ReadonlySet<string>,
  reading: Reading,
): Looking => {
  const known = new Map(rows.map((row) => [row.supplier, row]))
  return {
    reading,
    digest: fingerprintOf(reading.context.writes()),
    acceptedAt: acceptance?.at ?? null,
    before: (id) => {
      const vouched = known.get(id)?.vouched
      return vouched ? beforeOf(vouched) : null
    },
    paid: async (id, row) => {
      if (known.get(id)?.vouched) return true
      return paid.has(id) || (row ? wasPaid(reading, id, row) : null)
    },
  }
}

/** Nothing that Finexio shows could make these verified: they cost no request. */
const isHopeless = ({ rows, acceptance }: KnownPayees, id: string): boolean => {
  const row = rows.find(({ supplier }) => supplier === id)
  return row ? row.voided !== null : acceptance === null
}

/**
 * @param ids canonical ids of suppliers
 * @throws FinexioFailure when a request fails: nothing may follow it
 */
export const verifyPayees = async (
  ids: readonly string[],
  paid: ReadonlySet<string>,
  context: ToolContext,
): Promise<PayeeFound[]> => {
  const writes = context.writes()
  const known = await writes.knownPayees(ids)
  const open = ids.filter((id) => !isHopeless(known, id))
  const reading = newReading(context, MOST_REQUESTS)
  const sights = open.length > 0 ? await readSights(lookingFor(known, paid, reading), open) : []
  failIfStopped(reading)
  const unread = ids
    .filter((id) => !open.includes(id))
    .map((supplier): PayeeSight => ({ supplier, state: null, since: null, paidBefore: null }))
  return writes.observePayees([...sights, ...unread])
}

export type Seen = { sight: PayeeSight; row: Row | null; changes: readonly Change[] }

/**
 * The state of payees for whoever vouches for them.
 * @param ids canonical ids @param vouchedAt when they vouched, in milliseconds since the epoch
 */
export const sightsFor = async (
  ids: readonly string[],
  vouchedAt: number,
  context: ToolContext,
): Promise<Seen[]> => {
  const reading = newReading(context, MOST_REQUESTS)
  const seen = new Map<string, Omit<Seen, 'sight'>>()
  const looking: Looking = {
    ...lookingFor({ rows: [], acceptance: null }, new Set(), reading),
    acceptedAt: vouchedAt,
    paid: async () => null,
    saw: (id, row, changes) => seen.set(id, { row, changes }),
  }
  const sights = await readSights(looking, ids)
  failIfStopped(reading)
  return sights.map((sight) => ({ sight, ...(seen.get(sight.supplier) ?? { row: null, changes: [] }) }))
}

/** Whatever in a record is a telephone number, contacts included. */
const isNumber = (name: string): boolean => /phone/i.test(name)

const numbersIn = (name: string, value: unknown): string[] => {
  if (Array.isArray(value))
    return value
      .filter(isObject)
      .flatMap((one) => Object.entries(one).flatMap(([key, inner]) => numbersIn(key, inner)))
  return isNumber(name) && typeof value === 'string' && value !== '' ? [value] : []
}

/** Numbers on file: now, and when somebody last vouched. A number counts as vouched for only where its digest is the one that was kept. */
export const numbersOnFile = async (
  { row, changes }: Seen,
  vouched: Vouched | null,
  context: ToolContext,
): Promise<NumbersOnFile> => {
  const present = Object.entries(row ?? {}).flatMap(([name, value]) => numbersIn(name, value))
  if (!vouched) return { vouched: null, present }
  const candidates = [
    ...Object.entries(row ?? {}),
    ...changes.flatMap(({ field, before, after }) => [[field, before] as const, [field, after] as const]),
  ].filter(([name, value]) => numbersIn(name, value).length > 0)
  const digest = fingerprintOf(context.writes())
  const kept = await Promise.all(
    candidates.map(async ([name, value]) =>
      vouched.shown[name] === (await shownValue(name, value, digest)) ? numbersIn(name, value) : [],
    ),
  )
  return { vouched: [...new Set(kept.flat())], present }
}
