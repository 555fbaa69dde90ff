/** Whether somebody vouched for those whom a write would pay, as Finexio shows them now. */
import { isObject } from '../../../core/json.ts'
import type { NumbersOnFile } from '../../../rules/payees/call-back.ts'
import {
  ACCEPTED_UNCHANGED_MS,
  type PayeeFound,
  type PayeeSight,
  showsChange,
  type Vouched,
} from '../../../rules/payees/verified.ts'
import { failIfStopped, newReading, type Reading } from '../../reading/reading.ts'
import type { ToolContext } from '../../tool.ts'
import { fingerprintOf, type KnownPayees } from '../writes.ts'
import { evidenceOf, nameOf, type Seen } from './evidence.ts'
import { payeeIn } from './notice.ts'
import { paidAmong, wasPaid } from './payees.ts'
import { type Before, hasNumbers, type Looking, MOST_BY_ID, readSights, shownValue } from './sights.ts'
import { unsettledAmong } from './under-way.ts'

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
  many: boolean,
): Looking => {
  const known = new Map(rows.map((row) => [row.supplier, row]))
  let listed: ReturnType<typeof paidAmong> | undefined
  const inList = (id: string) => {
    listed ??= paidAmong(reading)
    return listed.then(({ ids, whole }) => ids.has(id) || (whole ? false : null))
  }
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
      if (paid.has(id)) return true
      if (many) return inList(id)
      return row ? wasPaid(reading, id, row) : null
    },
  }
}

/** With what was read of each. */
const seenBy = async (looking: Looking, ids: readonly string[]): Promise<Seen[]> => {
  const read = new Map<string, Omit<Seen, 'sight'>>()
  const saw: Looking['saw'] = (id, row, changes) => read.set(id, { row, changes })
  const sights = await readSights({ ...looking, saw }, ids)
  return sights.map((sight) => ({ sight, ...(read.get(sight.supplier) ?? { row: null, changes: [] }) }))
}

/** Nothing that Finexio shows could make these verified: they cost no request. */
const isHopeless = ({ rows, acceptance }: KnownPayees, id: string): boolean => {
  const row = rows.find(({ supplier }) => supplier === id)
  return row ? row.voided !== null : acceptance === null
}

/** What is read of these is judged as a whole; only what a page shows of others is noticed by itself. */
const noticingOthers = (context: ToolContext, ids: readonly string[]): ToolContext => {
  const { notice } = context
  if (!notice) return context
  const isOther = (resource: string, row: Parameters<typeof payeeIn>[1]) =>
    !ids.includes(payeeIn(resource, row) ?? '')
  return {
    ...context,
    notice: (resource, rows) => notice(resource, () => rows().filter((row) => isOther(resource, row))),
  }
}

/**
 * Keeps what was seen. Of what changed since somebody vouched it is asked whether money is under way: an alarm depends on it.
 * @throws FinexioFailure when that fails, after all of it was kept
 */
export const observed = async (
  seen: readonly Seen[],
  { rows }: KnownPayees,
  context: ToolContext,
): Promise<PayeeFound[]> => {
  const known = new Map(rows.map((row) => [row.supplier, row]))
  const vouchedFor = ({ sight }: Seen): Vouched | null => {
    const row = known.get(sight.supplier)
    return row?.voided === null ? row.vouched : null
  }
  const changed = seen.filter((one) => {
    const vouched = vouchedFor(one)
    return vouched !== null && one.sight.state !== null && showsChange(vouched, one.sight.state)
  })
  const ids = changed.map(({ sight }) => sight.supplier)
  const asked = ids.length === 0 ? new Map() : unsettledAmong(ids, context)
  const unsettled = await Promise.resolve(asked).catch((fault: unknown) => fault)
  const of = unsettled instanceof Map ? unsettled : new Map<string, boolean | null>()
  const sights = seen.map((one): PayeeSight => {
    if (!changed.includes(one)) return { ...one.sight, ...nameOf(one) }
    const fields = evidenceOf(one, vouchedFor(one))
    return { ...one.sight, ...nameOf(one), fields, unsettled: of.get(one.sight.supplier) ?? null }
  })
  const found = await context.writes().observePayees(sights)
  if (!(unsettled instanceof Map)) throw unsettled
  return found
}

const UNREAD = { state: null, since: null, paidBefore: null }

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
  const reading = newReading(noticingOthers(context, ids), MOST_REQUESTS)
  const looking = lookingFor(known, paid, reading, open.length > MOST_BY_ID)
  const seen = open.length > 0 ? await seenBy(looking, open) : []
  failIfStopped(reading)
  const unread = ids.filter((id) => !open.includes(id))
  const hopeless = unread.map((supplier) => ({ sight: { supplier, ...UNREAD }, row: null, changes: [] }))
  return observed([...seen, ...hopeless], known, context)
}

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
  const looking: Looking = {
    ...lookingFor({ rows: [], acceptance: null }, new Set(), reading, false),
    acceptedAt: vouchedAt,
    paid: async () => null,
  }
  const seen = await seenBy(looking, ids)
  failIfStopped(reading)
  return seen
}

/** Set by Finexio itself. */
const NO_WORDS: ReadonlySet<string> = new Set(['id', 'created', 'updated'])

/** Whatever in a record is a telephone number, contacts included. */
const isNumber = (name: string): boolean => /phone/i.test(name)

const numbersIn = (name: string, value: unknown): string[] => {
  if (Array.isArray(value))
    return value
      .filter(isObject)
      .flatMap((one) => Object.entries(one).flatMap(([key, inner]) => numbersIn(key, inner)))
  return isNumber(name) && typeof value === 'string' && value !== '' ? [value] : []
}

/** Texts in a value, at any depth. */
const textsIn = (value: unknown): string[] => {
  if (typeof value === 'string') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(textsIn) : []
}

/** What whoever changed a record may have set besides its telephone numbers, and those that they set for a while: not what was there long before. */
const elsewhereIn = ({ row, changes }: Seen, now: number): string[] => [
  ...Object.entries(row ?? {}).flatMap(([name, value]) =>
    isNumber(name) || NO_WORDS.has(name) ? [] : textsIn(value),
  ),
  ...changes.flatMap(({ field, at, after }) =>
    at !== null && at < now - ACCEPTED_UNCHANGED_MS ? [] : numbersIn(field, after),
  ),
]

/** Numbers on file: now, and when somebody last vouched. A number counts as vouched for only where its digest is the one that was kept. */
export const numbersOnFile = async (
  seen: Seen,
  vouched: Vouched | null,
  context: ToolContext,
): Promise<NumbersOnFile> => {
  const { row, changes } = seen
  const present = Object.entries(row ?? {}).flatMap(([name, value]) => numbersIn(name, value))
  const elsewhere = elsewhereIn(seen, context.now())
  if (!vouched) return { vouched: null, present, elsewhere }
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
  return { vouched: [...new Set(kept.flat())], present, elsewhere }
}
