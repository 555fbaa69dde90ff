/** What goes with a change of a payee into the trail: old and new, masked. Pure. */
import { payeeKindOf } from '../../../../schemas/sensitive.ts'
import { cut, oneLine } from '../../../core/text.ts'
import { differing, type FieldChange, type PayeeSight, type Vouched } from '../../../rules/payees/verified.ts'
import type { Row } from '../../derived/request.ts'
import { present } from '../../present/present.ts'
import { type Change, isFirstValue } from '../../reading/timeline.ts'

/** What was read of a payee. */
export type Seen = { sight: PayeeSight; row: Row | null; changes: readonly Change[] }

/** What it is called, for its rows; empty where no record was read. */
export const nameOf = ({ row }: Pick<Seen, 'row'>): { name?: string } =>
  typeof row?.name === 'string' && row.name.trim() !== '' ? { name: oneLine(row.name) } : {}

const MOST_FIELDS = 60
const LONGEST = 300

/** A value as the trail keeps it: masked before, and no longer than an address is. */
const short = (value: unknown): unknown => {
  if (typeof value === 'string') return cut(value, LONGEST)
  const text = JSON.stringify(value ?? null)
  return text.length > LONGEST ? cut(text, LONGEST) : (value ?? null)
}

/** @param changes masked */
export const kept = (changes: readonly FieldChange[]): FieldChange[] =>
  changes.slice(0, MOST_FIELDS).map(({ field, before, after }) => ({
    field,
    ...(before !== undefined && { before: short(before) }),
    after: short(after),
  }))

const maskedOf = (changes: readonly Change[]): FieldChange[] =>
  present({ changes: changes.map(({ field, before, after }) => ({ field, before, after })) })
    .changes as FieldChange[]

/**
 * What changed since somebody vouched, newest first; where nobody did, every change that is known. What no entry of the history
 * explains, such as a contact, has its new value alone.
 */
export const evidenceOf = ({ sight, row, changes }: Seen, vouched: Vouched | null): FieldChange[] => {
  const { state } = sight
  if (!state) return []
  const counted = changes.filter(({ field }) => payeeKindOf(field) !== null)
  const news = counted.filter(
    (change, index) => !isFirstValue(change) && !vouched?.known.includes(state.changes[index]?.id ?? ''),
  )
  const named = new Set(news.map(({ field }) => field))
  const unexplained = vouched
    ? differing(vouched.shown, state.shown).filter((field) => !named.has(field))
    : []
  const shown = present(row ?? {})
  return kept([...maskedOf(news), ...unexplained.map((field) => ({ field, after: shown[field] ?? null }))])
}
