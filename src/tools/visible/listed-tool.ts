/** A tool as `tools/list` shows it. Hints follow from the effect: nobody sets one by hand. */
import type { Effect } from '../../../schemas/define.ts'
import { cardMetaOf } from '../cards.ts'
import type { JsonSchema } from '../json-schema.ts'
import type { Tool } from '../tool.ts'

export type Hints = {
  readOnlyHint: boolean
  destructiveHint: boolean
  idempotentHint: boolean
  openWorldHint: boolean
}

const WRITES: Hints = {
  readOnlyHint: false,
  destructiveHint: true,
  idempotentHint: false,
  openWorldHint: true,
}

/** Even a read reaches a third party's API, hence `openWorldHint` throughout. */
export const hints: Readonly<Record<Effect, Hints>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  write: WRITES,
  money: WRITES,
}

export type ListedTool = {
  name: string
  title: string
  description: string
  inputSchema: JsonSchema
  outputSchema: JsonSchema
  annotations: Hints
  _meta?: Record<string, unknown>
}

export const listed = ({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  effect,
}: Tool): ListedTool => ({
  name,
  title,
  description,
  inputSchema,
  outputSchema,
  annotations: hints[effect],
  ...cardMetaOf(name),
})
