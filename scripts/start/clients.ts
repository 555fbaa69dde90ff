/** How an MCP URL is entered into each client, ready to paste. */

type ClientConfig = { client: string; where: string; paste: string }

/** @param url the MCP URL, or a placeholder for it: the URL holds a token */
export const clientConfigs = (url: string): ClientConfig[] => [
  {
    client: 'ChatGPT',
    where:
      'chatgpt.com/plugins, plus, Add custom MCP server, Server URL; Authentication: No authentication. ChatGPT needs an https address: deploy first.',
    paste: url,
  },
  {
    client: 'Claude',
    where:
      'Customize, Connectors, Add custom connector. Claude needs an https address too: deploy first, or use mcp-remote in Claude Desktop.',
    paste: url,
  },
  {
    client: 'Claude Code',
    where: 'a terminal',
    paste: `claude mcp add --transport http finexio ${url}`,
  },
  {
    client: 'Cursor',
    where: '.cursor/mcp.json or ~/.cursor/mcp.json',
    paste: JSON.stringify({ mcpServers: { finexio: { url } } }),
  },
  {
    client: 'VS Code',
    where: '.vscode/mcp.json',
    paste: JSON.stringify({ servers: { finexio: { type: 'http', url } } }),
  },
  {
    client: 'Clients that speak stdio only (mcp-remote)',
    where: 'their mcpServers file, such as claude_desktop_config.json',
    paste: JSON.stringify({ mcpServers: { finexio: { command: 'npx', args: ['-y', 'mcp-remote', url] } } }),
  },
]
