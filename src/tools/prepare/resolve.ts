/**
 * Finds the parties that rows name. A few are looked up one by one; for more the list of counterparties is read once,
 * which costs fewer requests. One request after another: after a failing one none follows.
 */
import { counterparties } from '../../../schemas/counterparties.ts'
import { FinexioFailure } from '../../finexio/failure.ts'
import { readOne } from '../derived/get.ts'
import { readNewest } from '../derived/list.ts'
import type { Walked } from '../derived/walk.ts'
import { present } from '../present/present.ts'
import type { ToolContext } from '../tool.ts'
import type { InvoiceRow } from './invoice-rows.ts'
import { type Found, match, notFound, partyKey, type Role } from './parties.ts'

/** Up to so many names are looked up one by one, two requests each at most. */
const MOST_LOOKUPS = 6
/** Counterparties read otherwise, and requests for them. */
const MOST_PARTIES = 1_000
const MOST_PAGES = 12
/** A page more than this holds names that no request could tell apart. */
const ONE_PAGE = 100

type Reference = { role: Role; given: string }
type Resolved = {
  found: Map<string, Found>
  /** Why looking ended early. */
  stopped: Walked['stopped']
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** Each party once, in the order in which rows name them. */
export const referencesIn = (invoiceRows: readonly InvoiceRow[]): Reference[] => {
  const all = invoiceRows.flatMap(({ supplier, buyer }) => [
    ...(supplier === null ? [] : [{ role: 'Supplier', given: supplier } as const]),
    ...(buyer === null ? [] : [{ role: 'Buyer', given: buyer } as const]),
  ])
  return [...new Map(all.map((one) => [partyKey(one.role, one.given), one])).values()]
}

/** That an id is unknown is an answer, not a failure. */
const byId = async ({ role, given }: Reference, context: ToolContext): Promise<Found> => {
  try {
    const party = await readOne(counterparties, { id: given }, context)
    return match([present(party)], role, given) ?? notFound(role)
  } catch (failure) {
    if (failure instanceof FinexioFailure && failure.kind === 'not_found') return notFound(role)
    throw failure
  }
}

const byName = async (
  { role, given }: Reference,
  context: ToolContext,
  startedAt: number,
): Promise<Found> => {
  for (const filter of ['internal_id', 'name']) {
    const bounds = { limit: ONE_PAGE, mostPages: 1, startedAt }
    const { rows, next } = await readNewest(counterparties, { type: role, [filter]: given }, bounds, context)
    const found = match(rows.map(present), role, given)
    if (found && next === null) return found
    if (next !== null)
      return { problem: `too many names hold these words: give the id of the one that is meant` }
  }
  return notFound(role)
}

const lookUp = (reference: Reference, context: ToolContext, startedAt: number): Promise<Found> =>
  UUID.test(reference.given.trim()) ? byId(reference, context) : byName(reference, context, startedAt)

const oneByOne = async (
  references: readonly Reference[],
  context: ToolContext,
  startedAt: number,
): Promise<Resolved> => {
  const found = new Map<string, Found>()
  for (const reference of references)
    found.set(partyKey(reference.role, reference.given), await lookUp(reference, context, startedAt))
  return { found, stopped: null }
}

const unread = (read: number): Found => ({
  problem: `not among the ${read} counterparties read: give rows of at most ${MOST_LOOKUPS} suppliers and buyers a call, then each is looked up by itself`,
})

const fromList = async (
  references: readonly Reference[],
  context: ToolContext,
  startedAt: number,
): Promise<Resolved> => {
  const bounds = { limit: MOST_PARTIES, mostPages: MOST_PAGES, startedAt }
  const { rows, next, stopped } = await readNewest(counterparties, {}, bounds, context)
  const parties = rows.map(present)
  const whole = next === null && stopped === null
  const found = references.map(({ role, given }): [string, Found] => [
    partyKey(role, given),
    match(parties, role, given) ?? (whole ? notFound(role) : unread(rows.length)),
  ])
  return { found: new Map(found), stopped: stopped === 'bound' ? null : stopped }
}

/**
 * @param startedAt moment at which the tool call began, in milliseconds since the epoch
 * @throws FinexioFailure when a party cannot be looked up
 */
export const resolve = (
  references: readonly Reference[],
  context: ToolContext,
  startedAt: number,
): Promise<Resolved> =>
  references.length <= MOST_LOOKUPS
    ? oneByOne(references, context, startedAt)
    : fromList(references, context, startedAt)
