/** Webhook tools as one server has them: where they may point, and whether credentials may be given in clear. */
import * as z from 'zod'
import type { Env } from '../../core/env.ts'
import type { ServerConfig } from '../../rules/server-settings.ts'
import { judgeWebhookUrl, ownHosts, type WebhookRules } from '../../rules/webhook-url.ts'
import { inputJsonSchema } from '../json-schema.ts'
import { Refusal } from '../refusal.ts'
import type { Tool } from '../tool.ts'

type Row = Record<string, unknown>

const takesReference = (tool: Tool): boolean => Object.hasOwn(tool.input.shape, 'credential_ref')

const judged = (name: string, args: Row, rules: WebhookRules): Row => {
  if (args.url === undefined) return args
  const verdict = judgeWebhookUrl(String(args.url), rules)
  if ('href' in verdict) return { ...args, url: verdict.href }
  throw new Refusal(`${name}: url ${verdict.refused}.`)
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
  return { ...tool, input, inputSchema: inputJsonSchema(input) }
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
export const vaulted = (tools: readonly Tool[], { webhook_secrets }: ServerConfig): Tool[] =>
  tools.map((tool) => (webhook_secrets === 'vault_only' && takesReference(tool) ? withoutPlain(tool) : tool))
