/** What an MCP server may do, in sentences: its settings and the tools that they show. */
import { type Approval, effectiveConfig, type ServerConfig } from '../../rules/server-settings.ts'
import type { Around, Reach, Verb } from '../../rules/summary/reach.ts'
import { sentencesOf } from '../../rules/summary/summary.ts'
import { catalogue, toolNamed } from '../catalogue.ts'
import type { Tool } from '../tool.ts'
import { toolsFor } from './view.ts'

const isWrite = (tool: Tool): boolean => 'plan' in tool

/** Those that are there whatever waits. */
const READS = catalogue.filter((tool) => tool.effect === 'read' && !tool.when)

/**
 * A tool that asks others reads what they read: all that it needs, and of those that it covers the ones that are there. Where none
 * is, its operator named the tool itself, and it reads them all.
 */
const readBy = (tool: Tool, there: ReadonlySet<string>): string[] => {
  const { needs = [], covers = [] } = tool
  if (needs.length + covers.length === 0) return [tool.resource]
  const seen = covers.filter((name) => there.has(name))
  return [...needs, ...(seen.length > 0 ? seen : covers)].flatMap((name) => toolNamed(name)?.resource ?? [])
}

const readsOf = (tools: readonly Tool[]): Reach['reads'] => {
  const names = new Set(tools.map(({ name }) => name))
  if (READS.every(({ name }) => names.has(name))) return 'all'
  const reading = tools.filter(({ effect, follows }) => effect === 'read' && !follows)
  return [...new Set(reading.flatMap((tool) => readBy(tool, names)))].sort()
}

const VERBS: Readonly<Record<string, Verb>> = {
  create: 'add',
  update: 'change',
  partial_update: 'change',
  delete: 'remove',
}

const verbsOf = (tools: readonly Tool[]): Verb[] =>
  [...new Set(tools.map(({ method }) => VERBS[method] ?? 'change'))].sort()

/** @param config as it applies */
const reachOf = (config: ServerConfig): Reach => {
  const tools = toolsFor(config)
  const {
    invoices = [],
    webhooks = [],
    ...parties
  } = Object.groupBy(tools.filter(isWrite), ({ resource }) => resource)
  return {
    reads: readsOf(tools),
    pays: invoices.length > 0,
    parties: new Map(Object.entries(parties).map(([resource, own]) => [resource, verbsOf(own!)])),
    webhooks: verbsOf(webhooks),
  }
}

/** What an account adds to the settings of its servers. */
type Account = Around['account'] & { approval: Approval; payees: 'open' | 'verified' }

/**
 * What a server may do, a sentence each.
 * @param expires_at ISO time; null: never; another text: still to be chosen
 * @param zone in which the end is said
 */
export const sentencesFor = (
  config: ServerConfig,
  account: Account,
  expires_at: string | null,
  zone: string,
): string[] => {
  const effective = effectiveConfig(config, account)
  const { limits, read_only } = account
  return sentencesOf(effective, { ...reachOf(effective), account: { limits, read_only }, expires_at, zone })
}

/** The same as one text, for readers of no known zone. */
export const summaryFor = (config: ServerConfig, account: Account, expires_at: string | null): string =>
  sentencesFor(config, account, expires_at, 'UTC').join(' ')
