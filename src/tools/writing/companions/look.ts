/** Looks at Finexio for what a write was to leave behind. */
import type { Method, Resource } from '../../../../schemas/define.ts'
import { resources } from '../../../../schemas/index.ts'
import type { Target } from '../../../rules/write-contract.ts'
import { readOne } from '../../derived/get.ts'
import { pageOf, readNewest } from '../../derived/list.ts'
import { flawWords, type ListMethod } from '../../derived/list-answer.ts'
import { type Row, routeOf, toolName } from '../../derived/request.ts'
import { flawOf, noneIfNotFound } from '../../reading/reading.ts'
import { Refusal } from '../../refusal.ts'
import type { ToolContext } from '../../tool.ts'
import { fieldSubjects, recordSubject, unseenSubject } from '../subjects.ts'
import { fingerprintOf } from '../writes.ts'

/** Pages of the newest records that are read: a write that left lately is among them. */
const MOST_PAGES = 20
const ROWS_PER_PAGE = 100
/** Clocks differ, and a record may carry the time at which Finexio took the request. */
const MARGIN_MS = 3_600_000
/** How far Finexio's clock may be from ours. */
const CLOCKS_MS = 300_000

type Wanted = {
  target: Target
  /** Hex of the keyed digest of each subject, in the order of what was sent. */
  subjects: readonly string[]
  /** When it left, in milliseconds since the epoch. */
  since: number
}

/** `found`: ids by position among the subjects. `whole`: whoever is not found is not there. */
export type Look = {
  found: Map<number, string | null>
  /** Of what was made: the records that were found, by the same positions. */
  records?: ReadonlyMap<number, Row>
  whole: boolean
  looked: string
  requests: number
}

type Ask = { resource: Resource; wanted: Wanted; context: ToolContext }

export type Declared = { resource: Resource; method: Method }

/** Names of Finexio's own tools that write: where a server shows none, nothing is left to be looked after. */
export const WRITES: readonly string[] = resources.flatMap((resource) =>
  Object.entries(resource.methods).flatMap(([name, { effect }]) =>
    effect === 'read' ? [] : [toolName(resource, name)],
  ),
)

/** Where a tool is declared; null for tools that are not Finexio's own. */
export const declarationOf = (tool: string): Declared | null => {
  for (const resource of resources)
    for (const [name, method] of Object.entries(resource.methods))
      if (toolName(resource, name) === tool) return { resource, method }
  return null
}

const idOf = ({ id }: Row): string | null => (typeof id === 'string' && id !== '' ? id : null)

const timeIn = (row: Row | undefined, field: string | null): number =>
  field === null || row === undefined ? Number.NaN : Date.parse(String(row[field] ?? ''))

/** The column of a record that says when it was changed last. */
const changedAt = (row: Row | null): string =>
  row !== null && 'updated_at' in row ? 'updated_at' : 'updated'

/**
 * Which rows are what was to be made. `before`: how many are like it, but older than the write. Some numbers may come
 * again, so that an old record neither proves that this one was made nor, clocks being what they are, that it was not.
 */
const matched = async ({ resource, wanted, context }: Ask, rows: readonly Row[]) => {
  const fingerprint = fingerprintOf(context.writes())
  const { newest } = (resource.methods.list as ListMethod).list
  const found = new Map<number, string | null>()
  const records = new Map<number, Row>()
  let before = 0
  for (const row of rows) {
    const subject = recordSubject(resource, row)
    const at = subject === null ? -1 : wanted.subjects.indexOf(await fingerprint(subject))
    if (at < 0 || found.has(at)) continue
    if (timeIn(row, newest) < wanted.since - MARGIN_MS) before++
    else {
      found.set(at, idOf(row))
      records.set(at, row)
    }
  }
  return { found, records, before }
}

/** Records that were made: among the newest ones, back to before the request left. */
const made = async (ask: Ask): Promise<Look> => {
  const { resource, wanted, context } = ask
  const method = resource.methods.list as ListMethod
  const bounds = { limit: MOST_PAGES * ROWS_PER_PAGE, mostPages: MOST_PAGES, startedAt: context.now() }
  const walked = await readNewest(resource, wanted.target, bounds, context)
  const oldest = timeIn(walked.lastSeen ?? undefined, method.list.newest)
  const reachesBack = walked.order !== 'unknown' && oldest < wanted.since - MARGIN_MS
  const { found, records, before } = await matched(ask, walked.rows)
  // What carries no reference of its own cannot be distinguished from others.
  const reached =
    wanted.subjects.length > 0 &&
    walked.unreadable === 0 &&
    walked.flaw === null &&
    ((walked.next === null && walked.stopped === null) || reachesBack)
  return {
    found,
    records,
    whole: reached && before === 0,
    looked: `${walked.looked} ${resource.name.replaceAll('_', ' ')}, newest first${before > 0 ? `; ${before} like it were there before it left` : ''}`,
    requests: walked.requests,
  }
}

const record = async ({ resource, wanted, context }: Ask): Promise<Row | null> => {
  const { target } = wanted
  if (resource.methods.get) return noneIfNotFound(readOne(resource, target, context))
  const page = await pageOf(resource, context, {}, target)(1)
  const key = String(target.id).trim().toUpperCase()
  const found = page.rows.find((row) => String(row.external_reference_id).trim().toUpperCase() === key)
  const lost = flawOf(page)
  // Who is not in a part of a list may be in the rest.
  if (!found && lost !== null) throw new Refusal(`resolve_finexio_write: ${flawWords(lost)}`)
  return found ?? null
}

const oneLooked = (resource: Resource) => `the ${resource.singular.replaceAll('_', ' ')} itself`

/** A record that was changed: every value sent is there now, or it was not touched since, or nobody knows. */
const changed = async (ask: Ask): Promise<Look> => {
  const { resource, wanted, context } = ask
  const fingerprint = fingerprintOf(context.writes())
  const row = await record(ask)
  const there = await Promise.all([...fieldSubjects(resource, row ?? {}).values()].map(fingerprint))
  const unseen = await fingerprint(unseenSubject(resource))
  const values = wanted.subjects.filter((subject) => subject !== unseen)
  const all = values.every((value) => there.includes(value))
  const hidden = values.length < wanted.subjects.length || values.length === 0
  const id = wanted.target.id ?? null
  // Whoever changed it since may have put other values in the place of ours, or Finexio may have taken a part of ours: what says no time may be later.
  const isOlder = timeIn(row ?? undefined, changedAt(row)) < wanted.since - CLOCKS_MS
  return {
    found: new Map(all && !hidden ? values.map((_, at) => [at, id] as const) : []),
    whole: !(all && hidden) && isOlder,
    looked: oneLooked(resource),
    requests: 1,
  }
}

/** A record that was deleted is found when it is gone. */
const deleted = async (ask: Ask): Promise<Look> => {
  const { resource, wanted } = ask
  const row = await record(ask)
  const found = new Map(row === null ? [[0, wanted.target.id ?? null] as const] : [])
  return { found, whole: true, looked: oneLooked(resource), requests: 1 }
}

/** @throws FinexioFailure when Finexio cannot be asked */
export const lookFor = (
  { resource, method }: Declared,
  wanted: Wanted,
  context: ToolContext,
): Promise<Look> => {
  const ask = { resource, wanted, context }
  const { verb } = routeOf(method)
  if (verb === 'DELETE') return deleted(ask)
  return verb === 'POST' ? made(ask) : changed(ask)
}
