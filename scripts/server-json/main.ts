/** `npm run server-json`: what the MCP registry wants to know of a deployment. */
import { argumentOf } from '../usage.ts'
import { registryEntry } from './entry.ts'

const USAGE = `Usage: npm run server-json -- https://<your Worker> [--name <namespace/name>]

Prints server.json for the MCP registry: mcp-publisher publish takes it. It holds no secret, and sends nothing.
The URL is the deployment's origin, or that of a server whose clients sign in (/mcp/s/<id>).

  --name <name>  in the registry, such as io.github.me/finexio (the host in reverse)
  --help         this text`

const { values, argument } = argumentOf(USAGE, { name: { type: 'string' } })
try {
  console.log(JSON.stringify(registryEntry(argument, values.name), null, 2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}
