/**
 * Finds the parties that rows name. A few are looked up one by one; for more the list of counterparties is read once,
 * which costs fewer requests. One request after another: after a failing one none follows.
 */
import { counterparties } from '../../../schemas/counterparties.ts'
import { readOne } from '../derived/get.ts'
import { readNewest } from '../derived/list.ts'
import { flawWords } from '../derived/list-answer.ts'
import { isAll, type Walked } from '../derived/walk.ts'
import { type Found, match, notFound, partyKey, type Role } from '../pasted/parties.ts'
import { present } from '../present/present.ts'
import { noneIfNotFound, UNREADABLE_ROWS } from '../reading/reading.ts'
import type { ToolContext } from '../tool.ts'
import type { InvoiceRow } from './invoice-rows.ts'

/** Up to this many parties are looked up one by one, with at most three requests each. */
const MOST_LOOKUPS = 6
/** For more parties the list is read instead: at most this many counterparties, in at most this many requests. */
const MOST_PARTIES = 1_000
const MOST_PAGES = 12
/** Rows on one page of Finexio. A name that fits more of them than that is ambiguous. */
const ONE_PAGE = 100

type Reference = { role: Role; given: string }
type Resolved = {
  found: Map<string, Found>
  /** Why the lookup ended early; null: it did not. */
  stopped: Walked['stopped']
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** The parties that rows name, each once, in the order of the rows. */
export const referencesIn = (invoiceRows: readonly InvoiceRow[]): Reference[] => {
  const all = invoiceRows.flatMap(({ supplier, buyer }) => [
    ...(supplier === null ? [] : [{ role: 'Supplier', given: supplier } as const]),
    ...(buyer === null ? [] : [{ role: 'Buyer', given: buyer } as const]),
  ])
  return [...new Map(all.map((one) => [partyKey(one.role, one.given), one])).values()]
}

/** An unknown id is a result, not a failure. */
const byId = async ({ role, given }: Reference, context: ToolContext): Promise<Found | null> => {
  const party = await noneIfNotFound(readOne(counterparties, { id: given }, context))
  return party && match([present(party)], role, given)
}

/** @returns null when Finexio's own filters find nobody: they know no other spelling of a name, and no ids */
const byName = async (
  { role, given }: Reference,
  context: ToolContext,
  startedAt: number,
): Promise<Found | null> => {
  for (const filter of ['internal_id', 'name']) {
    const bounds = { limit: ONE_PAGE, mostPages: 1, startedAt }
    const walked = await readNewest(counterparties, { type: role, [filter]: given }, bounds, context)
    const found = match(walked.rows.map(present), role, given)
    if (found && isAll(walked)) return found
    // Another one of this name, or the only one, may be in what did not come.
    if (walked.next === null && !isAll(walked))
      return {
        problem: `could not be looked for: ${flawWords(walked.flaw ?? UNREADABLE_ROWS)}`,
        unread: true,
      }
    if (walked.next !== null)
      return { problem: `too many names hold these words: give the id of the one that is meant` }
  }
  return null
}

const lookUp = (reference: Reference, context: ToolContext, startedAt: number): Promise<Found | null> =>
  UUID.test(reference.given.trim()) ? byId(reference, context) : byName(reference, context, startedAt)

const unread = (read: number): Found => ({
  problem: `not among the ${read} counterparties read: give rows of at most ${MOST_LOOKUPS} suppliers and buyers a call, then each is looked up by itself; or give its id`,
})

type Resolving = (
  references: readonly Reference[],
  context: ToolContext,
  startedAt: number,
) => Promise<Resolved>

const fromList: Resolving = async (references, context, startedAt) => {
  const bounds = { limit: MOST_PARTIES, mostPages: MOST_PAGES, startedAt }
  const walked = await readNewest(counterparties, {}, bounds, context)
  const { rows, stopped } = walked
  const parties = rows.map(present)
  const whole = isAll(walked)
  const found = references.map(({ role, given }): [string, Found] => [
    partyKey(role, given),
    match(parties, role, given) ?? (whole ? notFound(role, given, parties) : unread(rows.length)),
  ])
  return { found: new Map(found), stopped: stopped === 'bound' ? null : stopped }
}

/** Whom Finexio's filters do not find is looked for in the list, which also offers what nearly fits. */
const oneByOne: Resolving = async (references, context, startedAt) => {
  const found = new Map<string, Found>()
  const left: Reference[] = []
  for (const reference of references) {
    const party = await lookUp(reference, context, startedAt)
    if (party === null) left.push(reference)
    else found.set(partyKey(reference.role, reference.given), party)
  }
  if (left.length === 0) return { found, stopped: null }
  const rest = await fromList(left, context, startedAt)
  return { found: new Map([...found, ...rest.found]), stopped: rest.stopped }
}

/**
 * Finds each party by id, internal id or name.
 * @throws FinexioFailure when a party cannot be looked up
 */
export const resolve: Resolving = (references, context, startedAt) =>
  references.length <= MOST_LOOKUPS
    ? oneByOne(references, context, startedAt)
    : fromList(references, context, startedAt)
