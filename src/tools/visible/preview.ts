/** Previews for the management API: which tools a configuration would show, as the MCP endpoint would, and what is wrong with it. */
import type * as z from 'zod'
import type { Effect } from '../../../schemas/define.ts'
import { isSensitive } from '../../../schemas/sensitive.ts'
import { nearest } from '../../core/text.ts'
import { methodProblems } from '../../rules/filter.ts'
import { type Fixed, type FixedValue, fixedTwice, fixesFor, pathOf, unconfining } from '../../rules/fixed.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { catalogue } from '../catalogue.ts'
import type { JsonSchema } from '../json-schema.ts'
import type { Tool } from '../tool.ts'
import { fixable, typeAt } from './as-served.ts'
import { toolsFor, viewOf } from './view.ts'
import { type Sees, schemasOf } from './worded.ts'

// Tools as the REST previews show them: query and body apart, as Truto's contract has it.

export type Described = {
  resource: string
  method: string
  name: string
  description: string
  effect: Effect
  tags: readonly string[]
  query_schema: JsonSchema | null
  body_schema: JsonSchema | null
  required: readonly string[]
  response_schema: JsonSchema
}

type Schema = { properties?: Record<string, JsonSchema>; required?: readonly string[] }

const part = (schema: Schema, names: readonly string[]): JsonSchema | null => {
  const { properties = {}, required = [] } = schema
  if (names.length === 0) return null
  return {
    type: 'object',
    properties: Object.fromEntries(names.map((name) => [name, properties[name]])),
    required: required.filter((name) => names.includes(name)),
  }
}

const described = (tool: Tool, sees: Sees): Described => {
  const { input, output } = schemasOf(tool, sees)
  const schema = input as Schema
  const names = Object.keys(schema.properties ?? {})
  const body = names.filter((name) => tool.bodyArguments?.includes(name))
  return {
    resource: tool.resource,
    method: tool.method,
    name: tool.name,
    description: tool.description,
    effect: tool.effect,
    tags: tool.tags,
    query_schema: part(
      schema,
      names.filter((name) => !body.includes(name)),
    ),
    body_schema: part(schema, body),
    required: schema.required ?? [],
    response_schema: output,
  }
}

/** What is wrong with a configuration, and where. */
type Problem = { path: string; message: string }

/** What the management API and the dashboard can ask about the tools of a configuration. */
export type ToolPreview = {
  /** Problems with unknown methods, tags, tools and arguments that a configuration names. */
  misnamedIn(config: ServerConfig): Problem[]
  /**
   * What is wrong with a configuration as far as tools go; empty when all is well.
   * @param stored what it was before a change: what another version stored and this one does not know may stay there; it shows nothing
   */
  problemsOf(config: ServerConfig, stored?: ServerConfig): Problem[]
  /** The tools of a configuration, described. */
  toolsOf(config: ServerConfig): Described[]
  /** About how many tokens `tools/list` costs with this configuration. */
  tokensOf(config: ServerConfig): number
  /** Of the catalogue, by name. */
  readonly methods: readonly string[]
  readonly tags: readonly string[]
  /** Every tool of the catalogue, described: costs as much as a third of the start. */
  readonly all: readonly Described[]
}

const METHODS = new Set(catalogue.map(({ method }) => method))
const NAMES = catalogue.map(({ name }) => name)
const TAGS = [...new Set(catalogue.flatMap(({ tags }) => tags))].sort()

/** @param lists where the names can be read */
const notATool = (name: string, names: readonly string[], lists: string): string => {
  const near = nearest(name, names)
  return `${JSON.stringify(name)} is not a tool: ${near ? `did you mean "${near}"?` : `${lists} lists them`}`
}

const nameProblems = (names: readonly string[]): string[] =>
  names
    .filter((name) => !NAMES.includes(name))
    .map((name) => notATool(name, NAMES, 'GET /integrated-account/{account}/tools'))

const tagProblems = (tags: readonly string[]): string[] =>
  tags
    .filter((tag) => !TAGS.includes(tag))
    .map((tag) => {
      const near = nearest(tag, TAGS)
      return `${JSON.stringify(tag)} is no tag: ${near ? `did you mean "${near}"?` : `known are ${TAGS.join(', ')}`}`
    })

/** The first rule of a type that a value breaks; null when it breaks none. */
const brokenRule = (type: z.ZodType, value: unknown): string | null =>
  type.safeParse(value).error?.issues[0]?.message ?? null

/** A configuration is shown to whoever manages the server. */
const secretProblem = (key: string): string | null =>
  isSensitive(pathOf(key).at(-1) ?? '')
    ? `${key} is not kept in a configuration; credentials of webhooks are stored as a secret (PUT …/secret/{name}), which credential_ref may name`
    : null

