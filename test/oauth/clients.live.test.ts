/** The clients that people use, signing in: each finds the way by itself, and a person agrees on the consent page. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { auth as authOfAiSdk, createMCPClient } from '@ai-sdk/mcp'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import {
  Client as Client2,
  type OAuthClientProvider,
  StreamableHTTPClientTransport as Transport2,
} from '@modelcontextprotocol/client'
import { auth as authOfSdk1 } from '@modelcontextprotocol/sdk/client/auth.js'
import { Client as Client1 } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as Transport1 } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { manage } from '../../scripts/local/management.ts'
import type { ClientName } from '../clients/declared.ts'
import { newTenant, type Tenant } from '../support/tenant.ts'
import { type Kept, program, signInAt } from './sign-in.ts'

const stack = inject('stack')
const person = signInAt(fetch, stack.baseUrl)
const info = { name: 'sign-in-tests', version: '1.0.0' }
const PAYMENTS = 'list_all_finexio_payments'

let tenant: Tenant
let apiToken: string

beforeAll(async () => {
  tenant = await newTenant(stack)
  const grants = [`use:${tenant.accountId}`]
  apiToken = (
    await manage<{ token: string }>(stack, 'POST', '/api-token', { name: 'Ann', kind: 'person', grants })
  ).token
})

/** A server that asks to sign in, and what its operator does with the one sign-in on it. */
const newServer = async () => {
  const { id, resource_url } = (await tenant.create({
    methods: ['read', 'write'],
    require_api_token_auth: true,
  })) as unknown as { id: string; resource_url: string }
  const grants = `/integrated-account/${tenant.accountId}/mcp/${id}/grant`
  return {
    url: resource_url,
    endGrant: async () => {
      const { result } = await manage<{ result: { id: string }[] }>(stack, 'GET', grants)
      expect(result.length).toBe(1)
      await manage(stack, 'DELETE', `${grants}/${result[0]!.id}`)
    },
  }
}

const agree = (asked: URL): Promise<URL> => {
  const { searchParams } = asked
  expect([searchParams.get('code_challenge_method'), searchParams.has('resource')]).toEqual(['S256', true])
  return person.agree(asked, { api_token: apiToken })
}

type Connected = {
  toolNames(): Promise<string[]>
  /** What a call answers, as text. */
  payments(): Promise<string>
  close(): Promise<unknown>
}

type Library = {
  name: ClientName
  /** Rejects where somebody has to sign in first; the address to open is then in what `provider` keeps. */
  connect(url: string, provider: OAuthClientProvider): Promise<Connected>
  /** Takes what the browser brought back. */
  finish(url: string, provider: OAuthClientProvider, back: URLSearchParams): Promise<unknown>
}

const call = { name: PAYMENTS, arguments: { limit: 2 } }

/** The part that clients have alike. */
type Lists = {
  listTools(): Promise<{ tools: { name: string }[] }>
  callTool(params: typeof call): Promise<unknown>
  close(): Promise<void>
}

const connected = (client: Lists): Connected => ({
  toolNames: async () => (await client.listTools()).tools.map(({ name }) => name),
  payments: async () => JSON.stringify(await client.callTool(call)),
  close: () => client.close(),
})

const sdk1: Library = {
  name: 'SDK 1.x',
  connect: async (url, authProvider) => {
    const client = new Client1(info)
    await client.connect(new Transport1(new URL(url), { authProvider: authProvider as never }))
    return connected(client as Lists)
  },
  finish: (url, authProvider, back) =>
    new Transport1(new URL(url), { authProvider: authProvider as never }).finishAuth(back.get('code')!),
}

const sdk2 = (name: ClientName, mode: 'legacy' | 'auto' | { pin: string }): Library => ({
  name,
  connect: async (url, authProvider) => {
    const client = new Client2(info, { versionNegotiation: { mode } })
    await client.connect(new Transport2(new URL(url), { authProvider }))
    return connected(client as Lists)
  },
  finish: (url, authProvider, back) => new Transport2(new URL(url), { authProvider }).finishAuth(back),
})

const aiSdk: Library = {
  name: 'AI SDK',
  connect: async (url, authProvider) =>
    connected(
      await createMCPClient({ transport: { type: 'http', url, authProvider: authProvider as never } }),
    ),
  finish: (serverUrl, provider, back) =>
    authOfAiSdk(provider as never, {
      serverUrl,
      authorizationCode: back.get('code')!,
      callbackState: back.get('state')!,
      callbackIssuer: back.get('iss')!,
    }),
}

