/** What this server calls itself, in MCP and at `/health`. */
export const VERSION = '0.1.0'

export const INFO = { name: 'finexio-mcp', title: 'Finexio', version: VERSION }
