/** The audit trail as an object keeps it: rows with their hashes, gathered shortly; read, counted and verified in slices, so that no call waits for that. */
import { pause, rest } from '../../core/time.ts'
import * as rows from '../tables/audit.ts'
import { nearTo, wholeSince } from '../tables/audit-near.ts'
import { awaitsCount, countCalls } from '../tables/usage.ts'
import { Bursts } from './bursts.ts'
import { follow, type Link } from './chain.ts'
import type { AuditEntry, AuditRow } from './entry.ts'
import { type AuditFilters, fits } from './filters.ts'
import { type Fold, type FoldedRow, isFolded, withCall } from './folded.ts'
import { Shares } from './share.ts'
import { keepSettings } from './snapshots.ts'

/** Rows after which is looked whether enough wait to be counted. */
const LOOKED_AFTER = 50
/** Rows of one slice: a millisecond. Between two of them calls are answered. */
const SLICE = 125
/** Milliseconds after the last row of a call in which more of them are expected. */
const CALLED_MS = 5_000
/**
 * Milliseconds between slices while there are calls, which have several steps and so would meet one slice after another; without calls
 * there is no rest. Verification is the dearest of what a trail is asked for, and nobody waits for it.
 */
const REST = { reading: 3, counting: 5, verifying: 30, tidying: 20 } as const
/** Rows written together from which on rests are longer, in proportion, and how many times at most: some five hundred calls a second. */
const [MANY_TOGETHER, MOST_TIMES] = [10, 3]
/** Rows by which a verification has to come nearer to the end from one rest to the next. */
const NEARER = SLICE / 2
/** Rows that come within it are written together: a commit for many instead of one for each. */
const GATHER_MS = 20
/** After which bursts of refusals are looked at again. */
const BURST_MS = 61_000
/** Rows that one call of `read` looks at. */
const MOST_SCANNED = 5_000
/** Rows that one call of `verify` checks. */
const MOST_VERIFIED = 20_000
/** Slices that one alarm tidies. */
const MOST_TIDIED = 20

export type Verified = {
  valid: boolean
  /** Rows that this call checked. */
  rows: number
  /** Rows of the trail, and how many of them come after the last that was checked. */
  rows_in_all: number
  rows_left: number
  checkpoint: rows.Checkpoint
  last_hash: string
  /** The last row that fits. */
  last: Link
  /** Number of the first row that does not fit. */
  broken_at: number | null
  /** Where to go on: number and hash of the last row that was checked. */
  next: Link | null
}

/** Where a page of the newest rows ended, among several trails. */
export type AuditCursor = rows.Place & { account: string }

export type AuditQuery = {
  /** Own id of this trail, by which rows of one moment are ordered among several trails. */
  account: string
  types: readonly string[]
  /** Bounds in milliseconds, both excluded. */
  after: number
  before: number
  filters: AuditFilters
  cursor: AuditCursor | null
  limit: number
  /** Absent: every row by itself. */
  fold?: Fold
}

/**
 * `stopped`: the last row that was looked at, where older ones of the range were not; null: the range was read to its end.
 * `since`: moment since when no row of the trail is missing, in milliseconds since the epoch; `began`: as it was when reading began.
 * `isCalled`: whether calls of the trail's owner came meanwhile; absent: there were none.
 */
type Page = { rows: FoldedRow[]; stopped: rows.Place | null; since: number }
export type AuditPage = Page & { began?: number; isCalled?: boolean }

const report = (error: unknown): void =>
  console.error({ event: 'audit_fault', error: error instanceof Error ? error.name : typeof error })

/** Where reading begins: rows of one moment are in the order of their trails. */
const startOf = ({ account, before, cursor }: AuditQuery): rows.Place => {
  if (!cursor || cursor.at >= before) return { at: before, seq: 0 }
  if (account === cursor.account) return cursor
  return { at: cursor.at, seq: account > cursor.account ? Number.MAX_SAFE_INTEGER : 0 }
}

