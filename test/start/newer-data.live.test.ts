/**
 * Data that a newer version wrote: nothing of it is touched, and that is said. At b8f2a26 and until now every entry spoke of "a fault on the
 * side of this server", and npm start blamed FINEXIO_BASE_URL. Siblings: the account's object alone, the dashboard, the log of an MCP endpoint.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { afterAll, expect, test } from 'vitest'
import { createAccount, createServer } from '../../scripts/local/management.ts'
import { randomSecrets } from '../../scripts/local/secrets.ts'
import { startBuilt } from '../support/stack.ts'

const dataDir = mkdtempSync(join(tmpdir(), 'finexio-mcp-newer-'))
afterAll(() => rmSync(dataDir, { recursive: true }))

const secrets = randomSecrets()
const logged: string[] = []
const start = () => startBuilt({ dataDir, secrets, onLog: (line) => logged.push(line) })

const setVersion = (object: string, version: number): number => {
  const folder = join(dataDir, 'product/do', object)
  const file = readdirSync(folder).find((name) => /^[0-9a-f]{64}\.sqlite$/.test(name))!
  const database = new DatabaseSync(join(folder, file))
  const before = database.prepare('SELECT version FROM schema_version').get() as { version: number }
  database.prepare('UPDATE schema_version SET version = ?').run(version)
  database.close()
  return before.version
}

const NEWER = /written by a newer version of this product: schema version 99 .* Nothing was changed\./

test('what a newer version wrote is told as that, and left as it is', async () => {
  const first = await start()
  const credentials = { username: 'newer', password: 'demo' }
  const { id } = await createAccount(first, { name: 'A', credentials, base_url: first.finexioBaseUrl })
  const { url } = await createServer(first, id, { name: 'S', config: { methods: ['read'] } })
  await first.stop()

  const known = setVersion('-AccountObject', 99)
  const second = await start()
  const read = async (path: string, init: RequestInit = {}) => {
    const headers = { authorization: `Bearer ${secrets.ADMIN_API_KEY}`, ...init.headers }
    const answer = await fetch(new URL(path, second.baseUrl), { ...init, headers })
    return [answer.status, await answer.text()]
  }
  expect(await read(`/integrated-account/${id}`)).toEqual([500, expect.stringMatching(NEWER)])
  const call = await read(new URL(url).pathname, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"jsonrpc":"2.0","id":1,"method":"tools/list"}',
  })
  expect(call[0]).toBe(503)
  expect(logged.join('\n')).toMatch(NEWER)
  await second.stop()
  expect(setVersion('-AccountObject', known)).toBe(99)

  const listed = setVersion('-DirectoryObject', 99)
  const third = await start()
  const form = new URLSearchParams({ key: secrets.ADMIN_API_KEY })
  const headers = { origin: third.baseUrl }
  const page = await fetch(`${third.baseUrl}/dashboard/sign-in`, { method: 'POST', body: form, headers })
  expect([page.status, await page.text()]).toEqual([500, expect.stringMatching(NEWER)])
  await third.stop()

  expect(setVersion('-DirectoryObject', listed)).toBe(99)
})
