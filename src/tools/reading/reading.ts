/**
 * What one composite call reads upstream: the first request alone, then at most six at once, a bounded number of them, and
 * none is started once one failed or time is short. What was read until then is kept.
 */

import type { Resource } from '../../../schemas/define.ts'
import { plural } from '../../core/words.ts'
import { explain } from '../../finexio/explain.ts'
import { FinexioFailure, isUnreadable } from '../../finexio/failure.ts'
import { shortfall } from '../../finexio/pages.ts'
import { readOne } from '../derived/get.ts'
import { pageOf } from '../derived/list.ts'
import { type Filters, flawWords } from '../derived/list-answer.ts'
import type { Row } from '../derived/request.ts'
import type { Page } from '../derived/walk.ts'
import { TOOL_TIME_MS, type ToolContext } from '../tool.ts'

const MOST_AT_ONCE = 6
/** A read may take 30 s: later than this no further request is started. */
const LATEST_START_MS = TOOL_TIME_MS - 30_000

type Stop = 'bound' | 'time' | FinexioFailure

export type Reading = {
  context: ToolContext
  /** Requests started so far. */
  requests: number
  /** Why no further request is started; null while all is well. */
  stopped: Stop | null
  /** What speaks against a list that was read being whole, as the end of a sentence; null while nothing does. */
  flaw: string | null
  /** An answer that could not be read and did not end the reading; see `newReading`. */
  unread: FinexioFailure | null
  /** How many requests may still be started. */
  left(): number
  /**
   * Runs `read`, which sends exactly one request, when its turn has come.
   * @returns null when it was not started any more, or failed: `stopped` says why
   */
  ask<T>(read: () => Promise<T>): Promise<T | null>
}

/**
 * @param mostRequests upstream requests that one call may make
 * @param goesOn whether an answer that cannot be read leaves the rest worth asking for: a guard takes it as not known
 */
export const newReading = (context: ToolContext, mostRequests: number, goesOn = false): Reading => {
  const startedAt = context.now()
  const waiting: (() => void)[] = []
  let underWay = 0
  // The first request runs alone, so that throttling or an outage costs one request only.
  let atOnce = 1
  const turn = async () => {
    if (underWay < atOnce) underWay++
    else await new Promise<void>((resolve) => waiting.push(resolve))
  }
  const handOn = () => {
    underWay--
    atOnce = MOST_AT_ONCE
    for (const next of waiting.splice(0, atOnce - underWay)) {
      underWay++
      next()
    }
  }
  const mayStart = (): boolean => {
    if (reading.stopped) return false
    if (reading.requests >= mostRequests) reading.stopped = 'bound'
    else if (context.now() - startedAt >= LATEST_START_MS) reading.stopped = 'time'
    return reading.stopped === null
  }
  const ask = async <T>(read: () => Promise<T>): Promise<T | null> => {
    await turn()
    try {
      if (!mayStart()) return null
      reading.requests++
      return await read()
    } catch (failure) {
      if (!(failure instanceof FinexioFailure)) throw failure
      if (goesOn && isUnreadable(failure)) reading.unread ??= failure
      else reading.stopped ??= failure
      return null
    } finally {
      handOn()
    }
  }
  const left = () => Math.max(mostRequests - reading.requests, 0)
  const reading: Reading = { context, requests: 0, stopped: null, flaw: null, unread: null, left, ask }
  return reading
}

/** One record; `absent` where Finexio has none (any more), null where it was not read. @param args ids that the route asks for */
export const lookForOne = (reading: Reading, resource: Resource, args: Row): Promise<Row | 'absent' | null> =>
  reading.ask(async () => (await noneIfNotFound(readOne(resource, args, reading.context))) ?? 'absent')

/** One record; null where Finexio has none (any more), or it was not read. @param args ids that the route asks for */
export const askForOne = async (reading: Reading, resource: Resource, args: Row): Promise<Row | null> => {
  const found = await lookForOne(reading, resource, args)
  return found === 'absent' ? null : found
}

/** The first page of a list; null when it was not read. */
export const askForPage = async (
  reading: Reading,
  resource: Resource,
  filters: Filters,
): Promise<Page | null> => {
  const page = await reading.ask(() => pageOf(resource, reading.context, filters)(1))
  if (page) reading.flaw ??= flawOf(page)
  return page
}

export const UNREADABLE_ROWS = 'rows of it cannot be read'

/** What speaks against a first page: its own flaw, rows that are none, or fewer than it counts although nothing follows. */
export const flawOf = ({ rows, unreadable = 0, count, next, flaw }: Page): string | null => {
  if (flaw) return flaw
  if (unreadable > 0) return UNREADABLE_ROWS
  return next === null ? shortfall(rows.length, count) : null
}

/** Said where what was looked for may be behind the first page, and no other is read. */
export const firstPageOnly = (reading: Reading, page: Page | null): void => {
  if (page && page.next !== null) reading.flaw ??= 'only its first page was read'
}

/** @throws FinexioFailure when it was one that ended the reading: for calls that have nothing to tell without it */
export const failIfStopped = ({ stopped }: Reading): void => {
  if (stopped instanceof FinexioFailure) throw stopped
}

/** Why the reading ended early, or read something that is not known to be whole, in a sentence; null when neither. */
export const stopWords = ({ stopped, flaw, requests }: Reading): string | null => {
  if (stopped === null) return flaw && `Partial: ${flawWords(flaw)}`
  if (stopped === 'bound')
    return `Partial: stopped at the bound of ${plural(requests, 'request')} of one call.`
  if (stopped === 'time') return `Partial: time for one call ran out after ${plural(requests, 'request')}.`
  return `Partial: stopped at request ${requests}: ${explain(stopped)}`
}

/** Null where Finexio knows no such record or page; every other failure goes on. */
export const noneIfNotFound = async <T>(read: Promise<T>): Promise<T | null> => {
  try {
    return await read
  } catch (failure) {
    if (failure instanceof FinexioFailure && failure.kind === 'not_found') return null
    throw failure
  }
}
