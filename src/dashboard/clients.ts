/** How an MCP URL is entered into each client, ready to paste. The dashboard and `npm start` both show this. */

type Pasted = {
  client: string
  /** What to do, one step each. */
  steps: readonly string[]
  /** What to paste. */
  paste: string
}
export type ClientConfig = Pasted & {
  /** Calls from its own servers: needs an address that the internet reaches. */
  hosted: boolean
}

/** Placeholder for a person's API token. */
const TOKEN = 'API_TOKEN'

const json = (value: unknown): string => JSON.stringify(value, null, 2)

const langGraph = (url: string, headers: object | undefined) =>
  [
    'from langchain_mcp_adapters.client import MultiServerMCPClient',
    '',
    `client = MultiServerMCPClient(${JSON.stringify({ finexio: { transport: 'http', url, headers } })})`,
    'tools = await client.get_tools()',
  ].join('\n')

const agentsSdk = (url: string, headers: object | undefined) =>
  [
    'from agents import Agent',
    'from agents.mcp import MCPServerStreamableHttp',
    '',
    `server = MCPServerStreamableHttp(name="finexio", params=${JSON.stringify({ url, headers, timeout: 60 })}, cache_tools_list=True)`,
    'async with server:',
    '    agent = Agent(name="AP assistant", mcp_servers=[server])',
  ].join('\n')

const bridge = (url: string, header: string | null) => ({
  command: 'npx',
  args: ['-y', 'mcp-remote', url, ...(header === null ? [] : ['--header', `Authorization:${header}`])],
})

/** In its OAuth choice a client needs no id and no secret. */
const SIGN_IN = 'A page of this server opens: sign in with an API token that has the role use, and allow it'

const NO_TOOLS =
  'It shows no tools? In the dashboard, change this MCP server (Further settings, Form of answers; over REST config.reply): first to Event stream ("sse"), then to Plain JSON ("json"); after each, press Refresh in the plugin’s details and begin a new conversation'

/** @param signInUrl where clients sign in; null: the URL is the secret */
const assistants = (url: string, signInUrl: string | null): Pasted[] => [
  {
    client: 'ChatGPT',
    steps: [
      'Open chatgpt.com/plugins, press plus, then Add custom MCP server (some accounts first switch on developer mode under Settings, Security and login)',
      'Name it Finexio; under Connection choose Server URL and paste the URL',
      signInUrl === null
        ? 'Authentication: No authentication. The URL is the secret'
        : `Authentication: OAuth, client id and secret left empty. ${SIGN_IN}`,
      'I understand and want to continue, then Create as a plugin',
      'Install it under chatgpt.com/plugins?view=personal; in a chat type @ and pick Finexio',
      NO_TOOLS,
    ],
    paste: signInUrl ?? url,
  },
  {
    client: 'Claude',
    steps: [
      'In Claude on the web or desktop: Customize, Connectors, Add custom connector',
      'Paste the URL',
      ...(signInUrl === null ? [] : [SIGN_IN]),
    ],
    paste: signInUrl ?? url,
  },
]

const editors = (url: string, bearer: string | null): Pasted[] => {
  const headers = bearer === null ? undefined : { Authorization: bearer }
  const flag = bearer === null ? '' : ` --header "Authorization: ${bearer}"`
  return [
    {
      client: 'Claude Code',
      steps: ['Run this in a terminal'],
      paste: `claude mcp add --transport http finexio ${url}${flag}`,
    },
    {
      client: 'Cursor',
      steps: ['Put this into .cursor/mcp.json, or ~/.cursor/mcp.json for all projects'],
      paste: json({ mcpServers: { finexio: { url, headers } } }),
    },
    {
      client: 'VS Code',
      steps: ['Put this into .vscode/mcp.json and press Start above it'],
      paste: json({ servers: { finexio: { type: 'http', url, headers } } }),
    },
    {
      client: 'Clients that speak stdio only (mcp-remote)',
      steps: ['Put this into their mcpServers file, such as claude_desktop_config.json or mcp.json'],
      paste: json({ mcpServers: { finexio: bridge(url, bearer) } }),
    },
    {
      client: 'LangGraph',
      steps: ['pip install langchain-mcp-adapters'],
      paste: langGraph(url, headers),
    },
    {
      client: 'OpenAI Agents SDK',
      steps: ['pip install openai-agents'],
      paste: agentsSdk(url, headers),
    },
  ]
}

/**
 * @param url the MCP URL, or a placeholder for it: the URL holds a token
 * @param signInUrl of a server that also asks for an API token: where clients sign in that cannot send one
 */
export const clientConfigs = (url: string, signInUrl: string | null = null): ClientConfig[] => [
  ...assistants(url, signInUrl).map((one) => ({ ...one, hosted: true })),
  ...editors(url, signInUrl === null ? null : `Bearer ${TOKEN}`).map((one) => ({ ...one, hosted: false })),
]
