/** What settles a write of which nobody knows what became of it: evidence, or a person. Pure; times in milliseconds since the epoch. */
import type { Kept, Settlement } from './write-contract.ts'

const HOUR_MS = 3_600_000

/** A request that Finexio took may take so long to show in its lists: before this, silence says nothing at all. */
export const SHOWN_MS = 60_000

const DEFAULT_HOURS = 24
const HOURS = /^[1-9]\d{0,3}$/

/**
 * How far apart two whole readings must be that both show nothing, for a write to count as not carried out, in milliseconds.
 * @param setting UNKNOWN_SETTLES_AFTER: whole hours, 1 to 9999; absent or empty: 24
 * @returns null for anything else: then only a person settles
 */
export const settlesAfter = (setting: string | undefined): number | null => {
  const text = setting?.trim()
  if (!text) return DEFAULT_HOURS * HOUR_MS
  return HOURS.test(text) ? Number(text) * HOUR_MS : null
}

/** Records that a kept answer names. */
export const recordsIn = (kept: Kept | null): Exclude<Kept[string], number[]> & object =>
  (Array.isArray(kept?.result) ? kept.result : []).filter((one) => typeof one === 'object')

/** Positions of rows that a kept answer names for a reason: those it left open, or those Finexio refused by themselves. */
export const rowsIn = (kept: Kept | null, name: 'unknown_rows' | 'refused_rows'): number[] => {
  const rows = kept?.[name]
  return Array.isArray(rows) ? rows.filter((row) => typeof row === 'number') : []
}

/** By what an outcome is known that no answer of Finexio to the write told: looks at Finexio, or a person. */
export type KnownBy = 'look' | 'person'

/** Null: Finexio answered the write itself, or nobody knows its outcome yet. @param kept of the write, as it was settled */
export const knownBy = (kept: Kept | null): KnownBy | null => {
  if (kept?.settled_by !== undefined) return 'person'
  return kept?.resolved === true ? 'look' : null
}

/** What one look at Finexio showed. */
export type Seen = {
  /** Ids by position among what was to be there. */
  found: ReadonlyMap<number, string | null>
  /** How much was to be there; 1 for a deletion. */
  expected: number
  /** Whoever was not found is not there. */
  whole: boolean
}

/** What is known of the write. */
export type Open = {
  claimedAt: number
  /** Finexio refused it, and what it stored before is not documented: what is not there was not stored. */
  isPartial: boolean
  /** Positions of what Finexio itself refused: nobody waits for these to appear. */
  refused?: readonly number[]
  /** The first whole look that did not find it; null: none yet. */
  absentSince: number | null
  /** See `settlesAfter`. */
  settlesAfter: number | null
}

/** `rows`: positions of what is not there. `absentSince`: as it is from now on. */
export type Judged =
  | { kind: 'done'; state: Settlement['state']; kept: Kept; rows: number[] }
  | {
      kind: 'open'
      rows: number[]
      because: 'too_early' | 'not_far_enough' | 'absent'
      absentSince: number | null
    }

const missing = ({ found, expected }: Seen): number[] =>
  Array.from({ length: expected }, (_, index) => index).filter((index) => !found.has(index))

/** The moment of the first look, unless the clock was set back behind it. */
const firstOf = ({ absentSince }: Open, now: number): number =>
  absentSince === null ? now : Math.min(absentSince, now)

/** What is there was done. What is not there was not done only if it still is not there long after. */
export const judge = (seen: Seen, open: Open, now: number): Judged => {
  const rows = missing(seen)
  const { absentSince, settlesAfter: after } = open
  const ids = [...seen.found].sort(([a], [b]) => a - b).map(([index, id]) => ({ index, id }))
  if (rows.length === 0)
    return { kind: 'done', state: 'succeeded', kept: { resolved: true, result: ids }, rows }
  const inPart = { resolved: true, incomplete: true, result: ids, not_there: rows.join(', ') }
  const awaited = rows.filter((row) => !open.refused?.includes(row))
  if (awaited.length === 0 && seen.found.size > 0)
    return { kind: 'done', state: 'succeeded', kept: inPart, rows }
  if (!seen.whole) return { kind: 'open', rows, because: 'not_far_enough', absentSince }
  if (now - open.claimedAt < SHOWN_MS) return { kind: 'open', rows, because: 'too_early', absentSince }
  const since = firstOf(open, now)
  const isOver = open.isPartial || (after !== null && absentSince !== null && now - since >= after)
  if (!isOver) return { kind: 'open', rows, because: 'absent', absentSince: since }
  if (seen.found.size === 0) return { kind: 'done', state: 'rejected', kept: { resolved: true }, rows }
  return { kind: 'done', state: 'succeeded', kept: inPart, rows }
}

/** What the last look at Finexio showed, as it is kept beside the write. */
export type LastLook = {
  at: number
  /** How many of the expected records were there. */
  found: number
  expected: number
  whole: boolean
  /** What was looked at, in words. */
  looked: string
}

const minutes = (from: number, to: number): string => {
  const all = Math.max(0, Math.round((to - from) / 60_000))
  return all < 120 ? `${all} min` : `${Math.round(all / 60)} h`
}

const isoOf = (at: number) => new Date(at).toISOString()

/** Says of a look what it saw and when, in a sentence. @param claimedAt when the write left */
export const lookWords = ({ at, found, expected, whole, looked }: LastLook, claimedAt: number): string => {
  const when = `${isoOf(at)}, ${minutes(claimedAt, at)} after it left (${looked})`
  if (found > 0) return `${found} of ${expected} there when looked at ${when}.`
  return whole ? `Not there when looked at ${when}.` : `Not seen when looked at ${when}, not far enough.`
}

/** Who wants to settle a write, as the directory knows them; see `Decider` in four-eyes.ts. */
type Settler = {
  kind: string
  ids: readonly string[]
  issuers: readonly string[]
  approvesSince: number | null
}

/**
 * Why somebody may not settle a write; null: they may.
 * @param calledBy ids of everybody who may have called, or got the URL to see
 */
export const settleProblem = (
  calledBy: readonly string[],
  { kind, ids, issuers, approvesSince }: Settler,
) => {
  if (kind !== 'person') return 'Only a person may settle what became of a write.'
  if (approvesSince === null) return 'This needs the role approve for the account.'
  return [...ids, ...issuers].some((id) => calledBy.includes(id))
    ? 'Who called may not settle what became of the write, nor who may have called: whoever works through the MCP server, made it, or issued the key.'
    : null
}
