/** Single changes as entries of a timeline: what one person did to one party at one moment. Pure. */
import { groupedBy, type Row, textOf } from './values.ts'

export type Entry = {
  timestamp: string
  party: string
  actor: string
  action: string
  /** Kinds of risk, each once. */
  risks: readonly string[]
  changes: readonly Row[]
}

const keyOf = (row: Row): string => JSON.stringify([row.timestamp, row.object_id, row.actor, row.action])

const entryOf = (changes: readonly Row[]): Entry => {
  const [first] = changes as [Row]
  return {
    timestamp: textOf(first.timestamp),
    party: textOf(first.name) || textOf(first.object_id),
    actor: textOf(first.actor),
    action: textOf(first.action),
    risks: [...new Set(changes.map(({ risk }) => textOf(risk)).filter(Boolean))],
    changes,
  }
}

/** @param changes newest first @returns entries in the same order */
export const entriesOf = (changes: readonly Row[]): Entry[] =>
  [...groupedBy(changes, keyOf).values()].map(entryOf)
