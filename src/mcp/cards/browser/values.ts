/** Reading what a host hands over: nothing is taken for granted, and what is missing reads as empty. */

export type Row = Record<string, unknown>

/** The fields of an object; none for anything else. */
export const fieldsOf = (value: unknown): Row =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : {}

export const rowsOf = (value: unknown): Row[] => (Array.isArray(value) ? value.map(fieldsOf) : [])

export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''

export const textsOf = (value: unknown): string[] => (Array.isArray(value) ? value.map(textOf) : [])

/** Null where there is no number. */
export const numberOf = (value: unknown): number | null =>
  typeof value === 'number' && Number.isFinite(value) ? value : null

export const sumOf = (rows: readonly Row[], field: string): number =>
  rows.reduce((sum, row) => sum + (numberOf(row[field]) ?? 0), 0)

/** Groups in the order of their first member. Hosts' browsers may be older than `Map.groupBy`. */
export const groupedBy = <Key>(rows: readonly Row[], keyOf: (row: Row) => Key): Map<Key, Row[]> => {
  const groups = new Map<Key, Row[]>()
  for (const row of rows) groups.set(keyOf(row), [...(groups.get(keyOf(row)) ?? []), row])
  return groups
}

/**
 * A small dictionary that knows its own words alone: `constructor` is none, whoever sends it.
 * @returns undefined for every other word
 */
export const wordsOf = <Value>(words: Readonly<Record<string, Value>>) => {
  const known = new Map(Object.entries(words))
  return (word: unknown): Value | undefined => known.get(textOf(word))
}
