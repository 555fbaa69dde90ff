/** The clients that every run of the tests tries, as docs/clients.md lists them. */

/** What each of them is tried with: a test of `tries` each. */
export const CELLS = ['list', 'read', 'write', 'refusal', '429'] as const
export type Cell = (typeof CELLS)[number]

type Declared = {
  name: string
  /** As package.json names it. */
  package: string
  /** What the client adds to the MCP URL. */
  suffix?: string
  /** Whether a test signs it in by OAuth at a URL without a secret. */
  signsIn?: true
}

const sdk2 = '@modelcontextprotocol/client'

const CLIENTS = [
  { name: 'SDK 1.x', package: '@modelcontextprotocol/sdk', signsIn: true },
  { name: 'SDK 1.x, SSE', package: '@modelcontextprotocol/sdk', suffix: '/sse' },
  { name: 'SDK 2.x, legacy', package: sdk2, signsIn: true },
  { name: 'SDK 2.x, auto', package: sdk2, signsIn: true },
  { name: 'SDK 2.x, pinned to 2026-07-28', package: sdk2, signsIn: true },
  { name: 'AI SDK', package: '@ai-sdk/mcp', signsIn: true },
  { name: 'LangChain', package: '@langchain/mcp-adapters', signsIn: true },
  { name: 'OpenAI Agents SDK', package: '@openai/agents-core' },
  { name: 'Cloudflare Agents SDK', package: 'agents', signsIn: true },
  { name: 'mcp-remote', package: 'mcp-remote', signsIn: true },
  { name: 'mcp-remote --protocol auto', package: 'mcp-remote' },
  { name: 'Inspector CLI', package: '@modelcontextprotocol/inspector-cli' },
  { name: 'MCP Apps host', package: '@modelcontextprotocol/ext-apps' },
] as const satisfies readonly Declared[]

export const clients: readonly Declared[] = CLIENTS
export type ClientName = (typeof CLIENTS)[number]['name']
