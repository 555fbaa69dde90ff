/** A tool as values: what `tools/list` shows and what `tools/call` runs. */
import type { ToolAnnotations } from '@modelcontextprotocol/server'
import type * as z from 'zod'
import type { Effect } from '../../schemas/define.ts'
import type { Credentials, Finexio, FinexioReply, FinexioRequest } from '../finexio/types.ts'
import type { WriteFacts } from '../rules/approval.ts'
import type { InvoiceKey } from '../rules/duplicates.ts'
import type { Filterable } from '../rules/filter.ts'
import type { Target } from '../rules/write-contract.ts'
import { cardMetaOf } from './cards.ts'
import type { Question } from './contract.ts'
import type { JsonSchema } from './json-schema.ts'
import type { Writes } from './writing/writes.ts'

export type ToolAnswer = {
  /** Matches the tool's output schema; never empty. */
  structured: Record<string, unknown>
  text: string
  /** JSON of `structured.result` where it was made already: the answer takes it as it is. */
  rows?: string
  /** The answer is a question to the client's own user; the call comes again with what they said. */
  ask?: Question
  /** Data for the tool's card only; hosts do not show it to the model. */
  extra?: Record<string, unknown>
}

/** An answer whose text is its structured content as JSON. */
export const jsonAnswer = (structured: ToolAnswer['structured']): ToolAnswer => ({
  structured,
  text: JSON.stringify(structured),
})

/** Everything a tool can use: one tenant's Finexio client, and the answer settings of its server. */
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
  /** Told of each page and record that is read. Missing: nobody listens. @param rows its whole records, where somebody asks */
  notice?(resource: string, rows: () => readonly Record<string, unknown>[]): void
  /** Ledger and drafts of the account. */
  writes(): Writes
  /** Milliseconds since the epoch. */
  now(): number
}

/** Stored credentials that a plan names and does not hold. */
export type SecretUse = {
  ref: string
  /** Host to which Finexio would present them. */
  host: string
  /** The request with them in it: made when it is sent, and kept nowhere. */
  fill(credentials: Credentials): FinexioRequest
}

/** What a write would do, before anything is written. Pure: a dry run and the real run take the same plan. */
export type WritePlan = {
  request: FinexioRequest
  /** Present: `request` is what may be shown, and is sent as `src/tools/writing/stored-secret.ts` completes it. */
  secret?: SecretUse
  /** What has to be read first, dry run or not. @throws Refusal, FinexioFailure: nothing is claimed or written then */
  before?: ((finexio: Finexio) => Promise<void>) | undefined
  /** The arguments with the operator's fixed values put in. A draft keeps these. */
  args: Record<string, unknown>
  /** Ids that the path names. */
  target: Target
  /** Facts that the rules check. */
  facts: Pick<WriteFacts, 'movements' | 'largest' | 'fields' | 'changes'>
  /** Descriptions of the records that would exist afterwards: an unknown outcome is settled by looking for these. */
  subjects: readonly unknown[]
  /** The same records as another family of tools describes them. */
  twins: readonly unknown[]
  /** For invoices: the fields by which Finexio recognises each of them. */
  invoices: readonly InvoiceKey[]
  /** What somebody should look at in them, in sentences without their full stop. */
  doubts?: readonly string[]
  /** @throws FinexioFailure when a success status hides that nothing was done */
  read(reply: FinexioReply): ReadReply
}

/** What Finexio's reply says became of a write. */
export type ReadReply = {
  answer: ToolAnswer
  /** The id of the record that was made for each subject, as far as the reply says. */
  made: Made[]
  /** Positions of the invoices that an accepting answer says nothing about, or another amount or party. */
  unconfirmed: number[]
  /** Fields of a record that came back with another value than was sent: Finexio ignores what the credential may not change. */
  unapplied: string[]
}

export type Made = { subject: unknown; id: string | null }

type Runs<Args> =
  /** Asks Finexio only to read. One that writes changes nothing but what this server keeps. */
  | {
      effect: 'read' | 'write'
      run(args: Args, context: ToolContext): Promise<ToolAnswer>
    }
  | {
      effect: 'write' | 'money'
      /** @param now milliseconds since the epoch @throws Refusal when a rule of Finexio is broken */
      plan(args: Args, now: number): WritePlan
    }

/** What else a server has to show for it to show this one. */
type Shown = Pick<Filterable, 'needs' | 'covers' | 'follows' | 'when'>

/** Declaration of a tool. `Input` is the type of its arguments: `run` and `plan` get them checked, with defaults. */
type Declaration<Input extends z.ZodObject = z.ZodObject> = Runs<z.output<Input>> &
  Shown & {
    name: string
    title: string
    /** When to use it and where ids come from. */
    description: string
    resource: string
    method: string
    tags?: readonly string[]
    /** Arguments that travel in the body of the request. */
    bodyArguments?: readonly string[]
    /** Its words on a server that shows only some of the tools, and those of arguments. @param sees whether it shows the tool of a name */
    wordsWith?(sees: (name: string) => boolean): {
      description: string
      arguments?: Readonly<Record<string, string>>
    }
    input: Input
    /** The fields an answer turns on; further ones explain themselves, and every declared one is paid in every chat. */
    output: z.ZodObject
  }

export type Tool = Declaration & {
  tags: readonly string[]
  /** What a server says of arguments in place of what their types say. */
  argumentWords?: Readonly<Record<string, string>>
  /** Puts in what the operator fixed, before anything reads an argument, `dry_run` and the like included. @throws Refusal */
  fill?(args: Record<string, unknown>): Record<string, unknown>
}

/** A tool with `run`: all reads, and writes that change nothing at Finexio. */
export type ReadTool = Extract<Tool, { run: unknown }>
export type WriteTool = Extract<Tool, { plan: unknown }>

/** The one way to make a tool: what clients are shown follows from what is declared. */
export const defineTool = <Input extends z.ZodObject>(declared: Declaration<Input>): Tool => ({
  tags: [],
  ...declared,
})

/** A copy of a tool with another input schema. */
export const withInput = (tool: Tool, input: z.ZodObject): Tool => ({ ...tool, input })

/** Most milliseconds of a tool call: a client waits about 60 s, so no request starts that could end after 45 s. */
export const TOOL_TIME_MS = 45_000

type Hints = Required<Omit<ToolAnnotations, 'title'>>

const WRITES = { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: true }

/** Even a read reaches a third party's API, hence `openWorldHint` throughout. */
export const hints: Readonly<Record<Effect, Hints>> = {
  read: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: true },
  write: WRITES,
  money: WRITES,
}

export type ListedTool = Pick<Tool, 'name' | 'title' | 'description'> & {
  inputSchema: JsonSchema
  outputSchema: JsonSchema
  annotations: Hints
  _meta?: Record<string, unknown>
}

/** JSON Schemas of a tool. */
export type ToolSchemas = { input: JsonSchema; output: JsonSchema }

/** A tool as `tools/list` shows it (MCP, Tools). Hints follow from the effect: nobody sets one by hand. */
export const listedWith = (tool: Tool, { input, output }: ToolSchemas): ListedTool => {
  const { name, title, description, effect } = tool
  return {
    name,
    title,
    description,
    inputSchema: input,
    outputSchema: output,
    annotations: hints[effect],
    ...cardMetaOf(name),
  }
}
