/** Whom a list is asked for by a supplier's or buyer's id or name: asked of Finexio's own filter, then of the whole list, folded. */
import { counterparties } from '../../../schemas/counterparties.ts'
import { canonicalId } from '../../core/ids.ts'
import { quoted } from '../../core/text.ts'
import { plural } from '../../core/words.ts'
import { Refusal } from '../refusal.ts'
import type { ToolContext } from '../tool.ts'
import { readNewest } from './list.ts'
import type { Kept } from './list-filters.ts'
import { holdsName, namedParties, nearWords } from './names.ts'
import type { PartySought } from './own-filters.ts'
import { folded, type Row, toolName } from './request.ts'
import { isAll, type Walked } from './walk.ts'

const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/
const LIST = toolName(counterparties, 'list')
const MOST_MEANT = 20
const BOUNDS = { limit: 1_000, mostPages: 12 }

/** By id or internal id one; else all whose name holds the text, or only the one whose name it is. */
const meantIn = (parties: readonly Row[], given: string): Row[] => {
  const exact = [
    ({ id }: Row) => folded(id) === folded(given),
    ({ internal_id }: Row) => folded(internal_id) === folded(given),
    ({ name }: Row) => folded(name) === folded(given),
    ({ name }: Row) => holdsName(name, given),
  ].map((fits) => parties.filter(fits))
  return exact.find((found) => found.length > 0) ?? []
}

/** @throws FinexioFailure when the list ended by one */
const read = async (filters: Row, startedAt: number, context: ToolContext): Promise<Walked> => {
  const walked = await readNewest(counterparties, filters, { ...BOUNDS, startedAt }, context)
  if (walked.stopped !== null && typeof walked.stopped !== 'string') throw walked.stopped
  return walked
}

const refused = ({ role, given }: PartySought, walked: Walked): Refusal => {
  const noun = role.toLowerCase()
  const near = nearWords(walked.rows, given)
  const offer = near ? `${near}; repeat with the id of the one that is meant.` : `${LIST} lists them.`
  return isAll(walked)
    ? new Refusal(`No ${noun} has this id, internal id or name (${quoted(given)}): ${offer}`)
    : new Refusal(
        `None of the ${plural(walked.rows.length, noun)} read has this id, internal id or name (${quoted(given)}), and there are more: give the id. ${near ? offer : ''}`.trim(),
      )
}

const find = async (sought: PartySought, context: ToolContext): Promise<Row[]> => {
  const startedAt = context.now()
  const asked = await read({ type: sought.role, name: sought.given }, startedAt, context)
  const found = isAll(asked) ? meantIn(asked.rows, sought.given) : []
  if (found.length > 0) return found
  const walked = await read({ type: sought.role }, startedAt, context)
  const meant = meantIn(walked.rows, sought.given)
  if (meant.length === 0) throw refused(sought, walked)
  return meant
}

const keptIds = ({ role, field }: PartySought, ids: readonly string[], words: string): Kept => ({
  words: `${role.toLowerCase()} ${words}`,
  fields: [field],
  keep: (row) => ids.includes(String(row[field])),
})

/** The filter that lets the rows of those pass who are meant, and their ids. @throws Refusal that offers who is near */
export const partyFilter = async (
  sought: PartySought,
  context: ToolContext,
): Promise<{ kept: Kept; ids: string[] }> => {
  const id = canonicalId(sought.given)
  // Where a server shows no counterparties, names are none of its business.
  if (UUID.test(id) || !context.sees(LIST)) return { kept: keptIds(sought, [id], id), ids: [id] }
  const meant = await find(sought, context)
  if (meant.length > MOST_MEANT)
    throw new Refusal(
      `${meant.length} ${sought.role.toLowerCase()}s have ${quoted(sought.given)} in their name, such as ${namedParties(meant.slice(0, 3))}: give more of the name, or the id.`,
    )
  const ids = meant.map((party) => String(party.id))
  return { kept: keptIds(sought, ids, namedParties(meant)), ids }
}
