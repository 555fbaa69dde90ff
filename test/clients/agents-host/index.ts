/** An agent of the Cloudflare Agents SDK that connects to an MCP URL and calls one tool. */
import { Agent, getAgentByName } from 'agents'

type HostEnv = { HOST: DurableObjectNamespace<Host> }
type Errand = { url: string; tool: string; args: Record<string, unknown> }

export class Host extends Agent<HostEnv> {
  override async onRequest(request: Request): Promise<Response> {
    const { url, tool, args } = await request.json<Errand>()
    const { id } = await this.addMcpServer('finexio', url)
    await this.mcp.waitForConnections()
    const tools = this.mcp.listTools().map(({ name }) => name)
    const result = await this.mcp.callTool({ serverId: id, name: tool, arguments: args })
    return Response.json({ tools, result })
  }
}

export default {
  async fetch(request: Request, env: HostEnv): Promise<Response> {
    const host = await getAgentByName(env.HOST, crypto.randomUUID())
    return host.fetch(request)
  },
}
