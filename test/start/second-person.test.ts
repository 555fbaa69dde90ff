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
import { ended, waiting } from '../../scripts/start/announce.ts'
import { ensureDemo } from '../../scripts/start/demo.ts'
import { ensurePeople } from '../../scripts/start/people.ts'

let server: Server
let folder: string
let api: { baseUrl: string; adminApiKey: string }
let made: string[]
/** Whether what is made lets nobody in so far. */
let asleep: boolean
/** Ids, which are tokens here, of what was made asleep, and of what somebody ended. */
let sleeping: Set<string>
let dead: Set<string>
/** Whether the directory knows anybody. */
let people: boolean

const draft = { settings_draft_id: 'd', waits_for: '24 hours' }

/** Whether what has this token lets somebody in. */
const acts = (token: string) => !dead.has(token) && !sleeping.has(token)
const listed = (id: string) => ({ id, holder: 'h', ...(sleeping.has(id) && { asleep: true }) })

/** @param last segment of the path */
const looked = (path: string, last: string, key: string): [status: number, body: unknown] => {
  if (path.startsWith('/mcp/')) return [last === 'readonly' || acts(last) ? 200 : 404, {}]
  if (path === '/dashboard/sign-in-link') return acts(key) ? [200, { url: `link of ${key}` }] : [401, {}]
  if (path.startsWith('/person?')) return [200, { result: people ? [{}] : [] }]
  if (path.startsWith('/api-token?'))
    return [
      200,
      {
        result: ids()
          .filter((id) => !dead.has(id))
          .map(listed),
        next_cursor: null,
      },
    ]
  return dead.has(last) ? [404, {}] : [200, listed(last)]
}

const answer = (method: string, path: string, key: string): [status: number, body: unknown] => {
  if (method === 'GET' || /^\/(mcp|dashboard)\//.test(path)) return looked(path, path.split('/').at(-1)!, key)
  if (method === 'PATCH') return asleep ? [202, draft] : [200, {}]
  made.push(path)
  const id = `id-${made.length}`
  const token = path.endsWith('/mcp') && made.at(-2)?.endsWith('/mcp') ? 'readonly' : id
  if (asleep && path !== '/integrated-account') sleeping.add(id)
  return [201, { id, token, url: 'unused', holder: 'h', ...(asleep && { asleep, ...draft }) }]
}

const ids = () => made.map((_, index) => `id-${index + 1}`)

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-second-'))
  made = []
  sleeping = new Set()
  dead = new Set()
  people = true
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
  return { demo, people, said: waiting(api, demo, people), told: ended(api, demo, people) }
}

test('what is made asleep is said, and made once: a later start finds it, asleep or awake', async () => {
  asleep = true
  const first = await started()
  expect(first.people.signInUrls).toEqual({})
  expect(first.said).toContain(
    'what MCP_URL may do, APPROVAL_MCP_URL, the sign-in of the engineer, the sign-in of the clerk, the sign-in of the approver (APPROVER), the sign-in of the auditor.',
  )
  expect(first.said).toContain('/dashboard/settings-drafts')
  const count = made.length
  expect((await started()).said).toBe(first.said)
  expect(made).toHaveLength(count)
  asleep = false
  sleeping.clear()
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
  expect(said).toContain('what MCP_URL may do')
  expect(JSON.parse(readFileSync(join(folder, 'demo.json'), 'utf8')).writes).toBe(false)
  expect(made).toHaveLength(count)
})

test('while settings need no second person nothing is said of it', async () => {
  asleep = false
  expect((await started()).said).toBeNull()
})

// Seen by the fourth new user: another account made APPROVER of demo.env a token that slept, in the place of one that worked.
test('for another account the people of before keep the API tokens that work; what is made for it and sleeps is named', async () => {
  asleep = false
  const first = await started()
  dead.add('id-1')
  asleep = true
  const second = await started()
  expect(second.demo.remade).toContain('is not there any more (deleted, ')
  expect(second.people.approverToken).toBe(first.people.approverToken)
  expect(Object.keys(second.people.signInUrls)).toEqual(['engineer', 'approver', 'auditor'])
  expect(second.said).toContain('what MCP_URL may do, APPROVAL_MCP_URL, the sign-in of the clerk.')
  expect(second.told).toBeNull()
})

// A folder of data that was copied in part: the new demo had no approver ("revoked"), and nobody could go through the five minutes.
test('where what is stored knows nobody, all four people are made anew', async () => {
  asleep = false
  const first = await started()
  for (const id of ids()) dead.add(id)
  people = false
  const second = await started()
  expect(second.demo.remade).toContain('copied in part')
  expect(Object.keys(second.people.signInUrls)).toHaveLength(4)
  expect(second.people.approverToken).not.toBe(first.people.approverToken)
  expect(second.told).toBeNull()
})

// Siblings: the approver's token, the clerk's, the URL whose writes wait. Each was made anew before, together with all four people.
test.each([
  ['approver', 'APPROVER'],
  ['clerk', 'the sign-in of the clerk'],
  ['APPROVAL_MCP_URL', 'APPROVAL_MCP_URL'],
] as const)('what was revoked of the %s stays so and is told, for another account too', async (who, word) => {
  asleep = false
  const { people } = await started()
  const revoked =
    who === 'APPROVAL_MCP_URL'
      ? people.approvalMcpUrl.split('/').at(-1)!
      : people.signInUrls[who]!.split(' ').at(-1)!
  dead.add(revoked)
  const count = made.length
  const again = await started()
  expect(made).toHaveLength(count)
  expect(again.people.ended).toEqual({ [who]: 'revoked' })
  expect(again.told).toContain(word)
  expect(again.said).toBeNull()
  dead.add('id-1')
  // The clerk's token and the URL are of one account, so that another one has its own.
  expect((await started()).people.ended).toEqual(who === 'approver' ? { approver: 'revoked' } : {})
})
