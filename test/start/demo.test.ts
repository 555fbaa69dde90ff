import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { ensureDemo } from '../../scripts/start/demo.ts'

/** As much of the management API as a start uses, with the tokens it considers alive. */
let server: Server
let alive: Set<string>
let asked: string[]
/** Bodies of the servers that were made or changed, in order. */
let servers: { name: string; config: { methods: string[] } }[]
/** Bodies of changes of the account. */
let moves: { base_url: string }[]
let folder: string
/** Whether a change of the account acts at once. */
let movable: boolean
let api: { baseUrl: string; adminApiKey: string }
/** Whether the account is there. */
let there: boolean
/** What a server whose URL lets nobody in shows of itself; null: it is not there. */
let shown: object | null
/** Tokens whose URL asks for more than itself. */
let refusing: Set<string>

const LISTED = { result: [{ id: 'first', name: 'All methods' }], next_cursor: null }

const answerTo = (token: string) => {
  if (refusing.has(token)) return { status: 401, body: {} }
  return { status: alive.has(token) ? 200 : 404, body: {} }
}

const ofAccount = (method: string) => {
  if (method === 'GET') return { status: there ? 200 : 404, body: {} }
  return { status: movable ? 200 : 202, body: movable ? moves.at(-1) : {} }
}

const answer = (path: string, method: string): { status: number; body: unknown } => {
  if (path === '/integrated-account/acc') return ofAccount(method)
  if (path.startsWith('/integrated-account/acc/mcp?')) return { status: 200, body: LISTED }
  if (path.startsWith('/integrated-account/acc/mcp/')) return { status: shown ? 200 : 404, body: shown ?? {} }
  if (path === '/integrated-account') return { status: 201, body: { id: 'acc' } }
  if (path !== '/integrated-account/acc/mcp') return answerTo(path.replace('/mcp/', ''))
  const token = `token-${asked.length}`
  alive.add(token)
  return { status: 201, body: { id: token, token, url: 'unused' } }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-demo-'))
  alive = new Set()
  asked = []
  servers = []
  moves = []
  movable = true
  there = true
  shown = {}
  refusing = new Set()
  server = createServer((request, response) => {
    if (!request.url!.startsWith('/mcp/') && request.method !== 'GET') asked.push(request.url!)
    let sent = ''
    request.on('data', (chunk) => {
      sent += chunk
    })
    request.on('end', () => {
      if (sent.includes('"methods"') && !request.url!.startsWith('/mcp/')) servers.push(JSON.parse(sent))
      if (sent.includes('"base_url"') && request.method === 'PATCH') moves.push(JSON.parse(sent))
      const { status, body } = answer(request.url!, request.method!)
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api = { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, adminApiKey: 'k' }
})

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

const upstream = {
  baseUrl: 'http://127.0.0.1:1/v2',
  sandbox: false,
  credentials: { username: 'demo', password: 'demo' },
  writes: true,
}

test('account and servers are made once and found again, in a private file', async () => {
  const first = await ensureDemo(api, upstream, folder)
  expect(asked).toHaveLength(3)
  expect(await ensureDemo(api, upstream, folder)).toEqual(first)
  expect(asked).toHaveLength(3)
  expect(statSync(join(folder, 'demo.json')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'demo.json'), 'utf8')).not.toContain('"password"')
})

const tokenOf = (url: string) => url.split('/mcp/')[1]!
const PAST = '2026-01-01T00:00:00Z'

/**
 * Seen by the fourth new user: one revoked URL made a second account “Demo” without a word, with a fresh URL that writes at
 * once, while the servers of the first stayed in force. Siblings: what expired, what was rotated, the other URL, both.
 */
test.each([
  ['revoked', null, ['readonlyMcpUrl']],
  ['expired', { expires_at: PAST }, ['readonlyMcpUrl']],
  ['rotated', { rotated_by: ['x'] }, ['mcpUrl']],
  ['revoked', null, ['mcpUrl', 'readonlyMcpUrl']],
] as const)('a URL that was %s (%j: %j) stays so, is told, and nothing is made', async (why, state, dead) => {
  const first = await ensureDemo(api, upstream, folder)
  for (const url of dead) alive.delete(tokenOf(first[url]))
  shown = state
  const names = { mcpUrl: 'MCP_URL', readonlyMcpUrl: 'READONLY_MCP_URL' }
  const ended = Object.fromEntries(dead.map((url) => [names[url], why]))
  expect(await ensureDemo(api, upstream, folder)).toEqual({ ...first, ended })
  // DEMO_WRITES changes what is there alone.
  const reads = await ensureDemo(api, { ...upstream, writes: false }, folder)
  expect([reads.accountId, reads.ended]).toEqual([first.accountId, ended])
  expect(asked.filter((path) => path.endsWith('/mcp') || path === '/integrated-account')).toHaveLength(3)
})

test('a URL that asks for an API token now is there', async () => {
  const first = await ensureDemo(api, upstream, folder)
  refusing.add(tokenOf(first.mcpUrl))
  expect(await ensureDemo(api, upstream, folder)).toEqual(first)
})

test('an account that was deleted, another Finexio, another user or another pepper make a demo anew, and say so', async () => {
  const first = await ensureDemo(api, upstream, folder)
  expect(first.remade).toBeNull()
  there = false
  const second = await ensureDemo(api, upstream, folder)
  expect(second.mcpUrl).not.toBe(first.mcpUrl)
  expect(second.remade).toContain('is not there any more (deleted, ')
  there = true
  const elsewhere = { ...upstream, baseUrl: 'http://127.0.0.1:2/v2' }
  expect((await ensureDemo(api, elsewhere, folder)).remade).toContain('FINEXIO_BASE_URL')
  const ann = { ...elsewhere, credentials: { username: 'ann', password: 'p' } }
  expect((await ensureDemo(api, ann, folder)).remade).toContain('FINEXIO_USERNAME')
  alive.clear()
  expect((await ensureDemo(api, ann, folder)).remade).toContain('TOKEN_PEPPER')
  expect(asked).toHaveLength(15)
})

// At b8f2a26 each port had a Demo of its own, and back at the old ports a third one came (G1).
test.each(['http://127.0.0.1:2/v2', 'http://localhost:1/v2', 'http://127.0.0.1:65535/v2'])(
  'the sandbox at %s is the same one: the account moves, and its URLs stay',
  async (baseUrl) => {
    const first = await ensureDemo(api, { ...upstream, sandbox: true }, folder)
    expect(await ensureDemo(api, { ...upstream, sandbox: true, baseUrl }, folder)).toEqual(first)
    expect(await ensureDemo(api, { ...upstream, sandbox: true }, folder)).toEqual(first)
    expect(moves.map(({ base_url }) => base_url)).toEqual([baseUrl, upstream.baseUrl])
  },
)

test('where the account may not move at once, another one is made; another Finexio is never taken for the sandbox', async () => {
  const first = await ensureDemo(api, { ...upstream, sandbox: true }, folder)
  movable = false
  const second = await ensureDemo(
    api,
    { ...upstream, sandbox: true, baseUrl: 'http://127.0.0.1:2/v2' },
    folder,
  )
  expect(second.mcpUrl).not.toBe(first.mcpUrl)
  expect(second.remade).toContain('could not be moved')
  movable = true
  const real = await ensureDemo(api, { ...upstream, baseUrl: 'http://127.0.0.1:3/v2' }, folder)
  expect(real.mcpUrl).not.toBe(second.mcpUrl)
})

test('a refusal is passed on with its status', async () => {
  await new Promise((resolve) => server.close(resolve))
  server = createServer((_, response) => response.writeHead(403).end('{"message":"refused"}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const refusal = { ...api, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  await expect(ensureDemo(refusal, upstream, folder)).rejects.toThrow(/answered 403: .*refused/)
})

const kept = () => JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8'))
const methods = () => servers.map(({ config }) => config.methods)

// At b8f2a26 both URLs were made the same way wherever FINEXIO_BASE_URL pointed: all methods, no approval, no end (A20).
test('at another Finexio the first URL reads only unless writes were asked for, and the same URL follows the setting', async () => {
  const reads = await ensureDemo(api, { ...upstream, writes: false }, folder)
  expect(methods()).toEqual([['read'], ['read']])
  const writes = await ensureDemo(api, upstream, folder)
  const again = await ensureDemo(api, { ...upstream, writes: false }, folder)
  expect(methods().slice(2)).toEqual([['read', 'write'], ['read']])
  expect(new Set([reads, writes, again].map(({ mcpUrl }) => mcpUrl)).size).toBe(1)
  expect(kept()).toMatchObject({ writes: false })
})

test('a URL that version 0.1.0 made with all methods is narrowed, at the next start and once', async () => {
  await ensureDemo(api, upstream, folder)
  const { serverId: _, writes: __, ...old } = kept()
  writeFileSync(join(folder, 'demo.json'), JSON.stringify(old))
  servers = []
  for (let start = 0; start < 2; start++) await ensureDemo(api, { ...upstream, writes: false }, folder)
  expect(methods()).toEqual([['read']])
  expect(asked).toContain('/integrated-account/acc/mcp/first')
  expect(kept().token).toBe(old.token)
})
