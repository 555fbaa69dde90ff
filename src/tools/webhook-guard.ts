/** Webhook tools as one server has them: where they may point, and whether credentials may be given in clear. */
import * as z from 'zod'
import type { ServerConfig } from '../servers/config.ts'
import { judgeWebhookUrl, type WebhookRules } from '../writes/webhook-url.ts'
import { inputJsonSchema } from './json-schema.ts'
import { Refusal } from './refusal.ts'
import type { Tool } from './tool.ts'

type Row = Record<string, unknown>

const takesReference = (tool: Tool): boolean => Object.hasOwn(tool.input.shape, 'credential_ref')

const judged = (name: string, args: Row, rules: WebhookRules): Row => {
  if (args.url === undefined) return args
  const verdict = judgeWebhookUrl(String(args.url), rules)
  if ('href' in verdict) return { ...args, url: verdict.href }
  throw new Refusal(`${name}: url ${verdict.refused}.`)
}

/** The tool with its destination judged before it plans; what is planned is the address as it was parsed. */
export const guarded = (tool: Tool, rules: WebhookRules): Tool =>
  tool.effect === 'read' || tool.resource !== 'webhooks'
    ? tool
    : { ...tool, plan: (args, now) => tool.plan(judged(tool.name, args, rules), now) }

/** Where both credentials had to be given, a reference now has to. */
const withoutPlain = (tool: Tool): Tool => {
  const { username: _, password: __, credential_ref, ...shape } = tool.input.shape
  const reference = credential_ref as z.ZodOptional<z.ZodString>
  const required = !(shape.url instanceof z.ZodOptional)
  const input = z.object({ ...shape, credential_ref: required ? reference.unwrap() : reference })
  return { ...tool, input, inputSchema: inputJsonSchema(input) }
}

/** Under `vault_only` plain credentials are unknown arguments. */
export const vaulted = (tools: readonly Tool[], { webhook_secrets }: ServerConfig): Tool[] =>
  tools.map((tool) => (webhook_secrets === 'vault_only' && takesReference(tool) ? withoutPlain(tool) : tool))
