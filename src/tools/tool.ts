/** A tool as values: what `tools/list` shows and what `tools/call` runs. */
import type * as z from 'zod'
import type { Effect } from '../../schemas/define.ts'
import type { RateLimit } from '../finexio/rate-limit.ts'
import type { Finexio } from '../finexio/types.ts'

export type ToolAnswer = {
  /** Matches the tool's output schema; never empty. */
  structured: Record<string, unknown>
  text: string
}

export type ToolContext = {
  finexio: Finexio
  textFormat: 'csv' | 'json'
  /** Names the visible tools, so that advice never points to a tool that the client cannot see. */
  visible: ReadonlySet<string>
  /** Binds cursors to this server's configuration. */
  scope: string
  now: () => number
}

export type Tool = {
  name: string
  title: string
  description: string
  effect: Effect
  resource: string
  method: string
  tags: readonly string[]
  input: z.ZodObject
  inputSchema: Record<string, unknown>
  outputSchema: Record<string, unknown>
  run(args: Record<string, unknown>, context: ToolContext): Promise<ToolAnswer>
}

export type { RateLimit }
