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
  /** The newest moment that the reading knew of, of whatever payee: what it did not show happened later. */
  asOf?: number | null
}

/** What a reading found: `state` null, the record or its history could not be read; `since`: older changes were not read, null: all were. */
export type PayeeSight = {
  supplier: string
  state: PayeeState | null
  since: number | null
  /** Whether it was ever paid; null: could not be found out. */
  paidBefore: boolean | null
} & Evidence

/** A change of a payee field, masked. Without `before`: what it was is not known. */
export type FieldChange = { field: string; before?: unknown; after: unknown }

/** What goes with a change into the trail. `name`: what it is called, where that was read. */
export type Evidence = {
  name?: string
  fields?: readonly FieldChange[]
  /** Whether Finexio has unsettled payments to it; null or missing: not known. */
  unsettled?: boolean | null
}

/** What a page shows of a payee that was read for something else. `at`: when, in milliseconds since the epoch. */
export type Glimpse = Pick<PayeeState, 'shown' | 'changes'> & Evidence & { supplier: string; at: number }

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

/** A record that was touched, which no entry of the history explains yet. */
const isUnexplained = (
  { updated, newestEntry }: Pick<PayeeState, 'updated' | 'newestEntry'>,
  before: number | null,
): boolean => {
  if (updated === null || (before !== null && updated <= before)) return false
  return newestEntry === null || newestEntry < updated - SAME_MOMENT_MS
}

const newChanges = ({ changes }: Pick<PayeeState, 'changes'>, { known, from }: Vouched): boolean =>
  changes.some(({ id, at }) => !known.includes(id) && (at === null || from === null || at >= from))

/** What a reading found as something to vouch for. @param before what was vouched for earlier, which goes on */
export const vouchedOf = (
  state: PayeeState,
  since: number | null,
  before: Vouched | null = null,
): Vouched => {
  const { shown, updated, changes, newestEntry, asOf } = state
  const times = changes.map(({ at }) => at ?? 0)
  return {
    shown: { ...before?.shown, ...shown },
    updated,
    known: [...new Set([...(before?.known ?? []), ...changes.map(({ id }) => id)])],
    from: before ? before.from : since,
    mark: Math.max(before?.mark ?? 0, asOf ?? 0, updated ?? 0, newestEntry ?? 0, ...times),
  }
}

/** Whether what was read shows a change since somebody vouched. What it leaves out says nothing: of a payee that it does not clear. */
export const showsChange = (vouched: Vouched, seen: Pick<PayeeState, 'shown' | 'changes'>): boolean =>
  differing(vouched.shown, seen.shown).length > 0 || newChanges(seen, vouched)

/** Days after a payment for which an invoice counts as unpaid where nobody said that it is settled: longer than Finexio takes. */
const UNPAID_MS = 45 * DAY_MS

/**
 * Whether money is on its way to a payee, as far as is known; null: it could not be found out, and may be.
 * @param paidAt when it was last paid through this account, in milliseconds since the epoch; null: never
 * @param unsettled what Finexio says of its payments and invoices; null: it was not asked, or did not say
 */
export const isUnpaid = (paidAt: number | null, unsettled: boolean | null, now: number): boolean | null =>
  paidAt !== null && now - paidAt < UNPAID_MS ? true : unsettled

/**
 * When a payee field changed last, or may have: a record that was touched counts until an entry of the history says by what.
 * Milliseconds since the epoch by Finexio's clock; null: never, as far as is known.
 */
export const lastChange = ({
  changes,
  updated,
  newestEntry,
}: Pick<PayeeState, 'changes' | 'updated' | 'newestEntry'>): number | null => {
  const touched = isUnexplained({ updated, newestEntry }, null) ? [updated!] : []
  const times = [...changes.map(({ at }) => at ?? 0), ...touched]
  return times.length > 0 ? Math.max(...times) : null
}

/** What was found of one payee: the version of the record that a claim may rely on, or why none. */
export type PayeeFound = { supplier: string; name?: string } & ({ version: number } | { why: Unverified })

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
  if (state.changes.some(({ at }) => at === null || at > floor)) return unverified('never_vouched')
  // There is nothing to compare with, and contacts have no history: whatever touched the record may have been one.
  if (isUnexplained(state, floor)) return unverified('unreadable')
  return { kind: 'verified', by: 'accepted', vouched: vouchedOf(state, since) }
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
  if (showsChange(vouched, state)) return unverified('changed')
  if (!state.numbersShown && isUnexplained(state, vouched.updated)) return unverified('unreadable')
  return { kind: 'verified', by: 'vouched', vouched: vouchedOf(state, since, vouched) }
}

export const UNVERIFIED_WORDS: Readonly<Record<Unverified, string>> = {
  never_vouched: 'nobody confirmed its payment details',
  changed: 'its payment details changed since somebody confirmed them',
  unreadable: 'its record or its history could not be read',
}