const langChain: Library = {
  name: 'LangChain',
  connect: async (url, authProvider) => {
    const client = new MultiServerMCPClient({
      mcpServers: { finexio: { transport: 'http', url, authProvider: authProvider as never } },
      useStandardContentBlocks: true,
    })
    const tools = await client.getTools()
    return {
      toolNames: async () => tools.map(({ name }) => name),
      payments: async () =>
        JSON.stringify(await tools.find(({ name }) => name === PAYMENTS)!.invoke(call.arguments)),
      close: () => client.close(),
    }
  },
  finish: (serverUrl, provider, back) =>
    authOfSdk1(provider as never, { serverUrl, authorizationCode: back.get('code')! }),
}

const libraries = [
  sdk1,
  sdk2('SDK 2.x, legacy', 'legacy'),
  sdk2('SDK 2.x, auto', 'auto'),
  sdk2('SDK 2.x, pinned to 2026-07-28', { pin: '2026-07-28' }),
  aiSdk,
  langChain,
]

type Tokens = { access_token: string; refresh_token: string }

const withDeadAccess = (tokens: Tokens): Tokens => ({
  ...tokens,
  access_token: tokens.access_token.slice(0, -1),
})

test.each(libraries)(
  '$name signs in, works, refreshes, and asks anew when its sign-in ends',
  async (library) => {
    const { url, endGrant } = await newServer()
    const kept: Kept = {}
    const provider = program(kept)
    await expect(library.connect(url, provider)).rejects.toThrow()
    const asked = kept.asked!
    expect(asked.href).toContain(`${stack.baseUrl}/oauth/authorize?`)

    await library.finish(url, provider, (await agree(asked)).searchParams)
    const first = await library.connect(url, provider)
    expect(await first.toolNames()).toContain(PAYMENTS)
    expect(await first.payments()).toContain('tracking_id')
    await first.close()

    const before = kept.tokens as Tokens
    kept.tokens = withDeadAccess(before)
    const second = await library.connect(url, provider)
    expect(await second.payments()).toContain('tracking_id')
    expect((kept.tokens as Tokens).refresh_token).not.toBe(before.refresh_token)
    expect(kept.asked).toBe(asked)

    await endGrant()
    await expect(second.payments()).rejects.toThrow()
    expect(kept.asked?.href).not.toBe(asked.href)
    await second.close()

    await library.finish(url, provider, (await agree(kept.asked!)).searchParams)
    const third = await library.connect(url, provider)
    expect(await third.payments()).toContain('tracking_id')
    await third.close()
  },
)

const bin = (name: string) => join(import.meta.dirname, '../../node_modules/.bin', name)

/** mcp-remote as a client that speaks stdio starts it: it keeps its files in `folder` and finds no browser to open. */
const startMcpRemote = (url: string, folder: string) => {
  const transport = new StdioClientTransport({
    command: bin('node'),
    args: [bin('mcp-remote'), url, '--allow-http'],
    env: { PATH: folder, HOME: folder, MCP_REMOTE_CONFIG_DIR: folder },
    stderr: 'pipe',
  })
  let printed = ''
  transport.stderr!.on('data', (chunk) => {
    printed += chunk
  })
  const client = new Client1(info)
  onTestFinished(() => client.close())
  const connecting = client.connect(transport)
  // Whatever fails before a test awaits this says more.
  connecting.catch(() => undefined)
  return {
    ...connected(client as Lists),
    connecting,
    /** The addresses it asked somebody to visit, oldest first. */
    asked: () => [...printed.matchAll(/visiting:\s+(http\S+)\s/g)].map(([, address]) => new URL(address!)),
  }
}

const patience = { timeout: 30_000, interval: 20 }

/** The browser comes back: to an address that mcp-remote may open only after it has printed where to go. */
const visit = async (asked: () => URL[]): Promise<void> => {
  await expect.poll(asked, patience).toHaveLength(1)
  const back = await agree(asked()[0]!)
  const status = () =>
    fetch(back).then(
      (response) => response.status,
      () => 'nobody listens',
    )
  await expect.poll(status, patience).toBe(200)
}

const onlyFile = (folder: string, ending: string): string => {
  const [found] = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith(ending),
  )
  return join(folder, found!)
}

test('mcp-remote signs in by its loopback address, works, refreshes, and asks anew when its sign-in ends', async () => {
  const { url, endGrant } = await newServer()
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-remote-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  const first = startMcpRemote(url, folder)
  await visit(first.asked)
  await first.connecting
  expect(await first.toolNames()).toContain(PAYMENTS)
  expect(await first.payments()).toContain('tracking_id')
  await first.close()

  const file = onlyFile(folder, 'tokens.json')
  const read = (): Tokens => JSON.parse(readFileSync(file, 'utf8'))
  const before = read()
  writeFileSync(file, JSON.stringify(withDeadAccess(before)))
  const second = startMcpRemote(url, folder)
  await second.connecting
  expect(await second.payments()).toContain('tracking_id')
  expect(read().refresh_token).not.toBe(before.refresh_token)
  expect(second.asked()).toEqual([])

  await endGrant()
  const answer = second.payments()
  await visit(second.asked)
  expect(await answer).toContain('tracking_id')
})
