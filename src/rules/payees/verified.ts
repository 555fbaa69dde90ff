/**
 * Whether somebody vouched for how a payee is paid: for the fields as Finexio shows them and the newest change of one in its history.
 * What cannot be read permits nothing; what changed since stays unvouched until somebody vouches again. Pure.
 */
import { DAY_MS } from '../../core/time.ts'

/** How a field is shown, by its name; one that Finexio leaves out is missing. `digest`: keyed. */
export type Shown = Readonly<Record<string, 'empty' | `${'masked' | 'clear'} ${string}`>>

/** The visible state of a payee at one reading. Times are milliseconds since the epoch by Finexio's clock; ids are keyed digests. */
export type PayeeState = {
  /** All payee fields, contacts included. */
  shown: Shown
  /** Whether every bank number is shown as it is, or as empty. */
  numbersShown: boolean
  /** Every change of a payee field in its history, first values included, and every entry that cannot be read. */
  changes: readonly { id: string; at: number | null }[]
  /** When Finexio says the record was changed last, and the newest entry of its history of any kind; null: none. */
  updated: number | null
  newestEntry: number | null
}

/** What a reading found: `state` null, the record or its history could not be read; `since`: older changes were not read, null: all were. */
export type PayeeSight = {
  supplier: string
  state: PayeeState | null
  since: number | null
  /** Whether it was ever paid; null: could not be found out. */
  paidBefore: boolean | null
}

/** What was vouched for. `mark`: the newest moment, by Finexio's clock, that the reading knew of. */
export type Vouched = Pick<PayeeState, 'shown' | 'updated'> & {
  /** Changes that were known then. `from`: older ones were not read; null: all were. */
  known: readonly string[]
  from: number | null
  mark: number
}

export type Unverified =
  /** Nobody vouched, and the acceptance of the present does not cover it. */
  | 'never_vouched'
  /** Changed since somebody vouched. */
  | 'changed'
  /** The record or its history could not be read. */
  | 'unreadable'

/** Entries of the history may show up late: those of this long before the newest one known are looked at again. */
export const LATE_MS = 60 * 60_000
/** Finexio writes record and entry at about the same moment. */
const SAME_MOMENT_MS = 60_000
/** How long a payee has to be unchanged for an acceptance of the present to cover it. */
export const ACCEPTED_UNCHANGED_MS = 90 * DAY_MS

const formOf = (seen: string): string => seen.split(' ', 1)[0]!

/** Names of fields that are shown otherwise. A value that Finexio masks or leaves out is vouched for by the history alone. */
export const differing = (before: Shown, now: Shown): string[] =>
  Object.entries(before).flatMap(([name, was]) => {
    const is = now[name]
    if (is === undefined || was === is) return []
    const forms = [formOf(was), formOf(is)]
    return forms[0] === forms[1] || forms.includes('empty') ? [name] : []
  })

/** A record that was touched, which no entry of the history explains yet, where the numbers themselves cannot be seen. */
const isUnexplained = (
  { updated, newestEntry, numbersShown }: PayeeState,
  before: number | null,
): boolean => {
  if (numbersShown || updated === null || (before !== null && updated <= before)) return false
  return newestEntry === null || newestEntry < updated - SAME_MOMENT_MS
}

const newChanges = ({ changes }: PayeeState, { known, from }: Vouched): boolean =>
  changes.some(({ id, at }) => !known.includes(id) && (at === null || from === null || at >= from))

/** What a reading found as something to vouch for. @param before what was vouched for earlier, which goes on */
export const vouchedOf = (
  state: PayeeState,
  since: number | null,
  before: Vouched | null = null,
): Vouched => {
  const { shown, updated, changes, newestEntry } = state
  const times = changes.map(({ at }) => at ?? 0)
  return {
    shown: { ...before?.shown, ...shown },
    updated,
    known: [...new Set([...(before?.known ?? []), ...changes.map(({ id }) => id)])],
    from: before ? before.from : since,
    mark: Math.max(before?.mark ?? 0, updated ?? 0, newestEntry ?? 0, ...times),
  }
}

/** What was found of one payee: the version of the record that a claim may rely on, or why none. */
export type PayeeFound = { supplier: string; version: number } | { supplier: string; why: Unverified }

export type PayeeVerdict =
  | { kind: 'verified'; by: 'vouched' | 'accepted'; vouched: Vouched }
  | { kind: 'unverified'; why: Unverified }

const unverified = (why: Unverified): PayeeVerdict => ({ kind: 'unverified', why })

/** @param acceptedAt when the present was accepted, in milliseconds since the epoch */
const byAcceptance = ({ state, since, paidBefore }: PayeeSight, acceptedAt: number): PayeeVerdict => {
  const floor = acceptedAt - ACCEPTED_UNCHANGED_MS
  if (!state || paidBefore === null || (since !== null && since > floor)) return unverified('unreadable')
  // Creations are logged too: an empty history that was read from its beginning says nothing.
  if (since === null && state.newestEntry === null) return unverified('unreadable')
  if (!paidBefore) return unverified('never_vouched')
  const changed = state.changes.some(({ at }) => at === null || at > floor) || isUnexplained(state, floor)
  return changed
    ? unverified('never_vouched')
    : { kind: 'verified', by: 'accepted', vouched: vouchedOf(state, since) }
}

/**
 * @param record what was vouched for, and whether something voided it since; null: nothing was
 * @param acceptedAt when the present was accepted, in milliseconds since the epoch; null: never
 */
export const judgePayee = (
  record: { vouched: Vouched | null; voided: boolean } | null,
  acceptedAt: number | null,
  sight: PayeeSight,
): PayeeVerdict => {
  if (record?.voided) return unverified('changed')
  const vouched = record?.vouched ?? null
  if (!vouched) return acceptedAt === null ? unverified('never_vouched') : byAcceptance(sight, acceptedAt)
  const { state, since } = sight
  if (!state || (since !== null && since > vouched.mark - LATE_MS)) return unverified('unreadable')
  if (differing(vouched.shown, state.shown).length > 0 || newChanges(state, vouched))
    return unverified('changed')
  if (isUnexplained(state, vouched.updated)) return unverified('unreadable')
  return { kind: 'verified', by: 'vouched', vouched: vouchedOf(state, since, vouched) }
}

export const UNVERIFIED_WORDS: Readonly<Record<Unverified, string>> = {
  never_vouched: 'nobody confirmed how it is paid',
  changed: 'how it is paid changed since somebody confirmed it',
  unreadable: 'its record or its history could not be read',
}
