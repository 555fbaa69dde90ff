/** The supplier that a caller means by an id, an internal id or a name; never a guess. */
import { counterparties } from '../../../schemas/counterparties.ts'
import { isPathId, type Row } from '../derived/request.ts'
import { match, notFound } from '../pasted/parties.ts'
import { Refusal } from '../refusal.ts'
import { isWhole, readWhole } from './read-list.ts'
import { askForOne, failIfStopped, type Reading, stopWords } from './reading.ts'

export type Supplier = { id: string; name: string | null }

type Way = (reading: Reading, given: string) => Promise<Row[]>

const byId: Way = async (reading, given) => {
  if (!isPathId(given)) return []
  const found = await askForOne(reading, counterparties, { id: given })
  return found ? [found] : []
}

/** A list that is not whole may lack another one of the same name. */
const filtered =
  (filter: string): Way =>
  async (reading, given) => {
    const whole = await readWhole(reading, counterparties, { type: 'Supplier', [filter]: given })
    failIfStopped(reading)
    if (!isWhole(whole))
      throw new Refusal(`supplier: could not be looked up. ${stopWords(reading) ?? ''} Give its id.`).by(
        'unread',
      )
    return whole.rows
  }

const all: Way = async (reading) => {
  const { rows } = await readWhole(reading, counterparties, { type: 'Supplier' })
  return rows
}

const WAYS = { id: byId, internal: filtered('internal_id'), name: filtered('name') }

/** Ids have no blanks and mostly figures; the likeliest meaning first, since each costs a request. */
const waysFor = (given: string): Way[] =>
  /^\S*\d\S*$/.test(given) ? [WAYS.id, WAYS.internal, WAYS.name] : [WAYS.name, WAYS.internal, WAYS.id]

/** @throws Refusal when nobody or several are meant, with what nearly fits; FinexioFailure when Finexio could not be asked */
export const findSupplier = async (reading: Reading, text: string): Promise<Supplier> => {
  const given = text.trim()
  for (const way of waysFor(given)) {
    const found = match(await way(reading, given), 'Supplier', given)
    failIfStopped(reading)
    if (found && 'id' in found) return found
    if (found) throw new Refusal(`supplier: ${found.problem}.`)
  }
  const parties = await all(reading, given)
  failIfStopped(reading)
  const found = match(parties, 'Supplier', given) ?? notFound('Supplier', given, parties)
  if ('id' in found) return found
  throw new Refusal(`supplier: ${found.problem}.`)
}