/** Whether there may be a rest with so many rows left: calls that leave more in each than a slice has would keep what is read from ever ending. */
const nearing = (): ((left: number) => boolean) => {
  let nearest = Number.POSITIVE_INFINITY
  return (left) => {
    const isNearer = left <= nearest - NEARER
    if (isNearer) nearest = left
    return isNearer
  }
}

/** Adds what fits of a slice. @returns the last row that was looked at; undefined: there was none */
const gather = (
  sql: SqlStorage,
  found: FoldedRow[],
  slice: readonly rows.TypedRow[],
  query: AuditQuery,
): AuditRow | undefined => {
  const { types, filters, limit, fold } = query
  const near = nearTo(sql, slice)
  for (const typed of slice) {
    const { type, ...row } = typed
    if (types.includes(type) && fits(row.entry, filters) && !(fold && isFolded(near, typed, query, fold)))
      found.push(fold ? withCall(near, typed) : row)
    if (found.length === limit) return row
  }
  return slice.at(-1)
}

/** The trail of one object. Times are milliseconds since the epoch. */
export class Trail {
  readonly #sql: SqlStorage
  #gathered: rows.Timed[] = []
  #gathering: Promise<void> | null = null
  /** Rows written since the last look; at first as many as ask for one. */
  #unlooked = LOOKED_AFTER
  /** When the last row of a call came; 0: none did. */
  #called = 0
  /** Rows that were written together last. */
  #together = 0
  readonly #bursts = new Bursts()
  #ending: ReturnType<typeof setTimeout> | null = null
  readonly shares = new Shares()

  constructor(sql: SqlStorage) {
    this.#sql = sql
  }

