/** Tools as one server has them: fixed arguments left out and put in again, webhook destinations and credentials as it allows them. */
import * as z from 'zod'
import type { Env } from '../../core/env.ts'
import {
  entriesOfHidden,
  type Fix,
  type Fixable,
  type Fixed,
  fixesFor,
  withFixes,
} from '../../rules/fixed.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { judgeWebhookUrl, ownHosts, type WebhookRules } from '../../rules/webhook-url.ts'
import { unwrapped } from '../call/as-meant.ts'
import type { Row } from '../derived/request.ts'
import { Refusal } from '../refusal.ts'
import { type Tool, withInput } from '../tool.ts'

/** The declared type at a path; a path through a list means its rows. */
export const typeAt = (type: unknown, [step, ...rest]: readonly string[]): z.ZodType | undefined => {
  const here = unwrapped(type)
  if (step === undefined) return type as z.ZodType
  if (here instanceof z.ZodArray) return typeAt(here.element, [step, ...rest])
  if (!(here instanceof z.ZodObject) || !Object.hasOwn(here.shape, step)) return undefined
  return typeAt(here.shape[step], rest)
}

/** A copy of the type without the argument at a path. Rules across fields are checked again on the whole, when it is planned. */
const without = (type: unknown, [step, ...rest]: readonly string[]): z.ZodType => {
  if (type instanceof z.ZodOptional) return without(type.unwrap(), [step!, ...rest]).optional()
  if (type instanceof z.ZodNullable) return without(type.unwrap(), [step!, ...rest]).nullable()
  if (type instanceof z.ZodArray) {
    const { element, ...def } = type.def
    return z.clone(type, { ...def, element: without(element, [step!, ...rest]) } as never)
  }
  const { [step!]: inner, ...shape } = (type as z.ZodObject).shape
  return z.object(rest.length === 0 ? shape : { ...shape, [step!]: without(inner, rest) })
}

/** What fixing arguments has to know of a tool. */
export const fixable = (tool: Tool): Fixable => ({
  name: tool.name,
  resource: tool.resource,
  takes: (path) => typeAt(tool.input, path) !== undefined,
})

const narrowed = (tool: Tool, fixes: readonly Fix[]): Tool => {
  if (fixes.length === 0) return tool
  const input = fixes.reduce<z.ZodType>((type, { path }) => without(type, path), tool.input) as z.ZodObject
  return withInput(tool, input)
}

/** A composite asks for itself: what is fixed on a tool that it calls holds only if the same entry is fixed on it too. */
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
 * hidden, and so are composites that call a narrowed tool without taking the same argument themselves.
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
 * The value as the argument is sent. One that a later version of this server does not take any more must not slip through.
 * @throws Refusal
 */
const checkedFix = ({ name, input }: Tool, fix: Fix): Fix => {
  const { path, value } = fix
  const parsed = typeAt(input, path)?.safeParse(value)
  if (parsed?.success) return { ...fix, value: parsed.data as Fix['value'] }
  throw new Refusal(
    `${name}: the operator of this MCP server fixed ${path.join('/')} to a value that is not allowed: it has to be set anew.`,
  )
}

/**
 * The tool of one call, with the operator's values put in before anything reads an argument.
 * @param tool as its server shows it
 * @param whole the same as the catalogue has it
 */
export const bound = (tool: Tool, whole: Tool, { fixed }: ServerConfig): Tool => {
  const fixes = fixed ? fixesFor(fixed, fixable(whole)) : []
  if (!fixes?.length) return tool
  const checked = (fix: Fix): Fix => checkedFix(whole, fix)
  const fill = (args: Row): Row => withFixes(args, fixes.map(checked))
  return { ...tool, fill }
}

const takesReference = (tool: Tool): boolean => Object.hasOwn(tool.input.shape, 'credential_ref')

const judged = (name: string, args: Row, rules: WebhookRules): Row => {
  if (args.url === undefined) return args
  const verdict = judgeWebhookUrl(String(args.url), rules)
  if ('href' in verdict) return { ...args, url: verdict.href }
  throw new Refusal(`${name}: url ${verdict.refused}.`).by('webhook_host')
}

/** The tool with its destination judged before it plans; what is planned is the address as it was parsed. */
export const guarded = <Any extends Tool>(tool: Any, rules: WebhookRules): Any =>
  'plan' in tool && tool.resource === 'webhooks'
    ? { ...tool, plan: (args: Row, now: number) => tool.plan(judged(tool.name, args, rules), now) }
    : tool

/** Where both credentials had to be given, a reference now has to. */
const withoutPlain = (tool: Tool): Tool => {
  const { username: _, password: __, credential_ref, ...shape } = tool.input.shape
  const reference = credential_ref as z.ZodOptional<z.ZodString>
  const required = !(shape.url instanceof z.ZodOptional)
  const input = z.object({ ...shape, credential_ref: required ? reference.unwrap() : reference })
  return withInput(tool, input)
}

/** Where the tools of a server may point webhooks. @param origin under which the present request came */
export const webhookRules = (
  env: Pick<Env, 'PUBLIC_URL' | 'LOCAL_DEVELOPMENT'>,
  { webhook_hosts: hosts }: ServerConfig,
  origin: string,
): WebhookRules => ({
  hosts,
  ownHosts: ownHosts(new URL(origin).hostname, env.PUBLIC_URL),
  local: env.LOCAL_DEVELOPMENT === 'true',
})

/** Under `vault_only` plain credentials are unknown arguments. */
export const vaulted = (tool: Tool, { webhook_secrets }: ServerConfig): Tool =>
  webhook_secrets === 'vault_only' && takesReference(tool) ? withoutPlain(tool) : tool
