/** An agent of the Cloudflare Agents SDK that connects to an MCP URL and calls one tool. */
import { Agent, routeAgentRequest } from 'agents'

type HostEnv = { HOST: DurableObjectNamespace<Host> }
type Errand = { url: string; tool: string; args: Record<string, unknown> }

export class Host extends Agent<HostEnv> {
  /** Answers `authUrl` alone where somebody has to sign in first; the SDK serves the callback by itself. */
  override async onRequest(request: Request): Promise<Response> {
    const { url, tool, args } = await request.json<Errand>()
    const added = await this.addMcpServer('finexio', url, { callbackHost: new URL(request.url).origin })
    if ('authUrl' in added) return Response.json({ authUrl: added.authUrl })
    await this.mcp.waitForConnections()
    const tools = this.mcp.listTools().map(({ name }) => name)
    const result = await this.mcp.callTool({ serverId: added.id, name: tool, arguments: args })
    return Response.json({ tools, result })
  }
}

export default {
  fetch: async (request: Request, env: HostEnv): Promise<Response> =>
    (await routeAgentRequest(request, env)) ?? new Response(null, { status: 404 }),
}
