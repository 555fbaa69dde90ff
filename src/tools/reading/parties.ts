/** Buyers and suppliers of payments and invoices: narrowing to one, which Finexio's lists cannot, and their names by the fewest requests. */
import { counterparties } from '../../../schemas/counterparties.ts'
import { id } from '../../../schemas/fields.ts'
import { cleanText } from '../../core/text.ts'
import { isPathId, type Row, toolName } from '../derived/request.ts'
import { readWhole } from './read-list.ts'
import { askForOne, askForPage, type Reading } from './reading.ts'

/** Arguments under Finexio's own names, so that an operator who fixes a party fixes it here too. */
export const partyArguments = {
  receiving_counterparty_id: id.optional().describe('Only this supplier.'),
  originating_counterparty_id: id.optional().describe('Only this buyer.'),
}

/** The column of an invoice or payment that names each party. */
export const PARTY = { supplier: 'receiving_counterparty_id', buyer: 'originating_counterparty_id' } as const
const PARTIES = Object.values(PARTY)

/** Whether a row is of the parties asked for. */
export const isOf =
  (args: Row) =>
  (row: Row): boolean =>
    PARTIES.every((name) => args[name] === undefined || row[name] === args[name])

/**
 * A wrong id and a party without rows look alike: nothing. Said when nothing is left of what was read.
 * @param read rows before narrowing
 */
export const noSuchParty = (args: Row, read: number, found: number, noun: string): string | false =>
  found === 0 &&
  read > 0 &&
  PARTIES.some((name) => args[name] !== undefined) &&
  `None of the ${read} ${noun}s read is of this supplier or buyer. Their ids are meant, not internal ids.`

const LIST = toolName(counterparties, 'list')
const GET = toolName(counterparties, 'get')

export type Names = ReadonlyMap<unknown, string>

const add = (names: Map<unknown, string>, row: Row | null) => {
  if (row && typeof row.name === 'string' && row.name !== '') names.set(row.id, cleanText(row.name))
}

/** One by one where that takes fewer requests than reading the whole list. */
const isCheaperSingly = (missing: number, count: number | null, perPage: number) =>
  missing < Math.ceil((count ?? 0) / Math.max(perPage, 1)) - 1

/**
 * The names of these parties, as far as this server shows counterparties and the reading still goes on.
 * @param ids of buyers and suppliers; anything but text is passed over
 */
export const partyNames = async (reading: Reading, ids: Iterable<unknown>): Promise<Names> => {
  const names = new Map<unknown, string>()
  const wanted = new Set([...ids].filter(isPathId))
  const { context } = reading
  if (wanted.size === 0 || !context.sees(LIST)) return names
  const first = await askForPage(reading, counterparties, {})
  for (const row of first?.rows ?? []) add(names, row)
  const missing = [...wanted].filter((id) => !names.has(id))
  if (missing.length === 0 || !first || first.next === null) return names
  if (context.sees(GET) && isCheaperSingly(missing.length, first.count, first.rows.length)) {
    // A party that Finexio does not know any more has no name; that ends nothing.
    const found = missing.map((id) => askForOne(reading, counterparties, { id }))
    for (const row of await Promise.all(found)) add(names, row)
    return names
  }
  const rest = await readWhole(reading, counterparties, {}, { page: first.next, last: null })
  for (const row of rest.rows) add(names, row)
  return names
}
