import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Stack } from '../../scripts/local/stack.ts'
import { introduction, readyLine, writeConfigs } from '../../scripts/start/announce.ts'

const stack: Stack = {
  baseUrl: 'http://127.0.0.1:1',
  sandboxUrl: null,
  finexioBaseUrl: 'http://127.0.0.1:9/v2',
  adminApiKey: 'the-admin-key',
  stop: async () => undefined,
}
const demo = {
  accountId: 'acc',
  mcpUrl: 'http://127.0.0.1:1/mcp/all',
  readonlyMcpUrl: 'http://127.0.0.1:1/mcp/ro',
  writes: false,
}

test('the text for people shows every client and no secret', () => {
  const signInUrls = {
    engineer: 'the-engineer',
    clerk: 'the-clerk',
    approver: 'the-approver',
    auditor: 'the-auditor',
  }
  const once = 'http://127.0.0.1:1/dashboard/sign-in/once'
  const text = introduction(stack, '/data/clients.md', once, { signInUrls })
  for (const link of Object.values(signInUrls)) expect(text).toContain(`\n              ${link}\n`)
  for (const client of ['ChatGPT', 'Claude', 'Cursor', 'VS Code', 'mcp-remote'])
    expect(text).toContain(client)
  expect(text).toContain(once)
  for (const secret of ['the-admin-key', '/mcp/all', '/mcp/ro']) expect(text).not.toContain(secret)
})

test('the READY line is one line of JSON with the documented keys', () => {
  const signInUrls = { engineer: 'e', clerk: 'c', approver: 'p', auditor: 'u' }
  const people = { approvalMcpUrl: 'http://127.0.0.1:1/mcp/waits', signInUrls }
  const line = readyLine(stack, demo, people)
  expect(line).not.toContain('\n')
  expect(JSON.parse(line.replace('READY ', ''))).toEqual({
    base_url: 'http://127.0.0.1:1',
    sandbox_url: null,
    admin_api_key: 'the-admin-key',
    integrated_account_id: 'acc',
    mcp_url: 'http://127.0.0.1:1/mcp/all',
    readonly_mcp_url: 'http://127.0.0.1:1/mcp/ro',
    approval_mcp_url: 'http://127.0.0.1:1/mcp/waits',
    dashboard_url: 'http://127.0.0.1:1/dashboard',
    sign_in_urls: signInUrls,
  })
})

test('the configs with real URLs are kept where only the owner can read them', () => {
  const folder = mkdtempSync(join(tmpdir(), 'finexio-mcp-announce-'))
  const path = writeConfigs(demo, folder)
  expect(readFileSync(path, 'utf8')).toContain(demo.readonlyMcpUrl)
  expect(readFileSync(path, 'utf8')).toMatch(/^# Read only until DEMO_WRITES=true/)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  rmSync(folder, { recursive: true })
})
