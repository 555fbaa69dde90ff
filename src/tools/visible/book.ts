/** What the management API knows of the tools: the same visible sets as the MCP endpoint has. */
import { nearest } from '../../core/nearest.ts'
import { methodProblems } from '../../rules/filter.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { catalogue } from '../catalogue.ts'
import { type Described, described } from './describe.ts'
import { fixedProblems } from './fixing.ts'
import { toolsFor, viewOf } from './view.ts'

/** What is wrong with a configuration, and where. */
export type Problem = { path: string; message: string }

/** What the management API asks of the tools. */
export type ToolBook = {
  /** Methods, tools and arguments that a configuration names and nobody knows. */
  misnamedIn(config: ServerConfig): Problem[]
  /** What is wrong with a configuration as far as tools go; empty when all is well. */
  problemsOf(config: ServerConfig): Problem[]
  /** The tools of a configuration, described. */
  toolsOf(config: ServerConfig): Described[]
  /** About how many tokens `tools/list` costs with this configuration. */
  tokensOf(config: ServerConfig): number
  /** Everything there is. */
  all: readonly Described[]
}

const METHODS = new Set(catalogue.map(({ method }) => method))
const NAMES = catalogue.map(({ name }) => name)
const TAGS = [...new Set(catalogue.flatMap(({ tags }) => tags))].sort().join(', ')

const nameProblems = (names: readonly string[]): string[] =>
  names
    .filter((name) => !NAMES.includes(name))
    .map((name) => {
      const near = nearest(name, NAMES)
      return `${JSON.stringify(name)} is no tool: ${near ? `did you mean "${near}"?` : 'GET /integrated-account/:id/tools lists them'}`
    })

const at = (path: string, messages: readonly string[]) => messages.map((message) => ({ path, message }))

const misnamedIn = (config: ServerConfig) => [
  ...at('methods', methodProblems(config.methods ?? [], METHODS)),
  ...at('tools', nameProblems(config.tools ?? [])),
  ...at('fixed', fixedProblems(config.fixed, catalogue)),
]

const problemsOf = (config: ServerConfig) => {
  const wrong = misnamedIn(config).map(({ path, message }) => ({ path: `config.${path}`, message }))
  if (wrong.length > 0 || toolsFor(config).length > 0) return wrong
  return at('config', [
    `no tool matches. Without methods only "read" is meant; tags are ${TAGS}; a buyer or supplier fixed for all tools hides those that could reach others`,
  ])
}

/** A tokenizer would be larger than the Worker. A test holds this against a real one. */
const CHARACTERS_PER_TOKEN = 4.2

const tokensOf = (config: ServerConfig): number => {
  const { tools } = viewOf(config).list
  return Math.round(JSON.stringify(tools).length / CHARACTERS_PER_TOKEN)
}

export const toolBook: ToolBook = {
  misnamedIn,
  problemsOf,
  toolsOf: (config) => toolsFor(config).map(described),
  tokensOf,
  all: catalogue.map(described),
}
