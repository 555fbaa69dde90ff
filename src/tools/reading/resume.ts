/** `next_cursor` of summaries: a summary of the rest of the same list, to be added to the one before. */
import { encodeCursor, queryDigest } from '../derived/cursor.ts'
import { startOf } from '../derived/list.ts'
import type { ToolContext } from '../tool.ts'
import type { Row } from './walk.ts'
import type { Resume } from './whole-list.ts'

const digestOf = (tool: string, { next_cursor: _, ...query }: Row, { scope }: ToolContext) =>
  queryDigest([tool, query, scope])

/** @throws Refusal on a cursor of another query */
export const openResume = async (tool: string, args: Row, context: ToolContext): Promise<Resume | null> => {
  const position = await startOf(args.next_cursor, await digestOf(tool, args, context))
  return position && { page: position.page, last: position.last }
}

export const sealResume = async (
  next: Resume | null,
  tool: string,
  args: Row,
  context: ToolContext,
): Promise<string | null> =>
  next && encodeCursor({ order: 'unknown', skip: 0, ...next }, await digestOf(tool, args, context))
