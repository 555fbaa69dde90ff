/** The official SDKs' clients behind one face, so that one test body runs over all of them. */
import { Client as Client2, StreamableHTTPClientTransport as Transport2 } from '@modelcontextprotocol/client'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { ClientName } from './declared.ts'

export type Result = {
  content: { type: string; text?: string }[]
  structuredContent?: Record<string, unknown>
  isError?: boolean
  _meta?: Record<string, unknown>
}

export type Connected = {
  toolNames(): Promise<string[]>
  /** `_meta` of each tool that has any. */
  toolMeta(): Promise<Record<string, unknown>>
  resourceUris(): Promise<string[]>
  /** The only item of a resource. */
  read(uri: string): Promise<unknown>
  call(name: string, args: Record<string, unknown>): Promise<Result>
  close(): Promise<void>
}

type SdkClient = { name: ClientName; connect(url: string): Promise<Connected> }

const info = { name: 'finexio-mcp-tests', version: '1.0.0' }

/** The part of both SDKs' clients that is alike. */
type Lists = {
  listTools(): Promise<{ tools: { name: string; _meta?: unknown }[] }>
  listResources(): Promise<{ resources: { uri: string }[] }>
  readResource(params: { uri: string }): Promise<{ contents: unknown[] }>
}

const reading = (client: Lists) => ({
  toolNames: async () => (await client.listTools()).tools.map((tool) => tool.name),
  toolMeta: async () => {
    const { tools } = await client.listTools()
    return Object.fromEntries(tools.flatMap(({ name, _meta }) => (_meta ? [[name, _meta]] : [])))
  },
  resourceUris: async () => (await client.listResources()).resources.map(({ uri }) => uri),
  read: async (uri: string) => (await client.readResource({ uri })).contents[0],
})

const sdk1: SdkClient = {
  name: 'SDK 1.x',
  connect: async (url) => {
    const client = new Client1(info)
    await client.connect(new Transport1(new URL(url)))
    return {
      ...reading(client),
      call: async (name, args) => (await client.callTool({ name, arguments: args })) as Result,
      close: () => client.close(),
    }
  },
}

const sdk2 = (name: ClientName, mode: 'legacy' | 'auto' | { pin: string }): SdkClient => ({
  name,
  connect: async (url) => {
    const client = new Client2(info, { versionNegotiation: { mode } })
    await client.connect(new Transport2(new URL(url)))
    return {
      ...reading(client),
      call: async (name, args) => (await client.callTool({ name, arguments: args })) as Result,
      close: () => client.close(),
    }
  },
})

export const sdkClients: SdkClient[] = [
  sdk1,
  sdk2('SDK 2.x, legacy', 'legacy'),
  sdk2('SDK 2.x, auto', 'auto'),
  sdk2('SDK 2.x, pinned to 2026-07-28', { pin: '2026-07-28' }),
]
