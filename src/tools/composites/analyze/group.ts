/** Rows in groups by one or two columns, in the order people expect, the small ones in one row. Pure. */
import type { Row } from '../../derived/request.ts'
import { PARTY } from '../../reading/parties.ts'
import { AGING_BUCKETS, ageRank } from './aging.ts'
import { compared, figuresOf, type Measure, ORDER_BY, wholeOf } from './figures.ts'
import { SPANS, type Span, spanOf, spanRank } from './periods.ts'

export const DIMENSIONS = [
  'status',
  'method',
  'money',
  'supplier',
  'buyer',
  ...SPANS,
  'failure_reason',
  'refund_reason',
  'aging',
  'age',
  'flag',
] as const
export type Dimension = (typeof DIMENSIONS)[number]

/** A label that is not there must not look like a column that was left out. */
const NONE = '(none)'

/** Parties are told apart by id: two may have one name. */
const partyId = (dimension: Dimension): string | undefined =>
  (PARTY as Partial<Record<Dimension, string>>)[dimension]

const isSpan = (dimension: Dimension): dimension is Span => (SPANS as readonly string[]).includes(dimension)
const isNatural = (dimension: Dimension): boolean =>
  isSpan(dimension) || dimension === 'aging' || dimension === 'age'

export type Grouping = {
  by: readonly Dimension[]
  measures: readonly Measure[]
  /** Labels of a dimension without a natural order that get rows of their own. */
  top: number
  /** The column by whose days spans are made. */
  date: string
  /** Instead of the first measure: the amount, the count, or what rose, or fell, most since the period before. */
  sort?: Sort | undefined
}

export const SORTS = ['amount', 'count', 'rise', 'fall'] as const
type Sort = (typeof SORTS)[number]

type Label = { key: string; shown: Row }

const labelOf = (row: Row, dimension: Dimension, date: string): Label => {
  const id = partyId(dimension)
  if (id !== undefined) {
    const key = String(row[id] ?? NONE)
    return { key, shown: { [id]: row[id] ?? null, [dimension]: row[dimension] ?? (row[id] ? null : NONE) } }
  }
  const value = isSpan(dimension) ? spanOf(row[date], dimension) : row[dimension]
  const text = (Array.isArray(value) ? value.join('+') : String(value ?? '')) || NONE
  return { key: text, shown: { [dimension]: text } }
}

const OTHERS = '(others)'

const othersLabel = (dimension: Dimension, count: number): Label => {
  const id = partyId(dimension)
  return { key: OTHERS, shown: { ...(id && { [id]: null }), [dimension]: `(${count} others)` } }
}

/** Where a label stands in the natural order, as text to compare. */
const rankOf = (dimension: Dimension, key: string): string => {
  if (dimension === 'age') return ageRank(key)
  return dimension === 'aging'
    ? String((AGING_BUCKETS as readonly string[]).indexOf(key))
    : spanRank(key, dimension as Span)
}

type Named = { of(row: Row): Label; position: ReadonlyMap<string, number>; hasOthers: boolean }

/** By what groups of unequal size are put in order, the largest first. */
const sizesOf = (
  now: readonly Row[],
  before: readonly Row[] | null,
  key: (row: Row) => string,
  { measures, sort }: Grouping,
): ((label: string) => number) => {
  const [groups, earlier] = [now, before ?? []].map((rows) => Map.groupBy(rows, key))
  const column = sort && measures.every((measure) => measure === 'count') ? 'count' : 'amount_cents'
  const figure = (rows: readonly Row[], name: string, asked = measures) =>
    Number(figuresOf(rows, asked, wholeOf(rows))[name] ?? Number.NEGATIVE_INFINITY)
  if (sort !== 'rise' && sort !== 'fall') {
    const measure = sort === undefined ? measures[0]! : sort === 'amount' ? 'sum' : 'count'
    return (label) => figure(groups!.get(label) ?? [], ORDER_BY[measure], [measure])
  }
  const change = (label: string) =>
    figure(groups!.get(label) ?? [], column, ['sum']) - figure(earlier!.get(label) ?? [], column, ['sum'])
  return sort === 'rise' ? change : (label) => -change(label)
}

