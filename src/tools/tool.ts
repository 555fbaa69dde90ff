/** A tool as values: what `tools/list` shows and what `tools/call` runs. */
import type * as z from 'zod'
import type { Finexio, FinexioReply, FinexioRequest } from '../finexio/types.ts'
import type { Movement } from '../writes/contract.ts'
import type { JsonSchema } from './json-schema.ts'

export type ToolAnswer = {
  /** Matches the tool's output schema; never empty. */
  structured: Record<string, unknown>
  text: string
  /** For the tool's card alone: models do not see it, and nobody has to. */
  extra?: Record<string, unknown>
}

/** All that a tool may touch: one tenant's Finexio, and how its server wants answers. */
export type ToolContext = {
  finexio: Finexio
  textFormat: 'csv' | 'json'
  /** Binds cursors to this server and its configuration. */
  scope: string
  /** Whether this server shows the tool of that name: a composite never shows what its server hides. */
  sees(name: string): boolean
  /** Absolute address of a record at Finexio, for people and citations. @param path below the base */
  recordUrl(path: string): string
  /** What earlier calls learned about the order of this account's lists. */
  orders: Readonly<Record<string, 'newest' | 'oldest'>>
  learnOrder(resource: string, order: 'newest' | 'oldest'): void
  /** Milliseconds since the epoch. */
  now(): number
}

/** What a write would do, before anything is sent. Pure: a dry run and the real run take the same plan. */
export type WritePlan = {
  request: FinexioRequest
  /** Money it moves, towards whom. */
  movements: readonly Movement[]
  /** What would be there afterwards, in words of its own: an unknown outcome is settled by looking for these. */
  subjects: readonly unknown[]
  /** Shapes Finexio's reply. @throws FinexioFailure when a success status hides that nothing was done */
  answer(reply: FinexioReply): ToolAnswer
}

type Runs =
  | { effect: 'read'; run(args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer> }
  | {
      effect: 'write' | 'money'
      /** @param now milliseconds since the epoch @throws Refusal when a rule of Finexio is broken */
      plan(args: Record<string, unknown>, now: number): WritePlan
    }

export type ReadTool = Extract<Tool, { effect: 'read' }>
export type WriteTool = Exclude<Tool, ReadTool>

export type Tool = Runs & {
  name: string
  title: string
  description: string
  resource: string
  method: string
  tags: readonly string[]
  /** Arguments that travel in the body of the request. */
  bodyArguments?: readonly string[]
  /** See `Filterable`: on which other tools a composite stands. */
  needs?: readonly string[]
  covers?: readonly string[]
  input: z.ZodObject
  inputSchema: JsonSchema
  output: z.ZodObject
  outputSchema: JsonSchema
}

/** A tool's time: a client waits about 60 s, so no request starts that could end after 45 s. */
export const TOOL_TIME_MS = 45_000
