/**
 * `list_all_finexio_counterparty_history` filters by `object_id` alone, and Finexio stores an `internal_id` in upper
 * case. The tool also takes `internal_id` and finds the counterparty first: as given, and in upper case if that finds none.
 */
import { counterparties } from '../../../schemas/counterparties.ts'
import type { Resource } from '../../../schemas/define.ts'
import { reference } from '../../../schemas/fields.ts'
import { cleanText, quoted } from '../../core/text.ts'
import { Refusal } from '../refusal.ts'
import type { ToolAnswer, ToolContext } from '../tool.ts'
import { readNewest } from './list.ts'
import type { ListMethod } from './list-answer.ts'
import { runList } from './list-tool.ts'
import { toolName } from './request.ts'
import { isAll } from './walk.ts'

/** What the tool takes besides the list's own arguments. */
export const historyArguments = {
  internal_id: reference(100).optional().describe('Instead of object_id; any letter case.'),
}

const MOST_FOUND = 100

/** @throws Refusal when those that Finexio names are not known to be all: then another could carry the same id */
const candidates = async (internalId: string, context: ToolContext) => {
  const bounds = { limit: MOST_FOUND, mostPages: 1, startedAt: context.now() }
  const walked = await readNewest(counterparties, { internal_id: internalId }, bounds, context)
  if (!isAll(walked))
    throw new Refusal(
      `internal_id: Finexio's list of counterparties could not be read whole${walked.flaw ? ` (${walked.flaw})` : ''}, so nobody knows whether one or several carry this id. Repeat with object_id.`,
      'A counterparty was looked up; no history was read.',
    ).by('unread')
  return walked.rows.filter((row) => String(row.internal_id).toLowerCase() === internalId.toLowerCase())
}

/** @throws Refusal when no counterparty or more than one carries this internal id: it is never guessed */
export const objectIdOf = async (internalId: string, context: ToolContext): Promise<string> => {
  const found = await candidates(internalId, context)
  if (found.length === 1 && typeof found[0]?.id === 'string') return found[0].id
  const shown = cleanText(internalId)
  if (found.length === 0)
    throw new Refusal(
      `No counterparty has the internal_id ${JSON.stringify(shown)}${context.sees(toolName(counterparties, 'list')) ? `; ${toolName(counterparties, 'list')} finds one by name` : ''}.`,
      'A counterparty was looked up; no history was read.',
    )
  const list = found.map(({ id, type, name }) => `${id} (${type} ${quoted(name)})`).join(', ')
  throw new Refusal(
    `${found.length} counterparties have the internal_id ${JSON.stringify(shown)}: ${list}. Repeat with object_id.`,
    'A counterparty was looked up; no history was read.',
  )
}

/** Lists the change log. @throws Refusal, FinexioFailure as `runList` and `objectIdOf` do */
export const runHistory =
  (resource: Resource, method: ListMethod, name: string) =>
  async ({ internal_id, ...args }: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> => {
    if (typeof internal_id !== 'string') return runList(resource, method, name)(args, context)
    if (args.object_id) throw new Refusal('Give object_id or internal_id, not both.')
    const object_id = await objectIdOf(internal_id, context)
    return runList(resource, method, name)({ ...args, object_id }, context)
  }
