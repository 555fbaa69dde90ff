/** What an operator sets on an MCP server. */

import * as z from 'zod'
import { isLoopback } from '../core/public-url.ts'
import { type Approval, writeSettings } from './write-settings.ts'

const MOST_ORIGINS = 20

/** An origin as browsers send it; http only on loopback, which counts in local development alone. */
const isWebOrigin = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : null
  // A wildcard would match no page, which its operator would not expect.
  if (url?.origin !== text || text.includes('*')) return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}

const word = z.string().min(1).max(64)

const MOST_FIXED = 100

const atMost = (most: number) =>
  [(record: object) => Object.keys(record).length <= most, `at most ${most} entries`] as const

const scalar = z.union([z.string().max(2_000), z.number(), z.boolean(), z.null()])
/** A nested value is fixed member by member, by JSON pointer. */
const FixedValue = z.union([scalar, z.array(scalar).max(500)])

const FixedArguments = z
  .record(word, z.record(z.string().min(1).max(200), FixedValue).refine(...atMost(MOST_FIXED)))
  .refine(...atMost(MOST_FIXED))

/** Keys that are not known are refused: a misspelt restriction must not be lost in silence. */
export const ServerConfigInput = z.strictObject({
  methods: z
    .array(word)
    .max(100)
    .optional()
    .describe('read, write, custom, or exact method names; a union. Left out: read.'),
  tags: z.array(word).max(100).optional().describe('Only tools with one of these tags, beside methods.'),
  tools: z
    .array(word)
    .min(1)
    .max(100)
    .optional()
    .describe('Exact tool names; with them methods and tags have no say.'),
  fixed: FixedArguments.optional().describe(
    'Arguments that the operator fixes: {"<tool> or *": {"<argument or JSON pointer>": value}}.',
  ),
  tool_exposure: z
    .enum(['all', 'discovery'])
    .optional()
    .describe('discovery: instead of the tools a few that find, describe and call them.'),
  require_api_token_auth: z
    .boolean()
    .optional()
    .describe('true: every request must bring an API token with the role use beside the URL.'),
  text_format: z
    .enum(['csv', 'json'])
    .optional()
    .describe('Text form of lists; structured content is the same either way.'),
  upstream_429: z
    .enum(['result', 'http'])
    .optional()
    .describe('How a 429 of Finexio reaches the client: inside a tool result, or as HTTP 429.'),
  allowed_origins: z
    .array(z.string().max(300).refine(isWebOrigin, 'must be an origin such as https://tools.example.com'))
    .max(MOST_ORIGINS)
    .optional()
    .describe('Web pages that may call this server besides those that the deployment allows.'),
  ...writeSettings,
})

export type ServerConfig = z.infer<typeof ServerConfigInput>

const nullable = Object.fromEntries(
  Object.entries(ServerConfigInput.shape).map(([key, type]) => [key, type.nullable()]),
)

/** Of a change: null removes a key. */
export const ConfigChangeInput = z.strictObject(nullable) as unknown as z.ZodType<ConfigChange>
export type ConfigChange = { [Key in keyof ServerConfig]: ServerConfig[Key] | null }

/** A configuration after a change: absent keys stay, null removes. */
export const mergeConfig = (config: ServerConfig, change: ConfigChange = {}): ServerConfig =>
  Object.fromEntries(Object.entries({ ...config, ...change }).filter(([, value]) => value !== null))

/** A configuration as it applies, with what it leaves to the account filled in. */
export const effectiveConfig = (config: ServerConfig, { approval }: { approval: Approval }): ServerConfig =>
  config.approval !== undefined || approval === 'none' ? config : { ...config, approval }