  /** Whether calls come, so that what is long has to leave them room. */
  get isCalled(): boolean {
    return Math.abs(Date.now() - this.#called) < CALLED_MS
  }

  /** Lets others go on. @param may whether for longer while calls come */
  #rest(after: keyof typeof REST, may = true): Promise<void> {
    const times = Math.min(Math.max(this.#together / MANY_TOGETHER, 1), MOST_TIMES)
    return may && this.isCalled ? rest(REST[after] * times) : pause(0)
  }

  /**
   * Adds rows; refusals that come in bursts become one row a minute.
   * @returns a promise that resolves once they are written, so that a caller learns of rows that an evicted object lost
   */
  append(entries: readonly AuditEntry[], now: number): Promise<void> {
    if (entries.some(({ type }) => type === 'mcp')) this.#called = now
    return this.#gather(
      entries.flatMap((entry) => this.#bursts.thinned(entry, now)),
      now,
    )
  }

  async #gather(entries: readonly AuditEntry[], at: number): Promise<void> {
    if (this.#bursts.open > 0) this.#endSoon()
    if (entries.length === 0) return
    this.#gathered.push(...entries.map((entry) => ({ entry, at })))
    this.#gathering ??= pause(GATHER_MS).then(() => this.#write())
    await this.#gathering
  }

  #write(): void {
    const gathered = this.#gathered
    this.#gathered = []
    this.#gathering = null
    this.#together = gathered.length
    const bytes = rows.appendAll(this.#sql, gathered)
    for (const [index, { entry, at }] of gathered.entries())
      if (entry.type === 'mcp') this.shares.note(entry.mcp_server_id, bytes[index]!, at)
    this.#unlooked += gathered.length
    if (this.#unlooked < LOOKED_AFTER) return
    this.#unlooked = 0
    if (awaitsCount(this.#sql)) countCalls(this.#sql, Date.now())
  }

  /** How often something was refused is written once its minute is over, also where nothing else is. */
  #endSoon(): void {
    this.#ending ??= setTimeout(() => {
      this.#ending = null
      void this.#settled().catch(report)
      if (this.#bursts.open > 0) this.#endSoon()
    }, BURST_MS)
  }

  /** What was gathered, and bursts that are over, are rows afterwards. */
  async #settled(): Promise<void> {
    const now = Date.now()
    await this.#gather(this.#bursts.ended(now), now)
    await this.#gathering
  }

  /** Counts every row that waits for it. */
  async count(): Promise<void> {
    await this.#settled()
    while (countCalls(this.#sql, Date.now())) await this.#rest('counting')
  }

  /**
   * Deletes what outlived the retention or finds no room, counted before.
   * @param moved called in the transaction of each checkpoint that moved
   * @returns whether more is left than one alarm does
   */
  async tidy(now: number, moved: () => void = () => {}): Promise<boolean> {
    for (let slice = 0; slice < MOST_TIDIED; slice++) {
      const { moved: has, more } = rows.tidyAudit(this.#sql, now, keepSettings)
      if (has) moved()
      if (!more) return false
      await this.#rest('tidying')
    }
    return true
  }

  /** Rows that fit, newest first: as many as asked for, or those among the rows that one call looks at. */
  async read(query: AuditQuery): Promise<AuditPage> {
    await this.#settled()
    const { types, after } = query
    const type = types.length === 1 && types[0] !== 'mcp' ? types[0]! : null
    const [found, began]: [FoldedRow[], number] = [[], wholeSince(this.#sql)]
    let place = startOf(query)
    for (let scanned = 0; scanned < MOST_SCANNED; scanned += SLICE) {
      if (scanned > 0) await this.#rest('reading')
      const slice = rows.rowsBefore(this.#sql, place, { after, type, most: SLICE })
      place = gather(this.#sql, found, slice, query) ?? place
      if (found.length === query.limit) break
      if (slice.length < SLICE) return this.#page(found, null, began)
    }
    return this.#page(found, { at: place.at, seq: place.seq }, began)
  }

  #page(found: FoldedRow[], stopped: AuditPage['stopped'], began: number): AuditPage {
    return { rows: found, stopped, began, since: wholeSince(this.#sql), isCalled: this.isCalled }
  }

  /** Whether a row is as somebody kept it, or was tidied away meanwhile. */
  #holds(link: Link): boolean {
    return link.seq < rows.checkpointOf(this.#sql).seq || rows.holdsLink(this.#sql, link)
  }

  /** The row that somebody kept is another one now, or there is none. */
  #notHeld({ seq, hash }: Link): Verified {
    const checkpoint = rows.checkpointOf(this.#sql)
    const newest = rows.lastNumber(this.#sql)
    return {
      valid: false,
      rows: 0,
      rows_in_all: newest - checkpoint.seq,
      rows_left: Math.max(0, newest - seq),
      checkpoint,
      last_hash: hash,
      last: { seq, hash },
      broken_at: seq,
      next: null,
    }
  }

  /** @param from where the last call ended, or a head that somebody kept, which has to be there still; null: from the checkpoint */
  async verify(from: Link | null): Promise<Verified> {
    await this.#settled()
    return from && !this.#holds(from) ? this.#notHeld(from) : this.#follow(from)
  }

  async #follow(from: Link | null): Promise<Verified> {
    let last: Link = from ?? { seq: 0, hash: '' }
    const mayRest = nearing()
    const left = () => rows.lastNumber(this.#sql) - last.seq
    for (let seen = 0; ; await this.#rest('verifying', mayRest(left()))) {
      const checkpoint = rows.checkpointOf(this.#sql)
      // What was tidied away meanwhile needs no look any more.
      if (last.seq < checkpoint.seq || last.hash === '') last = { seq: checkpoint.seq, hash: checkpoint.hash }
      const slice = rows.rowsAfter(this.#sql, last.seq, SLICE)
      const { last: reached, brokenAt } = follow(last, slice)
      seen += slice.length
      last = reached
      const end = slice.length < SLICE
      if (brokenAt === null && !end && seen < MOST_VERIFIED) continue
      const newest = rows.lastNumber(this.#sql)
      // Rows cut off at the end leave a chain that fits: only the count shows it.
      const broken_at = brokenAt ?? (end && last.seq < newest ? last.seq + 1 : null)
      return {
        valid: broken_at === null,
        rows: seen,
        rows_in_all: newest - checkpoint.seq,
        rows_left: newest - last.seq,
        checkpoint,
        last_hash: last.hash,
        last,
        broken_at,
        next: broken_at === null && !end ? last : null,
      }
    }
  }
}
