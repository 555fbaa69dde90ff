/**
 * `npm start` where settings need a second person already: what it makes sleeps. Before, it could not sign its people in,
 * ended with an error, and made everything anew, asleep, on each start.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { waiting } from '../../scripts/start/announce.ts'
import { ensureDemo } from '../../scripts/start/demo.ts'
import { ensurePeople } from '../../scripts/start/people.ts'

let server: Server
let folder: string
let api: { baseUrl: string; adminApiKey: string }
let made: string[]
/** Whether what is made lets nobody in so far. */
let asleep: boolean

const draft = { settings_draft_id: 'd', waits_for: '24 hours' }

const answer = (method: string, path: string, key: string): [status: number, body: unknown] => {
  if (path === '/mcp/readonly') return [200, {}]
  if (path.startsWith('/mcp/')) return [asleep ? 404 : 200, {}]
  if (path === '/dashboard/sign-in-link') return asleep ? [401, {}] : [200, { url: `link of ${key}` }]
  if (path.startsWith('/api-token?'))
    return [200, { result: ids().map((id) => ({ id, asleep })), next_cursor: null }]
  if (method === 'GET') return [200, { asleep }]
  if (method === 'PATCH') return asleep ? [202, draft] : [200, {}]
  made.push(path)
  const id = `id-${made.length}`
  const token = path.endsWith('/mcp') && made.filter((one) => one === path).length === 2 ? 'readonly' : id
  return [201, { id, token, url: 'unused', holder: 'h', ...(asleep && { asleep, ...draft }) }]
}

const ids = () => made.map((_, index) => `id-${index + 1}`)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-second-'))
  made = []
  server = createServer((request, response) => {
    const key = request.headers.authorization?.replace('Bearer ', '') ?? ''
    const [status, body] = answer(request.method!, request.url!, key)
    request.resume().on('end', () => {
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
}
const started = async (writes = true) => {
  const demo = await ensureDemo(api, { ...upstream, writes }, folder)
  const people = await ensurePeople(api, demo.accountId, folder)
  return { demo, people, said: waiting(api, demo, people) }
}

test('what is made asleep is said, and made once: a later start finds it, asleep or awake', async () => {
  asleep = true
  const first = await started()
  expect(first.people.signInUrls).toEqual({})
  expect(first.said).toContain(
    'what mcp_url may do, the sign-in of the clerk, the sign-in of the approver, the sign-in of the auditor, the sign-in of the engineer.',
  )
  expect(first.said).toContain('/dashboard/settings-drafts')
  const count = made.length
  expect((await started()).said).toBe(first.said)
  expect(made).toHaveLength(count)
  asleep = false
  const awake = await started()
  expect(made).toHaveLength(count)
  expect([Object.keys(awake.people.signInUrls).length, awake.said]).toEqual([4, null])
})

test('a demo that may write from now on waits, says so, and is not taken for one that writes', async () => {
  asleep = false
  expect((await started(false)).said).toBeNull()
  const count = made.length
  asleep = true
  const { demo, said } = await started(true)
  expect([demo.writes, demo.waits]).toEqual([false, true])
  expect(said).toContain('what mcp_url may do')
  expect(JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')).writes).toBe(false)
  expect(made).toHaveLength(count)
})

test('while settings need no second person nothing is said of it', async () => {
  asleep = false
  expect((await started()).said).toBeNull()
})