/** The labels of one dimension in their order, by what they come to now; beyond `top` they become one. @param before what now is compared with */
const named = (
  now: readonly Row[],
  before: readonly Row[] | null,
  dimension: Dimension,
  grouping: Grouping,
): Named => {
  const { top, date } = grouping
  const key = (row: Row) => labelOf(row, dimension, date).key
  const keys = [...new Set([...now, ...(before ?? [])].map(key))]
  if (isNatural(dimension)) {
    const sorted = keys.sort((a, b) => (rankOf(dimension, a) < rankOf(dimension, b) ? -1 : 1))
    return {
      of: (row) => labelOf(row, dimension, date),
      position: new Map(sorted.map((key, at) => [key, at])),
      hasOthers: false,
    }
  }
  const size = sizesOf(now, before, key, grouping)
  const sizes = new Map(keys.map((label) => [label, size(label)]))
  const wholes = new Map([...Map.groupBy(now, key)].map(([label, rows]) => [label, wholeOf(rows)]))
  const more = (a: string, b: string, of: 'cents' | 'count') =>
    (wholes.get(b)?.[of] ?? 0) - (wholes.get(a)?.[of] ?? 0)
  const byAmount = (a: string, b: string) => more(a, b, 'cents') || more(a, b, 'count')
  const sorted = keys.sort((a, b) => sizes.get(b)! - sizes.get(a)! || byAmount(a, b))
  const left = sorted.length - top
  // One label alone is shown as itself rather than as one other.
  const kept = new Map(sorted.slice(0, left > 1 ? top : sorted.length).map((key, at) => [key, at]))
  const others = othersLabel(dimension, left)
  return {
    of: (row) => {
      const label = labelOf(row, dimension, date)
      return kept.has(label.key) ? label : others
    },
    position: kept,
    hasOthers: left > 1,
  }
}

/** What the groups that are shown by themselves come to together; null where no others are left out of them, or by two columns. */
export const together = (
  now: readonly Row[],
  before: readonly Row[] | null,
  grouping: Grouping,
): Row | null => {
  const { by, measures, top } = grouping
  const [dimension] = by
  if (dimension === undefined || by.length > 1) return null
  const { of, hasOthers } = named(now, before, dimension, grouping)
  if (!hasOthers) return null
  const figures = (rows: readonly Row[]) =>
    figuresOf(
      rows.filter((row) => of(row).key !== OTHERS),
      [...measures.filter((measure) => measure !== 'share'), 'share'],
      wholeOf(rows),
    )
  return { groups: top, ...(before ? compared(figures(now), figures(before)) : figures(now)) }
}

const last = Number.MAX_SAFE_INTEGER

/** The place of each label in the period before, from 1, by the same order; null: no rank there, or not one that says anything. */
const ranksBefore = (before: readonly Row[] | null, grouping: Grouping): Map<string, number> | null => {
  const [dimension] = grouping.by
  if (before === null || dimension === undefined || grouping.by.length > 1 || isNatural(dimension))
    return null
  const { sort, ...rest } = grouping
  const own = sort === 'rise' || sort === 'fall' ? rest : grouping
  const { position } = named(before, null, dimension, { ...own, top: last })
  return new Map([...position].map(([key, at]) => [key, at + 1]))
}

/** The largest groups of the period before, where those shown are the largest of now; null where nothing is compared or all are shown. */
export const topBefore = (
  now: readonly Row[],
  before: readonly Row[] | null,
  grouping: Grouping,
): Row[] | null => {
  if (before === null || grouping.top > MOST_TOP_BEFORE || together(now, before, grouping) === null)
    return null
  const { sort, ...rest } = grouping
  const own = sort === 'rise' || sort === 'fall' ? rest : { ...rest, sort }
  const most = together(before, null, own)
  const [dimension] = own.by
  return [
    ...grouped(before, null, own).slice(0, own.top),
    ...(most ? [{ [dimension!]: `first ${own.top} together`, ...most, groups: undefined }] : []),
  ]
}
const MOST_TOP_BEFORE = 10

/**
 * @param now rows of the period asked for
 * @param before those of the period before; null when nothing is compared
 * @returns one row a group: its labels, then its figures
 */
export const grouped = (now: readonly Row[], before: readonly Row[] | null, grouping: Grouping): Row[] => {
  const { by, measures } = grouping
  if (by.length === 0) return []
  const names = by.map((dimension) => named(now, before, dimension, grouping))
  const keyOf = (row: Row) => JSON.stringify(names.map(({ of }) => of(row).key))
  const groups = Map.groupBy(now, keyOf)
  const earlier = before && Map.groupBy(before, keyOf)
  const [whole, wholeBefore] = [wholeOf(now), wholeOf(before ?? [])]
  const ranks = ranksBefore(before, grouping)
  const made = [...new Set([...groups.keys(), ...(earlier?.keys() ?? [])])].map((key) => {
    const rows = groups.get(key) ?? []
    const rowsBefore = earlier?.get(key) ?? []
    const labels = names.map(({ of }) => of((rows[0] ?? rowsBefore[0])!))
    const figures = figuresOf(rows, measures, whole)
    return {
      at: labels.map(({ key: one }, index) => names[index]!.position.get(one) ?? last),
      row: {
        ...Object.assign({}, ...labels.map(({ shown }) => shown)),
        ...(before ? compared(figures, figuresOf(rowsBefore, measures, wholeBefore)) : figures),
        ...(ranks && { rank_before: ranks.get(labels[0]!.key) ?? null }),
      },
    }
  })
  return made.sort((a, b) => a.at[0]! - b.at[0]! || (a.at[1] ?? 0) - (b.at[1] ?? 0)).map(({ row }) => row)
}
