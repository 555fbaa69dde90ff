/** What this server calls itself in MCP. */
import { VERSION } from '../../core/version.ts'

export const INFO = { name: 'finexio-mcp', title: 'Finexio', version: VERSION }