const entryProblem = (tool: Tool, key: string, value: FixedValue): string | null => {
  const secret = secretProblem(key)
  if (secret) return secret
  const type = typeAt(tool.input, pathOf(key))
  const broken = type ? brokenRule(type, value) : null
  if (type) return broken && `${key}: ${broken}`
  const near = nearest(key, Object.keys(tool.input.shape))
  return `${key} is not an argument of ${tool.name}${near ? `: did you mean "${near}"?` : ''}`
}

const toolProblems = (name: string, entries: Fixed[string], tools: readonly Tool[]): string[] => {
  const tool = tools.find((candidate) => candidate.name === name)
  if (tool) return Object.entries(entries).flatMap(([key, value]) => entryProblem(tool, key, value) ?? [])
  const names = tools.map((candidate) => candidate.name)
  return [notATool(name, names, 'GET …/tools')]
}

/** For all tools an entry has to fit those that take it, and one at least has to. */
const sharedProblems = (entries: Fixed[string], tools: readonly Tool[]): string[] =>
  Object.entries(entries).flatMap(([key, value]) => {
    const refused = secretProblem(key) ?? unconfining(key)
    if (refused) return [refused]
    const takers = tools.filter((tool) => fixesFor({ '*': { [key]: value } }, fixable(tool))?.length)
    if (takers.length === 0) return [`${key} is an argument of no tool`]
    const problems = takers.flatMap((tool) => {
      const [fix] = fixesFor({ '*': { [key]: value } }, fixable(tool))!
      const broken = brokenRule(typeAt(tool.input, fix!.path)!, value)
      return broken ? [`${key} of ${tool.name}: ${broken}`] : []
    })
    return problems.slice(0, 3)
  })

/** What is wrong with `fixed`, one sentence per entry; empty when all is well. */
const fixedProblems = (fixed: Fixed | undefined, tools: readonly Tool[]): string[] =>
  Object.entries(fixed ?? {}).flatMap(([name, entries]) => [
    ...(name === '*' ? sharedProblems(entries, tools) : toolProblems(name, entries, tools)),
    ...fixedTwice(name, entries).map((keys) => `${keys.join(' and ')} of ${name} fix the same argument`),
  ])

const at = (path: string, messages: readonly string[]) => messages.map((message) => ({ path, message }))

const misnamedIn = (config: ServerConfig) => [
  ...at('methods', methodProblems(config.methods ?? [], METHODS)),
  ...at('tags', tagProblems(config.tags ?? [])),
  ...at('tools', nameProblems(config.tools ?? [])),
  ...at('fixed', fixedProblems(config.fixed, catalogue)),
]

const isSame = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)

/** What a change brings in, as far as it names something. */
const broughtIn = ({ methods, tags, tools, fixed }: ServerConfig, stored: ServerConfig): ServerConfig => ({
  methods: methods?.filter((name) => !stored.methods?.includes(name)),
  tags: tags?.filter((name) => !stored.tags?.includes(name)),
  tools: tools?.filter((name) => !stored.tools?.includes(name)),
  fixed: isSame(fixed, stored.fixed) ? undefined : fixed,
})

/** Whether it showed nothing before, and its filter stays. */
const isStillEmpty = (config: ServerConfig, stored: ServerConfig): boolean =>
  (['methods', 'tags', 'tools', 'fixed'] as const).every((key) => isSame(config[key], stored[key])) &&
  toolsFor(stored).length === 0

const problemsOf = (config: ServerConfig, stored: ServerConfig = {}) => {
  const wrong = misnamedIn(broughtIn(config, stored)).map(({ path, message }) => ({
    path: `config.${path}`,
    message,
  }))
  if (wrong.length > 0 || toolsFor(config).length > 0 || isStillEmpty(config, stored)) return wrong
  return at('config', [
    `no tool matches. Without methods only "read" is meant; tags are ${TAGS.join(', ')}; a buyer or supplier fixed for all tools hides those that could reach others`,
  ])
}

/** A tokenizer would be larger than the Worker. A test holds this against a real one. */
const CHARACTERS_PER_TOKEN = 4.2

const tokensOf = (config: ServerConfig): number => {
  const { tools } = viewOf(config).list
  return Math.round(JSON.stringify(tools).length / CHARACTERS_PER_TOKEN)
}

/** The tools as the management API sees them. */
export const toolPreview: ToolPreview = {
  misnamedIn,
  problemsOf,
  toolsOf(config) {
    const tools = toolsFor(config)
    const names = new Set(tools.map(({ name }) => name))
    return tools.map((tool) => described(tool, (name) => names.has(name)))
  },
  tokensOf,
  methods: [...METHODS],
  tags: TAGS,
  get all() {
    return catalogue.map((tool) => described(tool, () => true))
  },
}
