/** The clients that people use, each tried with the same five things. */
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { createMCPClient } from '@ai-sdk/mcp'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import {
  Client as Client2,
  InMemoryTransport,
  StreamableHTTPClientTransport,
} from '@modelcontextprotocol/client'
import { App } from '@modelcontextprotocol/ext-apps'
import { AppBridge } from '@modelcontextprotocol/ext-apps/app-bridge'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { getAllMcpTools, MCPServerStreamableHttp, setTracingDisabled } from '@openai/agents-core'
import { afterAll } from 'vitest'
import { sdkClients } from './sdk-clients.ts'
import { answerOf, type Connect, tries } from './tries.ts'

const info = { name: 'finexio-mcp-tests', version: '1.0.0' }
const bin = (name: string) => join(import.meta.dirname, '../../node_modules/.bin', name)

const folder = mkdtempSync(join(tmpdir(), 'finexio-clients-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sdk1Over =
  (transportTo: (url: string) => SSEClientTransport | StdioClientTransport): Connect =>
  async (url) => {
    const client = new Client(info)
    await client.connect(transportTo(url))
    return {
      toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
      call: async (name, args) => answerOf((await client.callTool({ name, arguments: args })) as never),
      close: () => client.close(),
    }
  }

/** What a client that speaks stdio only does with the configuration of docs/clients.md. */
const mcpRemote = (...flags: string[]): Connect =>
  sdk1Over(
    (url) =>
      new StdioClientTransport({
        command: bin('node'),
        args: [bin('mcp-remote'), url, '--allow-http', ...flags],
        env: { PATH: folder, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
        stderr: 'ignore',
      }),
  )

/** Its `tools()` are what a model of the AI SDK calls; what it was not given goes to the server by name. */
const aiSdk: Connect = async (url) => {
  const client = await createMCPClient({ transport: { type: 'http', url } })
  const tools = await client.tools()
  const context = { toolCallId: '1', messages: [] }
  return {
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => {
      const answer = tools[name]
        ? await tools[name].execute(args, context as never)
        : await client.callTool({ name, arguments: args })
      return answerOf(answer as never)
    },
    close: () => client.close(),
  }
}

const langChain: Connect = async (url) => {
  const client = new MultiServerMCPClient({
    mcpServers: { finexio: { transport: 'http', url } },
    useStandardContentBlocks: true,
  })
  const tools = await client.getTools()
  return {
    toolNames: async () => tools.map(({ name }) => name),
    call: async (name, args) => {
      const tool = tools.find((one) => one.name === name)
      if (!tool) throw new Error(`LangChain was given no tool ${name}.`)
      return { isError: false, text: JSON.stringify(await tool.invoke(args)) }
    },
    close: () => client.close(),
  }
}

/** Its strict mode rewrites every schema: what a model may then call is what is listed here. */
const openAiAgents: Connect = async (url) => {
  setTracingDisabled(true)
  const server = new MCPServerStreamableHttp({ url, name: 'finexio' })
  await server.connect()
  return {
    toolNames: async () => {
      const tools = await getAllMcpTools({ mcpServers: [server], convertSchemasToStrict: true })
      return tools.map(({ name }) => name)
    },
    call: async (name, args) => answerOf((await server.callToolResult(name, args)) as never),
    close: () => server.close(),
  }
}

const INSPECTOR = join(
  dirname(fileURLToPath(import.meta.resolve('@modelcontextprotocol/inspector-cli/package.json'))),
  'build',
)

/** A process for each call, as `--cli` starts it; it looks for its package.json from its own folder. */
const inspect = (url: string, ...words: string[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const line = [join(INSPECTOR, 'index.js'), url, '--transport', 'http', '--method', ...words]
    execFile(bin('node'), line, { cwd: INSPECTOR, maxBuffer: 2 ** 24 }, (error, printed, said) =>
      error ? reject(new Error(said)) : resolve(printed),
    )
  })

const inspectorCli: Connect = async (url) => ({
  toolNames: async () => {
    const { tools } = JSON.parse(await inspect(url, 'tools/list')) as { tools: { name: string }[] }
    return tools.map(({ name }) => name)
  },
  call: async (name, args) => {
    const pairs = Object.entries(args).map(([key, value]) => `${key}=${JSON.stringify(value)}`)
    const given = pairs.length ? ['--tool-arg', ...pairs] : []
    return answerOf(JSON.parse(await inspect(url, 'tools/call', '--tool-name', name, ...given)))
  },
  close: async () => undefined,
})

/** A host of MCP Apps as the standard's own library makes one: what the app calls goes over the bridge to the server. */
const appsHost: Connect = async (url) => {
  const client = new Client2(info)
  await client.connect(new StreamableHTTPClientTransport(new URL(url)))
  const bridge = new AppBridge(client, info, { serverTools: {}, openLinks: {} })
  const [host, frame] = InMemoryTransport.createLinkedPair()
  await bridge.connect(host)
  const app = new App(info, {}, { autoResize: false })
  await app.connect(frame)
  return {
    toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args) => answerOf((await app.callServerTool({ name, arguments: args })) as never),
    close: async () => {
      await app.close()
      await client.close()
    },
  }
}

for (const { name, connect } of sdkClients)
  tries(name, async (url) => {
    const connected = await connect(url)
    return { ...connected, call: async (tool, args) => answerOf(await connected.call(tool, args)) }
  })
tries(
  'SDK 1.x, SSE',
  sdk1Over((url) => new SSEClientTransport(new URL(`${url}/sse`))),
)
tries('AI SDK', aiSdk)
tries('LangChain', langChain)
tries('OpenAI Agents SDK', openAiAgents)
tries('mcp-remote', mcpRemote())
tries('mcp-remote --protocol auto', mcpRemote('--protocol', 'auto'))
tries('Inspector CLI', inspectorCli)
tries('MCP Apps host', appsHost)
