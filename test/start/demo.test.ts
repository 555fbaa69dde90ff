import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
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
let folder: string
let api: { baseUrl: string; adminApiKey: string }

const answer = (path: string): { status: number; body: unknown } => {
  if (path === '/integrated-account') return { status: 201, body: { id: 'acc' } }
  if (path === '/integrated-account/acc/mcp') {
    const token = `token-${asked.length}`
    alive.add(token)
    return { status: 201, body: { id: token, token, url: 'unused' } }
  }
  return { status: alive.has(path.replace('/mcp/', '')) ? 200 : 404, body: {} }
}

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-demo-'))
  alive = new Set()
  asked = []
  server = createServer((request, response) => {
    const { status, body } = answer(request.url!)
    if (!request.url!.startsWith('/mcp/')) asked.push(request.url!)
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  api = { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, adminApiKey: 'k' }
})

afterEach(async () => {
  await new Promise((resolve) => server.close(resolve))
  rmSync(folder, { recursive: true })
})

const upstream = { baseUrl: 'http://127.0.0.1:1/v2', credentials: { username: 'demo', password: 'demo' } }

test('account and servers are made once and found again, in a private file', async () => {
  const first = await ensureDemo(api, upstream, folder)
  expect(asked).toHaveLength(3)
  expect(await ensureDemo(api, upstream, folder)).toEqual(first)
  expect(asked).toHaveLength(3)
  expect(statSync(join(folder, 'demo.json')).mode & 0o777).toBe(0o600)
  expect(readFileSync(join(folder, 'demo.json'), 'utf8')).not.toContain('"password"')
})

test('a dead URL, another Finexio or another user make them anew', async () => {
  const first = await ensureDemo(api, upstream, folder)
  alive.delete(first.readonlyMcpUrl.split('/mcp/')[1]!)
  const second = await ensureDemo(api, upstream, folder)
  expect(second.mcpUrl).not.toBe(first.mcpUrl)
  await ensureDemo(api, { ...upstream, baseUrl: 'http://127.0.0.1:2/v2' }, folder)
  const credentials = { username: 'ann', password: 'p' }
  await ensureDemo(api, { baseUrl: 'http://127.0.0.1:2/v2', credentials }, folder)
  expect(asked).toHaveLength(12)
})

test('a refusal is passed on with its status', async () => {
  await new Promise((resolve) => server.close(resolve))
  server = createServer((_, response) => response.writeHead(403).end('{"message":"refused"}'))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const refusing = { ...api, baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
  await expect(ensureDemo(refusing, upstream, folder)).rejects.toThrow(/answered 403: .*refused/)
})
