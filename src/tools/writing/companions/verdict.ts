/** What a look at Finexio says of a write whose outcome is unknown. Pure. */
import type { Kept, Settlement } from '../../../rules/write-contract.ts'

/** A request that Finexio took may take so long to show in its lists: only after this is silence an answer. */
export const SETTLED_MS = 60_000

export type Seen = {
  /** Ids by position among what was to be there. */
  found: ReadonlyMap<number, string | null>
  /** How much was to be there; 1 for a deletion. */
  expected: number
  /** Whoever was not found is not there. */
  whole: boolean
}

/** `rows`: positions of what is not there. */
export type Resolved =
  | { kind: 'done'; state: Settlement['state']; kept: Kept; rows: number[] }
  | { kind: 'open'; rows: number[]; because: 'too_early' | 'not_far_enough' }

const absent = ({ found, expected }: Seen): number[] =>
  Array.from({ length: expected }, (_, index) => index).filter((index) => !found.has(index))

/**
 * What is there was done. What is not there was not done, once it had time to show.
 * @param age milliseconds since it left
 */
export const judge = (seen: Seen, age: number): Resolved => {
  const rows = absent(seen)
  const ids = [...seen.found].sort(([a], [b]) => a - b).map(([index, id]) => ({ index, id }))
  if (rows.length === 0)
    return { kind: 'done', state: 'succeeded', kept: { resolved: true, result: ids }, rows }
  if (!seen.whole) return { kind: 'open', rows, because: 'not_far_enough' }
  if (age < SETTLED_MS) return { kind: 'open', rows, because: 'too_early' }
  if (seen.found.size === 0) return { kind: 'done', state: 'rejected', kept: { resolved: true }, rows }
  const kept = { resolved: true, incomplete: true, result: ids, not_there: rows.join(', ') }
  return { kind: 'done', state: 'succeeded', kept, rows }
}
