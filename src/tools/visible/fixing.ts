/** Tools as a server with fixed arguments has them: narrower, and filled in when they run. */
import * as z from 'zod'
import { isSensitive } from '../../../schemas/sensitive.ts'
import { nearest } from '../../core/nearest.ts'
import {
  entriesOfHidden,
  type Fix,
  type Fixable,
  type Fixed,
  type FixedValue,
  fixesFor,
  pathOf,
  withFixes,
} from '../../rules/fixed.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { inputJsonSchema } from '../json-schema.ts'
import type { Tool } from '../tool.ts'

const unwrapped = (type: unknown): unknown =>
  type instanceof z.ZodOptional || type instanceof z.ZodNullable || type instanceof z.ZodDefault
    ? unwrapped(type.unwrap())
    : type

/** The declared type at a path; a list stands for its rows. */
const typeAt = (type: unknown, [step, ...rest]: readonly string[]): z.ZodType | undefined => {
  const here = unwrapped(type)
  if (step === undefined) return type as z.ZodType
  if (here instanceof z.ZodArray) return typeAt(here.element, [step, ...rest])
  if (!(here instanceof z.ZodObject) || !Object.hasOwn(here.shape, step)) return undefined
  return typeAt(here.shape[step], rest)
}

/** The same type without the argument at a path. Rules across fields are checked again on the whole, when it is planned. */
const without = (type: unknown, [step, ...rest]: readonly string[]): z.ZodType => {
  if (type instanceof z.ZodOptional) return without(type.unwrap(), [step!, ...rest]).optional()
  if (type instanceof z.ZodArray) {
    const { element, ...def } = type.def
    return z.clone(type, { ...def, element: without(element, [step!, ...rest]) } as never)
  }
  const { [step!]: inner, ...shape } = (type as z.ZodObject).shape
  return z.object(rest.length === 0 ? shape : { ...shape, [step!]: without(inner, rest) })
}

const fixable = (tool: Tool): Fixable => ({
  name: tool.name,
  resource: tool.resource,
  takes: (path) => typeAt(tool.input, path) !== undefined,
})

const narrowed = (tool: Tool, fixes: readonly Fix[]): Tool => {
  if (fixes.length === 0) return tool
  const input = fixes.reduce<z.ZodType>((type, { path }) => without(type, path), tool.input) as z.ZodObject
  return { ...tool, input, inputSchema: inputJsonSchema(input) }
}

/** A composite asks for itself: what is fixed on a tool it stands on holds only if the same entry is fixed on it too. */
const slipsPast = (
  tool: Tool,
  own: readonly Fix[],
  entries: ReadonlyMap<string, readonly string[]>,
): boolean => {
  const held = new Set(own.map(({ entry }) => entry))
  const below = [...(tool.needs ?? []), ...(tool.covers ?? [])].flatMap((name) => entries.get(name) ?? [])
  return below.some((entry) => !held.has(entry))
}

/**
 * The tools with their fixed arguments taken out of the schema; those on which a fixed party cannot be enforced are
 * hidden, and so are composites that stand on a narrowed tool without taking the same argument themselves.
 */
export const narrowedBy = (
  fixed: Fixed | undefined,
  tools: readonly Tool[],
  all: readonly Tool[],
): Tool[] => {
  if (!fixed) return [...tools]
  const entries = new Map(
    all.map((tool) => [
      tool.name,
      fixesFor(fixed, fixable(tool))?.map(({ entry }) => entry) ?? entriesOfHidden(fixed, tool.name),
    ]),
  )
  return tools.flatMap((tool) => {
    const fixes = fixesFor(fixed, fixable(tool))
    return fixes === null || slipsPast(tool, fixes, entries) ? [] : [narrowed(tool, fixes)]
  })
}

/**
 * The tool of one call, with the operator's values put in before it runs.
 * @param tool as its server shows it
 * @param whole the same as the catalogue has it
 */
export const bound = (tool: Tool, whole: Tool, { fixed }: ServerConfig): Tool => {
  const fixes = fixed ? fixesFor(fixed, fixable(whole)) : []
  if (!fixes?.length) return tool
  return 'run' in tool
    ? { ...tool, run: (args, context) => tool.run(withFixes(args, fixes), context) }
    : { ...tool, plan: (args, now) => tool.plan(withFixes(args, fixes), now) }
}

/** A configuration is shown to whoever manages the server. */
const secretProblem = (key: string): string | null =>
  isSensitive(pathOf(key).at(-1) ?? '')
    ? `${key} is not kept in a configuration; credentials of webhooks are stored as a secret (PUT …/secret/:name), which credential_ref may name`
    : null

const entryProblem = (tool: Tool, key: string, value: FixedValue): string | null => {
  const secret = secretProblem(key)
  if (secret) return secret
  const type = typeAt(tool.input, pathOf(key))
  if (type) {
    const parsed = type.safeParse(value)
    return parsed.success
      ? null
      : `${key}: ${parsed.error.issues[0]!.message.replace(/^Invalid input: /, '')}`
  }
  const near = nearest(key, Object.keys(tool.input.shape))
  return `${key} is no argument of ${tool.name}${near ? `: did you mean "${near}"?` : ''}`
}

const toolProblems = (name: string, entries: Fixed[string], tools: readonly Tool[]): string[] => {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool) return Object.entries(entries).flatMap(([key, value]) => entryProblem(tool, key, value) ?? [])
  const near = nearest(
    name,
    tools.map((candidate) => candidate.name),
  )
  return [
    `${JSON.stringify(name)} is no tool: ${near ? `did you mean "${near}"?` : 'GET …/tools lists them'}`,
  ]
}

/** For all tools an entry has to fit those that take it, and one at least has to. */
const sharedProblems = (entries: Fixed[string], tools: readonly Tool[]): string[] =>
  Object.entries(entries).flatMap(([key, value]) => {
    const secret = secretProblem(key)
    if (secret) return [secret]
    const takers = tools.filter((tool) => fixesFor({ '*': { [key]: value } }, fixable(tool))?.length)
    if (takers.length === 0) return [`${key} is an argument of no tool`]
    const problems = takers.flatMap((tool) => {
      const [fix] = fixesFor({ '*': { [key]: value } }, fixable(tool))!
      const parsed = typeAt(tool.input, fix!.path)!.safeParse(value)
      return parsed.success
        ? []
        : [`${key} of ${tool.name}: ${parsed.error.issues[0]!.message.replace(/^Invalid input: /, '')}`]
    })
    return problems.slice(0, 3)
  })

/** What is wrong with `fixed`, one sentence per entry; empty when all is well. */
export const fixedProblems = (fixed: Fixed | undefined, tools: readonly Tool[]): string[] =>
  Object.entries(fixed ?? {}).flatMap(([name, entries]) =>
    name === '*' ? sharedProblems(entries, tools) : toolProblems(name, entries, tools),
  )
